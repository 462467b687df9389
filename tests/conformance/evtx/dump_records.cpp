// Every record of EVTX files as JSON lines, straight from the reader, for comparison with other implementations:
//   dump_records [--fields] [--xml] [--carve] [--time] FILE...
// A line holds place and head, the event in JSON, with --fields all fields (read from slots), with --xml the XML.
// Anomalies are lines too. --time prints nothing but how long reading took, with --fields all fields decoded.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/cursor.hpp"
#include "base/json_writer.hpp"
#include "evidence/evtx/reader.hpp"

namespace tocsin {
namespace {

struct Options {
  bool fields = false, xml = false, carve = false, time = false;
};

class Lines : public evidence::EventSink {
 public:
  explicit Lines(const Options& options) : options_(options) {}

  bool on_event(const model::Event& event) override {
    ++events;
    if (options_.time) {
      if (options_.fields) event.each_field([](std::string_view, const model::Value&) {});
      return true;
    }
    line_.clear();
    base::JsonWriter writer(line_);
    writer.begin_object();
    write_head(writer, event.head());
    if (options_.fields) write_fields(writer, event);
    if (options_.xml) {
      text_.clear();
      event.append_xml(text_);
      writer.member("xml", text_);
    }
    writer.key("event");
    text_.clear();
    event.append_json(text_);
    writer.raw(text_);
    writer.end_object();
    std::cout << line_ << '\n';
    return true;
  }
  void on_anomaly(Anomaly anomaly) override {
    if (options_.time) return;
    line_.clear();
    base::JsonWriter writer(line_);
    writer.begin_object();
    writer.member("anomaly", anomaly.code);
    writer.member_uint("offset", anomaly.offset);
    writer.member_uint("skipped", anomaly.skipped);
    writer.member("message", anomaly.message);
    writer.end_object();
    std::cout << line_ << '\n';
  }
  std::uint64_t events = 0;

 private:
  static void write_head(base::JsonWriter& writer, const model::EventHead& head) {
    writer.member_uint("record", head.place.record);
    writer.member_uint("header_id", base::load_le<std::uint64_t>(head.raw, 8));
    writer.member_uint("chunk", head.place.chunk);
    writer.member_uint("offset", head.place.offset);
    writer.member_uint("length", head.place.length);
    writer.member("carved", head.place.carved);
    writer.member("channel", head.channel);
    writer.member("provider", head.provider);
    writer.member("computer", head.computer);
    if (head.event_id) writer.member_int("event_id", *head.event_id);
    if (head.time) writer.member("time", format_time(*head.time));
  }
  static void write_pair(base::JsonWriter& writer, std::string_view name, const model::Value& value) {
    static constexpr std::string_view kKinds[] = {"null", "string", "integer", "real", "boolean"};
    writer.begin_array();
    writer.string(name);
    writer.string(kKinds[static_cast<std::size_t>(value.kind)]);
    writer.string(value.text);
    writer.end_array();
  }
  static void write_fields(base::JsonWriter& writer, const model::Event& event) {
    writer.key("fields");
    writer.begin_array();
    event.each_field([&](std::string_view name, const model::Value& value) { write_pair(writer, name, value); });
    writer.end_array();
    writer.key("values");
    writer.begin_array();
    event.each_value([&](std::string_view path, const model::Value& value) { write_pair(writer, path, value); });
    writer.end_array();
  }

  Options options_;
  std::string line_, text_;
};

class Units : public evidence::UnitSink {
 public:
  Units(evidence::UnitReader& reader, Lines& lines) : reader_(reader), lines_(lines) {}
  bool on_unit(evidence::Unit unit) override {
    reader_.read(unit, lines_);
    return true;
  }
  void on_anomaly(Anomaly anomaly) override { lines_.on_anomaly(std::move(anomaly)); }

 private:
  evidence::UnitReader& reader_;
  Lines& lines_;
};

void read_file(const std::string& path, const Options& options) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const evidence::Reader& reader = evidence::evtx::evtx_reader();
  evidence::Sample sample;
  sample.head = as_bytes(bytes).first(std::min(bytes.size(), evidence::kSampleBytes));
  sample.whole = bytes.size() <= evidence::kSampleBytes;
  sample.path = path;
  evidence::ReadOptions read_options;
  read_options.carve = options.carve;
  Lines lines(options);
  if (!options.time) {
    std::string name;
    base::append_json_string(name, path);
    std::cout << "{\"file\":" << name << ",\"confidence\":" << reader.recognise(sample).confidence << "}\n";
  }
  const auto unit_reader = reader.make_unit_reader(read_options);
  Units units(*unit_reader, lines);
  const auto begin = std::chrono::steady_clock::now();
  const auto cutter = reader.make_cutter(sample, read_options);
  if (cutter->feed(as_bytes(bytes), units)) cutter->finish(units);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  if (options.time) {
    std::cout << path << ": " << lines.events << " events, " << bytes.size() << " bytes, " << took.count() << " s, "
              << static_cast<double>(bytes.size()) / 1e6 / took.count() << " MB/s\n";
  }
}

}  // namespace
}  // namespace tocsin

int main(int argc, char** argv) {
  tocsin::Options options;
  std::ios::sync_with_stdio(false);
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--fields") {
      options.fields = true;
    } else if (argument == "--xml") {
      options.xml = true;
    } else if (argument == "--carve") {
      options.carve = true;
    } else if (argument == "--time") {
      options.time = true;
    } else {
      tocsin::read_file(argument, options);
    }
  }
  return 0;
}
