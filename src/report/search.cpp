// The hits of a search: one line each for people, the whole place for machines.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "report/answer.hpp"
#include "report/csv_row.hpp"
#include "report/text_sections.hpp"

namespace tocsin {
namespace {

using report::AnswerJson;
using report::CsvRow;
using report::Ink;
using report::JsonWriter;
using report::Output;
using report::Page;

constexpr std::size_t kTime = 19, kTimeWide = 23;

// What the line says anyway is no news in its last column.
bool is_in_the_line(const Match& match) {
  static constexpr std::array<std::string_view, 3> kShown{"EventID", "Channel", "Computer"};
  return std::ranges::find(kShown, match.event_field) != kShown.end();
}

// The last name of a path in the event's own words.
std::string_view last_name(std::string_view path) {
  for (const std::string_view inner : {".#text", ".#attributes"}) {
    if (path.ends_with(inner)) path.remove_suffix(inner.size());
  }
  return path.substr(path.rfind('.') + 1);
}

std::string match_text(const Page& page, const Match& match, std::size_t width, bool colour) {
  const std::string name = page.visible(last_name(match.event_field)) + ": ";
  const std::size_t marks = colour ? 0 : report::columns(page.open_mark()) + report::columns(page.close_mark());
  const std::size_t used = report::columns(name) + marks;
  if (used + 8 > width) return page.cut(name + page.visible(match.value), width);
  const report::Excerpt cut = report::excerpt(match.value, match.span, width - used, page.charset());
  // The whole value needs no marks.
  const bool whole = match.span.begin == 0 && match.span.end == match.value.size();
  const std::string middle = colour  ? page.paint(Ink::bright_red, cut.matched)
                             : whole ? cut.matched
                                     : fmt::format("{}{}{}", page.open_mark(), cut.matched, page.close_mark());
  return name + cut.before + middle + cut.after;
}

// What was met, side by side; where that says nothing new, the event's first values.
std::string told(const Page& page, const Finding& hit, std::size_t width, bool colour) {
  std::vector<const Match*> matches;
  for (const Match& match : hit.matches) {
    if (!is_in_the_line(match)) matches.push_back(&match);
  }
  if (!matches.empty()) {
    const std::size_t each = (width - 2 * (matches.size() - 1)) / matches.size();
    if (matches.size() == 1 || each >= 24) {
      std::string out;
      for (const Match* match : matches) out += (out.empty() ? "" : "  ") + match_text(page, *match, each, colour);
      return out;
    }
    return match_text(page, *matches.front(), width, colour);
  }
  std::string out;
  for (const std::string& value : hit.notes) {
    if (report::columns(out) >= width) break;
    out += (out.empty() ? "" : "  ") + page.visible(value);
  }
  return page.cut(out, width);
}

struct Look {
  bool colour = false, around = false;
  std::size_t host = 0, event = 0;
};

// As wide as the longest name that there is: a name that was cut could be another machine's. NetBIOS' names have 15
// characters at most.
std::size_t host_width(const Reading& reading, std::size_t most) {
  std::size_t width = 10;  // sources keep so many names and no more
  for (const SourceInfo& source : reading.sources) {
    for (const std::string& computer : source.computers) {
      width = std::max(width, report::columns(report::short_host(computer)));
    }
  }
  return std::min(width, most);
}

std::string event_cell(const Page& page, const Finding& hit) {
  std::string out = page.visible(report::short_channel(hit.channel));
  if (out.empty()) out = page.visible(hit.provider);
  if (hit.event_id) out += (out.empty() ? "" : " ") + std::to_string(*hit.event_id);
  return hit.place.record == Place::kNone ? out : fmt::format("{} :{}", out, hit.place.record);
}

// The end of the cell, with id and record, matters more than the channel's.
std::string hit_line(const Page& page, const Finding& hit, const Look& look) {
  const std::size_t time_width = page.wide() ? kTimeWide : kTime;
  std::string time = hit.time ? format_time(*hit.time).substr(0, time_width) : std::string("no time");
  if (time.size() > 10 && hit.time) time[10] = ' ';
  std::string line = look.around ? (hit.matches.empty() ? "  " : "> ") : "";
  line +=
      fmt::format("{}  {}  {}  ", report::pad_right(time, time_width),
                  report::pad_right(page.cut(page.visible(report::short_host(hit.computer)), look.host), look.host),
                  report::pad_right(report::cut_begin(event_cell(page, hit), look.event, page.charset()), look.event));
  const std::size_t used = report::columns(line);
  line += told(page, hit, page.width() > used + 20 ? page.width() - used : 20, look.colour);
  return hit.matches.empty() ? page.paint(Ink::dim, line) : line;
}

std::string ending(const SearchResult& result, const SearchOptions& asked) {
  std::string out = report::counted(result.hits(), "hit", "hits");
  if (asked.most != 0 && result.hits() > asked.most) {
    out += fmt::format(", the first {} are shown", report::with_commas(asked.most));
  }
  return out;
}

// What stands in the columns.
std::string heading(const Page& page, const Look& look) {
  return fmt::format("{}{}  {}  {}  {}", look.around ? "  " : "",
                     report::pad_right("time (UTC)", page.wide() ? kTimeWide : kTime),
                     report::pad_right("host", look.host), report::pad_right("log, id :record", look.event),
                     look.around ? "what was met (>), or first values" : "what was met");
}

Result<void> write_text_hits(const SearchResult& result, const SearchOptions& asked, const ReportOptions& options,
                             ByteSink& sink) {
  Output out(sink);
  Page page(options, out);
  Look look;
  look.colour = options.colour;
  look.around = asked.around.has_value();
  const bool narrow = page.width() < 100;
  look.host = narrow ? 8 : host_width(result.reading(), page.wide() ? 24 : 15);
  look.event = page.wide() ? 32 : narrow ? 20 : 24;
  if (result.hits() > 0) page.line(page.paint(Ink::dim, page.cut(heading(page, look), page.width())));
  std::optional<Finding> before;
  TOCSIN_CHECK(result.each_hit([&](const Finding& hit) -> Result<void> {
    const bool apart = before && (before->computer != hit.computer || !before->time || !hit.time ||
                                  hit.time->ticks - before->time->ticks > asked.around.value_or(0));
    if (look.around && apart) page.line("--");
    page.line(hit_line(page, hit, look));
    if (look.around) before = hit;
    return out.spill();
  }));
  if (result.hits() > 0) page.line();
  page.line(page.paint(Ink::bold, ending(result, asked)));
  report::reading_lines(page, result.reading());
  return out.finish();
}

void match_object(JsonWriter& json, const Match& match) {
  json.begin_object();
  json.member("pattern", match.pattern);
  json.member("event_field", match.event_field);
  json.member("value", match.value);
  json.key("span");
  json.begin_array();
  json.unsigned_integer(match.span.begin);
  json.unsigned_integer(match.span.end);
  json.end_array();
  if (match.value_size != 0) {
    json.member_uint("value_from", match.value_from);
    json.member_uint("value_size", match.value_size);
  }
  json.end_object();
}

Result<void> write_json_hits(const SearchResult& result, const SearchOptions& asked, const ReportOptions& options,
                             ByteSink& sink) {
  Output out(sink);
  AnswerJson answer(out, options);
  answer.header("tocsin.search", [&](JsonWriter& json) {
    report::strings(json, "patterns", asked.patterns);
    report::strings(json, "unwanted", asked.unwanted);
  });
  TOCSIN_CHECK(result.each_hit([&](const Finding& hit) {
    return answer.row(hit.matches.empty() ? "near" : "hit", [&](JsonWriter& json) {
      report::time_or_null(json, "time", hit.time);
      report::text_or_null(json, "host", hit.computer);
      report::text_or_null(json, "channel", hit.channel);
      report::text_or_null(json, "provider", hit.provider);
      json.key("event_id");
      hit.event_id ? json.integer(*hit.event_id) : json.null();
      report::source_reference(json, result.reading().sources.at(hit.source));
      report::place_object(json, hit.place);
      json.key("matches");
      json.begin_array();
      for (const Match& match : hit.matches) match_object(json, match);
      json.end_array();
      if (!asked.full_events) return;
      json.key("event");
      hit.event_json.empty() ? json.null() : json.raw(hit.event_json);
    });
  }));
  return answer.finish([&](JsonWriter& json) {
    json.member_uint("hits", result.hits());
    report::reading_members(json, result.reading());
  });
}

Result<void> write_csv_hits(const SearchResult& result, ByteSink& sink) {
  static constexpr std::array<std::string_view, 15> kColumns{
      "time",  "host",   "channel", "provider",    "event_id", "record",  "source", "container",
      "chunk", "offset", "length",  "event_field", "value",    "pattern", "sha256"};
  Output out(sink);
  CsvRow header(out.text());
  for (const std::string_view column : kColumns) header.cell(column);
  header.end();
  TOCSIN_CHECK(result.each_hit([&](const Finding& hit) -> Result<void> {
    const SourceInfo& source = result.reading().sources.at(hit.source);
    const Match none;
    const auto told = std::ranges::find_if_not(hit.matches, is_in_the_line);
    const Match& match = told != hit.matches.end() ? *told : hit.matches.empty() ? none : hit.matches.front();
    CsvRow row(out.text());
    row.cell(hit.time ? format_time(*hit.time) : std::string());
    for (const std::string* text : {&hit.computer, &hit.channel, &hit.provider}) row.cell(*text);
    hit.event_id ? row.signed_number(*hit.event_id) : row.cell({});
    row.number(hit.place.record);
    row.cell(source.path);
    row.cell(source.container);
    for (const std::uint64_t number : {hit.place.chunk, hit.place.offset, hit.place.length}) row.number(number);
    for (const std::string* text : {&match.event_field, &match.value, &match.pattern, &source.sha256}) row.cell(*text);
    row.end();
    return out.spill();
  }));
  return out.finish();
}

}  // namespace

Result<void> write_search(const SearchResult& result, const SearchOptions& asked, const ReportOptions& options,
                          ByteSink& out) {
  switch (options.format) {
    case ReportFormat::text:
    case ReportFormat::table:
      return write_text_hits(result, asked, options, out);
    case ReportFormat::jsonl:
    case ReportFormat::json:
      return write_json_hits(result, asked, options, out);
    case ReportFormat::csv:
      return write_csv_hits(result, out);
    case ReportFormat::sarif:
      break;
  }
  return fail(ErrorCode::invalid_argument, "hits are written as text, table, jsonl, json or csv");
}

}  // namespace tocsin
