// A streaming JSON writer (RFC 8259) onto a string: keys in the order given, no blanks, no locale, no allocation of its
// own. Bytes that are not UTF-8 are written as visible text "\\xHH" (see text.hpp), control characters escaped, and
// U+2028, U+2029 left raw: split lines on LF only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::base {

void append_json_string(std::string& out, std::string_view text);  // with the quotes

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);
  void string(std::string_view text);
  void integer(std::int64_t value);
  void unsigned_integer(std::uint64_t value);
  void boolean(bool value);
  void null();
  void raw(std::string_view json);  // REQUIRES: one whole JSON value

  void member(std::string_view name, std::string_view text) { key(name), string(text); }
  void member(std::string_view name, const char* text) { key(name), string(text); }
  void member(std::string_view name, bool value) { key(name), boolean(value); }
  void member_int(std::string_view name, std::int64_t value) { key(name), integer(value); }
  void member_uint(std::string_view name, std::uint64_t value) { key(name), unsigned_integer(value); }

 private:
  void open(char c);
  void close(char c);
  void before_value();
  std::string& out_;
  bool comma_ = false;
};

}  // namespace tocsin::base
