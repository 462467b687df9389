// For tests and fuzzing: reads a text with a reader (JSON, XML, CSV), in blocks of any size, and keeps what came out.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evidence/json/json_reader.hpp"
#include "evidence/json/shape.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::json_testing {

struct SeenEvent {
  std::string shape, product, category, service, channel, provider, computer, raw, json, xml;
  std::optional<std::int64_t> event_id;
  std::optional<Timestamp> time;
  Place place;
  std::vector<std::vector<std::pair<model::Value::Kind, std::string>>> fields;  // by field id
  std::vector<std::string> field_paths;                                         // by field id
  std::vector<std::pair<std::string, std::string>> values, names;               // each_value, each_field
  bool operator==(const SeenEvent&) const = default;
};

struct Seen {
  std::string format;
  std::vector<SeenEvent> events;
  std::vector<Anomaly> anomalies;
  std::size_t units = 0;
};

class Collector final : public EventSink, public UnitSink {
 public:
  Collector(const ReadOptions& options, bool deep, UnitReader& reader)
      : options_(options), deep_(deep), reader_(reader) {}
  void on_anomaly(Anomaly anomaly) override { seen.anomalies.push_back(std::move(anomaly)); }
  bool on_unit(Unit unit) override {
    ++seen.units;
    reader_.read(unit, *this);
    return true;
  }
  bool on_event(const model::Event& event) override {
    const model::EventHead& head = event.head();
    SeenEvent one;
    one.shape = head.shape, one.product = head.product, one.category = head.category, one.service = head.service;
    one.channel = head.channel, one.provider = head.provider, one.computer = head.computer;
    one.event_id = head.event_id, one.time = head.time, one.place = head.place, one.raw = as_text(head.raw);
    const std::size_t count = options_.fields != nullptr ? options_.fields->size() : 0;
    for (model::FieldId field = 0; field < count; ++field) {
      auto& values = one.fields.emplace_back();
      for (const model::Value& value : event.get(field)) values.emplace_back(value.kind, value.text);
      if (deep_) one.field_paths.push_back(event.event_field(field));
    }
    if (deep_) {
      event.append_json(one.json);
      event.append_xml(one.xml);
      const auto keep = [](auto& list) {
        return [&list](std::string_view name, const model::Value& value) {
          list.emplace_back(std::string(name), std::string(value.text));
        };
      };
      event.each_value(keep(one.values));
      event.each_field(keep(one.names));
    }
    seen.events.push_back(std::move(one));
    return true;
  }
  Seen seen;

 private:
  const ReadOptions& options_;
  bool deep_;
  UnitReader& reader_;
};

// `deep`: also asks for everything that is found by a second look. `unit_reader`: null: a new one.
inline Seen read_with(const Reader& reader, std::string_view text, const ReadOptions& options = {},
                      std::size_t block = 4096, bool deep = true, UnitReader* unit_reader = nullptr) {
  Sample sample;
  sample.head = as_bytes(text.substr(0, kSampleBytes));
  sample.whole = text.size() <= kSampleBytes;
  const Recognition found = reader.recognise(sample);
  std::unique_ptr<UnitReader> own;
  if (unit_reader == nullptr) own = reader.make_unit_reader(options);
  Collector collector(options, deep, unit_reader == nullptr ? *own : *unit_reader);
  collector.seen.format = found.format;
  if (found.confidence == 0) return std::move(collector.seen);
  const auto cutter = reader.make_cutter(sample, options);
  for (std::size_t at = 0; at < text.size(); at += block) {
    (void)cutter->feed(as_bytes(text.substr(at, block)), collector);
  }
  cutter->finish(collector);
  return std::move(collector.seen);
}
inline Seen read_json(std::string_view text, const ReadOptions& options = {}, std::size_t block = 4096,
                      bool deep = true, UnitReader* unit_reader = nullptr) {
  return read_with(json_reader(), text, options, block, deep, unit_reader);
}

using Values = std::vector<std::pair<model::Value::Kind, std::string>>;

// A field table and options that use it.
struct JsonFixture {
  JsonFixture() { options.fields = &fields; }
  Values get(const SeenEvent& event, std::string_view name) { return event.fields[*fields.find(name)]; }
  // The texts of a field's values.
  std::vector<std::string> texts(const SeenEvent& event, std::string_view name) {
    std::vector<std::string> all;
    for (const auto& [kind, text] : get(event, name)) all.push_back(text);
    return all;
  }
  void want(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) fields.intern(name);
  }
  model::FieldTable fields;
  ReadOptions options;
};

inline std::vector<std::string> codes(const Seen& seen) {
  std::vector<std::string> all;
  for (const Anomaly& anomaly : seen.anomalies) all.push_back(anomaly.code);
  return all;
}
inline std::vector<std::string> raws(const Seen& seen) {
  std::vector<std::string> all;
  for (const SeenEvent& event : seen.events) all.push_back(event.raw);
  return all;
}

}  // namespace tocsin::evidence::json_testing
