// One line of CSV (RFC 4180: CRLF, quotes doubled).
//
// Spreadsheets run what looks like a formula. A cell whose text begins with = + - @ (also behind blanks) gets a single
// quote in front. Control characters are made visible first, so that a record is always one line.
#pragma once

#include <string>
#include <string_view>

#include "tocsin/event.hpp"

#include "report/display.hpp"

namespace tocsin::report {

class CsvRow {
 public:
  explicit CsvRow(std::string& out) : out_(out) {}
  void cell(std::string_view raw) {
    if (!first_) out_ += ',';
    first_ = false;
    std::string text = visible(raw, Charset::unicode);
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin != std::string::npos && std::string_view("=+-@").find(text[begin]) != std::string_view::npos) {
      text.insert(0, 1, '\'');
    }
    const bool blank_ends = !text.empty() && (text.front() == ' ' || text.back() == ' ');
    if (text.find_first_of(",\"") == std::string::npos && !blank_ends) {
      out_ += text;
      return;
    }
    out_ += '"';
    for (const char c : text) out_.append(c == '"' ? 2 : 1, c);
    out_ += '"';
  }
  void number(std::uint64_t value) { cell(value == Place::kNone ? std::string() : std::to_string(value)); }
  // Event ids may be negative in damaged logs; digits alone are no formula.
  void signed_number(std::int64_t value) { digits(std::to_string(value)); }
  void digits(std::string_view text) {
    out_ += first_ ? "" : ",";
    first_ = false;
    out_ += text;
  }
  void end() { out_ += "\r\n"; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace tocsin::report
