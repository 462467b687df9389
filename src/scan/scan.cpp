#include "scan/scan.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "scan/anomaly_book.hpp"
#include "scan/finding_codec.hpp"
#include "scan/finding_store.hpp"
#include "scan/follow.hpp"
#include "scan/hygiene.hpp"
#include "scan/live_blocks.hpp"
#include "scan/live_findings.hpp"
#include "scan/scan_worker.hpp"
#include "scan/script_blocks.hpp"
#include "scan/source_book.hpp"
#include "scan/unmet.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kSlowRulesShown = 20;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class ScanOutcome final : public ScanResult {
 public:
  explicit ScanOutcome(FindingStore findings) : findings_(std::move(findings)) {}

  const Summary& summary() const override { return summary_; }
  const std::vector<RuleInfo>& rules() const override { return rules_; }
  const std::vector<Setting>& settings() const override { return settings_; }
  const std::vector<SourceInfo>& sources() const override { return sources_.sources; }
  const std::vector<Error>& failed_paths() const override { return failed_paths_; }
  const ScanStats& stats() const override { return stats_; }
  Result<void> each_finding(const Visitor<Finding>& visit) const override {
    return findings_.each([&](Finding& finding) {
      finding.source = sources_.index_of[finding.source];
      for (Finding::Part& part : finding.parts) part.source = sources_.index_of[part.source];
      return visit(finding);
    });
  }
  Result<void> each_anomaly(const Visitor<Anomaly>& visit) const override { return each_of(anomalies_, visit); }
  Result<void> each_coverage(const Visitor<RuleCoverage>& visit) const override { return each_of(coverage_, visit); }

  FindingStore findings_;
  Summary summary_;
  std::vector<RuleInfo> rules_;
  std::vector<Setting> settings_;
  SourceBook::Ordered sources_;
  std::vector<Anomaly> anomalies_;
  std::vector<RuleCoverage> coverage_;
  std::vector<Error> failed_paths_;
  ScanStats stats_;

 private:
  template <class T>
  static Result<void> each_of(const std::vector<T>& values, const Visitor<T>& visit) {
    for (const T& value : values) TOCSIN_CHECK(visit(value));
    return {};
  }
};

// Told by several records: the same where all of them are.
Sameness same_records(std::span<const base::Sha256::Digest> records) {
  Sameness sameness;
  for (const base::Sha256::Digest& record : records) sameness.record += base::hex(ByteView(record));
  return sameness;
}

class ScanCollector final : public Collector {
 public:
  ScanCollector(const sigma::CompiledSet& rules, FindingStore& findings, ScriptBlocks& blocks)
      : rules_(rules), findings_(findings), blocks_(blocks), per_rule_(rules.rules().size() + kHygieneKinds) {}

  // From now on findings are told as they are made, and script blocks judged as they become whole.
  void tell_live(LiveFindings& live, LiveBlocks::Visit judge_block) {
    live_ = &live;
    judge_block_ = std::move(judge_block);
  }
  Result<void> look_at_blocks(bool last) { return live_blocks_.look(rules_.fields(), judge_block_, last); }

  Result<void> begin_source(const SourceContext& source, bool recognised) override {
    book_.begin(source, recognised);
    if (live_ != nullptr) live_->begin_source(source);
    hygiene_.begin_source(source);
    if (!recognised && source.mark.what.empty()) {
      Anomaly anomaly;
      anomaly.code = "unrecognised";
      anomaly.message = "No reader knows this content; it was only hashed.";
      anomaly.remedy = "`tocsin formats --why FILE` says what it begins as, and what to do with it.";
      anomalies_.add(source.ordinal, std::move(anomaly));
    }
    return {};
  }
  Result<void> unit(const SourceContext& source, std::unique_ptr<UnitOutput> output) override {
    auto& scanned = static_cast<ScanUnitOutput&>(*output);
    if (live_ != nullptr) live_->read(source, scanned.read_to);
    book_.tally(source.ordinal, std::move(scanned.tally));
    hygiene_.unit(source, std::move(scanned.watch));
    for (Anomaly& anomaly : scanned.anomalies.all()) {
      hygiene_.damage(source, anomaly);
      anomalies_.add(source.ordinal, std::move(anomaly));
    }
    for (const ScanUnitOutput::Encoded& found : scanned.found) {
      TOCSIN_CHECK(add(found.rule, {&found.record, 1}, found.place_key, found.finding, found.sameness));
    }
    for (const EncodedPart& part : scanned.parts) {
      TOCSIN_CHECK(live_ == nullptr ? blocks_.add(part) : live_blocks_.add(part, rules_.fields(), judge_block_));
    }
    return {};
  }
  Result<void> anomaly(const SourceContext* source, Anomaly anomaly) override {
    if (source != nullptr) hygiene_.damage(*source, anomaly);
    anomalies_.add(source != nullptr ? source->ordinal : Anomaly::kNoSource, std::move(anomaly));
    return {};
  }
  Result<void> end_source(const SourceContext& source, const SourceInfo& identity) override {
    book_.end(source.ordinal, identity);
    if (book_.too_scattered(source.ordinal)) {
      Anomaly anomaly;
      anomaly.code = "gaps_not_looked_for";
      anomaly.message = fmt::format(
          "Expected record ids and times in at most {} runs, found more: gaps were not looked for.", Tally::kMaxRuns);
      anomaly.remedy = "do not take this source as free of gaps; export it in smaller pieces, in order of time";
      anomalies_.add(source.ordinal, std::move(anomaly));
    }
    return {};
  }
  Result<void> container(const SourceInfo& identity) override {
    book_.container(identity);
    return {};
  }
  Result<void> add(std::uint32_t rule, std::span<const base::Sha256::Digest> records, std::string_view place,
                   std::string_view finding, const Sameness& sameness) {
    ++per_rule_[rule];
    const std::string& id = rules_.rules()[rule].id;
    if (live_ != nullptr) TOCSIN_CHECK(live_->tell(id, records, finding));
    return findings_.add(id, records, place, finding, sameness);
  }

  // The logs themselves: what more than one record must tell. Log hygiene's rules stand behind those of the set.
  Result<void> judge_logs(const EvidenceOptions& reach) {
    for (HygieneFinding& found : hygiene_.findings(reach)) {
      found.finding.rule = static_cast<std::uint32_t>(rules_.rules().size() + static_cast<std::size_t>(found.kind));
      ++per_rule_[found.finding.rule];
      const Sameness sameness = same_records(found.records);
      const std::string& id = hygiene_rules().at(static_cast<std::size_t>(found.kind)).id;
      const std::string encoded = encode_finding(found.finding);
      if (live_ != nullptr) TOCSIN_CHECK(live_->tell(id, found.records, encoded));
      TOCSIN_CHECK(findings_.add(id, found.records, found.place_key, encoded, sameness));
    }
    return {};
  }
  [[nodiscard]] const HygieneBook& hygiene() const { return hygiene_; }

  [[nodiscard]] const SourceBook& book() const { return book_; }
  [[nodiscard]] const AnomalyBook& anomalies() const { return anomalies_; }
  [[nodiscard]] const std::vector<std::uint64_t>& per_rule() const { return per_rule_; }
  // What is the same as another finding is not counted.
  void leave_out(const std::map<std::uint32_t, std::uint64_t>& linked) {
    for (const auto& [rule, count] : linked) per_rule_[rule] -= count;
  }

 private:
  const sigma::CompiledSet& rules_;
  FindingStore& findings_;
  ScriptBlocks& blocks_;
  SourceBook book_;
  HygieneBook hygiene_;
  AnomalyBook anomalies_;
  std::vector<std::uint64_t> per_rule_;
  LiveFindings* live_ = nullptr;
  LiveBlocks live_blocks_;
  LiveBlocks::Visit judge_block_;
};

// Judges script blocks in parts, once all parts are known.
class BlockJudge {
 public:
  BlockJudge(const ScanInputs& inputs, ScanCollector& collector)
      : inputs_(inputs), collector_(collector), judge_(*inputs.rules) {}
  Result<void> operator()(const ScriptBlock& block) {
    hits_.clear();
    judge_.judge_assembled(*block.event, hits_);
    std::vector<base::Sha256::Digest> records;
    for (const ScriptBlock::Part& part : block.parts) records.push_back(part.digest);
    const Sameness sameness = same_records(records);
    const ScriptBlock::Part& first = block.parts.front();
    for (const sigma::Hit& hit : hits_) {
      Finding finding = make_finding(judge_, hit, *block.event, first.source, inputs_.options->full_events);
      for (const ScriptBlock::Part& part : block.parts) finding.parts.push_back({part.source, part.place});
      finding.notes.insert(finding.notes.end(), block.notes.begin(), block.notes.end());
      TOCSIN_CHECK(collector_.add(hit.rule, records, first.place_key, encode_finding(finding), sameness));
    }
    return {};
  }
  [[nodiscard]] const sigma::Observations& observations() const { return judge_.observations(); }

 private:
  const ScanInputs& inputs_;
  ScanCollector& collector_;
  sigma::Judge judge_;
  std::vector<sigma::Hit> hits_;
};

// Which settings say where a log of Windows lies.
std::vector<std::uint32_t> fetching(std::string_view channel, const std::vector<Setting>& settings) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < settings.size(); ++i) {
    const Setting& one = settings[i];
    const bool whole_log = !one.fetch.empty() && one.event_ids.empty() && one.fields.empty();
    if (whole_log && one.product == "windows" && std::ranges::count(one.channels, channel) > 0) found.push_back(i);
  }
  return found;
}

// Log hygiene in the coverage: its rules stand behind those of the set (all_rules).
void add_log_rules(const ScanCollector& collector, ScanOutcome& outcome) {
  for (std::size_t i = 0; i < kHygieneKinds; ++i) {
    const auto kind = static_cast<HygieneKind>(i);
    RuleCoverage coverage;
    coverage.rule = static_cast<std::uint32_t>(outcome.coverage_.size());
    coverage.findings = collector.per_rule()[coverage.rule];
    const std::uint64_t events = outcome.summary_.events, wanted = outcome.summary_.events_judged;
    if (collector.hygiene().judged(kind) && wanted > 0) {
      coverage.status = coverage.findings > 0 ? CoverageStatus::matched : CoverageStatus::not_seen;
      coverage.events_judged = events;
    } else {
      coverage.reason = hygiene_lack(events, wanted);
      coverage.detail = hygiene_needs(kind);
      if (kind == HygieneKind::clock_set) coverage.settings = fetching("System", outcome.settings_);
    }
    outcome.coverage_.push_back(std::move(coverage));
  }
}

std::vector<ScanStats::SlowRule> slowest(const std::vector<ScanStats::SlowRule>& all) {
  std::map<std::uint32_t, ScanStats::SlowRule> sums;
  for (const ScanStats::SlowRule& rule : all) {
    ScanStats::SlowRule& sum = sums[rule.rule];
    sum.rule = rule.rule;
    sum.evaluations += rule.evaluations;
    sum.seconds += rule.seconds;
  }
  std::vector<ScanStats::SlowRule> result;
  for (const auto& [rule, sum] : sums) result.push_back(sum);
  std::ranges::stable_sort(result, [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
  if (result.size() > kSlowRulesShown) result.resize(kSlowRulesShown);
  return result;
}

void fill_summary(const ScanInputs& inputs, const ScanCollector& collector, ScanOutcome& outcome) {
  Summary& summary = outcome.summary_;
  summary.paths_failed = outcome.failed_paths_.size();
  summary.anomalies = collector.anomalies().total();
  for (const auto& [rule, count] : outcome.findings_.linked()) summary.same_findings += count;
  summary.findings = outcome.findings_.size() - summary.same_findings;
  for (std::size_t i = 0; i < outcome.rules_.size(); ++i) {
    summary.findings_by_level[static_cast<std::size_t>(outcome.rules_[i].level)] += collector.per_rule()[i];
  }
  for (const RuleCoverage& rule : outcome.coverage_) ++summary.rules_by_status[static_cast<std::size_t>(rule.status)];
  summary.rules_loaded = inputs.counts.loaded;
  summary.rules_rejected = inputs.counts.rejected;
  summary.rules_selected = outcome.rules_.size();
  summary.rule_set_hash = inputs.rule_set_hash;
  summary.unmet_filters = unmet_filters(inputs.options->evidence, outcome.sources_.sources);
}

std::vector<RuleInfo> all_rules(const ScanInputs& inputs) {
  std::vector<RuleInfo> rules = inputs.rules->rules();
  if (inputs.options->log_hygiene) rules.insert(rules.end(), hygiene_rules().begin(), hygiene_rules().end());
  return rules;
}

// The pipeline on files that grow. Being stopped is how it ends.
Result<PipelineResult> run_live(PipelineOptions& pipeline, ScanCollector& collector, LiveFindings& live) {
  pipeline.feed = [&](FeedPort& port) {
    return follow(pipeline, port, [&] { return collector.look_at_blocks(false); });
  };
  TOCSIN_CHECK(live.begin());
  TOCSIN_TRY(PipelineResult run, run_pipeline(pipeline));
  run.interrupted = false;
  TOCSIN_CHECK(collector.look_at_blocks(true));
  return run;
}

}  // namespace

PipelineOptions pipeline_options(const ScanInputs& inputs, Collector& collector) {
  PipelineOptions pipeline;
  pipeline.evidence = &inputs.options->evidence;
  pipeline.read = {.fields = &inputs.rules->fields(),
                   .shapes = inputs.shapes,
                   .carve = inputs.options->evidence.carve,
                   .unit_bytes = unit_bytes(inputs.options->evidence)};
  pipeline.collector = &collector;
  pipeline.progress = inputs.progress;
  pipeline.stop = inputs.options->stop;
  return pipeline;
}

Result<std::unique_ptr<ScanResult>> run_scan(const ScanInputs& inputs) {
  TOCSIN_TRY(FindingStore findings, FindingStore::make());
  TOCSIN_TRY(ScriptBlocks blocks, ScriptBlocks::make());
  auto outcome = std::make_unique<ScanOutcome>(std::move(findings));
  SharedOutcome shared(*inputs.rules);
  ScanCollector collector(*inputs.rules, outcome->findings_, blocks);
  PipelineOptions pipeline = pipeline_options(inputs, collector);
  pipeline.make_worker = [&](unsigned) { return std::make_unique<ScanWorker>(inputs, shared); };
  BlockJudge judge_block(inputs, collector);
  std::optional<LiveFindings> live;
  if (inputs.live != nullptr) {
    live.emplace(all_rules(inputs), inputs.rules->settings(), inputs.rule_set_hash, *inputs.live);
    collector.tell_live(*live, std::ref(judge_block));
  }
  TOCSIN_TRY(const PipelineResult run, live ? run_live(pipeline, collector, *live) : run_pipeline(pipeline));
  const auto start = std::chrono::steady_clock::now();
  TOCSIN_CHECK(blocks.each(inputs.rules->fields(), std::ref(judge_block)));
  shared.observations.add(judge_block.observations());
  if (inputs.options->log_hygiene) TOCSIN_CHECK(collector.judge_logs(inputs.options->evidence));
  TOCSIN_CHECK(outcome->findings_.finish());
  collector.leave_out(outcome->findings_.linked());
  outcome->rules_ = all_rules(inputs);
  outcome->settings_ = inputs.rules->settings();
  outcome->sources_ = collector.book().ordered(collector.anomalies(), outcome->summary_);
  say_collections(outcome->sources_.sources, inputs.progress);
  outcome->anomalies_ = collector.anomalies().sorted(outcome->sources_.index_of);
  outcome->coverage_ =
      shared.observations.coverage(std::span(collector.per_rule()).first(inputs.rules->rules().size()));
  if (inputs.options->log_hygiene) add_log_rules(collector, *outcome);
  outcome->failed_paths_ = run.failed_paths;
  fill_summary(inputs, collector, *outcome);
  outcome->summary_.interrupted = run.interrupted;
  outcome->stats_.stages = {{"walk, decompress, hash, cut; bytes", run.feed_seconds, run.bytes},
                            {"decode and judge, all threads; units", run.read_seconds, run.units},
                            {"join and order; findings", seconds_since(start), outcome->summary_.findings}};
  outcome->stats_.slow_rules = slowest(shared.slow_rules);
  return outcome;
}

}  // namespace tocsin::scanning
