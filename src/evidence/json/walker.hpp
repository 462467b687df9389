// The checking walk over one JSON value: every byte is looked at, whether or not anybody wants it (RFC 8259).
//
// A handler is told what is met, in document order:
//   void begin(bool object, std::size_t at);              // '{' or '['
//   void end(bool object, std::size_t at);                // behind '}' or ']'
//   void key(const Token& token);
// and may say which key it expects next, with the quote behind it, printable and without escapes:
//   std::string_view expected() const;                    // empty: none
//   void expected_key(const Token& token);                // instead of key, where it is there
//   void scalar(const Token& token);
// No recursion: containers are bits on a fixed stack. One thread at a time; holds no memory of its own.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "evidence/json/lex.hpp"

namespace tocsin::evidence::json {

// Real events nest below 20; Elasticsearch itself stops at 20 to 1,000.
inline constexpr std::size_t kMaxDepth = 512;

struct Token {
  enum class Type : std::uint8_t { string, integer, real, boolean, null };
  Type type = Type::null;
  bool escaped = false;   // strings only
  std::size_t begin = 0;  // strings: behind the opening quote
  std::size_t end = 0;    // strings: of the closing quote
};

// Why a value cannot be read. `at` is where, `expected` what the grammar wants there.
struct Fault {
  enum class Code : std::uint8_t { none, syntax, too_deep, truncated };
  Code code = Code::none;
  std::size_t at = 0;
  const char* expected = "";
};

template <class Handler>
class Walker {
 public:
  Walker(std::string_view text, Handler& handler, Leniency& leniency)
      : text_(text), handler_(handler), leniency_(leniency) {}

  // Walks the value that begins at `at` (blanks before it are skipped). Returns the index behind it; on a fault, where.
  std::size_t walk(std::size_t at) {
    at_ = skip_blanks(text_, at);
    for (bool value = true; fault_.code == Fault::Code::none;) {
      if (value) {
        value = step_value();
      } else if (depth_ == 0) {
        return at_;
      } else {
        value = step_after();
      }
    }
    return at_;
  }
  [[nodiscard]] const Fault& fault() const { return fault_; }

 private:
  // Reads a scalar, or opens a container. True: a value comes next.
  bool step_value() {
    if (at_ >= text_.size()) return fail("a value", at_);
    const char c = text_[at_];
    switch (c) {
      case '{':
      case '[':
        return open(c == '{');
      case '"': {
        Token token;
        if (string(token)) handler_.scalar(token);
        return false;
      }
      case 't':
        return word("true", Token::Type::boolean);
      case 'f':
        return word("false", Token::Type::boolean);
      case 'n':
        return word("null", Token::Type::null);
      default:
        return number();
    }
  }
  bool open(bool object) {
    if (depth_ == kMaxDepth) {
      fault_ = {Fault::Code::too_deep, at_, "at most 512 levels of nesting"};
      return false;
    }
    objects_[depth_++] = object;
    handler_.begin(object, at_);
    at_ = skip_blanks(text_, at_ + 1);
    if (at_ < text_.size() && text_[at_] == (object ? '}' : ']')) return close();
    return !object || key("a string or '}'");
  }
  bool close() {
    const bool object = objects_[--depth_];
    handler_.end(object, ++at_);
    return false;
  }
  // Behind a value inside a container: ',' or the end. True: a value comes next.
  bool step_after() {
    const bool object = objects_[depth_ - 1];
    at_ = skip_blanks(text_, at_);
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == ',') {
      at_ = skip_blanks(text_, at_ + 1);
      return !object || key("a string");
    }
    if (c == (object ? '}' : ']')) return close();
    return fail(object ? "',' or '}'" : "',' or ']'", at_);
  }
  // A key and its colon. True: its value comes next.
  bool key(const char* expected) {
    if (at_ >= text_.size() || text_[at_] != '"') return fail(expected, at_);
    if (!expected_key()) {
      Token token;
      if (!string(token)) return false;
      handler_.key(token);
    }
    at_ = skip_blanks(text_, at_);
    if (at_ >= text_.size() || text_[at_] != ':') return fail("':'", at_);
    at_ = skip_blanks(text_, at_ + 1);
    return true;
  }
  bool expected_key() {
    if constexpr (requires { handler_.expected(); }) {
      const std::string_view key = handler_.expected();
      if (key.empty() || text_.compare(at_ + 1, key.size(), key) != 0) return false;
      handler_.expected_key({Token::Type::string, false, at_ + 1, at_ + key.size()});
      at_ += key.size() + 1;
      return true;
    }
    return false;
  }
  bool string(Token& token) {
    const StringScan scan = scan_string(text_, at_ + 1);
    if (!scan.closed) return fail("a closing '\"'", text_.size());
    if (needs_check(scan)) check_string(text_, at_ + 1, scan, leniency_);
    token = {Token::Type::string, scan.escaped, at_ + 1, scan.end};
    at_ = scan.end + 1;
    return true;
  }
  bool word(std::string_view expected, Token::Type type) {
    if (text_.substr(at_, expected.size()) != expected) {
      const bool cut = expected.starts_with(text_.substr(at_));
      return fail("true, false or null", cut ? text_.size() : at_);
    }
    handler_.scalar({type, false, at_, at_ + expected.size()});
    at_ += expected.size();
    return false;
  }
  bool number() {
    const NumberScan scan = scan_number(text_, at_);
    if (!scan.ok) return fail(scan.end == at_ ? "a value" : "a digit", scan.end);
    handler_.scalar({scan.integer ? Token::Type::integer : Token::Type::real, false, at_, scan.end});
    at_ = scan.end;
    return false;
  }
  bool fail(const char* expected, std::size_t at) {
    at_ = at;
    fault_ = {at >= text_.size() ? Fault::Code::truncated : Fault::Code::syntax, at, expected};
    return false;
  }

  std::string_view text_;
  Handler& handler_;
  Leniency& leniency_;
  Fault fault_;
  std::size_t at_ = 0, depth_ = 0;
  std::bitset<kMaxDepth> objects_;
};

// Hears everything and does nothing: for checking alone.
struct NullHandler {
  void begin(bool, std::size_t) {}
  void end(bool, std::size_t) {}
  void key(const Token&) {}
  void scalar(const Token&) {}
};

}  // namespace tocsin::evidence::json
