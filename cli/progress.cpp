#include "progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "terminal.hpp"

namespace tocsin::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::chrono::seconds kPlainEvery{5};
constexpr double kSettled = 1.0;  // seconds before a rate means anything
constexpr std::size_t kPathShown = 32;

// The end of a path says more than its beginning. Cut by bytes, at a code point's border.
std::string path_end(std::string_view path) {
  std::string text = visible_text(path);
  if (text.size() <= kPathShown) return text;
  std::size_t at = text.size() - kPathShown;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return "..." + text.substr(at);
}

}  // namespace

std::string byte_count(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 5> kUnits{"B", "kB", "MB", "GB", "TB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (amount >= 999.5 && unit + 1 < kUnits.size()) amount /= 1000, ++unit;
  return unit == 0 || amount >= 99.5 ? fmt::format("{:.0f} {}", amount, kUnits.at(unit))
                                     : fmt::format("{:.1f} {}", amount, kUnits.at(unit));
}

std::string span_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

Progress::Progress(const Options& options) : debug_(options.debug), begin_(Clock::now()), last_(begin_ - kPlainEvery) {
  if (options.command == Command::scan || options.command == Command::explain) found_ = "findings";
  if (options.command == Command::search) found_ = "hits";
  if (options.progress == ProgressMode::plain) mode_ = Mode::plain;
  const bool automatic = options.progress == ProgressMode::automatic && !options.quiet && !options.debug;
  if (automatic && is_terminal(Stream::err)) mode_ = Mode::line;
}

std::string Progress::text(const State& state, double seconds) const {
  std::string out = byte_count(state.bytes_done);
  if (state.bytes_total > 0) {
    const double share = 100.0 * static_cast<double>(state.bytes_done) / static_cast<double>(state.bytes_total);
    out = fmt::format("{:3.0f} %  {} of {}", std::min(share, 100.0), out, byte_count(state.bytes_total));
  }
  const double rate = seconds > kSettled ? static_cast<double>(state.bytes_done) / seconds : 0;
  if (rate > 0) out += fmt::format("  {}/s", byte_count(static_cast<std::uint64_t>(rate)));
  if (rate > 0 && state.bytes_total > state.bytes_done) {
    out += fmt::format("  {} left", span_text(static_cast<double>(state.bytes_total - state.bytes_done) / rate));
  }
  out += fmt::format("  {} events", state.events);
  if (!found_.empty()) out += fmt::format("  {} {}", state.findings, found_);
  if (!state.current.empty()) out += "  " + path_end(state.current);
  return out;
}

void Progress::on_progress(const State& state) {
  if (mode_ == Mode::none) return;
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (now - last_ < (mode_ == Mode::plain ? Clock::duration(kPlainEvery) : Clock::duration(kRedraw))) return;
  last_ = now;
  std::string line = text(state, std::chrono::duration<double>(now - begin_).count());
  if (mode_ == Mode::plain) return print_error(line + "\n");
  const unsigned columns = terminal_columns(Stream::err);
  // A line that wraps cannot be redrawn. Counts bytes: never too long.
  if (columns > 1 && line.size() >= columns) {
    line.resize(columns - 1);
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
    if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xC0) line.pop_back();
  }
  drawn_ = true;
  print_error("\r\x1b[K" + line);
}

void Progress::on_debug(std::string_view line) {
  if (!debug_) return;
  const std::lock_guard lock(mutex_);
  print_error(fmt::format("debug: {}\n", visible_text(line)));
}

void Progress::clear() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(drawn_, false)) print_error("\r\x1b[K");
}

}  // namespace tocsin::cli
