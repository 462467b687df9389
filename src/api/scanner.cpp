// tocsin/scanner.hpp: scan, dump, explain. Puts the parts together; no logic of its own.
#include "tocsin/scanner.hpp"

#include <optional>

#include <fmt/format.h>

#include "api/build_info.hpp"
#include "api/rule_set_impl.hpp"
#include "base/builtin_files.hpp"
#include "base/hash.hpp"
#include "base/threads.hpp"
#include "evidence/json/shape.hpp"
#include "scan/dump.hpp"
#include "scan/explain.hpp"
#include "scan/formats.hpp"
#include "scan/logons.hpp"
#include "scan/metrics.hpp"
#include "scan/scan.hpp"
#include "scan/search.hpp"
#include "scan/timeline.hpp"

namespace tocsin {
namespace {

// The user's shapes over the built-in ones, or just these.
struct Shapes {
  std::optional<evidence::ShapeSet> own;
  [[nodiscard]] const evidence::ShapeSet* get() const { return own ? &*own : nullptr; }
};

Result<Shapes> load_shapes(const EvidenceOptions& options) {
  Shapes shapes;
  if (options.mapping_files.empty()) return shapes;
  TOCSIN_TRY(shapes.own, evidence::ShapeSet::load(options.mapping_files));
  return shapes;
}

scanning::ScanInputs inputs_of(const ScanOptions& options, const RuleSet& rules, const Shapes& shapes,
                               ProgressSink* progress) {
  scanning::ScanInputs inputs;
  inputs.options = &options;
  inputs.rules = &rules.impl().compiled;
  inputs.shapes = shapes.get();
  inputs.counts = rules.counts();
  inputs.rule_set_hash = rules.hash();
  inputs.progress = progress;
  return inputs;
}

}  // namespace

Result<std::unique_ptr<ScanResult>> scan(const ScanOptions& options, const RuleSet& rules, ProgressSink* progress) {
  TOCSIN_TRY(const Shapes shapes, load_shapes(options.evidence));
  return scanning::run_scan(inputs_of(options, rules, shapes, progress));
}

Result<std::unique_ptr<ScanResult>> follow(const ScanOptions& options, const RuleSet& rules, FindingSink& sink,
                                           ProgressSink* progress) {
  TOCSIN_TRY(const Shapes shapes, load_shapes(options.evidence));
  scanning::ScanInputs inputs = inputs_of(options, rules, shapes, progress);
  inputs.live = &sink;
  return scanning::run_scan(inputs);
}

Result<DumpResult> dump(const DumpOptions& options, ByteSink& out, ProgressSink* progress) {
  TOCSIN_TRY(const Shapes shapes, load_shapes(options.evidence));
  return scanning::run_dump(options, shapes.get(), out, progress);
}

Result<std::unique_ptr<SearchResult>> search(const SearchOptions& options, ProgressSink* progress) {
  TOCSIN_TRY(const Shapes shapes, load_shapes(options.evidence));
  return scanning::run_search(options, shapes.get(), progress);
}

namespace {

template <class Options>
scanning::ReadingInputs reading_of(const Options& options, const Shapes& shapes, ProgressSink* progress) {
  scanning::ReadingInputs inputs;
  inputs.evidence = &options.evidence;
  inputs.shapes = shapes.get();
  inputs.stop = options.stop;
  inputs.progress = progress;
  return inputs;
}

}  // namespace

Result<Metrics> metrics(const AnswerOptions& options, ProgressSink* progress) {
  TOCSIN_TRY(const Shapes shapes, load_shapes(options.evidence));
  return scanning::run_metrics(reading_of(options, shapes, progress));
}

Result<Logons> logons(const AnswerOptions& options, ProgressSink* progress) {
  TOCSIN_TRY(const Shapes shapes, load_shapes(options.evidence));
  return scanning::run_logons(reading_of(options, shapes, progress));
}

Result<Timeline> timeline(const TimelineOptions& options, const RuleSet* rules, ProgressSink* progress) {
  TOCSIN_TRY(const Shapes shapes, load_shapes(options.evidence));
  if (rules == nullptr) return scanning::run_timeline(reading_of(options, shapes, progress), options);
  ScanOptions scan_options;
  scan_options.evidence = options.evidence;
  scan_options.log_hygiene = options.log_hygiene;
  scan_options.stop = options.stop;
  return scanning::run_findings_timeline(inputs_of(scan_options, *rules, shapes, progress), options);
}

Result<std::vector<FormatInfo>> formats(const std::vector<std::string>& mapping_files) {
  EvidenceOptions options;
  options.mapping_files = mapping_files;
  TOCSIN_TRY(const Shapes shapes, load_shapes(options));
  return scanning::list_formats(shapes.get());
}

Result<FormatAnswer> why_read(const AnswerOptions& options) {
  TOCSIN_TRY(const Shapes shapes, load_shapes(options.evidence));
  return scanning::explain_formats(reading_of(options, shapes, nullptr));
}

Result<Explanation> explain(const ExplainOptions& options, const RuleSet& rules, ProgressSink* progress) {
  TOCSIN_TRY(const Shapes shapes, load_shapes(options.evidence));
  ScanOptions scan_options;
  scan_options.evidence = options.evidence;
  scan_options.stop = options.stop;
  return scanning::run_explain(inputs_of(scan_options, rules, shapes, progress), options);
}

unsigned usual_threads() {
  return base::default_threads();
}

std::string version_text() {
  std::string text;
  for (const BuildInfoLine& line : build_info()) text += fmt::format("{}: {}\n", line.name, line.value);
  base::Sha256 rules;
  for (const base::BuiltinFile& file : base::builtin_files()) {
    rules.update(fmt::format("{} {}\n", file.name, file.text.size()));
    rules.update(file.text);
  }
  const std::size_t all = base::builtin_files().size(), sigma = base::builtin_files("windows/").size();
  text += fmt::format("built-in rules: {} of Sigma, {} on the logs themselves\n", sigma, log_hygiene_rules().size());
  text += fmt::format(
      "built-in files: {}, of these {} rules; the others are log sources, JSON shapes and names of "
      "events; sha256 {}\n",
      all, sigma, rules.hex());
  return text;
}

}  // namespace tocsin
