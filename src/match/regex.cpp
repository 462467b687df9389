#include "match/regex.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>
#include <re2/re2.h>

#include "match/regex_literals.hpp"
#include "match/regex_options.hpp"

namespace tocsin::match {

namespace {

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

RegexRefusal describe(const RE2& expression, std::string_view pattern) {
  RegexRefusal refusal;
  refusal.end = pattern.size();
  const std::string& argument = expression.error_arg();
  if (const std::size_t at = pattern.find(argument); !argument.empty() && at != std::string_view::npos) {
    refusal.begin = at;
    refusal.end = at + argument.size();
  }
  switch (expression.error_code()) {
    case RE2::ErrorMissingParen:
      refusal.message = "a closing parenthesis `)` is missing";
      refusal.help = "a parenthesis that is meant as text is written `\\(`";
      break;
    case RE2::ErrorUnexpectedParen:
      refusal.message = "a closing parenthesis `)` has no opening one";
      refusal.help = "a parenthesis that is meant as text is written `\\)`";
      break;
    case RE2::ErrorMissingBracket:
      refusal.message = "a closing bracket `]` is missing";
      break;
    case RE2::ErrorTrailingBackslash:
      refusal.message = "the expression ends in a single backslash";
      refusal.help = "a backslash that is meant as text is written `\\\\`";
      break;
    case RE2::ErrorBadEscape:
      refusal.message = fmt::format("`{}` is no escape of the supported syntax", argument);
      refusal.help = "a backslash that is meant as text is written `\\\\`";
      break;
    case RE2::ErrorRepeatArgument:
      refusal.message = fmt::format("`{}` has nothing to repeat", argument);
      break;
    case RE2::ErrorBadCharRange:
      refusal.message = fmt::format("`{}` is no range of characters", argument);
      break;
    case RE2::ErrorBadCharClass:
      refusal.message = fmt::format("`{}` is no class of characters", argument);
      break;
    case RE2::ErrorRepeatSize:
      refusal.message = fmt::format("the repetition `{}` is larger than 1000 or out of order", argument);
      refusal.help = "use `*` or `+`, or a smaller number";
      refusal.unsupported = true;
      break;
    case RE2::ErrorPatternTooLarge:
      refusal.message = fmt::format("the compiled expression is larger than {} KiB", kRegexMaxMemory >> 10U);
      refusal.help = "nested counted repetitions such as `(a{100}){100}` multiply; use `*` or `+`";
      refusal.unsupported = true;
      break;
    default:
      refusal.message = fmt::format("the regular expression is not valid: {}", expression.error());
      break;
  }
  return refusal;
}

}  // namespace

std::optional<RegexRefusal> check_regex(std::string_view pattern, RegexFlags flags) {
  if (pattern.size() > kRegexMaxLength) {
    return RegexRefusal{.message = fmt::format("the expression is longer than {} KiB", kRegexMaxLength >> 10U),
                        .help = "split it into several values",
                        .begin = 0,
                        .end = pattern.size(),
                        .unsupported = true};
  }
  if (auto refusal = find_unsupported_feature(pattern)) return refusal;
  const RE2 expression(regex_text(pattern, flags), regex_options(flags));
  if (expression.ok()) return std::nullopt;
  return describe(expression, pattern);
}

std::string quote_regex(std::string_view text) {
  return RE2::QuoteMeta(piece(text));
}

namespace {

// `.{n,}`, which rules write for "a long text", and `[^c]{n,}$`: an automaton would count with thousands of states.
struct LongRun {
  std::size_t count = 0;  // characters at least
  char except = '\0';     // no character of a run; '\0': any may be
  bool over_lines = false;
  bool to_end = false;  // the run ends where the text does
};

bool take(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

std::optional<LongRun> long_run(std::string_view pattern, RegexFlags flags) {
  static constexpr std::string_view kPlain = "/:;,.-_ @%&=~\"'<>!#";  // mean themselves behind `[^`
  LongRun run;
  run.over_lines = flags.dot_all;
  if (pattern.size() > 4 && kPlain.find(pattern[2]) != std::string_view::npos && pattern[3] == ']' &&
      take(pattern, "[^")) {
    run.except = pattern[0];
    run.over_lines = true;
    pattern.remove_prefix(2);
  } else if (!take(pattern, ".")) {
    return std::nullopt;
  }
  if (!take(pattern, "{")) return std::nullopt;
  if (pattern.size() > 1 && pattern[0] == '0' && pattern[1] != ',') return std::nullopt;  // `{07,}` is text to RE2
  const auto [end, error] = std::from_chars(pattern.data(), pattern.data() + pattern.size(), run.count);
  pattern.remove_prefix(static_cast<std::size_t>(end - pattern.data()));
  if (error != std::errc() || !take(pattern, ",}")) return std::nullopt;
  run.to_end = !flags.multi_line && take(pattern, "$");
  if (!pattern.empty()) return std::nullopt;
  return run;
}

// Bytes of the character at `at`, as RE2 sees them: it looks at no more than the number of continuation bytes. 0: none.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() - at < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

// The first run that is long enough. Bytes that are no UTF-8 are no characters.
std::optional<TextSpan> find_long_run(std::string_view text, const LongRun& run) {
  if (text.size() < run.count) return std::nullopt;
  std::size_t begin = 0, length = 0;
  for (std::size_t at = 0; at < text.size();) {
    const bool ends = (text[at] == '\n' && !run.over_lines) || (text[at] == run.except && run.except != '\0');
    const std::size_t size = ends ? 0 : character_length(text, at);
    if (size != 0) {
      at += size;
      ++length;
      continue;
    }
    if (length >= run.count && !run.to_end) return TextSpan{begin, at};
    begin = ++at;
    length = 0;
  }
  if (length >= run.count) return TextSpan{begin, text.size()};
  return std::nullopt;
}

bool holds_one(std::string_view text, const std::vector<std::string>& literals) {
  return std::ranges::any_of(literals, [text](const std::string& literal) {
    return memmem(text.data(), text.size(), literal.data(), literal.size()) != nullptr;
  });
}

}  // namespace

struct RegexCache::Entry {
  std::once_flag once;
  std::unique_ptr<RE2> expression;  // null where `run` is known
  std::optional<LongRun> run;
  std::vector<std::vector<std::string>> needs;  // as of required_sets
};

RegexCache::RegexCache(std::size_t count) {
  entries_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) entries_.push_back(std::make_unique<Entry>());
}
RegexCache::RegexCache(RegexCache&&) noexcept = default;
RegexCache& RegexCache::operator=(RegexCache&&) noexcept = default;
RegexCache::~RegexCache() = default;

const RegexCache::Entry& RegexCache::made(std::size_t index, std::string_view pattern, RegexFlags flags) const {
  Entry& entry = *entries_[index];
  std::call_once(entry.once, [&] {
    entry.run = long_run(pattern, flags);
    if (entry.run) return;
    entry.expression = std::make_unique<RE2>(regex_text(pattern, flags), regex_options(flags));
    entry.needs = required_sets(pattern, flags);
  });
  return entry;
}

bool RegexCache::possible(std::size_t index, std::string_view pattern, RegexFlags flags,
                          std::string_view folded) const {
  const Entry& entry = made(index, pattern, flags);
  return std::ranges::all_of(entry.needs, [folded](const auto& set) { return holds_one(folded, set); });
}

std::optional<TextSpan> RegexCache::search(std::size_t index, std::string_view pattern, RegexFlags flags,
                                           std::string_view text) const {
  const Entry& entry = made(index, pattern, flags);
  if (entry.run) return find_long_run(text, *entry.run);
  if (!entry.expression->ok()) return std::nullopt;
  re2::StringPiece found;
  if (!entry.expression->Match(piece(text), 0, text.size(), RE2::UNANCHORED, &found, 1)) return std::nullopt;
  const auto begin = static_cast<std::size_t>(found.data() - text.data());
  return TextSpan{begin, begin + found.size()};
}

}  // namespace tocsin::match
