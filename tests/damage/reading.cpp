#include "tests/damage/reading.hpp"

#include <algorithm>
#include <utility>

#include "evidence/inputs_walk.hpp"

namespace tocsin::damage {
namespace {

// Small units, so that damage to one leaves most of the source as it was.
constexpr std::size_t kUnitBytes = 32768;

class MemoryOpener final : public evidence::InputOpener {
 public:
  explicit MemoryOpener(ByteView bytes) : bytes_(bytes) {}
  Result<std::unique_ptr<evidence::InputSource>> open(const evidence::PlannedInput&) override {
    return std::make_unique<evidence::MemorySource>(bytes_);
  }

 private:
  ByteView bytes_;
};

bool same_unit(const evidence::Unit& a, const evidence::Unit& b) {
  return a.offset == b.offset && a.number == b.number && a.first_record == b.first_record && a.flags == b.flags &&
         std::ranges::equal(a.bytes, b.bytes);
}

// Judges one unit's events.
class Judging final : public evidence::EventSink {
 public:
  Judging(sigma::Judge& judge, Piece& piece) : judge_(judge), piece_(piece) {}
  bool on_event(const model::Event& event) override {
    hits_.clear();
    judge_.judge(event, hits_);
    if (judge_.is_part(event)) judge_.judge_assembled(event, hits_);
    const Place& place = event.head().place;
    Record record{place.offset, place.offset + place.length, place.record, {}};
    for (const sigma::Hit& hit : hits_) {
      (void)judge_.matches(event, hit);
      record.rules.push_back(hit.rule);
    }
    std::ranges::sort(record.rules);
    piece_.records.push_back(std::move(record));
    return true;
  }
  void on_anomaly(Anomaly) override { ++piece_.anomalies; }

 private:
  sigma::Judge& judge_;
  Piece& piece_;
  std::vector<sigma::Hit> hits_;
};

}  // namespace

struct Reading::State final : evidence::InputVisitor, evidence::UnitSink {
  explicit State(const sigma::CompiledSet& rules) : judge(rules) {
    options.fields = &rules.fields();
    options.unit_bytes = kUnitBytes;
    for (const evidence::Reader* each : evidence::all_readers()) {
      unit_readers.push_back(each->make_unit_reader(options));
    }
  }

  bool begin(const Leaf& leaf) override {
    Source source{leaf.container, {}, {}};
    int best = 0;
    for (std::size_t i = 0; i < evidence::all_readers().size(); ++i) {
      evidence::Recognition found = evidence::all_readers()[i]->recognise(leaf.sample);
      if (found.confidence <= best) continue;
      best = found.confidence;
      reader = i;
      source.format = std::move(found.format);
    }
    outcome.sources.push_back(std::move(source));
    sound_source = nullptr;
    next_sound = 0;
    if (sound != nullptr) {
      const auto found = std::ranges::find(sound->sources, leaf.container, &Source::container);
      if (found != sound->sources.end() && found->format == outcome.sources.back().format) sound_source = &*found;
    }
    if (best > 0) cutter = evidence::all_readers()[reader]->make_cutter(leaf.sample, options);
    return best > 0;
  }
  bool feed(ByteView block) override {
    outcome.bytes += block.size();
    return !cutter || cutter->feed(block, *this);
  }
  void end(const SourceInfo&) override {
    if (cutter) cutter->finish(*this);
    cutter.reset();
  }
  void on_container(const SourceInfo&) override {}
  void on_anomaly(Anomaly anomaly) override { outcome.anomalies.push_back(std::move(anomaly)); }
  void on_failed(Error error) override {
    Anomaly& anomaly = outcome.anomalies.emplace_back();
    anomaly.code = "failed";
    anomaly.message = std::move(error.message);
  }
  void on_debug(std::string) override {}
  bool on_unit(evidence::Unit unit) override {
    std::shared_ptr<const Piece> piece = known(unit);
    if (piece == nullptr) {
      auto made = std::make_shared<Piece>();
      Judging sink(judge, *made);
      unit_readers[reader]->read(unit, sink);
      ++outcome.read_again;
      made->unit = std::move(unit);
      if (sound != nullptr) made->unit.bytes = {};
      piece = std::move(made);
    }
    outcome.records += piece->records.size();
    outcome.unit_anomalies += piece->anomalies;
    for (const Record& record : piece->records) outcome.findings += record.rules.size();
    outcome.sources.back().pieces.push_back(std::move(piece));
    return true;
  }
  // Units come in the order of their offsets, in the sound evidence too.
  [[nodiscard]] std::shared_ptr<const Piece> known(const evidence::Unit& unit) {
    if (sound_source == nullptr) return nullptr;
    const auto& pieces = sound_source->pieces;
    while (next_sound < pieces.size() && pieces[next_sound]->unit.offset < unit.offset) ++next_sound;
    if (next_sound == pieces.size() || !same_unit(pieces[next_sound]->unit, unit)) return nullptr;
    return pieces[next_sound];
  }

  sigma::Judge judge;
  evidence::ReadOptions options;
  std::vector<std::unique_ptr<evidence::UnitReader>> unit_readers;
  std::size_t reader = 0;
  std::unique_ptr<evidence::Cutter> cutter;
  const Outcome* sound = nullptr;
  const Source* sound_source = nullptr;
  std::size_t next_sound = 0;
  Outcome outcome;
};

Reading::Reading(const sigma::CompiledSet& rules) : state_(std::make_unique<State>(rules)) {}
Reading::~Reading() = default;

Outcome Reading::read(ByteView bytes, const std::string& name, const Outcome* sound) {
  state_->sound = sound;
  state_->outcome = {};
  evidence::InputPlan plan;
  plan.inputs.push_back({name, name, bytes.size(), true});
  MemoryOpener opener(bytes);
  evidence::walk_inputs(plan, *state_, nullptr, opener);
  return std::move(state_->outcome);
}

}  // namespace tocsin::damage
