#include "base/threads.hpp"

#include <cerrno>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace tocsin::base {
namespace {

TEST(Threads, AQuotaIsRoundedUpToWholeCpus) {
  EXPECT_EQ(quota_threads("200000 100000"), 2U);
  EXPECT_EQ(quota_threads("150000 100000"), 2U);
  EXPECT_EQ(quota_threads("50000 100000"), 1U);
  for (const char* none : {"max 100000", "-1 100000", "", "100000", "100000 0", "x y"}) {
    EXPECT_EQ(quota_threads(none), 0U) << none;
  }
}

// As on a machine with 4,096 CPUs: the kernel wants room for all of them, however few the process may use.
TEST(Threads, AMachineWithThousandsOfCpusIsAskedWithALargerSet) {
  std::vector<std::size_t> asked;
  const unsigned threads = affinity_threads([&](std::size_t bytes, cpu_set_t* set) {
    asked.push_back(bytes);
    if (bytes < 4096 / 8) return EINVAL;
    for (const std::size_t cpu : {0, 1, 1500, 4095}) CPU_SET_S(cpu, bytes, set);
    return 0;
  });
  EXPECT_EQ(threads, 4U);
  EXPECT_EQ(asked, (std::vector<std::size_t>{128, 256, 512}));
}

TEST(Threads, AnAnswerIsAtLeastOne) {
  EXPECT_EQ(affinity_threads([](std::size_t, cpu_set_t*) { return 0; }), 1U);
  EXPECT_GE(affinity_threads([](std::size_t, cpu_set_t*) { return EPERM; }), 1U);
  EXPECT_GE(affinity_threads([](std::size_t, cpu_set_t*) { return EINVAL; }), 1U);
  EXPECT_GE(default_threads(), 1U);
}

}  // namespace
}  // namespace tocsin::base
