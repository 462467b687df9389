// What is in the evidence, counted by channel, event id, host and day; and what a Windows host should have and has not.
#pragma once

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "scan/reading.hpp"

namespace tocsin::scanning {

[[nodiscard]] Result<Metrics> run_metrics(const ReadingInputs& inputs);

}  // namespace tocsin::scanning
