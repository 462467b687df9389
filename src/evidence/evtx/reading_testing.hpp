// For tests: reads a whole EVTX file from memory and keeps what came out, as owned copies.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "tocsin/event.hpp"

#include "evidence/evtx/reader.hpp"
#include "model/field_table.hpp"

namespace tocsin::evidence::evtx::testing_reading {

struct SeenValue {
  std::string name;
  model::Value::Kind kind = model::Value::Kind::null;
  std::string text;
  bool operator==(const SeenValue&) const = default;
};

struct SeenEvent {
  std::string json, xml, raw;
  std::string channel, provider, computer;
  std::optional<std::int64_t> event_id;
  std::optional<Timestamp> time;
  Place place;
  std::vector<SeenValue> fields, values;

  [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
    std::vector<std::string> texts;
    for (const SeenValue& field : fields) {
      if (field.name == name) texts.push_back(field.text);
    }
    return texts;
  }
};

class Reading : public EventSink {
 public:
  std::vector<SeenEvent> events;
  std::vector<Anomaly> anomalies;

  bool on_event(const model::Event& event) override {
    SeenEvent seen;
    const model::EventHead& head = event.head();
    seen.channel = head.channel;
    seen.provider = head.provider;
    seen.computer = head.computer;
    seen.event_id = head.event_id;
    seen.time = head.time;
    seen.place = head.place;
    seen.raw = as_text(head.raw);
    event.append_json(seen.json);
    event.append_xml(seen.xml);
    const auto add = [](std::vector<SeenValue>& to) {
      return [&to](std::string_view name, const model::Value& value) {
        to.push_back({std::string(name), value.kind, std::string(value.text)});
      };
    };
    event.each_field(add(seen.fields));
    event.each_value(add(seen.values));
    events.push_back(std::move(seen));
    return true;
  }
  void on_anomaly(Anomaly anomaly) override { anomalies.push_back(std::move(anomaly)); }

  [[nodiscard]] std::vector<std::string> codes() const {
    std::vector<std::string> codes;
    for (const Anomaly& anomaly : anomalies) codes.push_back(anomaly.code);
    return codes;
  }
  [[nodiscard]] std::vector<std::uint64_t> records() const {
    std::vector<std::uint64_t> records;
    for (const SeenEvent& event : events) records.push_back(event.place.record);
    return records;
  }
};

class Units : public UnitSink {
 public:
  Units(UnitReader& reader, EventSink& sink) : reader_(reader), sink_(sink) {}
  bool on_unit(Unit unit) override {
    units.push_back({unit.offset, unit.number, 0, 0, unit.flags, {}});
    reader_.read(unit, sink_);
    return true;
  }
  void on_anomaly(Anomaly anomaly) override { sink_.on_anomaly(std::move(anomaly)); }
  std::vector<Unit> units;  // without their bytes

 private:
  UnitReader& reader_;
  EventSink& sink_;
};

inline void read_into(EventSink& sink, std::string_view file, const ReadOptions& options = {},
                      std::size_t block = std::size_t{1} << 20) {
  const auto unit_reader = evtx_reader().make_unit_reader(options);
  Units units(*unit_reader, sink);
  const auto cutter = evtx_reader().make_cutter({}, options);
  for (std::size_t at = 0; at < file.size(); at += block) {
    if (!cutter->feed(as_bytes(file.substr(at, block)), units)) return;
  }
  cutter->finish(units);
}

inline Reading read_file(std::string_view file, bool carve = false, std::size_t block = std::size_t{1} << 20) {
  Reading reading;
  ReadOptions options;
  options.carve = carve;
  read_into(reading, file, options, block);
  return reading;
}

}  // namespace tocsin::evidence::evtx::testing_reading
