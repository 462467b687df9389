#include "scan/explain.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "scan/finding_codec.hpp"
#include "scan/pipeline.hpp"
#include "scan/script_blocks.hpp"
#include "scan/source_book.hpp"

namespace tocsin::scanning {
namespace {

// The one event that is looked for: by exact place, or by the end of a path and a record number.
struct Target {
  std::uint32_t rule = 0;
  bool by_place = false;
  std::string path, container;  // by_place: exactly these; else `path` is the end of what the user may write
  std::uint64_t offset = 0, record = 0;
  std::string finding_id;

  [[nodiscard]] bool in_source(const SourceContext& source) const {
    if (by_place) return source.path == path && source.container == container;
    const std::string shown = source.container.empty() ? source.path : source.path + "!/" + source.container;
    for (const std::string& whole : {source.path, shown}) {
      if (whole == path) return true;
      if (whole.ends_with(path) && whole[whole.size() - path.size() - 1] == '/') return true;
    }
    return false;
  }
  [[nodiscard]] bool is(const Place& place) const { return by_place ? place.offset == offset : place.record == record; }
};

struct ExplainUnitOutput final : UnitOutput {
  std::optional<Explanation> direct;
  std::vector<EncodedPart> parts;
};

class ExplainWorker final : public Worker, public evidence::EventSink {
 public:
  ExplainWorker(const ScanInputs& inputs, const Target& target)
      : inputs_(inputs), target_(target), judge_(*inputs.rules) {}
  std::unique_ptr<UnitOutput> read(const SourceContext& source, const evidence::Unit& unit,
                                   evidence::UnitReader& reader) override {
    source_ = &source;
    in_source_ = target_.in_source(source);
    output_ = std::make_unique<ExplainUnitOutput>();
    reader.read(unit, *this);
    return std::move(output_);
  }
  bool on_event(const model::Event& event) override {
    ++output_->events;
    if (judge_.is_part(event)) {
      auto part = encode_part(event, *source_, inputs_.rules->fields(), {.json = true, .raw = true});
      if (part) output_->parts.push_back(std::move(*part));
    }
    if (!in_source_ || output_->direct || !target_.is(event.head().place)) return true;
    Explanation& found = output_->direct.emplace();
    judge_.explain(event, target_.rule, found);
    found.place = event.head().place;
    event.append_json(found.event_json);
    found.raw = as_text(event.head().raw);
    found.source.index = source_->ordinal;
    return true;
  }
  void on_anomaly(Anomaly) override {}

 private:
  const ScanInputs& inputs_;
  const Target& target_;
  sigma::Judge judge_;
  const SourceContext* source_ = nullptr;
  bool in_source_ = false;
  std::unique_ptr<ExplainUnitOutput> output_;
};

class ExplainCollector final : public Collector {
 public:
  explicit ExplainCollector(ScriptBlocks& blocks) : blocks_(blocks) {}
  Result<void> begin_source(const SourceContext& source, bool recognised) override {
    book_.begin(source, recognised);
    contexts_.push_back(source);
    return {};
  }
  Result<void> unit(const SourceContext&, std::unique_ptr<UnitOutput> output) override {
    auto& explained = static_cast<ExplainUnitOutput&>(*output);
    if (explained.direct && !direct_) direct_ = std::move(explained.direct);
    for (const EncodedPart& part : explained.parts) TOCSIN_CHECK(blocks_.add(part));
    return {};
  }
  Result<void> anomaly(const SourceContext*, Anomaly) override { return {}; }
  Result<void> end_source(const SourceContext& source, const SourceInfo& identity) override {
    book_.end(source.ordinal, identity);
    return {};
  }
  Result<void> container(const SourceInfo& identity) override {
    book_.container(identity);
    return {};
  }

  ScriptBlocks& blocks_;
  SourceBook book_;
  std::vector<SourceContext> contexts_;
  std::optional<Explanation> direct_;
};

// Where the target is a part of a script block, the block is what the rule judged.
Result<void> explain_block(const ScanInputs& inputs, const Target& target, ExplainCollector& collector,
                           std::optional<Explanation>& found) {
  sigma::Judge judge(*inputs.rules);
  return collector.blocks_.each(inputs.rules->fields(), [&](const ScriptBlock& block) -> Result<void> {
    const bool holds = std::ranges::any_of(block.parts, [&](const ScriptBlock::Part& part) {
      return target.in_source(collector.contexts_[part.source]) && target.is(part.place);
    });
    if (!holds || found) return {};
    Explanation& explanation = found.emplace();
    judge.explain(*block.event, target.rule, explanation);
    explanation.place = block.parts.front().place;
    explanation.source.index = block.parts.front().source;
    for (const ScriptBlock::Part& part : block.parts) {
      explanation.parts.push_back({part.source, part.place});
      explanation.raw += part.raw;
    }
    explanation.event_json = block.parts.front().json;
    return {};
  });
}

Result<Explanation> explain_target(const ScanInputs& inputs, const Target& target) {
  TOCSIN_TRY(ScriptBlocks blocks, ScriptBlocks::make());
  ExplainCollector collector(blocks);
  PipelineOptions pipeline = pipeline_options(inputs, collector);
  pipeline.make_worker = [&](unsigned) { return std::make_unique<ExplainWorker>(inputs, target); };
  TOCSIN_TRY(const PipelineResult run, run_pipeline(pipeline));
  if (run.interrupted) return fail(ErrorCode::interrupted, "interrupted before the event was found");
  std::optional<Explanation> block;
  TOCSIN_CHECK(explain_block(inputs, target, collector, block));
  std::optional<Explanation>& direct = collector.direct_;
  // A rule that judges single parts (keywords on the channel, say) is explained on the part itself.
  std::optional<Explanation> best = block && !(direct && direct->matched) ? std::move(block) : std::move(direct);
  if (!best) {
    return fail(ErrorCode::not_found, fmt::format("no event {} in {}", target.record, target.path), target.path,
                "`tocsin dump PATH` shows each event's source and record under `_tocsin`");
  }
  Summary unused;
  const SourceBook::Ordered ordered = collector.book_.ordered({}, unused);
  const auto index = [&](std::uint32_t ordinal) { return ordered.index_of[ordinal]; };
  best->source = ordered.sources[index(best->source.index)];
  for (Finding::Part& part : best->parts) part.source = index(part.source);
  best->rule = inputs.rules->rules()[target.rule];
  if (!target.finding_id.empty()) best->finding_id = target.finding_id;
  return std::move(*best);
}

Result<Target> target_of_finding(const ScanInputs& inputs, const std::string& id) {
  TOCSIN_TRY(const std::unique_ptr<ScanResult> result, run_scan(inputs));
  std::optional<Target> target;
  TOCSIN_CHECK(result->each_finding([&](const Finding& finding) -> Result<void> {
    if (!finding.id.starts_with(id)) return {};
    if (target) {
      return fail(ErrorCode::invalid_argument, fmt::format("several findings begin with {}", id), id,
                  fmt::format("write more of the id: {} or {} …", target->finding_id, finding.id));
    }
    const SourceInfo& source = result->sources()[finding.source];
    target = Target{finding.rule,         true,      source.path, source.container, finding.place.offset,
                    finding.place.record, finding.id};
    return {};
  }));
  if (target) return *target;
  return fail(ErrorCode::not_found, fmt::format("no finding {} in this evidence with these rules", id), id,
              "use the same evidence, rules and filters as the scan that gave this id");
}

Result<Target> target_of_event(const ScanInputs& inputs, const ExplainOptions& what) {
  const std::vector<RuleInfo>& rules = inputs.rules->rules();
  const auto rule = std::ranges::find_if(
      rules, [&](const RuleInfo& info) { return info.id == what.rule_id || info.name == what.rule_id; });
  if (rule == rules.end()) {
    return fail(ErrorCode::not_found, fmt::format("no rule {} is loaded", what.rule_id), what.rule_id,
                "`tocsin rules list` shows the ids; --rules says where the rules are");
  }
  Target target;
  target.rule = static_cast<std::uint32_t>(rule - rules.begin());
  const std::size_t colon = what.event.rfind(':');
  const char* const end = what.event.data() + what.event.size();
  if (colon == std::string::npos || colon == 0 ||
      std::from_chars(what.event.data() + colon + 1, end, target.record).ptr != end || colon + 1 == what.event.size()) {
    return fail(ErrorCode::invalid_argument, fmt::format("--event {} is not SOURCE:RECORD", what.event), "--event",
                "for example --event Logs/Security.evtx:4711");
  }
  target.path = what.event.substr(0, colon);
  return target;
}

}  // namespace

Result<Explanation> run_explain(const ScanInputs& inputs, const ExplainOptions& what) {
  TOCSIN_TRY(const Target target,
             what.finding_id.empty() ? target_of_event(inputs, what) : target_of_finding(inputs, what.finding_id));
  return explain_target(inputs, target);
}

}  // namespace tocsin::scanning
