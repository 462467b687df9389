#include "report/columns.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/display.hpp"
#include "report/tally.hpp"

namespace tocsin {
namespace report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kEvent = "event.";
constexpr std::string_view kBetween = " \xC2\xA6 ";  // a broken bar, as Hayabusa joins details

Cell number(std::uint64_t value) {
  return value == Place::kNone ? Cell{} : Cell{std::to_string(value), true};
}

std::string joined(const std::vector<std::string>& list, std::string_view between) {
  std::string out;
  for (const std::string& text : list) {
    if (!out.empty()) out += between;
    out += text;
  }
  return out;
}

struct Facts {
  const Finding& finding;
  const RuleInfo& rule;
  const SourceInfo& source;
  const Match& match;  // the one that says most
};

// Tags of ATT&CK that are no technique, group or software are tactics.
std::string tactics_of(const RuleInfo& rule) {
  std::vector<std::string> out;
  for (const std::string& tag : rule.tags) {
    if (!tag.starts_with("attack.") || tag.size() < 9) continue;
    const bool numbered =
        std::string_view("tgs").find(tag[7]) != std::string_view::npos && tag[8] >= '0' && tag[8] <= '9';
    if (!numbered) out.push_back(tag.substr(7));
  }
  return joined(out, " ");
}

// "Image: C:\x.exe ¦ CommandLine: x -y", each field once.
std::string matches_of(const Finding& finding) {
  std::vector<std::string> out;
  for (const Match& match : finding.matches) {
    if (match.negated) continue;
    const std::string text =
        match.event_field.empty() ? match.value : fmt::format("{}: {}", match.event_field, match.value);
    if (std::ranges::find(out, text) == out.end()) out.push_back(text);
  }
  return joined(out, kBetween);
}

// As Timesketch wants it: microseconds, and UTC as an offset.
std::string datetime_of(const Finding& finding) {
  if (!finding.time) return {};
  const std::string text = format_time(*finding.time);
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) return text.substr(0, text.size() - 1) + "+00:00";
  return text.substr(0, std::min(dot + 7, text.size() - 1)) + "+00:00";
}

struct ColumnInfo {
  std::string_view name;
  Cell (*cell)(const Facts& facts);
};

Cell text(std::string value) {
  return {std::move(value), false};
}

constexpr auto kColumns = std::to_array<ColumnInfo>({
    {"time", [](const Facts& f) { return text(f.finding.time ? format_time(*f.finding.time) : std::string()); }},
    {"datetime", [](const Facts& f) { return text(datetime_of(f.finding)); }},
    {"timestamp_desc", [](const Facts& f) { return text(f.finding.time ? "Event logged" : ""); }},
    {"message",
     [](const Facts& f) {
       const std::string matched = matches_of(f.finding);
       return text(matched.empty() ? f.rule.title : fmt::format("{}{}{}", f.rule.title, kBetween, matched));
     }},
    {"level", [](const Facts& f) { return text(std::string(to_string(f.rule.level))); }},
    {"title", [](const Facts& f) { return text(f.rule.title); }},
    {"author", [](const Facts& f) { return text(f.rule.author); }},
    {"host", [](const Facts& f) { return text(f.finding.computer); }},
    {"channel", [](const Facts& f) { return text(f.finding.channel); }},
    {"provider", [](const Facts& f) { return text(f.finding.provider); }},
    {"event_id",
     [](const Facts& f) { return f.finding.event_id ? Cell{std::to_string(*f.finding.event_id), true} : Cell{}; }},
    {"record", [](const Facts& f) { return number(f.finding.place.record); }},
    {"source", [](const Facts& f) { return text(f.source.path); }},
    {"container", [](const Facts& f) { return text(f.source.container); }},
    {"chunk", [](const Facts& f) { return number(f.finding.place.chunk); }},
    {"offset", [](const Facts& f) { return number(f.finding.place.offset); }},
    {"length", [](const Facts& f) { return number(f.finding.place.length); }},
    {"techniques", [](const Facts& f) { return text(joined(f.rule.techniques, " ")); }},
    {"tactics", [](const Facts& f) { return text(tactics_of(f.rule)); }},
    {"tags", [](const Facts& f) { return text(joined(f.rule.tags, " ")); }},
    {"field", [](const Facts& f) { return text(f.match.field); }},
    {"value", [](const Facts& f) { return text(f.match.value); }},
    {"pattern", [](const Facts& f) { return text(f.match.pattern); }},
    {"matches", [](const Facts& f) { return text(matches_of(f.finding)); }},
    {"rule_id", [](const Facts& f) { return text(f.rule.id); }},
    {"rule_file", [](const Facts& f) { return text(f.rule.file); }},
    {"license", [](const Facts& f) { return text(f.rule.license); }},
    {"status", [](const Facts& f) { return text(std::string(to_string(f.rule.status))); }},
    {"date", [](const Facts& f) { return text(f.rule.date); }},
    {"modified", [](const Facts& f) { return text(f.rule.modified); }},
    {"description", [](const Facts& f) { return text(f.rule.description); }},
    {"false_positives", [](const Facts& f) { return text(joined(f.rule.false_positives, kBetween)); }},
    {"references", [](const Facts& f) { return text(joined(f.rule.references, " ")); }},
    {"next", [](const Facts& f) { return text(joined(f.rule.next, kBetween)); }},
    {"log_source", [](const Facts& f) { return text(f.finding.log_source_variant); }},
    {"notes", [](const Facts& f) { return text(joined(f.finding.notes, kBetween)); }},
    {"evidence_class", [](const Facts& f) { return text(std::string(to_string(f.rule.evidence_class))); }},
    {"sha256", [](const Facts& f) { return text(f.source.sha256); }},
    {"finding_id", [](const Facts& f) { return text(f.finding.id); }},
    {"same_as", [](const Facts& f) { return text(f.finding.same_as); }},
});
constexpr std::string_view kAllFields = "all_fields";

const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

// The part of an event that is its own: EventData, else what stands in UserData, else the record as a whole.
const Json& own_fields(const Json& event) {
  const Json* const inside = member(event, "Event");
  if (inside == nullptr) return event;
  if (const Json* data = member(*inside, "EventData"); data != nullptr && data->is_object()) return *data;
  const Json* const user = member(*inside, "UserData");
  if (user == nullptr || !user->is_object()) return *inside;
  for (const Json& part : *user) {
    if (part.is_object()) return part;
  }
  return *user;
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? std::string() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string all_fields(const Json& event) {
  std::vector<std::string> out;
  const Json& fields = own_fields(event);
  if (!fields.is_object()) return {};
  for (const auto& [name, value] : fields.items()) {
    if (name != "#attributes") out.push_back(fmt::format("{}: {}", name, text_of(value)));
  }
  return joined(out, kBetween);
}

// Where a field of the event may stand, nearest first.
std::string event_field(const Json& event, std::string_view name) {
  if (const Json* own = member(own_fields(event), name)) return text_of(*own);
  const Json* const inside = member(event, "Event");
  const Json* const system = inside == nullptr ? nullptr : member(*inside, "System");
  const Json* const found = system == nullptr ? member(event, name) : member(*system, name);
  return found == nullptr ? std::string() : text_of(*found);
}

const ColumnInfo* find_column(std::string_view name) {
  const auto* const found = std::ranges::find(kColumns, name, &ColumnInfo::name);
  return found == kColumns.end() ? nullptr : &*found;
}

ColumnProfile profile(std::string_view name, std::initializer_list<std::string_view> columns) {
  ColumnProfile out{std::string(name), {}};
  for (const std::string_view column : columns) out.columns.push_back(parse_column(column).value());
  return out;
}

}  // namespace

void CellReader::start(const Finding& finding) {
  finding_ = &finding;
  event_.reset();
}

const Json& CellReader::event() {
  if (!event_) event_ = Json::parse(finding_->event_json, nullptr, false);
  return *event_;
}

Cell CellReader::cell(const Column& column) {
  if (column.what == kAllFields) return text(all_fields(event()));
  if (column.what.starts_with(kEvent))
    return text(event_field(event(), std::string_view(column.what).substr(kEvent.size())));
  const ColumnInfo* const info = find_column(column.what);
  if (info == nullptr) return {};
  static const Match kNone;
  const Match* const best = best_match(*finding_);
  const Match& match = best != nullptr ? *best : finding_->matches.empty() ? kNone : finding_->matches.front();
  return info->cell({*finding_, view_.rules().at(finding_->rule), view_.sources().at(finding_->source), match});
}

}  // namespace report

Result<Column> parse_column(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view what = equals == std::string_view::npos ? text : text.substr(equals + 1);
  const std::string_view heading = equals == std::string_view::npos ? text : text.substr(0, equals);
  const bool field = what.starts_with(report::kEvent) && what.size() > report::kEvent.size();
  if (heading.empty() || (!field && what != report::kAllFields && report::find_column(what) == nullptr)) {
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("expected a column such as host, Computer=host or event.Image, found '{}'", visible_text(text)), {},
        fmt::format("columns are {}", fmt::join(column_names(), ", ")));
  }
  return Column{std::string(heading), std::string(what)};
}

std::vector<std::string_view> column_names() {
  std::vector<std::string_view> out;
  for (const report::ColumnInfo& column : report::kColumns) out.push_back(column.name);
  out.push_back(report::kAllFields);
  return out;
}

bool want_event(const std::vector<Column>& columns) {
  return std::ranges::any_of(columns, [](const Column& column) {
    return column.what == report::kAllFields || column.what.starts_with(report::kEvent);
  });
}

const std::vector<ColumnProfile>& column_profiles() {
  static const std::vector<ColumnProfile> kProfiles{
      report::profile("timesketch", {"message", "datetime", "timestamp_desc", "level", "rule=title", "host", "channel",
                                     "provider", "event_id", "record", "techniques", "tactics", "all_fields", "source",
                                     "container", "rule_id", "rule_author=author", "finding_id"}),
      report::profile("hayabusa", {"Timestamp=time", "Computer=host", "Channel=channel", "EventID=event_id",
                                   "Level=level", "MitreTactics=tactics", "MitreTags=techniques", "RecordID=record",
                                   "RuleTitle=title", "Details=matches", "AllFieldInfo=all_fields",
                                   "RuleFile=rule_file", "RuleID=rule_id", "EvtxFile=source"}),
      report::profile(
          "verbose",
          {"time",   "level",      "title",      "host",      "channel",        "provider",    "event_id",
           "record", "matches",    "techniques", "tactics",   "tags",           "description", "false_positives",
           "next",   "references", "log_source", "notes",     "status",         "date",        "modified",
           "author", "license",    "rule_id",    "rule_file", "evidence_class", "source",      "container",
           "chunk",  "offset",     "length",     "sha256",    "finding_id",     "same_as"}),
      report::profile("all-fields", {"time", "level", "title", "host", "channel", "event_id", "record", "all_fields",
                                     "matches", "rule_id", "source", "container", "finding_id"}),
  };
  return kProfiles;
}

}  // namespace tocsin
