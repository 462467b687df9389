#include "scan/unmet.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/sigma/suggest.hpp"
#include "scan/tally.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kSeenShown = 5;
constexpr std::array<std::string_view, 4> kHeadFields{"EventID", "Channel", "Computer", "Provider_Name"};

bool holds_fold(std::string_view text, std::string_view part) {
  return base::fold(text).find(base::fold(part)) != std::string::npos;
}

// A slip of one of the names, else the only one that holds the word ("sysmon"), else some of them.
void suggest(UnmetFilter& filter, std::string_view word, const std::set<std::string, std::less<>>& names) {
  const std::vector<std::string_view> all(names.begin(), names.end());
  filter.nearest = sigma::nearest_word(word, all);
  if (filter.nearest.empty() && word.size() >= 3) {
    const auto holds = [&](std::string_view name) { return holds_fold(name, word); };
    if (std::ranges::count_if(all, holds) == 1) filter.nearest = *std::ranges::find_if(all, holds);
  }
  if (!filter.nearest.empty()) return;
  for (const std::string_view name : all) {
    if (filter.seen.size() < kSeenShown && !name.empty()) filter.seen.emplace_back(name);
  }
}

void add_times(const EvidenceOptions& options, const std::vector<SourceInfo>& sources, std::vector<UnmetFilter>& out) {
  std::optional<Timestamp> first, last;
  for (const SourceInfo& source : sources) {
    if (source.first_time) first = std::min(first.value_or(*source.first_time), *source.first_time);
    if (source.last_time) last = std::max(last.value_or(*source.last_time), *source.last_time);
  }
  if (!first || !last) return;
  if (options.from && *last < *options.from) {
    out.push_back({"--from",
                   format_time(*options.from),
                   fmt::format("all events with a time are earlier: the last one is of {}", format_time(*last)),
                   {},
                   {}});
  }
  if (options.to && *first >= *options.to) {
    out.push_back({"--to",
                   format_time(*options.to),
                   fmt::format("all events with a time are later: the first one is of {}", format_time(*first)),
                   {},
                   {}});
  }
}

std::size_t head_of(std::string_view field) {
  const auto found = std::ranges::find_if(kHeadFields, [&](auto name) { return base::equal_fold(name, field); });
  return static_cast<std::size_t>(found - kHeadFields.begin());
}

std::string_view last_name(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

std::string_view flag_of(const SearchCondition& condition) {
  return condition.negative ? "--not" : "pattern";
}

}  // namespace

std::vector<UnmetFilter> unmet_filters(const EvidenceOptions& options, const std::vector<SourceInfo>& sources) {
  std::vector<UnmetFilter> out;
  std::set<std::string, std::less<>> channels;
  bool any = false, all_known = true;
  for (const SourceInfo& source : sources) {
    any = any || source.records > 0;
    all_known = all_known && source.channels.size() < Tally::kMaxNames;  // of so many the others are not noted
    channels.insert(source.channels.begin(), source.channels.end());
  }
  if (!any) return out;
  for (const std::string& channel : options.channels) {
    if (!all_known || channel.size() >= Tally::kMaxNameBytes) break;
    if (std::ranges::any_of(channels, [&](const auto& one) { return base::equal_fold(one, channel); })) continue;
    UnmetFilter& filter =
        out.emplace_back(UnmetFilter{"--channel", channel, "no event that was read is of this channel", {}, {}});
    suggest(filter, channel, channels);
  }
  add_times(options, sources, out);
  return out;
}

PatternWatch::PatternWatch(const SearchQuery& query, Seen& seen) : query_(query), seen_(seen) {
  for (const SearchCondition& condition : query.conditions()) {
    if (condition.field.empty()) continue;
    const std::size_t head = head_of(condition.field);
    asked_.push_back({&condition, head, false, 0, {}});
    if (head < kNotHead) {
      wanted_.at(head) = true;
    } else {
      ++to_look_for_;
    }
  }
}

void PatternWatch::look_at(const model::Event& event) {
  const model::EventHead& head = event.head();
  for (std::size_t i = 0; i < kNotHead; ++i) {
    if (!wanted_.at(i) || too_many_.at(i)) continue;
    const std::string id = i == 0 && head.event_id ? std::to_string(*head.event_id) : std::string();
    const std::array<std::string_view, 4> now{id, head.channel, head.computer, head.provider};
    auto& values = values_.at(i);
    if (now.at(i).empty() || values.contains(now.at(i))) continue;
    too_many_.at(i) = values.size() >= kMaxValues;
    if (!too_many_.at(i)) values.emplace(now.at(i));
  }
  if (to_look_for_ > 0) look_for(event);
}

void PatternWatch::note(Asked& asked) {
  asked.seen = true;
  --to_look_for_;
  seen_[asked.condition->number].store(true, std::memory_order_relaxed);
}

void PatternWatch::look_for(const model::Event& event) {
  for (Asked& asked : asked_) {
    const bool known =
        asked.head == kNotHead && !asked.seen && seen_[asked.condition->number].load(std::memory_order_relaxed);
    if (known) note(asked);
  }
  if (to_look_for_ == 0) return;
  event.each_field([&](std::string_view name, const model::Value&) {
    for (Asked& asked : asked_) {
      if (asked.head == kNotHead && !asked.seen && base::equal_fold(asked.condition->field, name)) note(asked);
    }
    compare(name);
  });
  if (to_look_for_ == 0) return;
  event.each_value([&](std::string_view path, const model::Value&) {
    for (Asked& asked : asked_) {
      if (asked.head == kNotHead && !asked.seen && is_end_of(path, asked.condition->field)) note(asked);
    }
  });
}

// Measures a name that events have against what is asked for.
void PatternWatch::compare(std::string_view name) {
  if (to_look_for_ == 0 || compared_.contains(name)) return;
  if (compared_.size() >= kMaxSlips) compared_.clear();
  compared_.emplace(name);
  for (Asked& asked : asked_) {
    if (asked.head != kNotHead || asked.seen) continue;
    const std::string_view word = last_name(asked.condition->field);
    const std::array<std::string_view, 1> one{name};
    if (sigma::nearest_word(word, one).empty()) continue;
    const std::size_t slips = sigma::edit_distance(word, name);
    if (asked.nearest.empty() || std::pair(slips, name) < std::pair(asked.slips, std::string_view(asked.nearest))) {
      asked.slips = slips;
      asked.nearest = name;
    }
  }
}

void PatternWatch::merge(const PatternWatch& other) {
  for (std::size_t i = 0; i < kNotHead; ++i) {
    values_.at(i).insert(other.values_.at(i).begin(), other.values_.at(i).end());
    too_many_.at(i) = too_many_.at(i) || other.too_many_.at(i) || values_.at(i).size() > kMaxValues;
  }
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    Asked& mine = asked_[i];
    const Asked& theirs = other.asked_[i];
    mine.seen = mine.seen || theirs.seen;
    if (theirs.nearest.empty()) continue;
    if (mine.nearest.empty() || std::tie(theirs.slips, theirs.nearest) < std::tie(mine.slips, mine.nearest)) {
      mine.slips = theirs.slips;
      mine.nearest = theirs.nearest;
    }
  }
}

// The field is there; no event has the value.
std::optional<UnmetFilter> PatternWatch::unmet_value(const Asked& asked) const {
  const auto& values = values_.at(asked.head);
  if (too_many_.at(asked.head) || values.empty()) return {};
  SearchMatcher matcher(query_);
  if (std::ranges::any_of(values, [&](const auto& value) { return matcher.meets(*asked.condition, value); })) return {};
  const std::string_view field = kHeadFields.at(asked.head);
  UnmetFilter filter{std::string(flag_of(*asked.condition)),
                     asked.condition->text,
                     fmt::format("no event that was read has such a value of {}", field),
                     {},
                     {}};
  suggest(filter, std::string_view(asked.condition->text).substr(asked.condition->field.size() + 1), values);
  // Numbers are near each other without being meant.
  if (asked.head == 0) filter.nearest.clear(), filter.seen.clear();
  return filter;
}

std::vector<UnmetFilter> PatternWatch::unmet() const {
  std::vector<UnmetFilter> out;
  for (const Asked& asked : asked_) {
    if (asked.head < kNotHead) {
      if (auto filter = unmet_value(asked)) out.push_back(std::move(*filter));
    } else if (!asked.seen) {
      out.push_back({std::string(flag_of(*asked.condition)),
                     asked.condition->text,
                     fmt::format("no event that was read has a field {}", asked.condition->field),
                     asked.nearest,
                     {}});
    }
  }
  return out;
}

}  // namespace tocsin::scanning
