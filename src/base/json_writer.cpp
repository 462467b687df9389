#include "base/json_writer.hpp"

#include <array>
#include <charconv>

#include "base/json_escape.hpp"
#include "base/text.hpp"

namespace tocsin::base {

namespace {

// How many bytes at the beginning are whole sequences beyond ASCII.
std::size_t beyond_ascii(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

// One character that cannot stand in a string as it is: to be escaped, or a byte that is no text (visible_utf8).
void append_special(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80) {
    out += '\\';  // visible_utf8 begins with a backslash, which takes two
    out += visible_utf8({&c, 1});
    return;
  }
  std::array<char, kLongestEscape> escaped{};
  out.append(escaped.data(), put_json_escape(byte, escaped.data()));
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    std::size_t good = plain_json_prefix(text);
    good += beyond_ascii(text.substr(good));
    out.append(text, 0, good);
    text.remove_prefix(good);
    if (good > 0 || text.empty()) continue;
    append_special(out, text.front());
    text.remove_prefix(1);
  }
  out.push_back('"');
}

void JsonWriter::open(char c) {
  before_value();
  out_.push_back(c);
  comma_ = false;
}
void JsonWriter::close(char c) {
  out_.push_back(c);
  comma_ = true;
}
void JsonWriter::before_value() {
  if (comma_) out_.push_back(',');
  comma_ = true;
}
void JsonWriter::key(std::string_view name) {
  before_value();
  append_json_string(out_, name);
  out_.push_back(':');
  comma_ = false;
}
void JsonWriter::string(std::string_view text) {
  before_value();
  append_json_string(out_, text);
}
void JsonWriter::integer(std::int64_t value) {
  before_value();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}
void JsonWriter::unsigned_integer(std::uint64_t value) {
  before_value();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}
void JsonWriter::boolean(bool value) {
  raw(value ? "true" : "false");
}
void JsonWriter::null() {
  raw("null");
}
void JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
}

}  // namespace tocsin::base
