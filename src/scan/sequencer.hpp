// Puts work that finishes in any order back into the order in which it was handed out, with a bounded number under way.
//
// The feeder takes a ticket for each piece of work; whoever finishes it hands in an action for that ticket. Actions run
// one at a time in ticket order, on the thread that completed the gap. The first action that fails stops everything.
// A feeder that found the window full is woken when half of it is free, not for each ticket: it feeds in blocks anyhow.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "tocsin/result.hpp"

namespace tocsin::scanning {

class Sequencer {
 public:
  using Action = std::function<Result<void>()>;
  explicit Sequencer(std::size_t window) : window_(window) {}

  // For one feeding thread. Blocks while `window` tickets are open. Nothing where an action has failed.
  [[nodiscard]] std::optional<std::uint64_t> ticket();
  void complete(std::uint64_t ticket, Action action);
  // Something that is done as soon as it is its turn: a ticket, completed at once. False where an action has failed.
  [[nodiscard]] bool commit(Action action);
  [[nodiscard]] bool failed() const;
  // REQUIRES: all tickets were completed.
  [[nodiscard]] Result<void> result() const;

 private:
  const std::size_t window_;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::map<std::uint64_t, Action> waiting_;
  std::uint64_t handed_out_ = 0, done_ = 0;
  bool running_ = false, full_ = false;  // full_: the feeder waits
  std::optional<Error> error_;
};

}  // namespace tocsin::scanning
