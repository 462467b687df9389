// A scan: the pipeline with Sigma judges in it, and its outcome as a view for writers.
#pragma once

#include <memory>
#include <string>

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "detect/sigma/compiled_set.hpp"
#include "evidence/reader.hpp"
#include "scan/pipeline.hpp"

namespace tocsin::scanning {

struct ScanInputs {
  const ScanOptions* options = nullptr;
  const sigma::CompiledSet* rules = nullptr;
  const evidence::ShapeSet* shapes = nullptr;
  RuleSet::Counts counts;  // for the summary
  std::string rule_set_hash;
  ProgressSink* progress = nullptr;  // may be null
  FindingSink* live = nullptr;       // the evidence is followed, and findings are told as they are made; null: scanned
};
// The pipeline as the inputs ask for it, without its workers. Points into `inputs` and at `collector`.
[[nodiscard]] PipelineOptions pipeline_options(const ScanInputs& inputs, Collector& collector);
// The result keeps nothing of the inputs but the rules' infos, which it copies.
[[nodiscard]] Result<std::unique_ptr<ScanResult>> run_scan(const ScanInputs& inputs);

}  // namespace tocsin::scanning
