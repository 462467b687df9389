// A rule in sentences. Made from the compiled tables, so that it says what is judged, not what was written.
#pragma once

#include <cstdint>

#include "tocsin/ruleset.hpp"

#include "detect/sigma/compiled_set.hpp"

namespace tocsin::sigma {

// Everything of RuleWords but the names of events.
[[nodiscard]] RuleWords rule_in_words(const CompiledSet& set, std::uint32_t rule);

// "CommandLine" -> "the command line (CommandLine)"; names that are not known stand alone.
[[nodiscard]] std::string field_in_words(std::string_view field);
// One line of a selection: `key` with its modifiers, and its values as written.
[[nodiscard]] std::string item_in_words(std::string_view key, const std::vector<std::string>& values);

}  // namespace tocsin::sigma
