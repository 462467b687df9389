#include "scan/sequencer.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tocsin::scanning {
namespace {

TEST(Sequencer, RunsActionsInTicketOrderWhateverTheOrderOfCompletion) {
  Sequencer sequencer(100);
  std::vector<std::uint64_t> tickets, order;
  for (int i = 0; i < 50; ++i) tickets.push_back(*sequencer.ticket());
  std::ranges::shuffle(tickets, std::mt19937{7});
  for (const std::uint64_t ticket : tickets) {
    sequencer.complete(ticket, [&order, ticket]() -> Result<void> {
      order.push_back(ticket);
      return {};
    });
  }
  ASSERT_EQ(order.size(), 50U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(Sequencer, KeepsOrderBetweenThreadsAndNeverExceedsItsWindow) {
  constexpr std::size_t kWindow = 4, kCount = 2000;
  Sequencer sequencer(kWindow);
  std::vector<std::uint64_t> order;
  std::atomic<std::uint64_t> open{0}, most{0};
  std::mutex mutex;
  std::vector<std::uint64_t> work;
  std::atomic<bool> done{false};
  const auto finish = [&](std::uint64_t ticket) {
    sequencer.complete(ticket, [&, ticket]() -> Result<void> {
      order.push_back(ticket);
      open.fetch_sub(1);
      return {};
    });
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (;;) {
        std::uint64_t ticket = 0;
        std::this_thread::sleep_for(std::chrono::microseconds(20));
        {
          const std::scoped_lock lock(mutex);
          if (work.empty()) {
            if (done) return;
            continue;
          }
          ticket = work.back();  // the newest first: order must not depend on it
          work.pop_back();
        }
        finish(ticket);
      }
    });
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::uint64_t ticket = *sequencer.ticket();
    most = std::max(most.load(), open.fetch_add(1) + 1);
    const std::scoped_lock lock(mutex);
    work.push_back(ticket);
  }
  done = true;
  threads.clear();
  EXPECT_EQ(order.size(), kCount);
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_LE(most.load(), kWindow + 1);  // an action counts down before its ticket is given back
}

TEST(Sequencer, FirstErrorStopsEverythingAfterIt) {
  Sequencer sequencer(10);
  const std::uint64_t first = *sequencer.ticket(), second = *sequencer.ticket();
  bool ran = false;
  sequencer.complete(second, [&]() -> Result<void> {
    ran = true;
    return {};
  });
  sequencer.complete(first, [] { return Result<void>(fail(ErrorCode::io, "disk full")); });
  EXPECT_FALSE(ran);
  EXPECT_TRUE(sequencer.failed());
  EXPECT_EQ(sequencer.ticket(), std::nullopt);
  EXPECT_EQ(sequencer.result().error().message, "disk full");
}

}  // namespace
}  // namespace tocsin::scanning
