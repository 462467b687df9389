#include "evidence/json/message_text.hpp"

#include <algorithm>

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

}  // namespace

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
