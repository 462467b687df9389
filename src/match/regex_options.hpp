// How expressions are handed to RE2. Inside this folder only.
#pragma once

#include <string>
#include <string_view>

#include <re2/re2.h>

#include "match/regex.hpp"

namespace tocsin::match {

inline RE2::Options regex_options(RegexFlags flags) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(static_cast<std::int64_t>(kRegexMaxMemory));
  options.set_case_sensitive(!flags.ignore_case);
  options.set_dot_nl(flags.dot_all);
  return options;
}

inline std::string regex_text(std::string_view pattern, RegexFlags flags) {
  std::string text = flags.multi_line ? "(?m)" : "";
  text += pattern;
  return text;
}

}  // namespace tocsin::match
