#include "detect/sigma/set_file.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "detect/sigma/rule_bench.hpp"
#include "detect/sigma/set_exercise.hpp"

namespace tocsin::sigma {
namespace {

// Rules with every kind of pattern, condition and log source.
std::string many_rules() {
  const std::string_view details[] = {R"(a:
    Image|endswith: ['\cmd.exe', '\powershell.exe']
    Line|contains|all: [one, two]
b:
    - Pid: 42
    - User|startswith: x
condition: a and not b)",
                                      R"(a:
    Line|re: 'foo[0-9]+(bar|baz)'
b:
    Ip|cidr: ['10.0.0.0/8', 'fe80::/10']
c:
    Size|gte: 100
condition: 1 of them)",
                                      R"(a1:
    - one
    - 'two*three?'
a2:
    Hashes: null
a3:
    Other|exists: true
condition: 2 of a*)",
                                      R"(a:
    Line|fieldref: Other
    Name|cased: ABC
    Text|base64offset|contains: secret
condition: all of them)",
                                      R"(a:
    Time|hour: 3
    Line|neq: x
    Image: '?:\*\a'
condition: not a)"};
  std::string all;
  int number = 10;
  for (const std::string_view detail : details) {
    std::string text = testing::rule_text(detail);
    text.replace(text.find("001\n"), 3, "0" + std::to_string(number++));
    all += (all.empty() ? "" : "---\n") + text;
  }
  return all;
}

const SetKey& key() {
  static const SetKey kKey{base::sha256_hex("program"), base::sha256_hex("options")};
  return kKey;
}

SetSources sources() {
  SetSources out;
  out.began = 1'700'000'000'123'456'789;
  out.files.files.push_back({"rules/a.yml", "/r/a.yml", {1, 2, 3, -4, 5}});
  out.files.folders.push_back({"/r", {1, 7, 4096, 6, 7}});
  out.sha256.push_back(base::sha256_hex("a"));
  out.others.push_back({"/l.yml", {9, 8, 7, 6, 5}, base::sha256_hex("l")});
  return out;
}

const std::string& good() {
  static const std::string kBytes = [] {
    testing::Compiled compiled = testing::compile(many_rules());
    EXPECT_EQ(compiled.set.rules().size(), 5U);
    LoadedSet set{std::move(compiled.set), std::move(compiled.problems), {1, 2, 3, 4, 5, 6}, {}, "hash"};
    RuleProblem& problem = set.problems.emplace_back();
    problem.severity = RuleProblem::Severity::warning;
    problem.code = "S012";
    problem.line = 3;
    problem.column_end = 9;
    problem.help = "help";
    set.unknown_names.push_back({true, "what", "that"});
    return encode_set_file(set, sources(), key());
  }();
  return kBytes;
}

std::expected<SetFile, std::string> open(std::string_view bytes, const SetKey& wanted = key()) {
  const std::shared_ptr<char[]> copy(new char[bytes.size()]);
  std::ranges::copy(bytes, copy.get());
  return SetFile::open({copy.get(), bytes.size()}, copy, wanted);
}

std::string refusal(std::string_view bytes, const SetKey& wanted = key()) {
  const auto file = open(bytes, wanted);
  return file ? std::string() : file.error();
}

TEST(SetFile, GivesBackWhatItWasGiven) {
  std::optional<LoadedSet> set;
  {
    const auto file = open(good());
    ASSERT_TRUE(file) << file.error();
    EXPECT_EQ(file->sources().files.files, sources().files.files);
    EXPECT_EQ(file->sources().files.folders, sources().files.folders);
    EXPECT_EQ(file->sources().began, sources().began);
    EXPECT_EQ(file->sources().sha256, sources().sha256);
    ASSERT_EQ(file->sources().others.size(), 1U);
    EXPECT_EQ(file->sources().others[0].stamp, sources().others[0].stamp);
    set = file->set();
  }
  ASSERT_TRUE(set);  // and lives on without the file
  EXPECT_EQ(encode_set_file(*set, sources(), key()), good());
  EXPECT_EQ(set->hash, "hash");
  EXPECT_EQ(set->counts.not_evaluated, 6U);
  EXPECT_EQ(set->problems.back().code, "S012");
  EXPECT_EQ(set->problems.back().severity, RuleProblem::Severity::warning);
  EXPECT_EQ(set->unknown_names.at(0).nearest, "that");
  const testing::Compiled compiled = testing::compile(many_rules());
  for (std::uint32_t rule = 0; rule < compiled.set.rules().size(); ++rule) {
    EXPECT_EQ(set->compiled.describe(rule), compiled.set.describe(rule));
    EXPECT_EQ(set->compiled.settings_for(rule), compiled.set.settings_for(rule));
  }
  testing::exercise(set->compiled);
}

TEST(SetFile, JudgesAsTheSetItWasMadeFrom) {
  const auto set = open(good())->set();
  ASSERT_TRUE(set);
  const testing::Compiled compiled = testing::compile(many_rules());
  const auto outcome = [](const CompiledSet& rules, const char* line) {
    const model::OwnedEvent event(testing::test_head(), {testing::text("Line", line), testing::number("Size", "100")},
                                  rules.fields());
    Judge judge(rules);
    std::vector<Hit> hits;
    judge.judge(event, hits);
    std::vector<std::pair<std::uint32_t, std::vector<Match>>> out;
    for (const Hit& hit : hits) out.emplace_back(hit.rule, judge.matches(event, hit));
    return out;
  };
  for (const char* const line : {"foo12bar", "one two", "nothing"}) {
    EXPECT_FALSE(outcome(compiled.set, line).empty()) << line;
    EXPECT_EQ(outcome(set->compiled, line), outcome(compiled.set, line)) << line;
  }
}

TEST(SetFile, SaysWhatIsWrong) {
  std::string bytes = good();
  bytes[0] = 'X';
  EXPECT_EQ(refusal(bytes), "this is no compiled rule set");
  bytes = good();
  bytes[8] = 9;
  EXPECT_EQ(refusal(bytes), "expected version 1, found 9");
  bytes = good();
  std::swap(bytes[12], bytes[15]);
  std::swap(bytes[13], bytes[14]);
  EXPECT_EQ(refusal(bytes), "it was written by a machine of the other byte order");
  bytes = good();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  EXPECT_EQ(refusal(bytes), "the checksum is wrong");
  EXPECT_EQ(refusal(good() + "x"), fmt::format("expected {} bytes, found {}", good().size(), good().size() + 1));
  EXPECT_EQ(refusal(good(), {base::sha256_hex("other"), key().options}),
            "it was written by another build, or with other libraries");
  EXPECT_EQ(refusal(good(), {key().program, base::sha256_hex("other")}), "other rules were asked for");
}

TEST(SetFile, CutAnywhereItIsRefused) {
  for (std::size_t size = 0; size < good().size(); size += 97) EXPECT_NE(refusal(good().substr(0, size)), "") << size;
}

TEST(SetFile, AnyByteThatIsChangedIsSeen) {
  std::string bytes = good();
  for (std::size_t i = 0; i < bytes.size(); i += 13) {
    bytes[i] = static_cast<char>(bytes[i] ^ 0x40);
    EXPECT_NE(refusal(bytes), "") << i;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x40);
  }
}

// The matcher looks at the first code of a part with wildcards without asking whether there is one.
TEST(SetFile, APartWithWildcardsHasALength) {
  const match::TextPart three{0, 6, 1};  // `three?` of the rules above; where its codes lie is left open
  std::size_t refused = 0;
  for (std::size_t at = 0; at + sizeof three <= good().size(); at += 4) {
    match::TextPart part;
    std::memcpy(&part, good().data() + at, sizeof part);
    if (part.length != three.length || part.wild != three.wild || part.offset > 100) continue;
    std::string bytes = good();
    part.length = 0;
    std::memcpy(bytes.data() + at, &part, sizeof part);
    repair_checksum(bytes);
    const auto file = open(bytes);
    ASSERT_TRUE(file) << file.error();
    const auto set = file->set();
    if (set) testing::exercise(set->compiled);  // other words that happen to look like it
    if (!set) ++refused;
  }
  EXPECT_GE(refused, 1U);
}

// Whoever forges a file can make its checksum right: then the tables decide.
TEST(SetFile, ForgedTablesAreRefusedOrHarmless) {
  std::mt19937 random(7);
  std::size_t taken = 0, refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string bytes = good();
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes[at] = static_cast<char>(bytes[at] ^ (1U << random() % 8));
          break;
        case 2:
          for (std::size_t i = at / 4 * 4; i < std::min(at / 4 * 4 + 4, bytes.size()); ++i) bytes[i] = '\xFF';
          break;
        default: {
          const std::size_t from = random() % bytes.size() / 4 * 4, to = at / 4 * 4;
          const std::size_t count = std::min<std::size_t>({16, bytes.size() - from, bytes.size() - to});
          std::memmove(bytes.data() + to, good().data() + from, count);
        }
      }
    }
    repair_checksum(bytes);
    const auto file = open(bytes);
    const auto set = file ? file->set() : std::nullopt;
    ++(set ? taken : refused);
    if (set) testing::exercise(set->compiled);
  }
  EXPECT_GT(taken, 100U);
  EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace tocsin::sigma
