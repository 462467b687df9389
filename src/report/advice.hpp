// What to fetch or to switch on so that a rule can be judged next time: a few words per reason and log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tocsin/sink.hpp"

namespace tocsin::report {

// What a reason means, as the beginning of a sentence about rules: "their log is not in the evidence".
[[nodiscard]] std::string_view reason_text(CoverageReason reason);
// A coverage's detail without what the reason's text says already.
[[nodiscard]] std::string_view short_detail(std::string_view detail);
// What to do about rules of that reason, detail and settings (as in RuleCoverage), in a few words; where nothing is
// known that would help, that. Empty: the reason's text says it for all.
[[nodiscard]] std::string advice(const ResultView& view, CoverageReason reason, std::string_view detail,
                                 const std::vector<std::uint32_t>& settings);

}  // namespace tocsin::report
