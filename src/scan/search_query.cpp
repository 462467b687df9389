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

// `step` 1: 8-bit text; 2: UTF-16LE at any offset.
bool holds(std::string_view bytes, std::string_view needle, std::size_t step) {
  const std::size_t length = (needle.size() - 1) * step + 1;
  if (bytes.size() < length) return false;
  const char first = needle.front();
  for (std::size_t at = 0; at + length <= bytes.size(); ++at) {
    if (base::fold_ascii(bytes[at]) != first) continue;
    std::size_t i = 1;
    while (i < needle.size() && base::fold_ascii(bytes[at + i * step]) == needle[i]) ++i;
    if (i == needle.size()) return true;
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
  // JSON may write any character by its number, and hold text that does so in a way of its own.
  if (!evtx && (text.find("\\u00") != std::string_view::npos || text.find("&#") != std::string_view::npos)) return true;
  // What a shape says of all its events need not stand in the bytes.
  const auto absent = [&](const SearchCondition& condition) {
    return !condition.needle.empty() && (evtx || condition.field.empty()) && !holds(text, condition.needle, 1) &&
           !(evtx && holds(text, condition.needle, 2));
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
