// Log-ons: who, from where, how, how often, and how often not.
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "report/answer.hpp"
#include "report/csv_row.hpp"

namespace tocsin {

// The kinds as results name them; stored, do not rename.
std::string_view to_string(Logons::Kind kind) {
  static constexpr std::array<std::string_view, 5> kNames{"logon", "other_credentials", "remote_desktop", "kerberos",
                                                          "ntlm"};
  return kNames.at(static_cast<std::size_t>(kind));
}

namespace {

using report::AnswerJson;
using report::CsvRow;
using report::Grid;
using report::Ink;
using report::JsonWriter;
using report::Output;
using report::Page;
using Row = Logons::Row;

constexpr std::size_t kRowsShown = 25;

// "wrong password ×12, no such account ×3", most frequent first.
std::string reasons_of(const Page& page, const Row& row) {
  std::vector<std::pair<std::uint64_t, std::string>> order;
  for (const auto& [reason, count] : row.reasons) order.emplace_back(count, reason);
  std::ranges::stable_sort(order, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string out;
  for (const auto& [count, reason] : order) {
    out += (out.empty() ? "" : ", ") + page.visible(reason);
    if (order.size() > 1) out += fmt::format(" {}{}", page.times(), count);
  }
  return out;
}

std::string_view address_of(std::string_view source) {
  return source.substr(0, source.find(' '));
}

std::string or_dash(const Page& page, const std::string& text) {
  return text.empty() ? "-" : page.visible(text);
}

std::string how_of(const Page& page, const Row& row) {
  std::string out = page.visible(row.type);
  if (!row.package.empty()) out += (out.empty() ? "" : ", ") + page.visible(row.package);
  return out.empty() ? "-" : out;
}

struct Section {
  std::string_view heading, behind;
  std::function<bool(const Row&)> takes;
  bool failures = false;  // sorted and told by failures
};

// Those of which the first part alone could be another one.
std::set<std::string> hosts_to_tell_whole(const Logons& logons) {
  std::map<std::string_view, std::set<std::string>> by_first_part;
  for (const Row& row : logons.rows) by_first_part[report::short_host(row.host)].insert(row.host);
  std::set<std::string> out;
  for (const auto& [part, whole] : by_first_part) {
    if (whole.size() > 1) out.insert(whole.begin(), whole.end());
  }
  return out;
}

std::vector<std::string> cells_of(const Page& page, const Row& row, bool failures, const std::set<std::string>& hosts) {
  std::vector<std::string> cells{report::with_commas(failures ? row.failures : row.successes),
                                 or_dash(page, row.account)};
  switch (row.kind) {
    case Logons::Kind::other_credentials:
      cells.push_back("by " + or_dash(page, row.by) + (row.source.empty() ? "" : " from " + page.visible(row.source)));
      cells.push_back("to " + or_dash(page, row.to));
      break;
    case Logons::Kind::kerberos:
      cells.push_back(or_dash(page, row.source));
      cells.push_back(row.to.empty() ? page.visible(row.type) : page.visible(row.type) + ": " + page.visible(row.to));
      break;
    default:
      cells.push_back(or_dash(page, row.source));
      cells.push_back(how_of(page, row));
  }
  cells.push_back(page.visible(hosts.contains(row.host) ? std::string_view(row.host) : report::short_host(row.host)));
  if (failures) cells.push_back(reasons_of(page, row));
  const std::size_t time = page.width() < 100 ? 10 : 16;  // a narrow page has room for the day only
  cells.push_back(report::minute_text(row.first).substr(0, time));
  cells.push_back(report::minute_text(row.last).substr(0, time));
  return cells;
}

void section(Page& page, const Logons& logons, const AnswerView& view, const Section& what) {
  std::vector<const Row*> rows;
  std::uint64_t events = 0;
  for (const Row& row : logons.rows) {
    if ((row.system && !view.all) || !what.takes(row)) continue;
    rows.push_back(&row);
    events += what.failures ? row.failures : row.successes;
  }
  if (rows.empty()) return;
  std::ranges::stable_sort(rows, [&](const Row* a, const Row* b) {
    return what.failures ? a->failures > b->failures : a->successes > b->successes;
  });
  page.heading(what.heading,
               fmt::format("{}{}{}", report::with_commas(events), what.behind.empty() ? "" : ", ", what.behind));
  std::vector<Grid::Column> columns{{"times", Grid::Side::right},
                                    {"account", Grid::Side::left, true, what.failures ? Ink::yellow : Ink::bold},
                                    {"from", Grid::Side::left, true},
                                    {"how", Grid::Side::left, true, Ink::plain, true},
                                    {"at", Grid::Side::left, true}};
  if (what.failures) columns.push_back({"why not", Grid::Side::left, true, Ink::plain, true});
  columns.push_back({"first (UTC)"});
  columns.push_back({"last"});
  Grid grid(page, std::move(columns));
  const std::size_t shown = view.all ? rows.size() : std::min(rows.size(), kRowsShown);
  const std::set<std::string> hosts = hosts_to_tell_whole(logons);
  for (std::size_t i = 0; i < shown; ++i) grid.row(cells_of(page, *rows[i], what.failures, hosts));
  grid.print();
  if (shown < rows.size()) {
    page.paragraph(2, fmt::format("and {} more; --all shows them", report::with_commas(rows.size() - shown)), Ink::dim);
  }
}

// Accounts that failed more often than not and then got in from the same place: the line that an analyst looks for
// first.
void guessed(Page& page, const Logons& logons) {
  static constexpr std::uint64_t kOften = 10;
  bool headed = false;
  for (const Row& bad : logons.rows) {
    if (bad.kind != Logons::Kind::logon || bad.failures < kOften || bad.source.empty() || !bad.last) continue;
    for (const Row& good : logons.rows) {
      const bool same = good.kind == bad.kind && good.successes > 0 && good.successes < bad.failures &&
                        good.account == bad.account && address_of(good.source) == address_of(bad.source) &&
                        good.host == bad.host;
      if (!same || !good.last || *good.last < *bad.first) continue;
      if (!std::exchange(headed, true)) page.heading("FAILED, THEN LOGGED ON", "the same account from the same place");
      page.paragraph(2,
                     fmt::format("{} from {} at {}: {} failed from {} on, last logged on {}",
                                 or_dash(page, bad.account), page.visible(bad.source),
                                 page.visible(report::short_host(bad.host)), report::with_commas(bad.failures),
                                 report::short_time(*bad.first), report::short_time(*good.last)),
                     Ink::red);
    }
  }
}

void hidden_line(Page& page, const Logons& logons, const AnswerView& view) {
  std::uint64_t rows = 0, successes = 0, failures = 0;
  for (const Row& row : logons.rows) {
    if (!row.system) continue;
    ++rows;
    successes += row.successes;
    failures += row.failures;
  }
  if (rows == 0 || view.all) return;
  page.line();
  page.paragraph(0,
                 fmt::format("Not shown: {} of computers and the system itself ({}, {} failed); --all shows them",
                             report::counted(rows, "row", "rows"), report::counted(successes, "log-on", "log-ons"),
                             report::with_commas(failures)),
                 Ink::dim);
}

Result<void> write_text_logons(const Logons& logons, const AnswerView& view, const ReportOptions& options,
                               ByteSink& sink) {
  using Kind = Logons::Kind;
  Output out(sink);
  Page page(options, out);
  report::reading_lines(page, logons.reading);
  const auto of = [](Kind kind, bool failures) {
    return [=](const Row& row) { return row.kind == kind && (failures ? row.failures : row.successes) > 0; };
  };
  guessed(page, logons);
  section(page, logons, view, {"FAILED LOG-ONS", "", of(Kind::logon, true), true});
  section(page, logons, view, {"LOG-ONS", "", of(Kind::logon, false)});
  section(page, logons, view, {"REMOTE DESKTOP", "", of(Kind::remote_desktop, false)});
  section(page, logons, view,
          {"OTHER CREDENTIALS", "used in a session of somebody else", of(Kind::other_credentials, false)});
  section(page, logons, view, {"KERBEROS, REFUSED", "at a domain controller", of(Kind::kerberos, true), true});
  section(page, logons, view, {"KERBEROS", "tickets given by a domain controller", of(Kind::kerberos, false)});
  section(page, logons, view, {"NTLM, REFUSED", "where credentials were checked", of(Kind::ntlm, true), true});
  section(page, logons, view, {"NTLM", "where credentials were checked", of(Kind::ntlm, false)});
  if (logons.rows.empty() && logons.reading.events > 0) {
    page.line();
    page.paragraph(0,
                   "No log-on in this evidence: it needs the Security log (4624, 4625) or those of remote desktop. "
                   "`tocsin metrics` shows which logs there are.");
  }
  hidden_line(page, logons, view);
  if (logons.repeated > 0) {
    page.paragraph(0,
                   fmt::format("{} found in more than one file, counted once",
                               report::counted(logons.repeated, "record was", "records were")),
                   Ink::dim);
  }
  if (logons.not_told_apart > 0) {
    page.paragraph(0,
                   fmt::format("{} of too many accounts and sources are not in these rows",
                               report::counted(logons.not_told_apart, "event", "events")),
                   Ink::yellow);
  }
  return out.finish();
}

void row_members(JsonWriter& json, const Row& row) {
  json.member("kind", to_string(row.kind));
  for (const auto& [key, text] : {std::pair("account", &row.account), std::pair("logon_type", &row.type),
                                  std::pair("source", &row.source), std::pair("package", &row.package),
                                  std::pair("by", &row.by), std::pair("to", &row.to), std::pair("host", &row.host)}) {
    report::text_or_null(json, key, *text);
  }
  json.member_uint("successes", row.successes);
  json.member_uint("failures", row.failures);
  json.key("reasons");
  json.begin_object();
  for (const auto& [reason, count] : row.reasons) json.member_uint(reason, count);
  json.end_object();
  json.member_uint("privileged", row.privileged);
  json.member_uint("ended", row.ended);
  json.key("longest_seconds");
  row.longest > 0 ? json.integer(row.longest / 10'000'000) : json.null();
  report::time_or_null(json, "first_time", row.first);
  report::time_or_null(json, "last_time", row.last);
  json.member("system", row.system);
}

Result<void> write_json_logons(const Logons& logons, const AnswerView& view, const ReportOptions& options,
                               ByteSink& sink) {
  Output out(sink);
  AnswerJson answer(out, options);
  answer.header("tocsin.logons", [](JsonWriter&) {});
  std::uint64_t hidden = 0;
  for (const Row& row : logons.rows) {
    if (row.system && !view.all) {
      ++hidden;
      continue;
    }
    TOCSIN_CHECK(answer.row("logon", [&](JsonWriter& json) { row_members(json, row); }));
  }
  return answer.finish([&](JsonWriter& json) {
    json.member_uint("rows_hidden", hidden);
    json.member_uint("repeated", logons.repeated);
    json.member_uint("not_told_apart", logons.not_told_apart);
    report::reading_members(json, logons.reading);
  });
}

Result<void> write_csv_logons(const Logons& logons, const AnswerView& view, ByteSink& sink) {
  static constexpr std::array<std::string_view, 16> kColumns{
      "kind",      "account",  "logon_type", "source",     "package", "by",    "to",   "host",
      "successes", "failures", "reasons",    "privileged", "ended",   "first", "last", "system"};
  Output out(sink);
  ReportOptions plain;
  const Page page(plain, out);
  CsvRow header(out.text());
  for (const std::string_view column : kColumns) header.cell(column);
  header.end();
  for (const Row& one : logons.rows) {
    if (one.system && !view.all) continue;
    const std::string reasons = reasons_of(page, one);
    CsvRow row(out.text());
    row.cell(to_string(one.kind));
    for (const std::string* text : {&one.account, &one.type, &one.source, &one.package, &one.by, &one.to, &one.host}) {
      row.cell(*text);
    }
    row.number(one.successes);
    row.number(one.failures);
    row.cell(reasons);
    row.number(one.privileged);
    row.number(one.ended);
    row.cell(one.first ? format_time(*one.first) : std::string());
    row.cell(one.last ? format_time(*one.last) : std::string());
    row.cell(one.system ? "true" : "false");
    row.end();
    TOCSIN_CHECK(out.spill());
  }
  return out.finish();
}

}  // namespace

Result<void> write_logons(const Logons& logons, const AnswerView& view, const ReportOptions& options, ByteSink& out) {
  switch (options.format) {
    case ReportFormat::text:
    case ReportFormat::table:
      return write_text_logons(logons, view, options, out);
    case ReportFormat::jsonl:
    case ReportFormat::json:
      return write_json_logons(logons, view, options, out);
    case ReportFormat::csv:
      return write_csv_logons(logons, view, out);
    case ReportFormat::sarif:
      break;
  }
  return fail(ErrorCode::invalid_argument, "log-ons are written as text, table, jsonl, json or csv");
}

}  // namespace tocsin
