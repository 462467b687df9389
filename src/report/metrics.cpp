// Metrics: what is there, how much of it, and what is not.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/answer.hpp"
#include "report/csv_row.hpp"
#include "report/missing.hpp"

namespace tocsin {
namespace {

using report::AnswerJson;
using report::CsvRow;
using report::Grid;
using report::Ink;
using report::JsonWriter;
using report::Output;
using report::Page;
using By = AnswerView::By;

constexpr std::size_t kRowsShown = 25;
constexpr std::size_t kDaysShown = 45;
constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 10'000'000;  // ticks

std::string times_of(const Metrics::Row& row) {
  return row.first ? fmt::format("{} to {}", report::minute_text(row.first), report::minute_text(row.last))
                   : std::string("no times");
}

std::string share_of(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return {};
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return share < 0.1 ? "<0.1 %" : fmt::format("{:.1f} %", share);
}

std::size_t shown_of(const std::vector<Metrics::Row>& rows, const AnswerView& view) {
  return view.all ? rows.size() : std::min(rows.size(), kRowsShown);
}

void rest_line(Page& page, const std::vector<Metrics::Row>& rows, std::size_t shown) {
  std::uint64_t events = 0;
  for (std::size_t i = shown; i < rows.size(); ++i) events += rows[i].events;
  if (shown == rows.size()) return;
  page.paragraph(2,
                 fmt::format("and {} more with {}; --all shows them", report::with_commas(rows.size() - shown),
                             report::counted(events, "event", "events")),
                 Ink::dim);
}

template <class Cells>
void rows_section(Page& page, std::string_view heading, const std::vector<Metrics::Row>& rows, const AnswerView& view,
                  Grid grid, const Cells& cells) {
  page.heading(heading, report::with_commas(rows.size()));
  const std::size_t shown = shown_of(rows, view);
  for (std::size_t i = 0; i < shown; ++i) grid.row(cells(rows[i]));
  grid.print();
  rest_line(page, rows, shown);
}

void channels(Page& page, const Metrics& metrics, const AnswerView& view) {
  rows_section(page, "CHANNELS", metrics.channels, view,
               Grid(page, {{"events", Grid::Side::right},
                           {"", Grid::Side::right},
                           {"channel", Grid::Side::left, true},
                           {"from to (UTC)"}}),
               [&](const Metrics::Row& row) -> std::vector<std::string> {
                 return {report::with_commas(row.events), share_of(row.events, metrics.reading.events),
                         row.channel.empty() ? "no channel" : page.visible(row.channel), times_of(row)};
               });
}

void event_ids(Page& page, const Metrics& metrics, const AnswerView& view) {
  rows_section(page, "EVENT IDS", metrics.event_ids, view,
               Grid(page, {{"events", Grid::Side::right},
                           {"", Grid::Side::right},
                           {"id", Grid::Side::right},
                           {"channel", Grid::Side::left, true},
                           {"what it tells", Grid::Side::left, true, report::Ink::plain, true}}),
               [&](const Metrics::Row& row) -> std::vector<std::string> {
                 const std::string provider = page.visible(row.provider);
                 return {report::with_commas(row.events), share_of(row.events, metrics.reading.events),
                         row.event_id ? std::to_string(*row.event_id) : "no id",
                         row.channel.empty() ? "no channel" : page.visible(report::short_channel(row.channel)),
                         row.name.empty() ? provider : row.name};
               });
}

void hosts(Page& page, const Metrics& metrics, const AnswerView& view) {
  rows_section(page, "HOSTS", metrics.hosts, view,
               Grid(page, {{"events", Grid::Side::right},
                           {"", Grid::Side::right},
                           {"host", Grid::Side::left, true},
                           {"from to (UTC)"}}),
               [&](const Metrics::Row& row) -> std::vector<std::string> {
                 return {report::with_commas(row.events), share_of(row.events, metrics.reading.events),
                         row.host.empty() ? "no host" : page.visible(row.host), times_of(row)};
               });
}

std::string bar_of(const Page& page, std::uint64_t events, std::uint64_t most) {
  const double room = page.width() > 40 ? static_cast<double>(page.width()) - 30 : 10;
  const double share = static_cast<double>(events) / static_cast<double>(most);
  const auto length = std::max<std::size_t>(static_cast<std::size_t>(std::llround(share * room)), 1);
  std::string bar;
  for (std::size_t column = 0; column < length; ++column) {
    bar += page.charset() == report::Charset::unicode ? "█" : "=";
  }
  return bar;
}

// Days between without any event stand there as what they are: holes.
void days(Page& page, const Metrics& metrics, const AnswerView& view) {
  const std::vector<Metrics::Row>& all = metrics.days;
  page.heading("DAYS", fmt::format("{}, UTC", report::with_commas(all.size())));
  std::uint64_t most = 1;
  for (const Metrics::Row& day : all) most = std::max(most, day.events);
  const std::size_t begin = view.all || all.size() <= kDaysShown ? 0 : all.size() - kDaysShown;
  if (begin > 0) page.paragraph(2, fmt::format("{} earlier days; --all shows them", begin), Ink::dim);
  for (std::size_t i = begin; i < all.size(); ++i) {
    const std::int64_t before = i > begin ? all[i - 1].first->ticks : all[i].first->ticks;
    if (all[i].first->ticks - before > kDay) {
      const auto silent = static_cast<std::uint64_t>((all[i].first->ticks - before) / kDay - 1);
      page.line(page.paint(Ink::yellow, fmt::format("  nothing on {}", report::counted(silent, "day", "days"))));
    }
    page.line(fmt::format("  {}  {}  {}", format_time(*all[i].first).substr(0, 10),
                          report::pad_left(report::with_commas(all[i].events), 11), bar_of(page, all[i].events, most)));
  }
}

Result<void> write_text_metrics(const Metrics& metrics, const AnswerView& view, const ReportOptions& options,
                                ByteSink& sink) {
  Output out(sink);
  Page page(options, out);
  report::reading_lines(page, metrics.reading);
  if (metrics.reading.sources_read == 0) return out.finish();
  const auto wanted = [&](By by) { return !view.by || *view.by == by; };
  if (wanted(By::channel)) channels(page, metrics, view);
  if (wanted(By::event_id)) event_ids(page, metrics, view);
  if (wanted(By::host)) hosts(page, metrics, view);
  if (wanted(By::day)) days(page, metrics, view);
  if (wanted(By::missing)) report::missing_section(page, metrics);
  if (metrics.not_told_apart > 0) {
    page.line();
    page.paragraph(0,
                   fmt::format("{} of too many kinds were counted, but not told apart",
                               report::counted(metrics.not_told_apart, "event", "events")),
                   Ink::yellow);
  }
  return out.finish();
}

struct Kind {
  By by;
  std::string_view type;
  const std::vector<Metrics::Row>* rows;
};

std::array<Kind, 4> kinds_of(const Metrics& metrics) {
  return {{{By::channel, "channel", &metrics.channels},
           {By::event_id, "event_id", &metrics.event_ids},
           {By::host, "host", &metrics.hosts},
           {By::day, "day", &metrics.days}}};
}

void row_members(JsonWriter& json, By by, const Metrics::Row& row) {
  if (by == By::host) report::text_or_null(json, "host", row.host);
  if (by == By::channel || by == By::event_id) report::text_or_null(json, "channel", row.channel);
  if (by == By::event_id) {
    report::text_or_null(json, "provider", row.provider);
    json.key("event_id");
    row.event_id ? json.integer(*row.event_id) : json.null();
    report::text_or_null(json, "name", row.name);
  }
  if (by == By::day) json.member("day", format_time(row.first.value_or(Timestamp{})).substr(0, 10));
  json.member_uint("events", row.events);
  if (by == By::day) return;
  report::time_or_null(json, "first_time", row.first);
  report::time_or_null(json, "last_time", row.last);
}

Result<void> write_json_metrics(const Metrics& metrics, const AnswerView& view, const ReportOptions& options,
                                ByteSink& sink) {
  Output out(sink);
  AnswerJson answer(out, options);
  answer.header("tocsin.metrics", [](JsonWriter&) {});
  for (const Kind& kind : kinds_of(metrics)) {
    if (view.by && *view.by != kind.by) continue;
    for (const Metrics::Row& row : *kind.rows) {
      TOCSIN_CHECK(answer.row(kind.type, [&](JsonWriter& json) { row_members(json, kind.by, row); }));
    }
  }
  if (!view.by || *view.by == By::missing) {
    TOCSIN_CHECK(report::missing_rows(answer, metrics));
  }
  return answer.finish([&](JsonWriter& json) {
    json.member_uint("not_told_apart", metrics.not_told_apart);
    report::reading_members(json, metrics.reading);
  });
}

Result<void> write_csv_metrics(const Metrics& metrics, const AnswerView& view, ByteSink& sink) {
  static constexpr std::array<std::string_view, 10> kColumns{"by",   "host", "channel", "provider", "event_id",
                                                             "name", "day",  "events",  "first",    "last"};
  Output out(sink);
  CsvRow header(out.text());
  for (const std::string_view column : kColumns) header.cell(column);
  header.end();
  for (const Kind& kind : kinds_of(metrics)) {
    if (view.by && *view.by != kind.by) continue;
    for (const Metrics::Row& one : *kind.rows) {
      const bool day = kind.by == By::day;
      CsvRow row(out.text());
      row.cell(kind.type);
      for (const std::string* text : {&one.host, &one.channel, &one.provider}) row.cell(*text);
      one.event_id ? row.signed_number(*one.event_id) : row.cell({});
      row.cell(one.name);
      row.cell(day && one.first ? format_time(*one.first).substr(0, 10) : std::string());
      row.number(one.events);
      row.cell(!day && one.first ? format_time(*one.first) : std::string());
      row.cell(!day && one.last ? format_time(*one.last) : std::string());
      row.end();
      TOCSIN_CHECK(out.spill());
    }
  }
  if (view.by && *view.by != By::missing) return out.finish();
  for (const Metrics::Missing& lack : metrics.missing) {
    for (const std::vector<std::string>* hosts : {&lack.without_channel, &lack.without_events}) {
      for (const std::string& host : *hosts) {
        CsvRow row(out.text());
        row.cell("missing");
        row.cell(host);
        row.cell(lack.channel);
        row.cell({});
        row.cell(fmt::format("{}", fmt::join(lack.event_ids, " ")));
        row.cell(lack.what);
        row.cell({});
        row.number(0);
        row.cell({});
        row.cell({});
        row.end();
      }
    }
  }
  return out.finish();
}

}  // namespace

Result<void> write_metrics(const Metrics& metrics, const AnswerView& view, const ReportOptions& options,
                           ByteSink& out) {
  switch (options.format) {
    case ReportFormat::text:
    case ReportFormat::table:
      return write_text_metrics(metrics, view, options, out);
    case ReportFormat::jsonl:
    case ReportFormat::json:
      return write_json_metrics(metrics, view, options, out);
    case ReportFormat::csv:
      return write_csv_metrics(metrics, view, out);
    case ReportFormat::sarif:
      break;
  }
  return fail(ErrorCode::invalid_argument, "metrics are written as text, table, jsonl, json or csv");
}

}  // namespace tocsin
