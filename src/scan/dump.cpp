#include "scan/dump.hpp"

#include <utility>

#include "base/json_writer.hpp"
#include "scan/reading.hpp"

namespace tocsin::scanning {
namespace {

struct DumpUnit final : ReadingUnit {
  std::string text;
  std::uint64_t without_xml = 0;
};

void append_place(std::string& out, const SourceContext& source, const model::EventHead& head) {
  base::JsonWriter json(out);
  const Place& place = head.place;
  json.begin_object();
  json.member("source", source.path);
  if (!source.container.empty()) json.member("container", source.container);
  json.member("kind", to_string(place.kind));
  if (place.record != Place::kNone) json.member_uint("record", place.record);
  if (place.chunk != Place::kNone) json.member_uint("chunk", place.chunk);
  if (place.line != Place::kNone) json.member_uint("line", place.line);
  json.member_uint("offset", place.offset);
  json.member_uint("length", place.length);
  if (place.carved) json.member("carved", true);
  json.end_object();
}

// The event's own object with `_tocsin` behind its members.
void append_json_line(std::string& out, const SourceContext& source, const model::Event& event) {
  const std::size_t begin = out.size();
  event.append_json(out);
  if (out.size() == begin || out.back() != '}') return;
  out.pop_back();
  if (out.back() != '{') out.push_back(',');
  out += "\"_tocsin\":";
  append_place(out, source, event.head());
  out += "}\n";
}

class DumpWorker final : public ReadingWorker {
 public:
  explicit DumpWorker(const DumpOptions& options) : ReadingWorker(options.evidence), format_(options.format) {}

 private:
  std::unique_ptr<ReadingUnit> make_unit(const SourceContext& source, const evidence::Unit&) override {
    source_ = &source;
    auto unit = std::make_unique<DumpUnit>();
    unit_ = unit.get();
    return unit;
  }
  void look_at(const model::Event& event, bool wanted) override {
    if (!wanted) return;
    if (format_ == DumpFormat::json) return append_json_line(unit_->text, *source_, event);
    const std::size_t begin = unit_->text.size();
    event.append_xml(unit_->text);
    if (unit_->text.size() > begin) {
      unit_->text.push_back('\n');
    } else {
      ++unit_->without_xml;
    }
  }

  DumpFormat format_;
  const SourceContext* source_ = nullptr;
  DumpUnit* unit_ = nullptr;
};

class DumpCollector final : public ReadingCollector {
 public:
  explicit DumpCollector(ByteSink& out) : out_(out) {}
  [[nodiscard]] std::uint64_t without_xml() const { return without_xml_; }

 private:
  Result<void> take(const SourceContext&, ReadingUnit& unit) override {
    const auto& dumped = static_cast<const DumpUnit&>(unit);
    without_xml_ += dumped.without_xml;
    return out_.write(dumped.text);
  }

  ByteSink& out_;
  std::uint64_t without_xml_ = 0;
};

}  // namespace

Result<DumpResult> run_dump(const DumpOptions& options, const evidence::ShapeSet* shapes, ByteSink& out,
                            ProgressSink* progress) {
  DumpCollector collector(out);
  ReadingInputs inputs;
  inputs.evidence = &options.evidence;
  inputs.shapes = shapes;
  inputs.stop = options.stop;
  inputs.progress = progress;
  DumpResult result;
  TOCSIN_CHECK(run_reading(inputs, [&] { return std::make_unique<DumpWorker>(options); }, collector, result));
  TOCSIN_CHECK(out.flush());
  result.without_xml = collector.without_xml();
  return result;
}

}  // namespace tocsin::scanning
