#include "report/json_text.hpp"

#include <algorithm>

namespace tocsin::report {
namespace {

constexpr std::size_t kDeepestIndent = 40;  // levels; hostile nesting must not make the text quadratic

// Offset behind the string that begins at `at`.
std::size_t behind_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return std::min(at + 1, json.size());
}

bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

std::string pretty_json(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  const auto new_line = [&] { (out += '\n').append(2 * std::min(depth, kDeepestIndent), ' '); };
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    if (c == '"') {
      const std::size_t end = behind_string(json, at);
      out += json.substr(at, end - at);
      at = end;
      continue;
    }
    ++at;
    if (is_blank(c)) continue;
    const bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
    if (closes && depth > 0) --depth;
    if (closes && !out.empty() && out.back() != '{' && out.back() != '[') new_line();
    out += c;
    if (opens) ++depth;
    while (at < json.size() && is_blank(json[at])) ++at;
    const bool stays_empty = opens && at < json.size() && (json[at] == '}' || json[at] == ']');
    if ((opens && !stays_empty) || c == ',') new_line();
    if (c == ':') out += ' ';
  }
  return out;
}

std::string_view json_member(std::string_view json, std::string_view key) {
  std::size_t depth = 0, begin = std::string_view::npos;
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    if (c == '"') {
      const std::size_t end = behind_string(json, at);
      const bool is_key = depth == 1 && end < json.size() && json[end] == ':' && end - at >= 2;
      if (is_key && begin == std::string_view::npos && json.substr(at + 1, end - at - 2) == key) begin = end + 1;
      at = end;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') depth -= depth > 0 ? 1 : 0;
    const bool ends = (c == ',' && depth == 1) || ((c == '}' || c == ']') && depth == 0);
    if (ends && begin != std::string_view::npos) return json.substr(begin, at - begin);
    ++at;
  }
  return {};
}

}  // namespace tocsin::report
