#include "scan/formats.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "evidence/collections.hpp"
#include "evidence/container/kind.hpp"
#include "evidence/inputs.hpp"
#include "evidence/json/shape.hpp"
#include "evidence/known_formats.hpp"
#include "scan/anomaly_book.hpp"
#include "scan/tally.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kMaxFiles = 10'000;  // told about; beyond, they are only counted
constexpr std::size_t kAnomaliesKept = 5;  // of a file
constexpr std::size_t kHeadShown = 16;     // bytes

using evidence::ContainerKind;

constexpr std::array<std::pair<ContainerKind, std::string_view>, 7> kContainers{
    {{ContainerKind::zip, "archive"},
     {ContainerKind::tar, "archive"},
     {ContainerKind::seven_zip, "archive"},
     {ContainerKind::gzip, "compressed file"},
     {ContainerKind::bzip2, "compressed file"},
     {ContainerKind::xz, "compressed file"},
     {ContainerKind::zstd, "compressed file"}}};

constexpr std::array<std::pair<evidence::CollectionKind, std::string_view>, 4> kCollections{
    {{evidence::CollectionKind::velociraptor, "collections of Velociraptor"},
     {evidence::CollectionKind::kape, "collections of KAPE"},
     {evidence::CollectionKind::uac, "collections of UAC"},
     {evidence::CollectionKind::cylr, "collections of CyLR"}}};

// What to do with events that are in no form that is read.
constexpr std::string_view kForms =
    "hand in the events as EVTX, JSON (an object a line), Windows event XML, or CSV of Get-WinEvent or EvtxECmd; "
    "alone, "
    "in folders or in archives";

std::string_view reader_title(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTitles{
      {{"evtx", "Windows event logs (EVTX): whole, dirty, damaged, carved"},
       {"json", "JSON: an object a line, concatenated, pretty-printed, arrays, envelopes"},
       {"csv", "CSV of Get-WinEvent | Export-Csv and of EvtxECmd"},
       {"xml", "Windows event XML: wevtutil, Event Viewer, evtx_dump; UTF-8 and UTF-16"}}};
  const auto found = std::ranges::find(kTitles, name, &std::pair<std::string_view, std::string_view>::first);
  return found == kTitles.end() ? std::string_view("logs") : found->second;
}

bool looks_like_text(ByteView head) {
  if (head.empty()) return false;
  return std::ranges::all_of(head, [](std::byte byte) {
    const auto c = std::to_integer<unsigned char>(byte);
    return c >= 0x20 || c == '\t' || c == '\n' || c == '\r' || c == '\f';
  });
}

// What the first bytes are, where no reader and no container takes them.
void name_unread(FileVerdict& verdict, const evidence::Sample& sample) {
  if (sample.head.empty()) {
    verdict.reasons.emplace_back("it is empty");
    verdict.remedy = "if it should hold something, copy it again";
    return;
  }
  if (const evidence::KnownFormat* known = evidence::known_format(sample.head)) {
    verdict.reasons.push_back(
        fmt::format("it begins as: {} ({}), which is recognised and not read", known->title, known->name));
    verdict.remedy = known->instead;
    return;
  }
  if (const std::string_view unread = evidence::unread_container(sample.head); !unread.empty()) {
    verdict.reasons.push_back(fmt::format("it begins as a container that is recognised and not read: {}", unread));
    verdict.remedy =
        "unpack it, then hand in the folder; zip, tar, 7z, gzip, bzip2, xz and zstd are opened as they are";
    return;
  }
  if (looks_like_text(sample.head)) {
    verdict.reasons.emplace_back("it is text, but neither JSON nor another form of log that Tocsin reads");
    verdict.remedy = fmt::format("{}; of the journal of Linux: journalctl -o json", kForms);
  } else {
    verdict.reasons.emplace_back("its first bytes belong to no format that is known here");
    verdict.remedy = fmt::format("if it holds events, {}", kForms);
  }
}

class FormatVisitor final : public evidence::InputVisitor, public evidence::UnitSink, public evidence::EventSink {
 public:
  FormatVisitor(const ReadingInputs& inputs, FormatAnswer& answer) : inputs_(inputs), answer_(answer) {
    options_ = {.fields = inputs.fields,
                .shapes = inputs.shapes,
                .carve = inputs.evidence->carve,
                .unit_bytes = unit_bytes(*inputs.evidence)};
    readers_.resize(evidence::all_readers().size());
  }

  bool begin(const Leaf& leaf) override {
    open_ = true;
    current_ = FileVerdict();
    current_.path = leaf.input->path;
    current_.container = leaf.container;
    const ByteView head = leaf.sample.head.first(std::min(leaf.sample.head.size(), kHeadShown));
    current_.head = base::hex(head);
    tally_ = Tally();
    const evidence::CollectionMark mark = evidence::read_collection_mark(leaf.sample.path, leaf.sample.head);
    if (!mark.what.empty()) {
      cutter_.reset();
      current_.reasons.push_back(fmt::format("{}, which says nothing of the machine's events", mark.what));
      current_.remedy = "nothing: the rest of the collection is read";
      return false;
    }
    ask_readers(leaf);
    if (cutter_ == nullptr) name_unread(current_, leaf.sample);
    return cutter_ != nullptr;
  }
  bool feed(ByteView block) override { return cutter_ == nullptr || cutter_->feed(block, *this); }
  void end(const SourceInfo& identity) override {
    if (cutter_ != nullptr) cutter_->finish(*this);
    cutter_.reset();
    SourceInfo info;
    tally_.fill(info);
    current_.shape = info.shape;
    current_.records = info.records;
    current_.first_time = info.first_time;
    current_.last_time = info.last_time;
    current_.size = identity.size;
    current_.sha256 = identity.sha256;
    open_ = false;
    if (!current_.format.empty() && current_.records == 0) {
      current_.reasons.emplace_back("no event was found in it");
      if (current_.anomalies > 0) current_.remedy = "copy it again from its origin: it is damaged or cut off";
    }
    keep();
  }
  void on_container(const SourceInfo& identity) override {
    current_ = FileVerdict();
    current_.path = identity.path;
    current_.container = identity.container;
    current_.format = identity.format;
    current_.is_container = true;
    current_.size = identity.size;
    current_.sha256 = identity.sha256;
    current_.reasons.emplace_back("its first bytes are those of a container: what is in it is told of apart");
    keep();
  }
  void on_failed(Error error) override { answer_.failed_paths.push_back(std::move(error)); }
  void on_debug(std::string) override {}
  bool on_unit(evidence::Unit unit) override {
    if (!readers_[reader_]) readers_[reader_] = evidence::all_readers()[reader_]->make_unit_reader(options_);
    readers_[reader_]->read(unit, *this);
    return inputs_.stop == nullptr || !inputs_.stop->load(std::memory_order_relaxed);
  }
  bool on_event(const model::Event& event) override {
    tally_.add(event.head(), true);
    return true;
  }
  void on_anomaly(Anomaly anomaly) override {
    if (!open_) return on_path(std::move(anomaly));
    ++current_.anomalies;
    if (current_.examples.size() >= kAnomaliesKept) return;
    current_.examples.push_back(fmt::format("at byte {}: {}", anomaly.offset, anomaly.message));
  }

 private:
  void ask_readers(const Leaf& leaf) {
    const auto readers = evidence::all_readers();
    evidence::Recognition best;
    for (std::size_t i = 0; i < readers.size(); ++i) {
      evidence::Recognition found = readers[i]->recognise(leaf.sample);
      if (!found.why.empty()) {
        current_.reasons.push_back(
            fmt::format("as {}: {}{}", readers[i]->name(), found.confidence > 0 ? "" : "no, ", found.why));
      }
      if (found.confidence > best.confidence) best = std::move(found), reader_ = i;
    }
    cutter_ = best.confidence > 0 ? readers[reader_]->make_cutter(leaf.sample, options_) : nullptr;
    current_.format = best.format;
  }
  // About something that could not even be begun: a member with a password, a folder that may not be read.
  void on_path(Anomaly anomaly) {
    current_ = FileVerdict();
    current_.path = std::move(anomaly.path);
    current_.anomalies = 1;
    current_.reasons.push_back(std::move(anomaly.message));
    current_.remedy = std::move(anomaly.remedy);
    keep();
  }
  void keep() {
    if (answer_.files.size() < kMaxFiles) {
      answer_.files.push_back(std::move(current_));
    } else {
      ++answer_.not_told;
    }
    current_ = FileVerdict();
  }

  const ReadingInputs& inputs_;
  FormatAnswer& answer_;
  evidence::ReadOptions options_;
  std::vector<std::unique_ptr<evidence::UnitReader>> readers_;
  std::unique_ptr<evidence::Cutter> cutter_;
  std::size_t reader_ = 0;
  FileVerdict current_;
  bool open_ = false;  // between begin and end
  Tally tally_;
};

}  // namespace

std::vector<FormatInfo> list_formats(const evidence::ShapeSet* shapes) {
  std::vector<FormatInfo> out;
  for (const evidence::Reader* reader : evidence::all_readers()) {
    out.push_back({FormatInfo::Kind::log, std::string(reader->name()), std::string(reader_title(reader->name())), {}});
  }
  const evidence::ShapeSet& set = shapes != nullptr ? *shapes : evidence::ShapeSet::builtin();
  for (const evidence::Shape& shape : set.shapes()) {
    out.push_back({FormatInfo::Kind::shape, shape.name, shape.title, {}});
  }
  for (const auto& [kind, title] : kContainers) {
    out.push_back({FormatInfo::Kind::container, std::string(to_string(kind)), std::string(title), {}});
  }
  for (const auto& [kind, title] : kCollections) {
    out.push_back({FormatInfo::Kind::collection, std::string(to_string(kind)), std::string(title), {}});
  }
  for (const evidence::KnownFormat& known : evidence::known_formats()) {
    out.push_back(
        {FormatInfo::Kind::recognised, std::string(known.name), std::string(known.title), std::string(known.instead)});
  }
  return out;
}

Result<FormatAnswer> explain_formats(const ReadingInputs& inputs) {
  FormatAnswer answer;
  const evidence::InputPlan plan = evidence::plan_inputs(*inputs.evidence, inputs.stop);
  answer.failed_paths = plan.failed;
  FormatVisitor visitor(inputs, answer);
  for (const Anomaly& anomaly : plan.anomalies) visitor.on_anomaly(anomaly);
  evidence::walk_inputs(plan, visitor, inputs.stop, inputs.evidence->archive_passwords);
  answer.interrupted = inputs.stop != nullptr && inputs.stop->load(std::memory_order_relaxed);
  return answer;
}

}  // namespace tocsin::scanning
