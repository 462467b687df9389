// A search: the pipeline with a matcher in it. Hits wait in an external sort until all sources have their hashes.
#pragma once

#include <memory>

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "evidence/reader.hpp"

namespace tocsin::scanning {

[[nodiscard]] Result<std::unique_ptr<SearchResult>> run_search(const SearchOptions& options,
                                                               const evidence::ShapeSet* shapes,
                                                               ProgressSink* progress);

}  // namespace tocsin::scanning
