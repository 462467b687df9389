// Judging one event again, with the whole condition tree as the answer.
#pragma once

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"

#include "scan/scan.hpp"

namespace tocsin::scanning {

// `inputs.options` needs evidence and stop only.
[[nodiscard]] Result<Explanation> run_explain(const ScanInputs& inputs, const ExplainOptions& what);

}  // namespace tocsin::scanning
