#include "report/answer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tocsin::report {

void AnswerJson::object(std::string_view type, const Fill& fill) {
  JsonWriter json(out_.text());
  json.begin_object();
  json.member("type", type);
  fill(json);
  json.end_object();
}

void AnswerJson::header(std::string_view schema, const Fill& fill) {
  if (!lines_) out_.text() += "{\"header\":";
  object("header", [&](JsonWriter& json) {
    json.member("schema", schema);
    json.member_int("version", 1);
    json.member("tool", "tocsin");
    json.member("tool_version", TOCSIN_VERSION);
    fill(json);
  });
  out_.text() += lines_ ? "\n" : ",\n\"rows\":[";
}

Result<void> AnswerJson::row(std::string_view type, const Fill& fill) {
  if (!lines_) out_.text() += rows_ == 0 ? "\n" : ",\n";
  ++rows_;
  object(type, fill);
  if (lines_) out_.text() += "\n";
  return out_.spill();
}

Result<void> AnswerJson::finish(const Fill& fill) {
  if (!lines_) out_.text() += rows_ == 0 ? "],\n\"summary\":" : "\n],\n\"summary\":";
  object("summary", fill);
  out_.text() += lines_ ? "\n" : "}\n";
  return out_.finish();
}

void reading_members(JsonWriter& json, const Reading& reading) {
  json.member("interrupted", reading.interrupted);
  json.member_uint("sources_read", reading.sources_read);
  json.member_uint("events", reading.events);
  time_or_null(json, "first_time", reading.first_time);
  time_or_null(json, "last_time", reading.last_time);
  std::uint64_t anomalies = 0;
  for (const Anomaly& anomaly : reading.anomalies) anomalies += anomaly.count;
  json.member_uint("anomalies", anomalies);
  json.member_uint("paths_failed", reading.failed_paths.size());
  unmet_filters(json, reading.unmet_filters);
}

namespace {

std::uint64_t all_events(const Reading& reading) {
  std::uint64_t all = 0;
  for (const SourceInfo& source : reading.sources) all += source.records;
  return all;
}

}  // namespace

void reading_lines(Page& page, const Reading& reading) {
  if (reading.interrupted) {
    page.paragraph(0, "Stopped before the end: this is what was read up to then.", Ink::yellow);
  }
  std::string out = fmt::format("{} in {}", counted(reading.events, "event", "events"),
                                counted(reading.sources_read, "source", "sources"));
  if (const std::uint64_t all = all_events(reading); all > reading.events) {
    out = fmt::format("{} in {}, {} inside the filters", counted(all, "event", "events"),
                      counted(reading.sources_read, "source", "sources"), with_commas(reading.events));
  }
  if (reading.first_time && reading.last_time) {
    out += fmt::format("{}{} UTC", page.dot(), time_range(*reading.first_time, *reading.last_time));
  }
  page.paragraph(0, out);
  std::uint64_t damage = 0;
  for (const Anomaly& anomaly : reading.anomalies) damage += anomaly.count;
  if (damage > 0) {
    page.paragraph(0,
                   fmt::format("{} in the evidence: some of it may not have been read; `tocsin scan` shows where",
                               counted(damage, "anomaly", "anomalies")),
                   Ink::yellow);
  }
}

std::string minute_text(const std::optional<Timestamp>& time) {
  return time ? short_time(*time).substr(0, 16) : std::string("-");
}

// The widest of those that may shrink gives way, until all fits or nothing may shrink any more.
void Grid::shrink(std::vector<std::size_t>& widths, std::size_t& total, bool first) const {
  const std::size_t least = first ? 10 : 6;  // a word; a few letters
  while (total > page_.width()) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].shrinks || (first && !columns_[i].first) || widths[i] <= least) continue;
      if (widest == columns_.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == columns_.size()) break;
    --widths[widest];
    --total;
  }
}

std::vector<std::size_t> Grid::widths() const {
  std::vector<std::size_t> widths;
  std::size_t total = indent_;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = columns(columns_[i].name);
    for (const auto& row : rows_) width = std::max(width, columns(row[i]));
    widths.push_back(width);
    total += width + (i == 0 ? 0 : 2);
  }
  shrink(widths, total, true);
  shrink(widths, total, false);
  return widths;
}

namespace {

// A cell's lines. Between words where that is possible; a path or name that is longer than a line is broken anywhere.
std::vector<std::string> cell_lines(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return {std::string(text)};
  return wrap(text, width);
}

}  // namespace

void Grid::print() {
  if (rows_.empty()) return;
  const std::vector<std::size_t> widths = this->widths();
  const auto print = [&](const auto& cell, bool head) {
    std::vector<std::vector<std::string>> cells;
    std::size_t lines = 1;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      cells.push_back(cell_lines(cell(i), widths[i]));
      lines = std::max(lines, cells.back().size());
    }
    for (std::size_t at = 0; at < lines; ++at) {
      std::string line(indent_, ' ');
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::string text = at < cells[i].size() ? cells[i][at] : std::string();
        text = columns_[i].side == Side::right ? pad_left(text, widths[i]) : pad_right(std::move(text), widths[i]);
        line += (i == 0 ? "" : "  ") + page_.paint(head ? Ink::dim : columns_[i].ink, text);
      }
      page_.line(line);
    }
  };
  print([&](std::size_t i) { return columns_[i].name; }, true);
  for (const auto& row : rows_) print([&](std::size_t i) { return std::string_view(row[i]); }, false);
}

}  // namespace tocsin::report
