// Keys of one record: whatever they hash to, each is found again, and in little time.
#include "evidence/json/key_set.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/quick_hash.hpp"
#include "evidence/json/json_testing.hpp"
#include "evidence/json/lex.hpp"

namespace tocsin::evidence::json {
namespace {

// Adds keys as a record has them, one behind the other.
class Keys {
 public:
  explicit Keys(const std::vector<std::string>& keys) {
    for (const std::string& key : keys) {
      at_.emplace_back(text_.size(), text_.size() + key.size());
      text_ += key;
    }
    set_.begin(text_);
  }
  bool add(std::size_t index, std::uint32_t object = 1) {
    const auto [begin, end] = at_[index];
    const std::string inside = text_.substr(begin, end - begin);
    std::string plain;
    append_unescaped(plain, inside);
    return set_.add(object, begin, end, inside.find('\\') != std::string::npos, base::key_hash(plain));
  }

 private:
  std::string text_;
  std::vector<std::pair<std::size_t, std::size_t>> at_;
  KeySet set_;
};

// Sixteen bytes each, all of one hash: the second half undoes what the first one did.
std::vector<std::string> colliding_keys(std::size_t count) {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15ULL;  // mix_hash's
  const auto may_stand = [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; };
  std::vector<std::string> keys;
  for (std::uint64_t i = 0; keys.size() < count; ++i) {
    std::string key = std::to_string(10'000'000 + i) + std::string(8, '\0');
    std::uint64_t first = 0;
    std::memcpy(&first, key.data(), 8);
    const std::uint64_t second = 0x5555555555555555ULL ^ (base::mix_hash(first, 16) * kFactor);
    std::memcpy(key.data() + 8, &second, 8);
    if (std::ranges::all_of(key, may_stand)) keys.push_back(std::move(key));
  }
  return keys;
}

TEST(KeySet, KeysOfOneHashAreAllKeptApartAndFoundAgain) {
  const std::vector<std::string> made = colliding_keys(50'000);
  for (const std::string& key : made) ASSERT_EQ(base::key_hash(key), base::key_hash(made[0]));
  Keys keys(made);
  std::size_t fresh = 0, again = 0;
  for (std::size_t i = 0; i < made.size(); ++i) fresh += keys.add(i) ? 1 : 0;
  for (std::size_t i = 0; i < made.size(); ++i) again += keys.add(i) ? 1 : 0;
  EXPECT_EQ(fresh, made.size());
  EXPECT_EQ(again, 0U);
}

TEST(KeySet, ARecordOfCollidingKeysHidesNoRepetition) {
  std::string text = "{";
  const std::vector<std::string> made = colliding_keys(5'000);
  for (const std::string& key : made) text += '"' + key + "\":1,";
  text += '"' + made[4'000] + "\":2}";
  const json_testing::Seen seen = json_testing::read_json(text, {}, 4096, false);
  EXPECT_EQ(seen.events.size(), 1U);
  const auto found = std::ranges::find(seen.anomalies, "json_duplicate_key", &Anomaly::code);
  ASSERT_NE(found, seen.anomalies.end());
  EXPECT_EQ(found->count, 1U);
  EXPECT_EQ(found->offset, text.rfind(made[4'000]));
}

// Against the obvious: few keys, several objects, some written with escapes, among many that collide.
TEST(KeySet, SaysWhatAnOrderedSetSays) {
  std::vector<std::string> made = colliding_keys(200);
  for (int i = 0; i < 300; ++i) made.push_back("k" + std::to_string(i));
  for (int i = 0; i < 100; ++i) made.push_back("\\u006b" + std::to_string(i));
  Keys keys(made);
  std::set<std::pair<std::uint32_t, std::string>> oracle;
  std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed,cert-msc51-cpp): the same on every run
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t index = random() % made.size();
    const auto object = static_cast<std::uint32_t>(random() % 20);
    std::string plain;
    append_unescaped(plain, made[index]);
    ASSERT_EQ(keys.add(index, object), oracle.emplace(object, plain).second) << i << ' ' << made[index];
  }
}

}  // namespace
}  // namespace tocsin::evidence::json
