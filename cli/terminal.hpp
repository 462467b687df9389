// What the streams can show: colours, columns, Unicode. Only a terminal is asked; a file or a pipe gets the same bytes
// wherever it is written.
#pragma once

#include "options.hpp"

namespace tocsin::cli {

enum class Stream : int { out = 1, err = 2 };

[[nodiscard]] bool is_terminal(Stream stream);
[[nodiscard]] bool use_colour(const Options& options, Stream stream);
// How people's formats are written to `stream`; to a file where `to_file`.
[[nodiscard]] ReportOptions report_options(const Options& options, Stream stream, bool to_file);
[[nodiscard]] unsigned terminal_columns(Stream stream);  // 0: not a terminal, or not known

// Writes to standard error, in one piece. Nothing can be done if that fails.
void print_error(std::string_view text);

}  // namespace tocsin::cli
