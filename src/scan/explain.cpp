#include "scan/explain.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "scan/explain_pass.hpp"
#include "scan/finding_codec.hpp"
#include "scan/hygiene.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kCandidatesShown = 5;

// What a search keeps beside memory. Made before any evidence is read: later nothing is opened for writing.
struct Scratch {
  ScriptBlocks blocks;
  FindingStore findings;
};

// The event that was found, by the walk's ordinal and place; and the finding it was found for.
struct Target {
  std::uint32_t rule = 0, source = 0;
  Place place;
  std::string finding_id;
};

// Where the target is a part of a script block, the block is what the rule judged.
Result<std::optional<Explanation>> explain_block(const ScanInputs& inputs, const Target& target,
                                                 const ScriptBlocks& blocks) {
  std::optional<Explanation> found;
  sigma::Judge judge(*inputs.rules);
  TOCSIN_CHECK(blocks.each(inputs.rules->fields(), [&](const ScriptBlock& block) -> Result<void> {
    const bool holds = std::ranges::any_of(block.parts, [&](const ScriptBlock::Part& part) {
      return part.source == target.source && part.place.offset == target.place.offset;
    });
    if (!holds || found) return {};
    Explanation& explanation = found.emplace();
    judge.explain(*block.event, target.rule, explanation);
    describe_event(*block.event, block.parts.front().source, explanation);
    explanation.notes.insert(explanation.notes.end(), block.notes.begin(), block.notes.end());
    explanation.raw = {};
    for (const ScriptBlock::Part& part : block.parts) {
      explanation.parts.push_back({part.source, part.place});
      explanation.raw += part.raw;
    }
    return {};
  }));
  return found;
}

// Log hygiene stands behind the rules of the set, as in a scan.
bool is_hygiene(const ScanInputs& inputs, std::uint32_t rule) {
  return rule >= inputs.rules->rules().size();
}

const RuleInfo& rule_of(const ScanInputs& inputs, std::uint32_t rule) {
  const std::vector<RuleInfo>& rules = inputs.rules->rules();
  return is_hygiene(inputs, rule) ? hygiene_rules().at(rule - rules.size()) : rules[rule];
}

// Ordinals become what the reader knows: sources with path and hash.
Explanation finished(const ScanInputs& inputs, const Target& target, const SourceBook& book, Explanation explanation) {
  Summary unused;
  const SourceBook::Ordered ordered = book.ordered({}, unused);
  const auto source = [&](std::uint32_t ordinal) { return ordered.sources[ordered.index_of[ordinal]]; };
  explanation.source = source(explanation.source.index);
  for (Finding::Part& part : explanation.parts) {
    const SourceInfo& info = ordered.sources[ordered.index_of[part.source]];
    explanation.part_sources.push_back(shown_name(info.path, info.container));
    part.source = info.index;
  }
  explanation.rule = rule_of(inputs, target.rule);
  if (!target.finding_id.empty()) explanation.finding_id = target.finding_id;
  return explanation;
}

Error not_found(std::string message, std::string place, std::string hint, const PipelineResult& run) {
  // What could not be read may be where it lies.
  if (!run.failed_paths.empty()) return run.failed_paths.front();
  return {ErrorCode::not_found, std::move(message), std::move(place), std::move(hint)};
}

std::string name_of(const SearchCollector& collector, const Candidate& candidate, bool with_offset) {
  const SourceContext& source = collector.source(candidate.explanation.source.index);
  std::string name =
      fmt::format("{}:{}", shown_name(source.path, source.container), candidate.explanation.place.record);
  if (with_offset) name += fmt::format("@{}", candidate.explanation.place.offset);
  return name;
}

// Several events fit: which, and how one of them is named.
Error ambiguous(const SearchCollector& collector, const std::vector<Candidate>& candidates, std::uint64_t seen,
                const std::string& wanted) {
  const std::uint32_t first = candidates.front().explanation.source.index;
  // Names without an offset are tried first; equal ones in one source need it.
  std::vector<std::string> names;
  for (const Candidate& candidate : candidates) names.push_back(name_of(collector, candidate, false));
  std::ranges::sort(names);
  const bool with_offset = std::ranges::adjacent_find(names) != names.end();
  std::string list;
  for (std::size_t i = 0; i < std::min(kCandidatesShown, candidates.size()); ++i) {
    if (i > 0) list += ", ";
    list += name_of(collector, candidates[i], with_offset);
  }
  if (seen > kCandidatesShown) list += fmt::format(" and {} more", seen - kCandidatesShown);
  const bool one_source =
      std::ranges::all_of(candidates, [&](const Candidate& one) { return one.explanation.source.index == first; });
  return {ErrorCode::invalid_argument, fmt::format("--event {} fits {} events: {}", wanted, seen, list), "--event",
          one_source ? "the record's number comes several times: name one by its offset, as above"
                     : "write more of the source's path, as above"};
}

Result<Explanation> explain_event(const ScanInputs& inputs, Search search, const std::string& wanted,
                                  Scratch& scratch) {
  search.inputs = &inputs;
  SearchCollector collector(search, scratch.blocks, scratch.findings);
  TOCSIN_TRY(const PipelineResult run, run_search(search, collector));
  std::vector<Candidate>& candidates = collector.candidates();
  if (candidates.empty()) {
    return std::unexpected(not_found(fmt::format("no event {} in {}", search.event->record, search.event->path),
                                     search.event->path,
                                     "`tocsin dump PATH` shows each event's source and record under `_tocsin`", run));
  }
  if (candidates.size() > 1) {
    return std::unexpected(ambiguous(collector, candidates, collector.candidates_seen(), wanted));
  }
  Explanation& direct = candidates.front().explanation;
  const Target target{search.rule, direct.source.index, direct.place, {}};
  TOCSIN_TRY(std::optional<Explanation> block, explain_block(inputs, target, scratch.blocks));
  // A rule that judges single parts (keywords on the channel, say) is explained on the part itself.
  return finished(inputs, target, collector.book(), block && !direct.matched ? std::move(*block) : std::move(direct));
}

// Script blocks in parts give findings too, once all parts are known.
Result<void> note_blocks(const ScanInputs& inputs, Scratch& scratch) {
  sigma::Judge judge(*inputs.rules);
  std::vector<sigma::Hit> hits;
  return scratch.blocks.each(inputs.rules->fields(), [&](const ScriptBlock& block) -> Result<void> {
    hits.clear();
    judge.judge_assembled(*block.event, hits);
    std::vector<base::Sha256::Digest> records;
    for (const ScriptBlock::Part& part : block.parts) records.push_back(part.digest);
    for (const sigma::Hit& hit : hits) {
      Finding finding;
      finding.rule = hit.rule;
      finding.source = block.parts.front().source;
      finding.place = block.parts.front().place;
      finding.parts.push_back({finding.source, finding.place});  // marks it
      TOCSIN_CHECK(scratch.findings.add(inputs.rules->rules()[hit.rule].id, records, block.parts.front().place_key,
                                        encode_finding(finding)));
    }
    return {};
  });
}

// The logs themselves give findings, once all of each was seen.
Result<void> note_hygiene(const ScanInputs& inputs, const HygieneBook& book, FindingStore& findings) {
  for (HygieneFinding& found : book.findings(inputs.options->evidence)) {
    found.finding.rule =
        static_cast<std::uint32_t>(inputs.rules->rules().size() + static_cast<std::size_t>(found.kind));
    TOCSIN_CHECK(findings.add(rule_of(inputs, found.finding.rule).id, found.records, found.place_key,
                              encode_finding(found.finding)));
  }
  return {};
}

// The finding whose id begins as asked for; nothing where there is none.
Result<std::optional<Finding>> noted_finding(const FindingStore& findings, const std::string& id) {
  std::optional<Finding> found;
  TOCSIN_CHECK(findings.each([&](const Finding& finding) -> Result<void> {
    if (!finding.id.starts_with(id)) return {};
    if (found) {
      return fail(ErrorCode::invalid_argument, fmt::format("several findings begin with {}", id), id,
                  fmt::format("write more of the id: {} or {} …", found->id, finding.id));
    }
    found = finding;
    return {};
  }));
  return found;
}

bool reads_standard_input(const ScanInputs& inputs) {
  return std::ranges::count(inputs.options->evidence.paths, "-") > 0;
}

// Many copies of the record, or few digits of an id: what was explained on the way is not this event. It is read again.
// Rule kNoRule: the event alone.
Result<Explanation> read_again(const ScanInputs& inputs, std::uint32_t rule, const Target& target,
                               const SourceContext& source, Scratch& scratch) {
  if (reads_standard_input(inputs)) {
    return fail(ErrorCode::invalid_argument, "standard input can be read only once", "-",
                "write more of the id, or give the evidence as a file");
  }
  Search search;
  search.inputs = &inputs;
  search.rule = rule;
  search.event = EventName{source.path, source.container, true, target.place.record, target.place.offset};
  SearchCollector collector(search, scratch.blocks, scratch.findings);
  TOCSIN_TRY(const PipelineResult run, run_search(search, collector));
  if (collector.candidates().empty()) {
    return std::unexpected(not_found("the evidence changed while it was read", source.path, "use a copy of it", run));
  }
  return finished(inputs, target, collector.book(), std::move(collector.candidates().front().explanation));
}

// What the logs say of themselves has no condition: the proof is in the numbers and times of two records. That of the
// finding's place is shown whole.
Result<Explanation> explain_hygiene(const ScanInputs& inputs, const Finding& finding, const SearchCollector& collector,
                                    Scratch& scratch) {
  const Target target{finding.rule, finding.source, finding.place, finding.id};
  Explanation told;
  told.notes = finding.notes;
  if (reads_standard_input(inputs)) {
    told.notes.emplace_back("the record itself is not shown: standard input can be read only once");
  } else {
    TOCSIN_TRY(const Explanation event,
               read_again(inputs, Search::kNoRule, target, collector.source(finding.source), scratch));
    told.event_json = event.event_json, told.raw = event.raw;
    told.provider = event.provider, told.event_id = event.event_id;
  }
  told.source.index = finding.source, told.place = finding.place, told.time = finding.time;
  told.computer = finding.computer, told.channel = finding.channel;
  told.log_source_fits = told.matched = true;
  told.log_source_detail =
      fmt::format("needs {}", hygiene_needs(static_cast<HygieneKind>(finding.rule - inputs.rules->rules().size())));
  told.matches = finding.matches, told.parts = finding.parts;
  return finished(inputs, target, collector.book(), std::move(told));
}

Result<Explanation> explain_finding(const ScanInputs& inputs, const std::string& id, Scratch& scratch) {
  if (id.size() > FindingStore::kIdDigits || id.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return fail(ErrorCode::invalid_argument, fmt::format("expected a finding's id, found {}", id), {},
                "an id is 32 hex digits, or the first of them; `tocsin scan` shows it with each finding");
  }
  Search search;
  search.inputs = &inputs;
  search.finding_id = id;
  SearchCollector collector(search, scratch.blocks, scratch.findings);
  TOCSIN_TRY(const PipelineResult run, run_search(search, collector));
  TOCSIN_CHECK(note_blocks(inputs, scratch));
  TOCSIN_CHECK(note_hygiene(inputs, collector.hygiene(), scratch.findings));
  TOCSIN_CHECK(scratch.findings.finish());
  TOCSIN_TRY(const std::optional<Finding> noted, noted_finding(scratch.findings, id));
  if (!noted) {
    return std::unexpected(not_found(fmt::format("no finding {} in this evidence with these rules", id), id,
                                     "use the same evidence, rules and filters as the scan that gave this id", run));
  }
  if (is_hygiene(inputs, noted->rule)) return explain_hygiene(inputs, *noted, collector, scratch);
  const Target target{noted->rule, noted->source, noted->place, noted->id};
  if (!noted->parts.empty()) {
    TOCSIN_TRY(std::optional<Explanation> block, explain_block(inputs, target, scratch.blocks));
    if (block) return finished(inputs, target, collector.book(), std::move(*block));
  }
  for (Candidate& candidate : collector.candidates()) {
    const Explanation& one = candidate.explanation;
    const bool is_it = one.source.index == target.source && one.place == target.place &&
                       one.rule.id == inputs.rules->rules()[target.rule].id;
    if (is_it) return finished(inputs, target, collector.book(), std::move(candidate.explanation));
  }
  return read_again(inputs, target.rule, target, collector.source(target.source), scratch);
}

Result<Search> search_for_event(const ScanInputs& inputs, const ExplainOptions& what) {
  const std::vector<RuleInfo>& rules = inputs.rules->rules();
  if (find_hygiene_rule(what.rule_id)) {
    return fail(ErrorCode::invalid_argument, fmt::format("{} judges whole logs, not one event", what.rule_id), "--rule",
                "`tocsin scan PATH` shows its findings, `tocsin explain FINDING-ID PATH` proves one, and `tocsin rules "
                "explain` with its id says what it looks for");
  }
  const auto rule = std::ranges::find_if(
      rules, [&](const RuleInfo& info) { return info.id == what.rule_id || info.name == what.rule_id; });
  if (rule == rules.end()) {
    return fail(ErrorCode::not_found, fmt::format("no rule {} is loaded", what.rule_id), what.rule_id,
                "`tocsin rules list` shows the ids; --rules says where the rules are");
  }
  Search search;
  search.rule = static_cast<std::uint32_t>(rule - rules.begin());
  TOCSIN_TRY(search.event, EventName::parse(what.event));
  return search;
}

}  // namespace

Result<Explanation> run_explain(const ScanInputs& inputs, const ExplainOptions& what) {
  TOCSIN_TRY(ScriptBlocks blocks, ScriptBlocks::make());
  TOCSIN_TRY(FindingStore findings, FindingStore::make());
  Scratch scratch{std::move(blocks), std::move(findings)};
  if (!what.finding_id.empty()) return explain_finding(inputs, what.finding_id, scratch);
  TOCSIN_TRY(Search search, search_for_event(inputs, what));
  return explain_event(inputs, std::move(search), what.event, scratch);
}

}  // namespace tocsin::scanning
