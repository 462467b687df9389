#include "base/json_writer.hpp"

#include <charconv>

#include "base/text.hpp"

namespace tocsin::base {
namespace {

void append_escaped(std::string& out, unsigned char c) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out.push_back(kDigits[c >> 4]);
      out.push_back(kDigits[c & 15]);
  }
}

void append_valid(std::string& out, std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    append_escaped(out, c);
    plain = i + 1;
  }
  out.append(text, plain);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  if (is_ascii(text) || is_utf8(text)) {
    append_valid(out, text);
  } else {
    append_valid(out, visible_utf8(text));
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
