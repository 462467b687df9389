// Every event of the evidence, one after the other, in the order of the walk.
#pragma once

#include "tocsin/bytes.hpp"
#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "evidence/reader.hpp"

namespace tocsin::scanning {

[[nodiscard]] Result<DumpResult> run_dump(const DumpOptions& options, const evidence::ShapeSet* shapes, ByteSink& out,
                                          ProgressSink* progress);

}  // namespace tocsin::scanning
