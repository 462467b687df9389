#include "scan/sequencer.hpp"

#include <utility>

namespace tocsin::scanning {

std::optional<std::uint64_t> Sequencer::ticket() {
  std::unique_lock lock(mutex_);
  if (handed_out_ - done_ >= window_ && !error_) {
    full_ = true;
    room_.wait(lock, [this] { return !full_ || error_; });
    full_ = false;
  }
  if (error_) return std::nullopt;
  return handed_out_++;
}

void Sequencer::complete(std::uint64_t ticket, Action action) {
  std::unique_lock lock(mutex_);
  waiting_.emplace(ticket, std::move(action));
  if (running_) return;  // the thread that is draining will come to it
  running_ = true;
  for (auto next = waiting_.find(done_); next != waiting_.end(); next = waiting_.find(done_)) {
    const Action run = std::move(next->second);
    waiting_.erase(next);
    if (!error_) {
      lock.unlock();
      Result<void> result = run();
      lock.lock();
      if (!result) error_ = std::move(result).error();
    }
    ++done_;
    if (!full_ || (handed_out_ - done_ > window_ / 2 && !error_)) continue;
    full_ = false;
    room_.notify_one();
  }
  running_ = false;
}

bool Sequencer::commit(Action action) {
  const std::optional<std::uint64_t> taken = ticket();
  if (taken) complete(*taken, std::move(action));
  return taken.has_value();
}

bool Sequencer::failed() const {
  const std::scoped_lock lock(mutex_);
  return error_.has_value();
}

Result<void> Sequencer::result() const {
  const std::scoped_lock lock(mutex_);
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace tocsin::scanning
