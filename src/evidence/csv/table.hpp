// Rows of separated values (RFC 4180), as exports write them: quoted fields may hold separators and line breaks, a
// quote in them is doubled. Separators are a comma, a semicolon or a tab.
//
// Pure functions and one small scanner; positions are of the text given. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::evidence::csv {

// A larger row is refused. Messages of Windows events stay below 32 KiB, EvtxECmd's payloads below 1 MiB.
inline constexpr std::size_t kMaxRowBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxColumns = 4096;

// Finds where rows end in text that arrives in pieces. Every byte is looked at once, after damage once more.
class RowScanner {
 public:
  enum class Status : std::uint8_t {
    more,       // the text ended first
    row,        // [begin, end) is a row, without its line end; `next` is behind that
    damaged,    // [begin, end) has a quote that ends nowhere, or in the middle of a later row, which begins at `next`
    too_large,  // [begin, end) is the beginning of a row over the limit; `next` is where a row may begin
  };
  explicit RowScanner(char separator) : separator_(separator) {}
  [[nodiscard]] Status next(std::string_view text, bool last);
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return end_; }
  [[nodiscard]] std::size_t next_row() const { return next_; }
  // The first `count` bytes of the text are gone; count <= begin of the row under way.
  void cut_front(std::size_t count);

 private:
  enum class State : std::uint8_t { field_start, plain, quoted, quote };
  bool step(std::string_view text, bool last, Status& status);
  Status finish(Status status, std::size_t end, std::size_t next);
  char separator_;
  State state_ = State::field_start;
  std::size_t begin_ = 0, end_ = 0, next_ = 0, at_ = 0;
  std::size_t line_ = 0;  // where the line begins that at_ is on
};

// The fields of one row; a quoted field's text is without its quotes. Reuses the strings of `fields`. Returns how many.
[[nodiscard]] std::size_t split_row(std::string_view row, char separator, std::vector<std::string>& fields);

// What a table begins with.
struct Header {
  char separator = 0;                        // 0: this is no table
  std::size_t begin = 0, end = 0, next = 0;  // of the header row
  std::vector<std::string> columns;          // see name_message
};
// Event Viewer gives the message, behind all other columns, no name: where `columns` are its own, "Message" is added
// (or put in the place of an empty name). True: so it was, and rows may lack that column.
[[nodiscard]] bool name_message(std::vector<std::string>& columns);
// Passes over a line `#TYPE ...` (Export-Csv of PowerShell 5) and blank lines, and takes the separator that gives most
// columns; at least three, their names different and not empty but for one.
[[nodiscard]] Header read_header(std::string_view text, bool last);

// {"column":"value",...} of one row; empty fields are left out.
void append_json(std::string& out, const std::vector<std::string>& columns, const std::vector<std::string>& fields);

}  // namespace tocsin::evidence::csv
