// Who logged on: log-on events joined by their sessions and summed up.
#pragma once

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "scan/reading.hpp"

namespace tocsin::scanning {

[[nodiscard]] Result<Logons> run_logons(const ReadingInputs& inputs);

}  // namespace tocsin::scanning
