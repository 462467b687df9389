#include "bench/fleet/fleet_event.hpp"

#include <charconv>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "tests/makers/json_lines.hpp"

namespace tocsin::bench {
namespace {

using makers::SlotValue;
using makers::ValueType;

// Slots of the outer template's values (event_templates.cpp: system_values).
constexpr std::size_t kTimeSlot = 6, kThreadSlot = 9, kRecordSlot = 10;

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void put_number(std::string& bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>((number >> (8 * i)) & 0xFF);
}

std::uint64_t read_number(std::string_view text) {
  const int base = text.starts_with("0x") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, base);
  return number;
}

// The stored bytes of a value, from its text, which is ASCII.
void store(makers::Value& value, std::string_view text) {
  switch (value.base_type()) {
    case ValueType::string:
      value.bytes.clear();
      for (const char c : text) {
        value.bytes += c;
        value.bytes += '\0';
      }
      break;
    case ValueType::guid: {
      const auto guid = makers::parse_guid(text);
      if (guid) value.bytes.assign(reinterpret_cast<const char*>(guid->data()), guid->size());
      break;
    }
    case ValueType::sid:
      value.bytes = makers::value::sid(text).bytes;
      break;
    default:
      put_number(value.bytes, read_number(text));
  }
}

bool can_store(const makers::Value& value) {
  switch (value.base_type()) {
    case ValueType::string:
    case ValueType::guid:
    case ValueType::sid:
    case ValueType::u16:
    case ValueType::u32:
    case ValueType::u64:
    case ValueType::hex32:
    case ValueType::hex64:
      return !value.is_array();
    default:
      return false;
  }
}

// The line's parts around record number, data and time; a spec without data has nothing between the last two.
std::pair<std::string, std::string> json_parts(makers::EventSpec spec) {
  spec.data.clear();
  spec.user_data.clear();
  spec.record_id = 0;
  const std::string line = makers::flat_json(spec);
  const std::string_view number = R"("RecordNumber":0,)";
  const std::size_t at = line.find(number);
  const std::size_t end = line.find(R"("Message":)");
  const std::size_t begin = line.find(R"("Hostname")");  // before it stands EventTime, written anew for each event
  return {line.substr(begin, at - begin), line.substr(at + number.size(), end - at - number.size())};
}

}  // namespace

FleetEvent::FleetEvent(const makers::EventSpec& spec, makers::EventTemplates& templates, bool planted)
    : channel_(spec.channel), body_(templates.build(spec, {})), planted_(planted) {
  std::tie(json_head_, json_middle_) = json_parts(spec);
  std::vector<makers::Fragment>& nested = outer().values.back().fragment;
  if (nested.empty() || nested.front().instances.empty()) return;
  payload_ = &nested.front().instances.front().values;
  for (std::size_t i = 0; i < spec.data.size(); ++i) {
    const makers::DataItem& item = spec.data[i];
    Text text;
    append_quoted(text.name, item.name.empty() ? fmt::format("Data{}", i + 1) : item.name);
    append_quoted(text.text,
                  item.value.is_array() ? fmt::format("{}", fmt::join(item.value.items, ", ")) : item.value.text);
    texts_.push_back(std::move(text));
    const auto source = source_of(item.name);
    if (source && can_store(item.value)) fields_.push_back({*source, i});
  }
}

void FleetEvent::set(std::size_t index, std::string_view text) {
  store((*payload_)[index].value, text);
  texts_[index].text.clear();
  append_quoted(texts_[index].text, text);
}

void FleetEvent::next(std::uint64_t record_id, Timestamp time, makers::Random& random) {
  record_id_ = record_id;
  time_ = time;
  std::vector<SlotValue>& system = outer().values;
  put_number(system[kRecordSlot].value.bytes, record_id);
  put_number(system[kTimeSlot].value.bytes, static_cast<std::uint64_t>(time.ticks));
  put_number(system[kThreadSlot].value.bytes, 4 * (1 + random.next() % 4000));
  for (const Field& field : fields_) {
    scratch_.clear();
    append_fresh(scratch_, field.source, time, random);
    if (planted_ && field.source == Source::command_line) scratch_.append(" ").append(kPlantedMark);
    set(field.index, scratch_);
  }
}

void FleetEvent::append_json(std::string& out) const {
  std::string time = format_time(time_);
  const std::string milliseconds = time.substr(0, 23);
  time.resize(19);
  time[10] = ' ';
  out += R"({"EventTime":")";
  out += time;
  out += "\",";
  out += json_head_;
  out += R"("RecordNumber":)";
  out += fmt::format_int(record_id_).c_str();
  out += ',';
  out += json_middle_;
  for (const Text& text : texts_) {
    out += text.name;
    out += ':';
    out += text.text;
    out += ',';
  }
  out += R"("SourceModuleName":"eventlog","SourceModuleType":"im_msvistalog","@timestamp":")";
  out += milliseconds;
  out += "Z\"}\n";
}

}  // namespace tocsin::bench
