#include "flag_values.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "suggest.hpp"

namespace tocsin::cli {
namespace {

constexpr unsigned kMostThreads = 1024;
constexpr unsigned kLeastWidth = 60, kMostWidth = 1000;

std::unexpected<Error> not_one_of(std::string_view value, const std::vector<std::string_view>& all) {
  const std::string_view near = nearest(value, all);
  return fail(ErrorCode::invalid_argument,
              fmt::format("expected one of {}, found '{}'", fmt::join(all, ", "), visible_text(value)), {},
              near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
}

// One of a closed list of names.
template <class Value, std::size_t N>
Result<Value> one_of(std::string_view value, const std::array<std::pair<std::string_view, Value>, N>& names) {
  std::vector<std::string_view> all;
  for (const auto& [name, meaning] : names) {
    if (name == value) return meaning;
    all.push_back(name);
  }
  return not_one_of(value, all);
}

Result<unsigned> number(std::string_view value, unsigned least, unsigned most) {
  unsigned out = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  if (error != std::errc() || end != value.data() + value.size() || out < least || out > most) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("expected a number from {} to {}, found '{}'", least, most, visible_text(value)));
  }
  return out;
}

Result<Timestamp> time(std::string_view value) {
  if (const auto parsed = parse_time(value)) return *parsed;
  return fail(ErrorCode::invalid_argument,
              fmt::format("expected a time like 2021-07-19T12:00:00Z, found '{}'", visible_text(value)), {},
              "ISO 8601; a date alone is its midnight; without an offset UTC is meant");
}

// "30s", "5m", "2h", "1d" in ticks.
Result<std::int64_t> span(std::string_view value) {
  static constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits{
      {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}}};
  static constexpr std::int64_t kSecond = 10'000'000, kMost = std::int64_t{36'500} * 86'400;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  for (const auto& [unit, seconds] : kUnits) {
    const bool fits = error == std::errc() && end + 1 == value.data() + value.size() && *end == unit;
    if (fits && count > 0 && count <= kMost / seconds) return count * seconds * kSecond;
  }
  return fail(ErrorCode::invalid_argument,
              fmt::format("expected a span of time like 30s, 5m, 2h or 1d, found '{}'", visible_text(value)));
}

Result<Level> level(std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, Level>, 5> kNames{{{"informational", Level::informational},
                                                                             {"low", Level::low},
                                                                             {"medium", Level::medium},
                                                                             {"high", Level::high},
                                                                             {"critical", Level::critical}}};
  return one_of(value, kNames);
}

}  // namespace

Result<void> take_level(Options& options, std::string_view value) {
  TOCSIN_TRY(options.rules.selection.minimum_level, level(value));
  return {};
}

Result<void> take_fail_on(Options& options, std::string_view value) {
  TOCSIN_TRY(options.fail_on, level(value));
  return {};
}

Result<void> take_status(Options& options, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, RuleStatus>, 5> kNames{
      {{"stable", RuleStatus::stable},
       {"test", RuleStatus::test},
       {"experimental", RuleStatus::experimental},
       {"deprecated", RuleStatus::deprecated},
       {"unsupported", RuleStatus::unsupported}}};
  TOCSIN_TRY(const RuleStatus status, one_of(value, kNames));
  options.rules.selection.statuses.push_back(status);
  return {};
}

Result<void> take_from(Options& options, std::string_view value) {
  TOCSIN_TRY(options.evidence.from, time(value));
  return {};
}

Result<void> take_to(Options& options, std::string_view value) {
  TOCSIN_TRY(options.evidence.to, time(value));
  return {};
}

Result<void> take_format(Options& options, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, ReportFormat>, 6> kNames{{{"text", ReportFormat::text},
                                                                                    {"table", ReportFormat::table},
                                                                                    {"jsonl", ReportFormat::jsonl},
                                                                                    {"json", ReportFormat::json},
                                                                                    {"csv", ReportFormat::csv},
                                                                                    {"sarif", ReportFormat::sarif}}};
  TOCSIN_TRY(options.format, one_of(value, kNames));
  options.format_given = true;
  return {};
}

Result<void> take_profile(Options& options, std::string_view value) {
  static constexpr std::array<std::string_view, 3> kNames{"minimal", "standard", "full"};
  options.columns.clear();
  std::vector<std::string_view> all(kNames.begin(), kNames.end());
  for (const auto* profiles : {&column_profiles(), &std::as_const(options.user_profiles)}) {
    for (const ColumnProfile& profile : *profiles) {
      if (profile.name == value) options.columns = profile.columns;
      all.emplace_back(profile.name);
    }
  }
  if (!options.columns.empty()) return {};
  const auto profile = parse_profile(value);
  if (!profile) return not_one_of(value, all);
  options.profile = *profile;
  return {};
}

Result<void> take_dump_format(Options& options, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, DumpFormat>, 2> kNames{
      {{"json", DumpFormat::json}, {"xml", DumpFormat::xml}}};
  TOCSIN_TRY(options.dump_format, one_of(value, kNames));
  return {};
}

Result<void> take_threads(Options& options, std::string_view value) {
  TOCSIN_TRY(options.evidence.threads, number(value, 1, kMostThreads));
  return {};
}

Result<void> take_width(Options& options, std::string_view value) {
  TOCSIN_TRY(options.width, number(value, kLeastWidth, kMostWidth));
  return {};
}

Result<void> take_colour(Options& options, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, ColourMode>, 3> kNames{
      {{"auto", ColourMode::automatic}, {"always", ColourMode::always}, {"never", ColourMode::never}}};
  TOCSIN_TRY(options.colour, one_of(value, kNames));
  return {};
}

Result<void> take_progress(Options& options, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, ProgressMode>, 3> kNames{
      {{"auto", ProgressMode::automatic}, {"plain", ProgressMode::plain}, {"none", ProgressMode::none}}};
  TOCSIN_TRY(options.progress, one_of(value, kNames));
  return {};
}

Result<void> take_context(Options& options, std::string_view value) {
  TOCSIN_TRY(options.search.around, span(value));
  return {};
}

Result<void> take_by(Options& options, std::string_view value) {
  using By = AnswerView::By;
  using Name = std::pair<std::string_view, By>;
  static constexpr Name kChannel{"channel", By::channel}, kEventId{"event-id", By::event_id}, kHost{"host", By::host},
      kDay{"day", By::day}, kLevel{"level", By::level}, kMissing{"missing", By::missing};
  static constexpr std::array<Name, 6> kAll{{kChannel, kEventId, kHost, kDay, kLevel, kMissing}};
  static constexpr std::array<Name, 5> kOfMetrics{{kChannel, kEventId, kHost, kDay, kMissing}};
  static constexpr std::array<Name, 4> kOfTimeline{{kChannel, kHost, kLevel, kEventId}};
  const auto by = options.command == Command::timeline  ? one_of(value, kOfTimeline)
                  : options.command == Command::metrics ? one_of(value, kOfMetrics)
                                                        : one_of(value, kAll);
  if (!by) return std::unexpected(by.error());
  options.view.by = *by;
  return {};
}

Result<void> take_bucket(Options& options, std::string_view value) {
  TOCSIN_TRY(options.bucket, span(value));
  return {};
}

Result<void> take_most(Options& options, std::string_view value) {
  TOCSIN_TRY(options.search.most, number(value, 1, std::numeric_limits<unsigned>::max()));
  return {};
}

Result<void> take_placeholder(Options& options, std::string_view value) {
  const std::size_t equals = value.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == value.size()) {
    return fail(ErrorCode::invalid_argument, fmt::format("expected NAME=FILE, found '{}'", visible_text(value)), {},
                "for example --expand admins=admins.txt, with one value a line in the file");
  }
  std::string_view name = value.substr(0, equals);
  if (name.size() > 2 && name.front() == '%' && name.back() == '%') name = name.substr(1, name.size() - 2);
  options.rules.placeholders.push_back({std::string(name), std::string(value.substr(equals + 1))});
  return {};
}

}  // namespace tocsin::cli
