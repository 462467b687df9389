#include "detect/sigma/compiled_file.hpp"

#include <utility>

#include "detect/sigma/blob_check.hpp"
#include "detect/sigma/compiled_impl.hpp"

namespace tocsin::sigma {

namespace {

using base::Decoder;
using base::Encoder;

// One order for writing and reading: `visit` is called with each member.
template <class Info, class Visit>
void each_text(Info& info, Visit visit) {
  for (auto* text : {&info.id, &info.name, &info.title, &info.description, &info.author, &info.license, &info.date,
                     &info.modified, &info.file, &info.sha256, &info.logsource.product, &info.logsource.category,
                     &info.logsource.service, &info.logsource.definition, &info.condition}) {
    visit(*text);
  }
}
template <class Info, class Visit>
void each_list(Info& info, Visit visit) {
  for (auto* list : {&info.tags, &info.references, &info.false_positives, &info.fields, &info.next, &info.techniques}) {
    visit(*list);
  }
}
template <class Setting, class Visit>
void each_setting_text(Setting& setting, Visit visit) {
  for (auto* text : {&setting.id, &setting.title, &setting.fetch, &setting.command, &setting.cost, &setting.product,
                     &setting.service}) {
    visit(*text);
  }
}
template <class Problem, class Visit>
void each_problem_text(Problem& problem, Visit visit) {
  for (auto* text : {&problem.code, &problem.file, &problem.source_line, &problem.message, &problem.label,
                     &problem.help, &problem.rule_id}) {
    visit(*text);
  }
}

void put(Encoder& out, const RuleInfo& info) {
  each_text(info, [&](const std::string& text) { out.text(text); });
  each_list(info, [&](const std::vector<std::string>& list) { out.texts(list); });
  out.number(info.line);
  out.number(static_cast<std::uint64_t>(info.level));
  out.number(static_cast<std::uint64_t>(info.status));
  out.number(static_cast<std::uint64_t>(info.evidence_class));
}

// False where a number stands for nothing.
bool take(Decoder& in, RuleInfo& info) {
  each_text(info, [&](std::string& text) { text = in.text(); });
  each_list(info, [&](std::vector<std::string>& list) { in.texts(list); });
  info.line = in.number_as<std::uint32_t>();
  const std::uint64_t level = in.number(), status = in.number(), evidence_class = in.number();
  if (level > static_cast<std::uint64_t>(Level::critical) || status > static_cast<std::uint64_t>(RuleStatus::unknown)) {
    return false;
  }
  if (evidence_class < static_cast<std::uint64_t>(EvidenceClass::e1) ||
      evidence_class > static_cast<std::uint64_t>(EvidenceClass::e7)) {
    return false;
  }
  info.level = static_cast<Level>(level);
  info.status = static_cast<RuleStatus>(status);
  info.evidence_class = static_cast<EvidenceClass>(evidence_class);
  return true;
}

void put(Encoder& out, const Setting& setting) {
  each_setting_text(setting, [&](const std::string& text) { out.text(text); });
  out.flag(setting.on_by_default);
  out.texts(setting.channels);
  out.texts(setting.fields);
  out.number(setting.event_ids.size());
  for (const std::int64_t id : setting.event_ids) out.signed_number(id);
  out.number(setting.reach_days);
}

void take(Decoder& in, Setting& setting) {
  each_setting_text(setting, [&](std::string& text) { text = in.text(); });
  setting.on_by_default = in.flag();
  in.texts(setting.channels);
  in.texts(setting.fields);
  in.repeat([&] { setting.event_ids.push_back(in.signed_number()); });
  setting.reach_days = in.number_as<std::uint32_t>();
}

template <class Set, class Visit>
void each_special_field(Set& set, Visit visit) {
  for (auto* field : {&set.event_record_id, &set.message_total, &set.message_number, &set.script_block_id}) {
    visit(*field);
  }
}

// False where a field is none of the table's.
bool take_fields(Decoder& in, CompiledSet::Impl& set) {
  bool good = true;
  in.repeat([&] {
    const std::uint32_t next = set.fields.size();
    good = set.fields.intern(in.text()) == next && good;
  });
  each_special_field(set, [&](std::optional<model::FieldId>& field) {
    const auto id = in.optional();
    if (!id) return;
    good = good && *id >= 0 && *id < set.fields.size();
    field = static_cast<model::FieldId>(*id);
  });
  return good && set.event_record_id && set.message_total.has_value() == set.message_number.has_value() &&
         set.message_total.has_value() == set.script_block_id.has_value();
}

}  // namespace

void encode_beside(const CompiledSet& compiled, Encoder& out) {
  const CompiledSet::Impl& set = compiled.impl();
  out.number(set.fields.size());
  for (std::uint32_t i = 0; i < set.fields.size(); ++i) out.text(set.fields.name(i));
  each_special_field(set, [&](const std::optional<model::FieldId>& field) {
    out.optional(field ? std::optional<std::int64_t>(*field) : std::nullopt);
  });
  out.flag(set.wants_script_blocks);
  out.number(set.regexes.size());
  out.number(set.rejected);
  out.number(set.settings.size());
  for (const Setting& setting : set.settings) put(out, setting);
  out.number(set.rules.size());
  for (const RuleInfo& rule : set.rules) put(out, rule);
}

std::span<const std::byte> blob_bytes(const CompiledSet& set) {
  return set.impl().blob.bytes();
}

std::optional<CompiledSet> decode_set(Decoder& in, std::span<const std::byte> blob, std::shared_ptr<const void> owner) {
  auto set = std::make_unique<CompiledSet::Impl>();
  auto opened = Blob::open(blob, std::move(owner));
  if (!opened || !take_fields(in, *set)) return std::nullopt;
  set->blob = std::move(*opened);
  set->wants_script_blocks = in.flag();
  const std::uint64_t regexes = in.number();
  set->rejected = in.number();
  in.repeat([&] { take(in, set->settings.emplace_back()); });
  bool good = regexes <= set->blob.patterns.size();
  set->rules.reserve(set->blob.rules.size());  // as many as there are
  in.repeat([&] { good = take(in, set->rules.emplace_back()) && good; });
  if (!good || !in.ok() || set->rules.size() != set->blob.rules.size()) return std::nullopt;
  if (set->wants_script_blocks != set->message_total.has_value()) return std::nullopt;
  if (!holds_together(set->blob, set->fields.size(), static_cast<std::uint32_t>(regexes))) return std::nullopt;
  set->regexes = match::RegexCache(regexes);
  return CompiledSet(std::move(set));
}

void encode_problems(const std::vector<RuleProblem>& problems, Encoder& out) {
  out.number(problems.size());
  for (const RuleProblem& problem : problems) {
    out.flag(problem.severity == RuleProblem::Severity::warning);
    each_problem_text(problem, [&](const std::string& text) { out.text(text); });
    for (const std::uint32_t number : {problem.line, problem.column, problem.column_end}) out.number(number);
  }
}

std::vector<RuleProblem> decode_problems(Decoder& in) {
  std::vector<RuleProblem> problems;
  in.repeat([&] {
    RuleProblem& problem = problems.emplace_back();
    problem.severity = in.flag() ? RuleProblem::Severity::warning : RuleProblem::Severity::error;
    each_problem_text(problem, [&](std::string& text) { text = in.text(); });
    for (std::uint32_t* number : {&problem.line, &problem.column, &problem.column_end}) {
      *number = in.number_as<std::uint32_t>();
    }
  });
  return problems;
}

}  // namespace tocsin::sigma
