// A loop whose rounds do not depend on each other, on all processors. What each round does is the caller's; nothing
// that is kept may depend on the order.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

#include "base/threads.hpp"

namespace tocsin::base {

// Calls `work(i)` once for each i below `count`, and returns when all have ended. One thread for each `fewest` rounds
// at most, of which the caller's is one. `work` must not throw.
template <class Work>
void in_parallel(std::size_t count, std::size_t fewest, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> helpers;
  const std::size_t threads = std::min<std::size_t>(default_threads(), count / fewest);
  try {
    while (helpers.size() + 1 < threads) helpers.emplace_back(run);
  } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch): the threads that are there do all of it
  }
  run();
}

}  // namespace tocsin::base
