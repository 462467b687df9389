// Nothing is allocated for an event that no rule matches, once the judge's buffers have grown.
//
// Counts the allocations of this test program. Sanitizers bring their own operator new: there the count stays at
// nothing and the test is skipped.
#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "detect/sigma/rule_bench.hpp"
#include "tests/support/sanitizers.hpp"

namespace {
std::atomic<std::uint64_t> allocations{0};
}

#if !TOCSIN_SANITIZED
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;  // NOLINT(cppcoreguidelines-no-malloc)
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}  // NOLINT
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}  // NOLINT
#endif

namespace tocsin::sigma {
namespace {

TEST(Allocation, NoneWhereNothingMatches) {
  if (TOCSIN_SANITIZED == 1) GTEST_SKIP() << "a sanitizer counts allocations in its own way";
  std::string rules;
  for (const std::string_view detection :
       {"s:\n    A|contains: [one, two, '*x?y*']\ncondition: s", "s:\n    A|re: 'ab+c'\ncondition: s",
        "keywords:\n    - absent\n    - '\u00c4rger'\ncondition: keywords", "s:\n    User: nobody\ncondition: s",
        "s:\n    Pid|gt: 4000000000\nt:\n    A|fieldref: User\ncondition: 1 of them",
        "s:\n    A|windash|contains: ' -q'\n    B|cidr: 10.0.0.0/8\ncondition: s",
        "s:\n    T|hour: 99\ncondition: s"}) {
    rules += "---\n" + testing::rule_text(detection);
  }
  const testing::Compiled compiled = testing::compile(rules);
  ASSERT_EQ(compiled.set.rules().size(), 7U);
  const testing::Fields fields{testing::text("A", std::string(200, 'a') + " \u00e4 -x"),
                               testing::text("B", "192.168.0.1"),
                               testing::number("Pid", "17"),
                               testing::text("HexPid", "0x11"),
                               testing::text("T", "2024-01-01T00:00:00Z"),
                               testing::text("Domain", "a-long-domain-name"),
                               testing::text("Name", "someone-with-a-name")};
  const model::OwnedEvent plain(testing::test_head(), fields, compiled.set.fields());
  const model::OwnedEvent twin(testing::test_head("Twin", 2), fields, compiled.set.fields());
  Judge judge(compiled.set);
  std::vector<Hit> hits;
  for (int i = 0; i < 3; ++i) {
    judge.judge(plain, hits);
    judge.judge(twin, hits);
  }
  const std::uint64_t before = allocations.load();
  for (int i = 0; i < 100; ++i) {
    judge.judge(plain, hits);
    judge.judge(twin, hits);
  }
  EXPECT_EQ(allocations.load() - before, 0U);
  EXPECT_TRUE(hits.empty());
  EXPECT_GT(before, 0U);
}

}  // namespace
}  // namespace tocsin::sigma
