// Reads bytes with a reader and asks each event for all that it can give. For fuzz targets and their tests.
#pragma once

#include <cstdlib>
#include <string>

#include "tocsin/bytes.hpp"

#include "evidence/reader.hpp"
#include "model/field_table.hpp"

namespace tocsin::fuzz {

class AskAll : public evidence::EventSink {
 public:
  explicit AskAll(model::FieldTable& fields) : fields_(fields) {}
  bool on_event(const model::Event& event) override {
    text_.clear();
    event.append_json(text_);
    event.append_xml(text_);
    std::size_t sum = text_.size();
    event.each_value([&](std::string_view path, const model::Value& value) { sum += path.size() + value.text.size(); });
    event.each_field([&](std::string_view name, const model::Value& value) { sum += name.size() + value.text.size(); });
    for (model::FieldId id = 0; id < fields_.size(); ++id) {
      for (const model::Value& value : event.get(id)) sum += value.text.size();
      sum += event.event_field(id).size();
    }
    // Every byte of what was handed out is touched, so that a sanitizer sees a view into freed memory.
    for (const char c : text_) sum += static_cast<unsigned char>(c);
    if (sum == 0) std::abort();  // an event without any text cannot be
    return true;
  }
  void on_anomaly(Anomaly anomaly) override { anomalies_ += anomaly.message.size(); }

 private:
  model::FieldTable& fields_;
  std::string text_;
  std::size_t anomalies_ = 0;
};

class ReadUnits : public evidence::UnitSink {
 public:
  ReadUnits(evidence::UnitReader& reader, AskAll& sink) : reader_(reader), sink_(sink) {}
  bool on_unit(evidence::Unit unit) override {
    reader_.read(unit, sink_);
    return true;
  }
  void on_anomaly(Anomaly anomaly) override { sink_.on_anomaly(std::move(anomaly)); }

 private:
  evidence::UnitReader& reader_;
  AskAll& sink_;
};

inline void read_everything(const evidence::Reader& reader, ByteView bytes, bool carve) {
  model::FieldTable fields;
  for (const char* name : {"EventID", "Channel", "Provider_Name", "Level", "Data", "CommandLine", "Image", "Message",
                           "TimeCreated_SystemTime", "Security_UserID", "param1", "Binary"}) {
    fields.intern(name);
  }
  evidence::Sample sample;
  sample.head = bytes.first(std::min(bytes.size(), evidence::kSampleBytes));
  sample.whole = bytes.size() <= evidence::kSampleBytes;
  evidence::ReadOptions options;
  options.fields = &fields;
  options.carve = carve;
  AskAll sink(fields);
  const auto unit_reader = reader.make_unit_reader(options);
  ReadUnits units(*unit_reader, sink);
  const auto cutter = reader.make_cutter(sample, options);
  if (cutter->feed(bytes, units)) cutter->finish(units);
}

}  // namespace tocsin::fuzz
