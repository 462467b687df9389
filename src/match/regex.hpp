// Regular expressions in linear time, through RE2 (leftmost-first, UTF-8). What RE2 cannot do is found out beforehand
// and named, so that a rule's author knows why an expression is refused. Knows no rule.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "match/text_pattern.hpp"

namespace tocsin::match {

inline constexpr std::size_t kRegexMaxMemory = std::size_t{256} << 10;  // program and automata of one expression
inline constexpr std::size_t kRegexMaxLength = std::size_t{32} << 10;   // bytes of its text

struct RegexFlags {
  bool ignore_case = false, multi_line = false, dot_all = false;
  bool operator==(const RegexFlags&) const = default;
};

// Why an expression is refused. Bytes [begin, end) of its text are to blame.
struct RegexRefusal {
  std::string message{};  // "look-ahead `(?=…)` cannot be done in linear time"
  std::string help{};     // what to write instead; may be empty
  std::size_t begin = 0, end = 0;
  bool unsupported = false;  // a known feature of other engines (else: a mistake)
};
[[nodiscard]] std::optional<RegexRefusal> check_regex(std::string_view pattern, RegexFlags flags);
// The text as an expression that matches just it.
[[nodiscard]] std::string quote_regex(std::string_view text);
// The part of check_regex that needs no engine: features that are known not to be there.
[[nodiscard]] std::optional<RegexRefusal> find_unsupported_feature(std::string_view pattern);

// Expressions by number, each compiled when first used, by whichever thread is first; then shared.
class RegexCache {
 public:
  explicit RegexCache(std::size_t count);
  RegexCache(RegexCache&&) noexcept;
  RegexCache& operator=(RegexCache&&) noexcept;
  ~RegexCache();
  // REQUIRES: the same pattern and flags for one index each time. One that check_regex refuses matches nothing.
  [[nodiscard]] std::optional<TextSpan> search(std::size_t index, std::string_view pattern, RegexFlags flags,
                                               std::string_view text) const;
  // False: `search` would find nothing in the text, which has been folded with append_folded. Much quicker than
  // `search`, where it says so.
  [[nodiscard]] bool possible(std::size_t index, std::string_view pattern, RegexFlags flags,
                              std::string_view folded) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry;
  [[nodiscard]] const Entry& made(std::size_t index, std::string_view pattern, RegexFlags flags) const;
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace tocsin::match
