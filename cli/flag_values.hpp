// Readers of flag values: from text to a member of Options, or an error that says what was expected.
#pragma once

#include <string_view>

#include "options.hpp"

namespace tocsin::cli {

[[nodiscard]] Result<void> take_level(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_status(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_fail_on(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_from(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_to(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_format(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_profile(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_dump_format(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_threads(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_width(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_colour(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_progress(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_placeholder(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_context(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_by(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_bucket(Options& options, std::string_view value);
[[nodiscard]] Result<void> take_most(Options& options, std::string_view value);

}  // namespace tocsin::cli
