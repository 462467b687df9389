// JSON as text, untouched: for showing an event without losing a digit. REQUIRES of both: well-formed JSON (else the
// answer is of no use, but safe). No recursion.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::report {

// One member a line, two blanks a level. Only blanks between tokens change.
[[nodiscard]] std::string pretty_json(std::string_view json);
// The text of a member's value in the outermost object; empty where there is none.
[[nodiscard]] std::string_view json_member(std::string_view json, std::string_view key);

}  // namespace tocsin::report
