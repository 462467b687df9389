#include "evidence/csv/table.hpp"

#include <algorithm>
#include <array>

#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace tocsin::evidence::csv {

RowScanner::Status RowScanner::finish(Status status, std::size_t end, std::size_t next) {
  end_ = end;
  next_ = at_ = line_ = next;
  state_ = State::field_start;
  return status;
}

void RowScanner::cut_front(std::size_t count) {
  for (std::size_t* position : {&begin_, &end_, &next_, &at_, &line_}) *position -= std::min(*position, count);
}

RowScanner::Status RowScanner::next(std::string_view text, bool last) {
  if (at_ == next_) begin_ = next_;
  Status status = Status::more;
  while (at_ < text.size()) {
    if (step(text, last, status)) return status;
    if (at_ - begin_ > kMaxRowBytes) {
      // A row may begin on the line that was reached; where that is the row's own first line, it is passed over.
      const std::size_t next = line_ > begin_ ? line_ : at_;
      return finish(Status::too_large, next, next);
    }
  }
  if (!last || begin_ == text.size()) return Status::more;
  if (state_ == State::quoted) return finish(Status::damaged, text.size(), text.size());
  const std::size_t end = text.size() - (text.ends_with('\r') ? 1 : 0);
  return finish(Status::row, std::max(end, begin_), text.size());
}

// One byte, or a run of them. True: a row ended, or the next byte must be known first.
bool RowScanner::step(std::string_view text, bool last, Status& status) {
  const char c = text[at_];
  if (state_ == State::quoted) {
    const std::size_t stop = std::min(text.find_first_of("\"\n", at_), text.size());
    at_ = stop;
    if (stop == text.size()) return false;
    if (text[stop] == '"') state_ = State::quote;
    ++at_;
    if (text[stop] == '\n') line_ = at_;
    return false;
  }
  if (c == '\n') {
    const std::size_t end = at_ > begin_ && text[at_ - 1] == '\r' ? at_ - 1 : at_;
    status = finish(Status::row, end, at_ + 1);
    return true;
  }
  if (state_ == State::quote) {  // behind a quote inside a quoted field
    const bool at_end = at_ + 1 == text.size();
    if (c == '\r' && at_end && !last) return true;  // a line feed may come
    const bool line_ends = c == '\r' && (at_end || text[at_ + 1] == '\n');
    if (c == separator_) {
      state_ = State::field_start;
    } else if (!line_ends) {
      // Neither a doubled quote nor the field's end: it opened a field of a later row, and one before has no end.
      if (c != '"' && line_ > begin_) {
        status = finish(Status::damaged, line_, line_);
        return true;
      }
      state_ = State::quoted;  // doubled, or a quote that should have been
    }
    ++at_;
    return false;
  }
  if (c == separator_) {
    state_ = State::field_start;
  } else {
    state_ = state_ == State::field_start && c == '"' ? State::quoted : State::plain;
  }
  ++at_;
  return false;
}

std::size_t split_row(std::string_view row, char separator, std::vector<std::string>& fields) {
  std::size_t count = 0;
  for (std::size_t at = 0;; ++at) {
    if (count == fields.size()) fields.emplace_back();
    std::string& field = fields[count++];
    field.clear();
    const bool quoted = at < row.size() && row[at] == '"';
    if (quoted) {
      for (++at; at < row.size(); ++at) {
        if (row[at] != '"') {
          field.push_back(row[at]);
        } else if (at + 1 < row.size() && row[at + 1] == '"') {
          field.push_back(row[at++]);
        } else if (at + 1 == row.size() || row[at + 1] == separator) {
          ++at;
          break;
        } else {
          field.push_back('"');  // not doubled
        }
      }
    } else {
      const std::size_t end = std::min(row.find(separator, at), row.size());
      field.assign(row.substr(at, end - at));
      at = end;
    }
    if (at >= row.size() || count == kMaxColumns) return count;
  }
}

namespace {

bool are_columns(const std::vector<std::string>& columns) {
  constexpr std::size_t kFewest = 3, kLongestName = 256;
  if (columns.size() < kFewest) return false;
  std::vector<std::string_view> names(columns.begin(), columns.end());
  std::ranges::sort(names);
  const auto empty = static_cast<std::size_t>(std::ranges::count(names, std::string_view()));
  return empty <= 1 && std::ranges::adjacent_find(names) == names.end() && names.back().size() <= kLongestName;
}

bool has(const std::vector<std::string>& columns, std::string_view name) {
  return std::ranges::find(columns, name) != columns.end();
}

}  // namespace

bool name_message(std::vector<std::string>& columns) {
  // In the languages that rules/shapes/29_event_viewer.yml knows.
  constexpr std::array<std::array<std::string_view, 3>, 3> kEventViewer{{{"Date and Time", "Source", "Event ID"},
                                                                         {"Datum und Uhrzeit", "Quelle", "Ereignis-ID"},
                                                                         {"日付と時刻", "ソース", "イベント ID"}}};
  constexpr std::string_view kMessage = "Message";
  const bool viewer = std::ranges::any_of(kEventViewer, [&](const auto& names) {
    return std::ranges::all_of(names, [&](std::string_view name) { return has(columns, name); });
  });
  if (!viewer || has(columns, kMessage)) return false;
  if (!columns.back().empty()) columns.emplace_back();
  columns.back() = kMessage;
  return true;
}

Header read_header(std::string_view text, bool last) {
  Header best;
  std::size_t begin = 0;
  while (begin < text.size() &&
         (text[begin] == '\n' || text[begin] == '\r' || text.substr(begin).starts_with("#TYPE "))) {
    const std::size_t feed = text.find('\n', begin);
    if (feed == std::string_view::npos) return best;
    begin = feed + 1;
  }
  for (const char separator : {',', ';', '\t'}) {
    RowScanner scanner(separator);
    if (scanner.next(text.substr(begin), last) != RowScanner::Status::row) continue;
    std::vector<std::string> columns;
    columns.resize(
        split_row(text.substr(begin + scanner.begin(), scanner.end() - scanner.begin()), separator, columns));
    if (columns.size() <= best.columns.size() || !are_columns(columns)) continue;
    best = {separator, begin + scanner.begin(), begin + scanner.end(), begin + scanner.next_row(), std::move(columns)};
  }
  (void)name_message(best.columns);
  return best;
}

void append_json(std::string& out, const std::vector<std::string>& columns, const std::vector<std::string>& fields) {
  base::JsonWriter json(out);
  json.begin_object();
  for (std::size_t i = 0; i < columns.size() && i < fields.size(); ++i) {
    if (fields[i].empty()) continue;
    json.member(columns[i], fields[i]);
  }
  json.end_object();
}

}  // namespace tocsin::evidence::csv
