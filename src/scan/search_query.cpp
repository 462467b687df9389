#include "scan/search_query.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/sigma/sigma_text.hpp"
#include "model/match_value.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kLongestValue = std::size_t{16} << 10;  // of a value in a hit
constexpr std::size_t kLeastNeedle = 3;
// Letters that numbers, times, GUIDs, SIDs, truth values and hexadecimal text, which lie in the bytes in another form,
// never have. A needle holds one of them, so that only text can hold it.
constexpr std::string_view kOnlyInText = "ghjmopqvw";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_field_name(std::string_view text) {
  if (text.empty() || !(is_letter(text.front()) || text.front() == '_' || text.front() == '@')) return false;
  return std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("_-.@#").find(c) != std::string_view::npos;
  });
}

// The longest run of ASCII letters and digits that only text can hold. K and S have other characters that fold to them,
// so that they end a run where case is ignored.
std::string needle_of(std::u32string_view pattern, bool cased) {
  std::string best, run;
  const auto take = [&] {
    const bool sure = run.find_first_of(kOnlyInText) != std::string::npos;
    if (sure && run.size() >= kLeastNeedle && run.size() > best.size()) best = run;
    run.clear();
  };
  for (const char32_t code : pattern) {
    const char c = code < 0x80 ? base::fold_ascii(static_cast<char>(code)) : '\0';
    const bool usable = (is_letter(c) || is_digit(c)) && (cased || (c != 'k' && c != 's'));
    usable ? run.push_back(c) : take();
  }
  take();
  return best;
}

// Values that do not lie in JSON as they are shown: numbers, times, identifiers, which have only these characters (as
// in model::kBareCharacters), and these words.
constexpr std::string_view kBare = "0123456789abcdefxstz-:.{}+_ ";
constexpr std::array<std::string_view, 5> kWords{"true", "false", "null", "infinity", "nan"};

// Likewise for JSON, where K and S and some signs stay in a run: whoever looks for it minds what else folds to them.
std::string json_needle_of(std::u32string_view pattern) {
  std::string best, run;
  const auto take = [&] {
    const bool word = std::ranges::any_of(kWords, [&](std::string_view one) { return one.find(run) != one.npos; });
    const bool sure = run.find_first_not_of(kBare) != std::string::npos && !word;
    if (sure && run.size() >= kLeastNeedle && run.size() > best.size()) best = run;
    run.clear();
  };
  for (const char32_t code : pattern) {
    const char c = code < 0x80 ? base::fold_ascii(static_cast<char>(code)) : '\0';
    is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_' ? run.push_back(c) : take();
  }
  take();
  return best;
}

constexpr std::size_t kBlock =
    64;  // bytes that are looked at together, without a branch: the compiler uses wide registers

// 1 or 0: for arithmetic in place of branches.
unsigned char same(char a, char b) {
  return a == b ? 1 : 0;
}

// Whether characters of JSON may be written in another way than as themselves, or fold to an ASCII letter: by number,
// in the JSON or in XML in its texts; KELVIN SIGN (or what begins like it) and LATIN SMALL LETTER LONG S; UTF-16.
bool may_be_disguised(std::string_view json) {
  const auto is_sign = [](char c, char next) -> bool {
    const bool escape = (c == '\\') & (next == 'u'), entity = (c == '&') & (next == '#');
    const bool kelvin = (c == '\xE2') & (next == '\x84'), long_s = (c == '\xC5') & (next == '\xBF');
    return escape | entity | kelvin | long_s | (c == '\0');
  };
  std::size_t at = 0;
  for (; at + kBlock < json.size(); at += kBlock) {
    const char* const text = json.data() + at;
    unsigned char found = 0;
    for (std::size_t i = 0; i < kBlock; ++i) found |= static_cast<unsigned char>(is_sign(text[i], text[i + 1]));
    if (found != 0) return true;
  }
  for (; at < json.size(); ++at) {
    if (is_sign(json[at], at + 1 < json.size() ? json[at + 1] : ' ')) return true;
  }
  return false;
}

// `step` 1: 8-bit text; 2: UTF-16LE at any offset. Its first, middle and last character, whatever their case, choose
// where it is compared.
bool holds(std::string_view bytes, std::string_view needle, std::size_t step) {
  const std::size_t last = (needle.size() - 1) * step, middle = needle.size() / 2 * step;
  if (bytes.size() <= last) return false;
  const auto any_case = [](char c) { return static_cast<char>(c | 0x20); };
  const char first_char = any_case(needle.front()), last_char = any_case(needle.back());
  const char middle_char = any_case(needle[needle.size() / 2]);
  const auto lies_at = [&](std::size_t at) {
    std::size_t i = 0;
    while (i < needle.size() && base::fold_ascii(bytes[at + i * step]) == needle[i]) ++i;
    return i == needle.size();
  };
  const auto may_begin = [&](const char* text) {  // anywhere in a block
    unsigned char found = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      found = static_cast<unsigned char>(found | (same(any_case(text[i]), first_char) &
                                                  same(any_case(text[i + middle]), middle_char) &
                                                  same(any_case(text[i + last]), last_char)));
    }
    return found;
  };
  const std::size_t end = bytes.size() - last;  // of the places where it may begin
  for (std::size_t at = 0; at < end; at += kBlock) {
    const std::size_t stop = std::min(end, at + kBlock);
    unsigned char found = stop - at < kBlock ? 1 : 0;
    if (found == 0) found = may_begin(bytes.data() + at);
    for (std::size_t i = at; found != 0 && i < stop; ++i) {
      if (lies_at(i)) return true;
    }
  }
  return false;
}

match::TextPatternView view_of(const match::CompiledText& text) {
  return {text.parts, text.bytes, text.codes, text.open_begin, text.open_end};
}

}  // namespace

bool is_end_of(std::string_view path, std::string_view name) {
  if (path.size() < name.size() || !base::equal_fold(path.substr(path.size() - name.size()), name)) return false;
  return path.size() == name.size() || path[path.size() - name.size() - 1] == '.';
}

Result<SearchQuery> SearchQuery::make(const SearchOptions& options) {
  SearchQuery query(options.patterns.size() + options.unwanted.size());
  query.any_ = options.any;
  query.cased_ = options.cased;
  query.regex_ = options.regex;
  if (options.patterns.empty()) return fail(ErrorCode::invalid_argument, "expected a pattern to search for");
  if (options.patterns.size() + options.unwanted.size() > kMaxPatterns) {
    return fail(ErrorCode::limit,
                fmt::format("expected at most {} patterns, found {}", kMaxPatterns,
                            options.patterns.size() + options.unwanted.size()),
                {}, "--regex takes many alternatives in one: 'one|two|three'");
  }
  for (const std::string& text : options.patterns) TOCSIN_CHECK(query.add(text, options.plain, false));
  for (const std::string& text : options.unwanted) TOCSIN_CHECK(query.add(text, options.plain, true));
  return query;
}

Result<void> SearchQuery::add(std::string_view text, bool plain, bool negative) {
  SearchCondition condition;
  condition.text = text;
  condition.negative = negative;
  condition.number = conditions_.size();
  const std::size_t equals = text.find('=');
  std::string_view value = text;
  if (!plain && equals != std::string_view::npos && is_field_name(text.substr(0, equals))) {
    condition.field = text.substr(0, equals);
    value = text.substr(equals + 1);
  }
  if (text.empty()) return fail(ErrorCode::invalid_argument, "the pattern is empty", {}, "`*` finds every event");
  if (text.size() > kMaxPatternBytes) {
    return fail(ErrorCode::limit, fmt::format("the pattern has {} bytes, more than {}", text.size(), kMaxPatternBytes));
  }
  if (regex_) {
    if (auto refusal = match::check_regex(value, {.ignore_case = !cased_})) {
      return fail(ErrorCode::invalid_argument, fmt::format("--regex: {}", refusal->message), std::string(text),
                  refusal->help);
    }
    condition.expression = value;
  } else {
    std::u32string pattern = sigma::parse_sigma_text(value);
    condition.needle = needle_of(pattern, cased_);
    condition.json_needle = json_needle_of(pattern);
    if (condition.field.empty()) pattern = match::kAnyRun + pattern + match::kAnyRun;
    condition.pattern = match::compile_text(pattern, cased_);
  }
  conditions_.push_back(std::move(condition));
  return {};
}

bool SearchQuery::may_be_in(std::string_view format, ByteView bytes) const {
  const bool evtx = format == "evtx";
  if (!evtx && !format.starts_with("json")) return true;
  const std::string_view text = as_text(bytes);
  // What a shape says of all its events need not stand in the bytes.
  const auto absent_in_json = [&](const SearchCondition& condition) {
    return !condition.json_needle.empty() && condition.field.empty() && !holds(text, condition.json_needle, 1) &&
           !may_be_disguised(text);
  };
  const auto absent = [&](const SearchCondition& condition) {
    if (!evtx) return absent_in_json(condition);
    return !condition.needle.empty() && !holds(text, condition.needle, 1) && !holds(text, condition.needle, 2);
  };
  const auto wanted = [](const SearchCondition& condition) { return !condition.negative; };
  if (!any_) {
    return std::ranges::none_of(conditions_, [&](const auto& one) { return wanted(one) && absent(one); });
  }
  return std::ranges::any_of(conditions_, [&](const auto& one) { return wanted(one) && !absent(one); });
}

SearchMatcher::SearchMatcher(const SearchQuery& query)
    : query_(query), met_(query.conditions().size()), found_(query.conditions().size()) {}

std::optional<match::TextSpan> SearchMatcher::find(const SearchCondition& condition, std::string_view value) {
  if (query_.regex()) return query_.search_regex(condition, value);
  if (query_.cased()) return match::match_text(view_of(condition.pattern), value);
  if (folded_of_.data() != value.data() || folded_of_.size() != value.size()) {
    folded_.clear();
    same_offsets_ = match::append_folded(folded_, value);
    folded_of_ = value;
  }
  const auto span = match::match_text(view_of(condition.pattern), folded_);
  return !span || same_offsets_ ? span : match::unfold_span(value, *span);
}

// Memory is used again: the next value may lie where the last one did.
void SearchMatcher::forget_folded() {
  folded_of_ = {};
  folded_.clear();
  same_offsets_ = true;
}

bool SearchMatcher::meets(const SearchCondition& condition, std::string_view value) {
  forget_folded();
  const bool met = find(condition, value).has_value();
  forget_folded();
  return met;
}

void SearchMatcher::look_at(const SearchCondition& condition, std::string_view name, std::string_view value) {
  if (met_[condition.number]) return;
  const auto span = find(condition, value);
  if (!span) return;
  met_[condition.number] = true;
  Match& match = found_[condition.number];
  match = Match();
  match.field = condition.field;
  match.event_field = name;
  match.pattern = condition.text;
  model::set_match_value(match, value, span->begin, span->end, kLongestValue);
}

// What stands in the head decides without a walk over all values. True: the event cannot be a hit.
bool SearchMatcher::head_excludes(const model::EventHead& head) {
  const std::string id = head.event_id ? std::to_string(*head.event_id) : std::string();
  struct Known {
    std::string_view name, value;
  };
  const std::array<Known, 4> known{
      {{"EventID", id}, {"Channel", head.channel}, {"Computer", head.computer}, {"Provider_Name", head.provider}}};
  for (const SearchCondition& condition : query_.conditions()) {
    for (const Known& one : known) {
      if (one.value.empty() || !base::equal_fold(condition.field, one.name)) continue;
      forget_folded();
      look_at(condition, one.name, one.value);
      if (met_[condition.number] == condition.negative && (condition.negative || !query_.any())) return true;
    }
  }
  forget_folded();
  return false;
}

void SearchMatcher::walk(const model::Event& event) {
  event.each_field([&](std::string_view name, const model::Value& value) {
    for (const SearchCondition& condition : query_.conditions()) {
      if (!condition.field.empty() && base::equal_fold(condition.field, name)) look_at(condition, name, value.text);
    }
  });
  event.each_value([&](std::string_view path, const model::Value& value) {
    for (const SearchCondition& condition : query_.conditions()) {
      if (condition.field.empty() || is_end_of(path, condition.field)) look_at(condition, path, value.text);
    }
  });
}

bool SearchMatcher::match(const model::Event& event, std::vector<Match>& matches) {
  met_.assign(met_.size(), false);
  matches.clear();
  if (head_excludes(event.head())) return false;
  walk(event);
  std::size_t wanted = 0, met = 0;
  for (const SearchCondition& condition : query_.conditions()) {
    if (condition.negative && met_[condition.number]) return false;
    wanted += condition.negative ? 0 : 1;
    met += !condition.negative && met_[condition.number] ? 1 : 0;
  }
  if (query_.any() ? met == 0 : met < wanted) return false;
  for (const SearchCondition& condition : query_.conditions()) {
    if (!condition.negative && met_[condition.number]) matches.push_back(std::move(found_[condition.number]));
  }
  return true;
}

}  // namespace tocsin::scanning
