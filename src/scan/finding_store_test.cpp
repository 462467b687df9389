#include "scan/finding_store.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "scan/finding_codec.hpp"
#include "tests/support/memory.hpp"
#include "tests/support/sanitizers.hpp"

namespace tocsin::scanning {
namespace {

struct Input {
  std::string rule, path;
  std::uint64_t offset;
  std::string record;
};

std::vector<Finding> store_all(const std::vector<Input>& inputs, std::size_t budget) {
  FindingStore store = *FindingStore::make(budget);
  for (const Input& input : inputs) {
    Finding finding;
    finding.place.offset = input.offset;
    finding.channel = input.path + ":" + input.rule;
    const base::Sha256::Digest record = base::sha256(as_bytes(input.record));
    const std::string key = place_key({0, input.path, "", "evtx"}, input.offset);
    EXPECT_TRUE(store.add(input.rule, {&record, 1}, key, encode_finding(finding)));
  }
  EXPECT_TRUE(store.finish());
  std::vector<Finding> result;
  EXPECT_TRUE(store.each([&](const Finding& finding) -> Result<void> {
    result.push_back(finding);
    return {};
  }));
  return result;
}

std::vector<Input> some_inputs() {
  std::vector<Input> inputs;
  for (const char* path : {"a.evtx", "a.evtx.bak", "b.evtx"}) {
    for (std::uint64_t offset = 0; offset < 300; offset += 100) {
      for (const char* rule : {"r1", "r2"})
        inputs.push_back({rule, path, offset, offset == 200 ? "same" : "own" + std::to_string(offset) + path});
    }
  }
  return inputs;
}

TEST(FindingStore, OrderAndIdsDoNotDependOnTheOrderOfAdditionOrOnSpilling) {
  std::vector<Input> inputs = some_inputs();
  const std::vector<Finding> plain = store_all(inputs, base::ExternalSort::kDefaultBudget);
  std::ranges::shuffle(inputs, std::mt19937{3});
  const std::vector<Finding> spilled = store_all(inputs, 300);
  ASSERT_EQ(plain.size(), spilled.size());
  std::set<std::string> ids;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(plain[i].id, spilled[i].id);
    EXPECT_EQ(plain[i].channel, spilled[i].channel);
    EXPECT_EQ(plain[i].id.size(), 32U);
    ids.insert(plain[i].id);
  }
  EXPECT_EQ(ids.size(), plain.size()) << "byte-equal records must get ids of their own";
  EXPECT_TRUE(std::ranges::is_sorted(plain, {}, [](const Finding& f) {
    return std::tuple(f.channel.substr(0, f.channel.find(':')), f.place.offset);
  }));
}

TEST(FindingStore, AMovedLogKeepsItsIds) {
  std::vector<Input> inputs = some_inputs();
  std::set<std::string> before, after;
  for (const Finding& finding : store_all(inputs, 1000)) before.insert(finding.id);
  for (Input& input : inputs) {
    input.path.insert(0, "moved/");
    input.offset += 65536;
  }
  for (const Finding& finding : store_all(inputs, 1000)) after.insert(finding.id);
  EXPECT_EQ(before, after);
}

TEST(FindingCodec, KeepsEveryMember) {
  Finding f;
  f.id = std::string(32, 'a');
  f.rule = 7, f.source = 9;
  f.place = {PlaceKind::evtx, 4711, 3, Place::kNone, 123456, 512, true};
  f.time = Timestamp{-5};
  f.computer = "c", f.channel = std::string("ch\0x", 4), f.provider = "p";
  f.event_id = -1;
  f.log_source_variant = "sysmon";
  f.matches = {{"sel", "F|contains", "Ev", "value", "pat", {1, 3}, {"hex_to_decimal"}, true}};
  f.parts = {{1, {PlaceKind::line, 1, Place::kNone, 2, 3, 4, false}}};
  f.notes = {"n"};
  f.event_json = "{}";
  const Finding g = decode_finding(encode_finding(f));
  EXPECT_EQ(g.id, f.id);
  EXPECT_EQ(g.place, f.place);
  EXPECT_EQ(g.time, f.time);
  EXPECT_EQ(g.channel, f.channel);
  EXPECT_EQ(g.event_id, f.event_id);
  EXPECT_EQ(g.matches, f.matches);
  ASSERT_EQ(g.parts.size(), 1U);
  EXPECT_EQ(g.parts[0].place, f.parts[0].place);
  EXPECT_EQ(g.notes, f.notes);
  EXPECT_EQ(encode_finding(g), encode_finding(f));
}

TEST(OrderedKey, ComparesAsTheTextsDo) {
  const std::vector<std::string> texts = {
      "", std::string("\0", 1), std::string("\0a", 2), "a", std::string("a\0b", 3), "ab", "b"};
  for (std::size_t i = 0; i + 1 < texts.size(); ++i) {
    std::string a, b;
    append_ordered(a, texts[i]), append_ordered(a, "zzz");
    append_ordered(b, texts[i + 1]), append_ordered(b, "aaa");
    EXPECT_LT(a, b) << i;
  }
}

TEST(FindingStore, LinksBehindTheFirstInCanonicalOrderAndCountsThem) {
  FindingStore store = *FindingStore::make(300);
  const auto add = [&](const std::string& path, std::string_view rule, std::uint32_t number, const std::string& same) {
    Finding finding;
    finding.rule = number;
    finding.channel = path;
    finding.time = Timestamp{1};
    const base::Sha256::Digest record = base::sha256(as_bytes(path));
    EXPECT_TRUE(
        store.add(rule, {&record, 1}, place_key({0, path, "", "evtx"}, 0), encode_finding(finding), {same, {}, {}, 0}));
  };
  for (const char* path : {"c.evtx", "a.evtx", "b.evtx"}) {
    add(path, "r1", 0, "host 1");
    add(path, "r2", 1, path);
  }
  ASSERT_TRUE(store.finish());
  std::vector<Finding> found;
  ASSERT_TRUE(store.each([&](const Finding& finding) -> Result<void> {
    found.push_back(finding);
    return {};
  }));
  ASSERT_EQ(found.size(), 6U);
  const std::string first = found[0].id;
  for (const Finding& finding : found) {
    const bool linked = finding.rule == 0 && finding.channel != "a.evtx";
    EXPECT_EQ(finding.same_as, linked ? first : "") << finding.channel << finding.rule;
  }
  EXPECT_EQ(store.linked(), (std::map<std::uint32_t, std::uint64_t>{{0, 2}}));
}

TEST(FindingStore, MemoryDoesNotGrowWithTheNumberOfFindings) {
  constexpr std::size_t kCount = 100'000, kBudget = std::size_t{1} << 20, kMost = std::size_t{16} * 1024;
  if (TOCSIN_SANITIZED == 1) GTEST_SKIP() << "a sanitizer keeps what was freed";
  const auto resident = [] { return static_cast<std::size_t>(tocsin::testing::status_kilobytes("VmRSS")); };
  if (resident() == 0) GTEST_SKIP() << "no /proc/self/status";
  FindingStore store = *FindingStore::make(kBudget);
  Finding finding;
  finding.channel = std::string(500, 'c');  // 50 MB in all, twice
  const std::size_t before = resident();
  std::size_t most = before, count = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    finding.place.offset = (i * 7919) % kCount;
    const base::Sha256::Digest record = base::sha256(as_bytes(std::to_string(i / 2)));
    const Sameness same{std::to_string(i / 3), {}, {}, 0};
    ASSERT_TRUE(store.add("r", {&record, 1}, place_key({0, "a.evtx", "", "evtx"}, finding.place.offset),
                          encode_finding(finding), same));
    if (i % 1000 == 0) most = std::max(most, resident());
  }
  ASSERT_TRUE(store.finish());
  most = std::max(most, resident());
  std::uint64_t next = 0;
  ASSERT_TRUE(store.each([&](const Finding& found) -> Result<void> {
    EXPECT_EQ(found.place.offset, next++);
    if (++count % 1000 == 0) most = std::max(most, resident());
    return {};
  }));
  EXPECT_EQ(count, kCount);
  EXPECT_LT(most - before, kMost);
}

}  // namespace
}  // namespace tocsin::scanning
