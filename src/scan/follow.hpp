// Feeding the pipeline from files that go on growing (evidence/follow/), until the stop flag is set.
#pragma once

#include <functional>

#include "tocsin/result.hpp"

#include "scan/feeder.hpp"
#include "scan/pipeline.hpp"

namespace tocsin::scanning {

// `tick`: taken in order with the units, about once a second. Errors: what cannot be followed.
[[nodiscard]] Result<FeedResult> follow(const PipelineOptions& options, const FeedPort& port,
                                        const std::function<Result<void>()>& tick);

}  // namespace tocsin::scanning
