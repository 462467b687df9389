#include "tests/conformance/sigma/trial.hpp"

#include <fmt/format.h>

#include "evidence/json/json_reader.hpp"
#include "scan/script_blocks.hpp"
#include "tests/oracle/script_blocks.hpp"

namespace tocsin::conformance {
namespace {

class Pipe final : public evidence::EventSink, public evidence::UnitSink {
 public:
  Pipe(evidence::UnitReader& reader, const LogReader::OnEvent& on_event, const LogReader::OnAnomaly& on_anomaly)
      : reader_(reader), on_event_(on_event), on_anomaly_(on_anomaly) {}
  void on_anomaly(Anomaly anomaly) override {
    if (on_anomaly_) on_anomaly_(anomaly);
  }
  bool on_unit(evidence::Unit unit) override {
    reader_.read(unit, *this);
    return true;
  }
  bool on_event(const model::Event& event) override {
    on_event_(event);
    return true;
  }

 private:
  evidence::UnitReader& reader_;
  const LogReader::OnEvent& on_event_;
  const LogReader::OnAnomaly& on_anomaly_;
};

std::vector<std::string> lines_of(const std::vector<Match>& matches) {
  std::vector<std::string> lines;
  for (const Match& match : matches) {
    lines.push_back(fmt::format("{} {} `{}` {}-{}{}", match.selection, match.field.empty() ? "keyword" : match.field,
                                match.pattern, match.span.begin, match.span.end, match.negated ? " negated" : ""));
  }
  return lines;
}

}  // namespace

LogReader::LogReader(const model::FieldTable& fields) {
  options_.fields = &fields;
  unit_reader_ = evidence::json_reader().make_unit_reader(options_);
}
LogReader::~LogReader() = default;

void LogReader::read(std::string_view log, const OnEvent& on_event, const OnAnomaly& on_anomaly) {
  Pipe pipe(*unit_reader_, on_event, on_anomaly);
  evidence::Sample sample;
  sample.head = as_bytes(log.substr(0, evidence::kSampleBytes));
  sample.whole = log.size() <= evidence::kSampleBytes;
  const auto cutter = evidence::json_reader().make_cutter(sample, options_);
  (void)cutter->feed(as_bytes(log), pipe);
  cutter->finish(pipe);
}

EngineTrial::EngineTrial(const sigma::CompiledSet& set) : set_(set), judge_(set), reader_(set.fields()) {}

std::uint32_t EngineTrial::index_of(std::string_view rule_id) const {
  for (std::uint32_t i = 0; i < set_.rules().size(); ++i) {
    if (set_.rules()[i].id == rule_id) return i;
  }
  return kNone;
}

void EngineTrial::take(const model::Event& event, const std::vector<sigma::Hit>& hits, std::uint32_t rule,
                       Outcome& outcome) {
  for (const sigma::Hit& hit : hits) {
    if (hit.rule != rule) continue;
    if (++outcome.findings == 1) outcome.proof = lines_of(judge_.matches(event, hit));
  }
}

Outcome EngineTrial::run(std::string_view rule_id, std::string_view log) {
  const std::uint32_t rule = index_of(rule_id);
  Outcome outcome;
  std::vector<sigma::Hit> hits;
  auto blocks = scanning::ScriptBlocks::make();
  const auto note = [&](const auto& result) {
    if (!result) outcome.trouble = result.error().message;
  };
  note(blocks);
  if (!blocks) return outcome;
  const scanning::SourceContext source{.ordinal = 0, .path = "log", .container = {}, .format = {}};
  reader_.read(log, [&](const model::Event& event) {
    hits.clear();
    judge_.judge(event, hits);
    take(event, hits, rule, outcome);
    if (!judge_.is_part(event)) return;
    if (const auto part = scanning::encode_part(event, source, set_.fields(), {})) note(blocks->add(*part));
  });
  note(blocks->each(set_.fields(), [&](const scanning::ScriptBlock& block) -> Result<void> {
    hits.clear();
    judge_.judge_assembled(*block.event, hits);
    take(*block.event, hits, rule, outcome);
    return {};
  }));
  return outcome;
}

Outcome run_oracle(const oracle::Oracle& oracle, LogReader& reader, std::string_view log) {
  Outcome outcome;
  oracle::ScriptBlocks blocks;
  const model::FieldTable& fields = reader.fields();
  const auto judge = [&](const model::Event& event, bool assembled) {
    for (const oracle::Verdict& verdict : oracle.judge(event, fields, assembled)) {
      if (++outcome.findings == 1) outcome.proof = lines_of(verdict.matches);
    }
  };
  reader.read(log, [&](const model::Event& event) {
    judge(event, false);
    blocks.add(event, fields);
  });
  for (const auto& block : blocks.finish(fields)) judge(*block, true);
  return outcome;
}

}  // namespace tocsin::conformance
