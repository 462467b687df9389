#include "terminal.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tocsin::cli {
namespace {

constexpr unsigned kDefaultColumns = 100;
constexpr unsigned kLeastColumns = 60, kMostColumns = 240;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool terminal_has_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value = environment(name);
    if (value.empty()) continue;
    std::ranges::transform(value, value.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

}  // namespace

bool is_terminal(Stream stream) {
  return isatty(static_cast<int>(stream)) == 1;
}

bool use_colour(const Options& options, Stream stream) {
  if (options.colour != ColourMode::automatic) return options.colour == ColourMode::always;
  return is_terminal(stream) && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

unsigned terminal_columns(Stream stream) {
  winsize size{};
  if (!is_terminal(stream) || ioctl(static_cast<int>(stream), TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

ReportOptions report_options(const Options& options, Stream stream, bool to_file) {
  ReportOptions out;
  out.format = options.format;
  out.profile = options.profile;
  out.columns = options.columns;
  const unsigned columns = to_file ? 0 : terminal_columns(stream);
  out.width = options.width.value_or(columns == 0 ? kDefaultColumns : std::clamp(columns, kLeastColumns, kMostColumns));
  out.colour = to_file ? options.colour == ColourMode::always : use_colour(options, stream);
  out.unicode = to_file || !is_terminal(stream) || terminal_has_unicode();
  return out;
}

void print_error(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace tocsin::cli
