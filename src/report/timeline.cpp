// Counts over time as a small chart: a row a name, a column a bucket, holes as dots.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "report/answer.hpp"
#include "report/csv_row.hpp"

namespace tocsin {
namespace {

using report::AnswerJson;
using report::Charset;
using report::CsvRow;
using report::Grid;
using report::Ink;
using report::JsonWriter;
using report::Output;
using report::Page;

constexpr std::int64_t kSecond = 10'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr std::size_t kRowsShown = 30, kHolesShown = 8, kTableNames = 4;
constexpr std::int64_t kHoleColumns = 3;  // a shorter one is seen, but not worth a line

// A row with its counts by column, counted from the first bucket of all rows.
struct Line {
  std::string name;
  std::uint64_t total = 0, peak = 0;
  std::map<std::int64_t, std::uint64_t> columns;
};

struct Chart {
  std::int64_t bucket = 0;
  Timestamp begin;
  std::int64_t columns = 0;
  std::vector<Line> lines;  // "all" first, where there are several
};

Chart chart_of(const Page& page, const Timeline& timeline) {
  Chart chart;
  chart.bucket = timeline.bucket;
  std::optional<std::int64_t> first, last;
  for (const Timeline::Row& row : timeline.rows) {
    if (row.counts.empty()) continue;
    first = std::min(first.value_or(row.counts.front().from.ticks), row.counts.front().from.ticks);
    last = std::max(last.value_or(row.counts.back().from.ticks), row.counts.back().from.ticks);
  }
  if (!first) return chart;
  chart.begin = Timestamp{*first};
  chart.columns = (*last - *first) / chart.bucket + 1;
  Line all{"all", 0, 0, {}};
  for (const Timeline::Row& row : timeline.rows) {
    Line& line = chart.lines.emplace_back(Line{page.visible(report::short_channel(row.name)), row.total, 0, {}});
    for (const Timeline::Count& count : row.counts) {
      const std::int64_t column = (count.from.ticks - *first) / chart.bucket;
      line.columns[column] += count.events;
      line.peak = std::max(line.peak, count.events);
      all.peak = std::max(all.peak, all.columns[column] += count.events);
    }
    all.total += row.total;
  }
  if (chart.lines.size() > 1) chart.lines.insert(chart.lines.begin(), std::move(all));
  return chart;
}

std::string_view block(Charset charset, std::uint64_t count, std::uint64_t peak) {
  static constexpr std::array<std::string_view, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr std::array<std::string_view, 8> kAscii{"_", "-", "=", "+", "x", "X", "#", "@"};
  const double share = static_cast<double>(count) / static_cast<double>(std::max<std::uint64_t>(peak, 1));
  const auto level = std::min<std::size_t>(static_cast<std::size_t>(share * 8), 7);
  return charset == Charset::unicode ? kBlocks.at(level) : kAscii.at(level);
}

// Columns [from, to) of a line; a hole is a dot, what lies before the first or behind the last count is blank.
std::string bars(const Page& page, const Line& line, std::int64_t from, std::int64_t to) {
  const std::string_view hole = page.charset() == Charset::unicode ? "·" : ".";
  std::string out;
  for (std::int64_t column = from; column < to; ++column) {
    const auto found = line.columns.find(column);
    const bool inside =
        !line.columns.empty() && column > line.columns.begin()->first && column < line.columns.rbegin()->first;
    out += found != line.columns.end() ? block(page.charset(), found->second, line.peak) : inside ? hole : " ";
  }
  return out;
}

std::string tick_text(Timestamp time, std::int64_t bucket) {
  const std::string text = report::short_time(time);  // "2021-07-19 12:00:00"
  if (bucket >= kDay) return text.substr(0, 10);
  return bucket < kMinute ? text.substr(11, 8) : text.substr(5, 11);
}

std::string axis(const Chart& chart, std::int64_t from, std::int64_t to) {
  std::string out;
  for (std::int64_t column = from; column < to;) {
    const std::string label = "|" + tick_text(Timestamp{chart.begin.ticks + column * chart.bucket}, chart.bucket);
    // A chart narrower than its first label still says when it begins: the page is wider than both.
    if (column != from && to - column < static_cast<std::int64_t>(label.size())) break;
    out += report::pad_right(label, label.size() + 3);
    column += static_cast<std::int64_t>(label.size()) + 3;
  }
  return out;
}

std::string span_text(std::int64_t ticks) {
  if (ticks % kDay == 0) return report::counted(static_cast<std::uint64_t>(ticks / kDay), "day", "days");
  if (ticks % kHour == 0) return report::counted(static_cast<std::uint64_t>(ticks / kHour), "hour", "hours");
  if (ticks % kMinute == 0) return report::counted(static_cast<std::uint64_t>(ticks / kMinute), "minute", "minutes");
  return report::counted(static_cast<std::uint64_t>(ticks / kSecond), "second", "seconds");
}

// A name that is too long loses its end; where that would make it another row's, its beginning.
std::string row_name(const Page& page, const Chart& chart, std::string_view name, std::size_t width) {
  const std::string cut = page.cut(name, width);
  const auto alike =
      std::ranges::count_if(chart.lines, [&](const Line& one) { return page.cut(one.name, width) == cut; });
  return alike > 1 ? report::cut_begin(std::string(name), width, page.charset()) : cut;
}

// One stretch of time, as wide as the page.
void panel(Page& page, const Chart& chart, std::size_t names, std::size_t counts, std::int64_t from, std::int64_t to) {
  const std::size_t shown = std::min(chart.lines.size(), kRowsShown + 1);
  for (std::size_t i = 0; i < shown; ++i) {
    const Line& line = chart.lines[i];
    page.line(fmt::format("  {}  {}  {}", report::pad_right(row_name(page, chart, line.name, names), names),
                          report::pad_left(report::with_commas(line.total), counts),
                          page.paint(i == 0 ? Ink::bold : Ink::cyan, bars(page, line, from, to))));
  }
  page.line(page.paint(Ink::dim, std::string(names + counts + 6, ' ') + axis(chart, from, to)));
}

bool is_silent(const Chart& chart, std::int64_t from, std::int64_t to) {
  const auto& columns = chart.lines.front().columns;
  const auto next = columns.lower_bound(from);
  return next == columns.end() || next->first >= to;
}

void panels(Page& page, const Chart& chart) {
  std::size_t names = 3, counts = 6;
  for (const Line& line : chart.lines) {
    names = std::max(names, report::columns(line.name));
    counts = std::max(counts, report::with_commas(line.total).size());
  }
  names = std::min(names, page.width() / 5);
  const auto room = static_cast<std::int64_t>(page.width() - std::min(page.width() - 20, names + counts + 6));
  for (std::int64_t from = 0; from < chart.columns;) {
    if (from > 0) page.line();
    std::int64_t to = std::min(from + room, chart.columns);
    if (!is_silent(chart, from, to)) {
      panel(page, chart, names, counts, from, to);
    } else {
      const auto next = chart.lines.front().columns.lower_bound(from);
      to = next == chart.lines.front().columns.end() ? chart.columns : next->first;
      page.line(
          page.paint(Ink::yellow, fmt::format("  nothing for {} from {} on", span_text((to - from) * chart.bucket),
                                              report::short_time(Timestamp{chart.begin.ticks + from * chart.bucket}))));
    }
    from = to;
  }
}

struct Hole {
  std::string name;
  std::int64_t from = 0, columns = 0;
};

void holes(Page& page, const Chart& chart, bool findings) {
  std::vector<Hole> all;
  for (const Line& line : chart.lines) {
    std::int64_t before = line.columns.empty() ? 0 : line.columns.begin()->first;
    Hole longest{line.name, 0, 0};
    for (const auto& [column, count] : line.columns) {
      if (column - before - 1 > longest.columns) longest = {line.name, before + 1, column - before - 1};
      before = column;
    }
    if (longest.columns >= kHoleColumns) all.push_back(longest);
  }
  if (all.empty()) return;
  std::ranges::stable_sort(all, [](const Hole& a, const Hole& b) { return a.columns > b.columns; });
  page.heading("LONGEST HOLES",
               findings
                   ? "times without such findings; tocsin timeline without rules shows whether the logs were silent"
                   : "a log that is silent may have been cleared, switched off, or have had nothing to tell");
  for (std::size_t i = 0; i < std::min(all.size(), kHolesShown); ++i) {
    const Timestamp from{chart.begin.ticks + all[i].from * chart.bucket};
    page.line("  " + page.cut(fmt::format("{}: nothing for {} from {} on", all[i].name,
                                          span_text(all[i].columns * chart.bucket), report::short_time(from)),
                              page.width() - 2));
  }
}

void notes(Page& page, const Timeline& timeline) {
  std::uint64_t without = 0;
  for (const Timeline::Row& row : timeline.rows) without += row.without_time;
  if (without > 0) {
    page.paragraph(0, fmt::format("Without a time, and so in the sums only: {}",
                                  timeline.findings ? report::counted(without, "finding", "findings")
                                                    : report::counted(without, "event", "events")));
  }
  if (timeline.asked_bucket != 0 && timeline.bucket != timeline.asked_bucket) {
    page.paragraph(0,
                   fmt::format("Too long a time for a bucket of {}: it was made {}", span_text(timeline.asked_bucket),
                               span_text(timeline.bucket)),
                   Ink::yellow);
  }
}

Result<void> write_chart(const Timeline& timeline, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  Page page(options, out);
  report::reading_lines(page, timeline.reading);
  const Chart chart = chart_of(page, timeline);
  if (chart.lines.empty()) {
    page.line(timeline.findings ? "No findings to show over time" : "No events to show over time");
  } else {
    page.heading(timeline.findings ? "FINDINGS OVER TIME" : "EVENTS OVER TIME",
                 fmt::format("a column is {}, each row has its own scale, times are UTC", span_text(chart.bucket)));
    panels(page, chart);
    if (chart.lines.size() > kRowsShown + 1) {
      page.paragraph(2, fmt::format("and {} more rows; --format csv has them", chart.lines.size() - kRowsShown - 1),
                     Ink::dim);
    }
    holes(page, chart, timeline.findings);
  }
  notes(page, timeline);
  return out.finish();
}

// A line a bucket, with the names that have most.
Result<void> write_buckets(const Timeline& timeline, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  Page page(options, out);
  report::reading_lines(page, timeline.reading);
  const Chart chart = chart_of(page, timeline);
  if (chart.lines.empty()) return out.finish();
  std::vector<Grid::Column> columns{{"from (UTC)"}};
  const std::size_t names = std::min(chart.lines.size(), kTableNames + 1);
  for (std::size_t i = 0; i < names; ++i) columns.push_back({chart.lines[i].name, Grid::Side::right, true});
  Grid grid(page, std::move(columns));
  std::int64_t before = -1;
  for (const auto& [column, count] : chart.lines.front().columns) {
    if (column - before > 1) {
      std::vector<std::string> hole(names + 1);
      hole[0] = "nothing for " + span_text((column - before - 1) * chart.bucket);
      grid.row(std::move(hole));
    }
    before = column;
    std::vector<std::string> cells{report::short_time(Timestamp{chart.begin.ticks + column * chart.bucket})};
    for (std::size_t i = 0; i < names; ++i) {
      const auto found = chart.lines[i].columns.find(column);
      cells.push_back(found == chart.lines[i].columns.end() ? "-" : report::with_commas(found->second));
    }
    grid.row(std::move(cells));
  }
  page.line();
  grid.print();
  notes(page, timeline);
  return out.finish();
}

Result<void> write_json_timeline(const Timeline& timeline, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  AnswerJson answer(out, options);
  answer.header("tocsin.timeline", [&](JsonWriter& json) {
    json.member_int("bucket_seconds", timeline.bucket / kSecond);
    json.member("of", timeline.findings ? "findings" : "events");
  });
  for (const Timeline::Row& row : timeline.rows) {
    TOCSIN_CHECK(answer.row("row", [&](JsonWriter& json) {
      json.member("name", row.name);
      json.member_uint("total", row.total);
      json.member_uint("without_time", row.without_time);
      json.key("counts");
      json.begin_array();
      for (const Timeline::Count& count : row.counts) {
        json.begin_object();
        json.member("from", format_time(count.from));
        json.member_uint("events", count.events);
        json.end_object();
      }
      json.end_array();
    }));
  }
  return answer.finish([&](JsonWriter& json) { report::reading_members(json, timeline.reading); });
}

Result<void> write_csv_timeline(const Timeline& timeline, ByteSink& sink) {
  Output out(sink);
  CsvRow header(out.text());
  for (const std::string_view column : {"from", "to", "name", "events"}) header.cell(column);
  header.end();
  for (const Timeline::Row& one : timeline.rows) {
    for (const Timeline::Count& count : one.counts) {
      CsvRow row(out.text());
      row.cell(format_time(count.from));
      row.cell(format_time(Timestamp{count.from.ticks + timeline.bucket}));
      row.cell(one.name);
      row.number(count.events);
      row.end();
      TOCSIN_CHECK(out.spill());
    }
  }
  return out.finish();
}

}  // namespace

Result<void> write_timeline(const Timeline& timeline, const ReportOptions& options, ByteSink& out) {
  switch (options.format) {
    case ReportFormat::text:
      return write_chart(timeline, options, out);
    case ReportFormat::table:
      return write_buckets(timeline, options, out);
    case ReportFormat::jsonl:
    case ReportFormat::json:
      return write_json_timeline(timeline, options, out);
    case ReportFormat::csv:
      return write_csv_timeline(timeline, out);
    case ReportFormat::sarif:
      break;
  }
  return fail(ErrorCode::invalid_argument, "a timeline is written as text, table, jsonl, json or csv");
}

}  // namespace tocsin
