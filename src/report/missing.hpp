// What a Windows host should have and has not, and what would change it: a part of metrics.
#pragma once

#include "report/answer.hpp"

namespace tocsin::report {

void missing_section(Page& page, const Metrics& metrics);
// Rows `missing`, and behind them `setting` (docs/formats/results.md, "Metrics").
[[nodiscard]] Result<void> missing_rows(AnswerJson& answer, const Metrics& metrics);

}  // namespace tocsin::report
