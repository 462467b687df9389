#include "tests/makers/event_xml.hpp"

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "tests/makers/plain_event.hpp"

namespace tocsin::makers {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\'':
        out += "&apos;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string element(std::string_view name, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>", name, escaped(text));
}

std::string attribute(std::string_view name, std::string_view text) {
  return text.empty() ? std::string() : fmt::format(" {}='{}'", name, escaped(text));
}

std::string guid(const std::string& text) {
  return text.empty() ? text : value::guid(text).text;
}

std::string system_of(const EventSpec& spec) {
  std::string out = "<System><Provider" + attribute("Name", spec.provider) +
                    attribute("Guid", guid(spec.provider_guid)) + attribute("EventSourceName", spec.event_source_name) +
                    "/>";
  out += "<EventID" + (spec.qualifiers ? attribute("Qualifiers", fmt::format("{}", *spec.qualifiers)) : "") + ">" +
         fmt::format("{}</EventID>", spec.event_id);
  out += element("Version", fmt::format("{}", spec.version)) + element("Level", fmt::format("{}", spec.level)) +
         element("Task", fmt::format("{}", spec.task)) + element("Opcode", fmt::format("{}", spec.opcode)) +
         element("Keywords", fmt::format("0x{:x}", spec.keywords));
  out += "<TimeCreated" + attribute("SystemTime", format_time(spec.time)) + "/>";
  out += element("EventRecordID", fmt::format("{}", spec.record_id));
  out += "<Correlation" + attribute("ActivityID", guid(spec.activity_id)) +
         attribute("RelatedActivityID", guid(spec.related_activity_id)) + "/>";
  out += "<Execution" + attribute("ProcessID", fmt::format("{}", spec.process_id)) +
         attribute("ThreadID", fmt::format("{}", spec.thread_id)) + "/>";
  out += element("Channel", spec.channel) + element("Computer", spec.computer);
  return out + "<Security" + attribute("UserID", spec.user_sid) + "/></System>";
}

std::string data_of(const EventSpec& spec) {
  if (spec.data_element.empty()) return {};
  if (spec.data.empty() && !spec.binary) return "<" + spec.data_element + "/>";
  std::string out = "<" + spec.data_element + ">";
  for (const DataItem& item : spec.data) {
    const std::vector<std::string> texts = item.value.is_array() ? item.value.items : std::vector{item.value.text};
    for (const std::string& text : texts) {
      const std::string open = "<Data" + attribute("Name", item.name);
      out += text.empty() ? open + "></Data>" : open + ">" + escaped(text) + "</Data>";
    }
  }
  if (spec.binary) out += element("Binary", value::binary(*spec.binary).text);
  return out + "</" + spec.data_element + ">";
}

std::string user_data_of(const UserElement& user) {
  std::string out = "<" + user.name;
  for (const auto& [name, value] : user.attributes) out += attribute(name, value.text);
  out += ">";
  if (user.value) out += escaped(user.value->text);
  for (const UserElement& child : user.children) out += user_data_of(child);
  return out + "</" + user.name + ">";
}

std::string rendering_of(const Rendering& rendering) {
  std::string out = "<RenderingInfo" + attribute("Culture", rendering.culture) + ">";
  out += element("Message", rendering.message) + element("Level", rendering.level) + element("Task", rendering.task) +
         element("Opcode", rendering.opcode) + element("Channel", rendering.channel) +
         element("Provider", rendering.provider) + "<Keywords>";
  for (const std::string& keyword : rendering.keywords) out += element("Keyword", keyword);
  return out + "</Keywords></RenderingInfo>";
}

}  // namespace

std::string event_xml(const EventSpec& spec) {
  std::string out = "<Event" + attribute("xmlns", kEventNamespace) + ">" + system_of(spec);
  if (!spec.user_data.empty()) {
    out += "<UserData>";
    for (const UserElement& user : spec.user_data) out += user_data_of(user);
    out += "</UserData>";
  } else if (spec.binary_event_data) {
    out += element("BinaryEventData", value::binary(*spec.binary_event_data).text);
  } else {
    out += data_of(spec);
  }
  if (spec.rendering) out += rendering_of(*spec.rendering);
  return out + "</Event>";
}

std::string wevtutil_xml(const std::vector<EventSpec>& specs) {
  std::string out;
  for (const EventSpec& spec : specs) out += event_xml(spec) + "\r\n";
  return out;
}

std::string event_viewer_xml(const std::vector<EventSpec>& specs) {
  std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>";
  for (const EventSpec& spec : specs) out += event_xml(spec);
  return out + "</Events>\r\n";
}

std::string utf16(const std::string& text, bool big_endian) {
  std::string out = big_endian ? "\xFE\xFF" : "\xFF\xFE";
  const auto put = [&](char32_t unit) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    out.push_back(big_endian ? high : low);
    out.push_back(big_endian ? low : high);
  };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = base::next_code_point(text, at);
    if (c < 0x10000) {
      put(c);
    } else {
      put(0xD800 + ((c - 0x10000) >> 10));
      put(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return out;
}

std::string splunk_raw_json(const EventSpec& spec) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object();
  json.member("preview", false);
  json.key("result");
  json.begin_object();
  json.member("_raw", event_xml(spec));
  json.member("_time", format_time(spec.time).substr(0, 23) + "+0000");
  json.member("host", spec.computer);
  json.member("source", "XmlWinEventLog:" + spec.channel);
  json.member("sourcetype", "XmlWinEventLog");
  json.end_object();
  json.end_object();
  return out;
}

}  // namespace tocsin::makers
