// Progress on standard error: one line that is redrawn on a terminal, or a line now and then for logs; and the
// diagnostics of --debug.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "tocsin/sink.hpp"

#include "options.hpp"

namespace tocsin::cli {

class Progress : public ProgressSink {
 public:
  explicit Progress(const Options& options);
  ~Progress() override { clear(); }
  void on_progress(const State& state) override;
  void on_debug(std::string_view line) override;
  // Takes the redrawn line away; call before anything else is printed.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Mode : unsigned char { none, line, plain };
  [[nodiscard]] std::string text(const State& state, double seconds) const;

  Mode mode_ = Mode::none;
  std::string_view found_;  // what the command finds; empty: nothing that could be counted
  bool debug_ = false, drawn_ = false;
  Clock::time_point begin_, last_;
  std::mutex mutex_;
};

// "1.4 GB", "312 MB": decimal, as disks are sold.
[[nodiscard]] std::string byte_count(std::uint64_t bytes);
// "12 s", "3 min 05 s", "2 h 10 min".
[[nodiscard]] std::string span_text(double seconds);

}  // namespace tocsin::cli
