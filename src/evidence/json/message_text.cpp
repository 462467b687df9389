#include "evidence/json/message_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace tocsin::evidence::json {
namespace {

// Longer ones are sentences that hold a colon.
constexpr std::size_t kMaxName = 64;

struct Line {
  std::string_view name, value;  // name empty: no "Name: value" line
  bool indented = false;
};

Line read_line(std::string_view line) {
  Line found;
  found.indented = line.starts_with('\t') || line.starts_with("  ");
  const std::string_view text = base::trim(line);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > kMaxName) return found;
  const bool ends = colon + 1 == text.size();
  if (!ends && text[colon + 1] != '\t' && text[colon + 1] != ' ') return found;
  found.name = text.substr(0, colon);
  found.value = base::trim(text.substr(colon + 1));
  return found;
}

// Writes members of the message's object; one value is under way, so that lines behind it can be added to it.
class MessageWriter {
 public:
  explicit MessageWriter(std::string& out) : json_(out) {}
  void begin(std::string_view message) {
    json_.begin_object();
    json_.member("#text", message);
  }
  void line(std::string_view text) {
    const Line line = read_line(text);
    const bool heading = !line.name.empty() && line.value.empty() && !line.indented;
    if (heading) {
      end_value();
      end_section();
      section_ = line.name;
    } else if (!line.name.empty()) {
      end_value();
      if (!line.indented) end_section();
      name_ = line.name;
      value_ = line.value;
    } else if (!name_.empty() && text.starts_with("\t\t")) {  // a list goes on: privileges, access rights
      value_ += '\n';
      value_ += base::trim(text);
    } else {
      end_value();
    }
  }
  void end() {
    end_value();
    end_section();
    json_.end_object();
  }

 private:
  void end_value() {
    if (name_.empty()) return;
    if (!section_.empty() && !open_) {
      json_.key(section_);
      json_.begin_object();
      open_ = true;
    }
    json_.member(name_, value_);
    name_.clear();
    value_.clear();
  }
  void end_section() {
    if (open_) json_.end_object();
    open_ = false;
    section_.clear();
  }
  base::JsonWriter json_;
  std::string section_, name_, value_;
  bool open_ = false;  // the section's object is begun
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The last number in `text`, which is cut off there.
std::optional<std::uint32_t> take_last_number(std::string_view& text) {
  while (!text.empty() && !is_digit(text.back())) text.remove_suffix(1);
  const std::size_t end = text.size();
  while (!text.empty() && is_digit(text.back())) text.remove_suffix(1);
  std::uint32_t number = 0;
  const char* const last = text.data() + end;
  const auto [stop, error] = std::from_chars(text.data() + text.size(), last, number);
  return error == std::errc() && stop == last ? std::optional(number) : std::nullopt;
}

// The last line of `text`, which is cut off with its line break.
std::string_view take_last_line(std::string_view& text) {
  const std::size_t feed = text.rfind('\n');
  std::string_view line = feed == std::string_view::npos ? text : text.substr(feed + 1);
  text = text.substr(0, feed == std::string_view::npos ? 0 : feed);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_guid(std::string_view text) {
  constexpr std::size_t kLength = 36;
  if (text.size() != kLength) return false;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = base::fold_ascii(text[i]);
    if (dash ? c != '-' : !is_digit(c) && (c < 'a' || c > 'f')) return false;
  }
  return true;
}

struct ScriptBlockParts {
  std::string_view number, total, text, id, path;
};

// The lines behind the script's text, from the end: its path, which older versions do not write, its id, a blank one.
bool take_end(std::string_view& rest, ScriptBlockParts& parts) {
  while (rest.ends_with('\n') || rest.ends_with('\r')) rest.remove_suffix(1);
  Line line = read_line(take_last_line(rest));
  if (!is_guid(line.value)) {
    if (line.name.empty()) return false;
    parts.path = line.value;
    line = read_line(take_last_line(rest));
  }
  parts.id = line.value;
  return is_guid(parts.id) && !rest.empty() && take_last_line(rest).empty();
}

std::optional<ScriptBlockParts> read_script_block(std::string_view message) {
  constexpr std::size_t kMaxFirstLine = 256;
  const std::size_t feed = message.find('\n');
  if (feed == std::string_view::npos || feed > kMaxFirstLine) return std::nullopt;
  ScriptBlockParts parts;
  const auto take = [](std::string_view& first, std::string_view& digits) {
    const std::string_view line = first.substr(0, first.find_last_of("0123456789") + 1);  // empty where there are none
    const auto number = take_last_number(first);
    if (number) digits = line.substr(first.size());
    return number;
  };
  std::string_view first = message.substr(0, feed);
  const auto total = take(first, parts.total), number = take(first, parts.number);
  if (!total || !number || *number < 1 || *number > *total) return std::nullopt;
  parts.text = message.substr(feed + 1);
  if (!take_end(parts.text, parts)) return std::nullopt;
  return parts;
}

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "Context:" at the beginning of a line, whatever the language, with a blank line before it.
bool is_heading(std::string_view line) {
  return line.size() > 1 && line.size() <= kMaxName && line.ends_with(':') && line.front() != ' ' &&
         line.front() != '\t';
}

struct ModuleLogParts {
  std::string_view payload, context, user_data;
};

// A heading's line, and the blank line before it.
struct Heading {
  std::size_t blank = 0, begin = 0, behind = 0;
};

// Headings of the message, in order; only the last few can be those of the frame.
std::vector<Heading> headings_of(std::string_view message) {
  constexpr std::size_t kMost = 64;
  std::vector<Heading> found;
  std::optional<std::size_t> blank;
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t feed = std::min(message.find('\n', at), message.size());
    const std::string_view line = without_return(message.substr(at, feed - at));
    if (blank && is_heading(line)) {
      if (found.size() >= kMost) found.erase(found.begin());
      found.push_back({*blank, at, std::min(feed + 1, message.size())});
    }
    blank = base::trim(line).empty() ? std::optional(at) : std::nullopt;
    at = feed + 1;
  }
  return found;
}

// Line breaks at both ends belong to the frame, not to the value.
std::string_view without_breaks(std::string_view text) {
  while (text.starts_with('\n') || text.starts_with('\r')) text.remove_prefix(1);
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// Between its two headings stand lines of "  Name = value".
std::optional<ModuleLogParts> read_module_log(std::string_view message) {
  const std::vector<Heading> headings = headings_of(message);
  for (std::size_t i = headings.size(); i-- > 1;) {
    const Heading &first = headings[i - 1], &second = headings[i];
    const std::string_view context = without_breaks(message.substr(first.behind, second.blank - first.behind));
    const std::string_view line = context.substr(0, context.find('\n'));
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    if (!indented || line.find(" = ") == std::string_view::npos) continue;
    return ModuleLogParts{without_breaks(message.substr(0, first.blank)), context,
                          without_breaks(message.substr(second.behind))};
  }
  return std::nullopt;
}

}  // namespace

bool append_module_log(std::string& out, std::string_view message) {
  const std::optional<ModuleLogParts> parts = read_module_log(message);
  if (!parts) return false;
  base::JsonWriter json(out);
  json.begin_object();
  json.member("#text", message);
  json.member("ContextInfo", parts->context);
  json.member("UserData", parts->user_data);
  json.member("Payload", parts->payload);
  json.end_object();
  return true;
}

bool append_script_block(std::string& out, std::string_view message) {
  const std::optional<ScriptBlockParts> parts = read_script_block(message);
  if (!parts) return false;
  base::JsonWriter json(out);
  json.begin_object();
  json.member("#text", message);
  json.member("MessageNumber", parts->number);
  json.member("MessageTotal", parts->total);
  json.member("ScriptBlockText", parts->text);
  json.member("ScriptBlockId", parts->id);
  json.member("Path", parts->path);
  json.end_object();
  return true;
}

void append_message(std::string& out, std::string_view message) {
  MessageWriter writer(out);
  writer.begin(message);
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t end = std::min(message.find('\n', at), message.size());
    std::string_view line = message.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    writer.line(line);
    at = end + 1;
  }
  writer.end();
}

}  // namespace tocsin::evidence::json
