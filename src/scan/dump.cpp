#include "scan/dump.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/json_writer.hpp"
#include "scan/reading.hpp"

namespace tocsin::scanning {
namespace {

struct DumpUnit final : ReadingUnit {
  std::string text;
  std::uint64_t without_xml = 0;
};

// What all places of a source begin with, as JSON up to the kind's name.
std::string place_prefix(const SourceContext& source) {
  std::string out = "\"_tocsin\":{\"source\":";
  base::append_json_string(out, source.path);
  if (!source.container.empty()) {
    out += ",\"container\":";
    base::append_json_string(out, source.container);
  }
  return out += ",\"kind\":\"";
}

// Short texts and numbers, put together on the stack.
class Tail {
 public:
  void text(std::string_view text) {
    std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
  }
  void member(std::string_view key, std::uint64_t value) {
    text(key);
    end_ = std::to_chars(end_, bytes_.data() + bytes_.size(), value).ptr;
  }
  [[nodiscard]] std::string_view all() const { return {bytes_.data(), static_cast<std::size_t>(end_ - bytes_.data())}; }

 private:
  std::array<char, 256> bytes_;  // five numbers of up to 20 digits, their names, the longest kind
  char* end_ = bytes_.data();
};

void append_place(std::string& out, std::string_view prefix, const Place& place) {
  Tail tail;
  tail.text(to_string(place.kind));
  tail.text("\"");
  if (place.record != Place::kNone) tail.member(",\"record\":", place.record);
  if (place.chunk != Place::kNone) tail.member(",\"chunk\":", place.chunk);
  if (place.line != Place::kNone) tail.member(",\"line\":", place.line);
  tail.member(",\"offset\":", place.offset);
  tail.member(",\"length\":", place.length);
  if (place.carved) tail.text(",\"carved\":true");
  tail.text("}}\n");
  out += prefix;
  out += tail.all();
}

// The event's own object with `_tocsin` behind its members.
void append_json_line(std::string& out, std::string_view prefix, const model::Event& event) {
  const std::size_t begin = out.size();
  event.append_json(out);
  if (out.size() == begin || out.back() != '}') return;
  out.pop_back();
  if (out.back() != '{') out.push_back(',');
  append_place(out, prefix, event.head().place);
}

class DumpWorker final : public ReadingWorker {
 public:
  explicit DumpWorker(const DumpOptions& options) : ReadingWorker(options.evidence), format_(options.format) {}

 private:
  std::unique_ptr<ReadingUnit> make_unit(const SourceContext& source, const evidence::Unit&) override {
    prefix_ = place_prefix(source);
    auto unit = std::make_unique<DumpUnit>();
    unit->text.reserve(last_size_ + last_size_ / 4);  // units of a log give about as much
    unit_ = unit.get();
    return unit;
  }
  void look_at(const model::Event& event, bool wanted) override {
    if (!wanted) return;
    if (format_ == DumpFormat::json) return append_json_line(unit_->text, prefix_, event);
    const std::size_t begin = unit_->text.size();
    event.append_xml(unit_->text);
    if (unit_->text.size() > begin) {
      unit_->text.push_back('\n');
    } else {
      ++unit_->without_xml;
    }
  }

  void end_unit() override { last_size_ = unit_->text.size(); }

  DumpFormat format_;
  std::string prefix_;  // place_prefix of the unit's source
  std::size_t last_size_ = 0;
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
  EvidenceOptions evidence = options.evidence;
  evidence.hash = false;  // nothing that is printed names a file's hash
  inputs.evidence = &evidence;
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
