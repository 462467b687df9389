#include "scan/scan_worker.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "scan/clock_set.hpp"
#include "scan/event_filter.hpp"
#include "scan/finding_codec.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kSlowRules = 50;  // kept for each thread
// A larger event is not repeated in each finding that it gives; real ones stay far below.
constexpr std::size_t kMaxEventJson = std::size_t{1} << 20;

}  // namespace

Finding make_finding(sigma::Judge& judge, const sigma::Hit& hit, const model::Event& event, std::uint32_t source,
                     bool with_event) {
  const model::EventHead& head = event.head();
  Finding finding;
  finding.rule = hit.rule;
  finding.source = source;
  finding.place = head.place;
  finding.time = head.time;
  finding.computer = head.computer;
  finding.channel = head.channel;
  finding.provider = head.provider;
  finding.event_id = head.event_id;
  finding.log_source_variant = judge.variant(hit);
  if (const std::string_view caveat = judge.caveat(hit); !caveat.empty()) finding.notes.emplace_back(caveat);
  finding.matches = judge.matches(event, hit);
  if (!with_event) return finding;
  event.append_json(finding.event_json);
  if (finding.event_json.size() > kMaxEventJson) {
    finding.notes.push_back(fmt::format("the event is not repeated here: its text has {} bytes, more than {}",
                                        finding.event_json.size(), kMaxEventJson));
    finding.event_json = {};
  }
  return finding;
}

Sameness sameness_of(sigma::Judge& judge, const sigma::Hit& hit, const model::Event& event) {
  const model::EventHead& head = event.head();
  Sameness same;
  if (head.computer.empty() || !head.time) return same;
  const std::string host = base::lower_ascii(head.computer);
  if (const std::string_view record = judge.record_id(event); !record.empty() && !head.channel.empty()) {
    same.record = fmt::format("{}\n{}\n{}\n{}", host, head.channel, record, head.time->ticks);
  }
  sigma::Judge::Happening happening = judge.happening(event, hit);
  if (happening.fields.empty()) return same;
  same.happening = fmt::format("{}\n{}", host, happening.fields);
  same.log = judge.variant(hit);
  same.within = happening.within_seconds;
  return same;
}

ScanWorker::ScanWorker(const ScanInputs& inputs, SharedOutcome& outcome)
    : inputs_(inputs), outcome_(outcome), judge_(*inputs.rules) {
  judge_.measure(inputs.options->measure_rules);
}

std::unique_ptr<UnitOutput> ScanWorker::read(const SourceContext& source, const evidence::Unit& unit,
                                             evidence::UnitReader& reader) {
  source_ = &source;
  output_ = std::make_unique<ScanUnitOutput>();
  reader.read(unit, *this);
  output_->events = output_->tally.records();
  output_->findings = output_->found.size();
  return std::move(output_);
}

bool ScanWorker::on_event(const model::Event& event) {
  const bool judged = in_reach(event.head(), inputs_.options->evidence);
  output_->tally.add(event.head(), judged);
  if (inputs_.options->log_hygiene) watch(event);
  if (!judged) {
    judge_.observe_only(event);
    return true;
  }
  if (judge_.is_part(event)) {
    const PartKeep keep{.json = inputs_.options->full_events, .raw = false};
    if (auto part = encode_part(event, *source_, inputs_.rules->fields(), keep)) {
      output_->parts.push_back(std::move(*part));
    }
  }
  hits_.clear();
  judge_.judge(event, hits_);
  if (!hits_.empty()) keep(event);
  return true;
}

void ScanWorker::watch(const model::Event& event) {
  output_->watch.add(event.head());
  if (std::optional<ClockSet> set = clock_set(event)) output_->watch.add_clock_set(std::move(*set));
}

void ScanWorker::keep(const model::Event& event) {
  const base::Sha256::Digest record = base::sha256(event.head().raw);
  const std::string place = place_key(*source_, event.head().place.offset);
  for (const sigma::Hit& hit : hits_) {
    const Finding finding = make_finding(judge_, hit, event, source_->ordinal, inputs_.options->full_events);
    output_->found.push_back({hit.rule, record, place, encode_finding(finding), sameness_of(judge_, hit, event)});
  }
}

void ScanWorker::on_anomaly(Anomaly anomaly) {
  output_->anomalies.add(std::move(anomaly));
}

void ScanWorker::finish() {
  const std::scoped_lock lock(outcome_.mutex);
  outcome_.observations.add(judge_.observations());
  for (const ScanStats::SlowRule& rule : judge_.slow_rules(kSlowRules)) outcome_.slow_rules.push_back(rule);
}

}  // namespace tocsin::scanning
