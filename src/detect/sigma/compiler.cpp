// Rules against log sources: resolves, lowers, writes programs, seals the blob.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "detect/sigma/compiled_impl.hpp"
#include "detect/sigma/problems.hpp"
#include "detect/sigma/program.hpp"
#include "detect/sigma/program_writer.hpp"
#include "detect/sigma/table_builder.hpp"
#include "detect/sigma/wake_plan.hpp"

namespace tocsin::sigma {

namespace {

// One line of a selection, lowered once for all variants.
struct Slot {
  const FieldItem* item = nullptr;
  LoweredItem lowered;
};

class Compiler {
 public:
  Compiler(const LogSources& log_sources, const Placeholders& placeholders, std::vector<RuleProblem>& problems,
           CompiledSet::Impl& out)
      : log_sources_(log_sources), placeholders_(placeholders), problems_(problems), out_(out), builder_(out.fields) {}

  void run(std::vector<Rule>& rules) {
    for (Rule& rule : rules) {
      if (compile(rule)) {
        out_.rules.push_back(std::move(rule.info));
        compiled_.push_back(&rule);
      } else {
        ++out_.rejected;
      }
    }
    out_.event_record_id = out_.fields.intern("EventRecordID");
    if (out_.wants_script_blocks) {
      for (const std::string_view field : {"ScriptBlockText", "Path"}) out_.fields.intern(field);
      out_.script_block_id = out_.fields.intern("ScriptBlockId");
      out_.message_number = out_.fields.intern("MessageNumber");
      out_.message_total = out_.fields.intern("MessageTotal");
    }
    plan_wakes(builder_, compiled_);
    builder_.finish();
    out_.regexes = match::RegexCache(builder_.regexes());
    out_.blob = Blob::seal(builder_.tables());
  }

 private:
  bool compile(Rule& rule) {
    std::vector<Slot> slots;
    std::vector<std::string> missing;
    if (!lower(rule, slots, missing)) return false;
    RuleRecord record;
    CoverageReason reason = rule.not_evaluated;
    std::string detail = rule.not_evaluated_detail;
    if (reason == CoverageReason::none && !missing.empty()) {
      reason = CoverageReason::placeholder;
      detail = fmt::format("no value for %{}% (--expand NAME=FILE)", fmt::join(missing, "%, %"));
    }
    const Resolution& resolution = resolve(rule.info.logsource);
    if (reason == CoverageReason::none && resolution.variants.empty()) reason = CoverageReason::no_reader;
    if (reason == CoverageReason::none || reason == CoverageReason::no_reader) detail = resolution.detail;
    record.instances.first = static_cast<std::uint32_t>(builder_.tables().instances.size());
    if (reason == CoverageReason::none && !instances(rule, slots, resolution)) return false;
    record.instances.count = static_cast<std::uint32_t>(builder_.tables().instances.size()) - record.instances.first;
    record.not_evaluated = static_cast<std::uint32_t>(reason);
    record.detail = builder_.text(detail);
    describe(rule, record);
    builder_.tables().rules.push_back(record);
    return true;
  }

  bool lower(const Rule& rule, std::vector<Slot>& slots, std::vector<std::string>& missing) {
    bool good = true;
    for (const Selection& selection : rule.selections) {
      for (const auto& alternative : selection.alternatives) {
        for (const FieldItem& item : alternative) {
          std::vector<ItemProblem> found;
          slots.push_back({&item, lower_item(item, &placeholders_, found)});
          for (const std::string& name : slots.back().lowered.missing_placeholders) {
            if (std::ranges::find(missing, name) == missing.end()) missing.push_back(name);
          }
          for (const ItemProblem& problem : found) good = report(rule, item, problem) && good;
        }
      }
    }
    return good;
  }

  // Warnings were given when the rule was parsed; only what placeholders brought in is new. True for a warning.
  bool report(const Rule& rule, const FieldItem& item, const ItemProblem& problem) {
    if (problem.warning) return true;
    RuleProblem& out = problems_.emplace_back();
    out.code = problem.code;
    out.file = rule.info.file;
    out.rule_id = rule.info.id;
    out.line = item.line;
    out.column = item.column;
    out.column_end = item.column + count_code_points(item.key);
    if (problem.target == ItemProblem::Target::value && problem.index < item.values.size()) {
      const RuleValue& value = item.values[problem.index];
      out.line = value.line;
      out.column = value.column;
      out.column_end = value.column + count_code_points(value.text);
    }
    out.message = problem.message;
    out.label = problem.label;
    out.help = problem.help;
    return false;
  }

  const Resolution& resolve(const LogSource& logsource) {
    const std::string key = logsource.product + '\n' + logsource.category + '\n' + logsource.service;
    const auto known = resolutions_.find(key);
    if (known != resolutions_.end()) return known->second;
    return resolutions_.emplace(key, log_sources_.resolve(logsource)).first->second;
  }

  bool instances(const Rule& rule, const std::vector<Slot>& slots, const Resolution& resolution) {
    for (const Variant& variant : resolution.variants) {
      InstanceRecord instance;
      instance.rule = static_cast<std::uint32_t>(builder_.tables().rules.size());
      instance.gate = builder_.gate(variant);
      instance.variant = builder_.text(variant.name);
      instance.caveat = builder_.text(caveat(rule, variant));
      std::vector<std::uint32_t> items;
      for (const Slot& slot : slots) {
        items.push_back(builder_.item(slot.lowered, slot.item->field, variant));
        builder_.uses(instance.gate, items.back());
      }
      const auto code = write_program(rule, items);
      if (!code || builder_.tables().items.size() > kMaxArgument) {
        too_large(rule);
        return false;
      }
      instance.items = builder_.words(items);
      std::vector<std::uint32_t> same;
      for (const std::string& field : variant.same_fields) same.push_back(builder_.operand(field, variant));
      instance.same = builder_.words(same);
      instance.same_within = variant.same_within;
      instance.code = builder_.words(*code);
      builder_.tables().instances.push_back(instance);
      out_.wants_script_blocks = out_.wants_script_blocks || variant.assemble_script_blocks;
    }
    return true;
  }

  void too_large(const Rule& rule) {
    RuleProblem& problem = problems_.emplace_back();
    problem.code = code::kConditionLimit;
    problem.file = rule.info.file;
    problem.rule_id = rule.info.id;
    problem.line = rule.info.line;
    problem.column = 1;
    problem.column_end = 2;
    problem.message = "the rule is too large: its condition repeats its selections too often";
    problem.help = "name each selection once";
  }

  // The texts and the tree that proofs and explanations show.
  void describe(const Rule& rule, RuleRecord& record) {
    BlobTables& tables = builder_.tables();
    const auto size = [](const auto& table) { return static_cast<std::uint32_t>(table.size()); };
    record.nodes = {size(tables.nodes), size(rule.condition)};
    for (const ConditionNode& node : rule.condition) {
      const Range children = builder_.words(node.children);
      tables.nodes.push_back(
          {static_cast<std::uint32_t>(node.kind), node.selection, node.count, children, builder_.text(node.text)});
    }
    const std::vector<bool> shown = positive_selections(rule);
    record.selections = {size(tables.selections), size(rule.selections)};
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < rule.selections.size(); ++i) {
      const Selection& selection = rule.selections[i];
      const Range alternatives{size(tables.alternatives), size(selection.alternatives)};
      for (const auto& alternative : selection.alternatives) {
        tables.alternatives.push_back({{size(tables.slots), size(alternative)}});
        for (const FieldItem& item : alternative) slot(item, number++);
      }
      tables.selections.push_back({builder_.text(selection.name), alternatives, shown[i] ? 1U : 0U});
    }
  }

  void slot(const FieldItem& item, std::uint32_t number) {
    std::vector<std::string> patterns;
    for (const RuleValue& value : item.values) {
      patterns.push_back(value.kind == RuleValue::Kind::null ? "null" : value.text);
    }
    SlotRecord record{builder_.text(item.key), builder_.text(item.field), builder_.text_list(patterns), number};
    builder_.tables().slots.push_back(record);
  }

  // A log that never has a field cannot be excluded by it: such a rule finds more there than its author meant.
  static std::string caveat(const Rule& rule, const Variant& variant) {
    std::vector<std::string> fields;
    const std::vector<bool> shown = positive_selections(rule);
    for (std::size_t i = 0; i < rule.selections.size(); ++i) {
      for (const auto& alternative : rule.selections[i].alternatives) {
        for (const FieldItem& item : alternative) {
          const bool excludes = !shown[i] || std::ranges::find(item.modifiers, "neq") != item.modifiers.end();
          const bool absent = std::ranges::find(variant.absent_fields, item.field) != variant.absent_fields.end();
          const bool known = std::ranges::find(fields, item.field) != fields.end();
          if (excludes && absent && !known) fields.push_back(item.field);
        }
      }
    }
    if (fields.empty()) return {};
    return fmt::format("this kind of log ({}) never has {}: what the rule excludes by {} could not be checked",
                       variant.name, fmt::join(fields, ", "), fields.size() == 1 ? "it" : "them");
  }

  // Below an even number of `not` (docs/formats/sigma.md, D27).
  static std::vector<bool> positive_selections(const Rule& rule) {
    std::vector<bool> shown(rule.selections.size());
    std::vector<bool> odd(rule.condition.size());
    for (std::size_t i = rule.condition.size(); i-- > 0;) {
      const ConditionNode& node = rule.condition[i];
      const bool below = odd[i] != (node.kind == ConditionNode::Kind::logical_not);
      for (const std::uint32_t child : node.children) odd[child] = below;
      if (node.kind == ConditionNode::Kind::selection && !odd[i]) shown[node.selection] = true;
    }
    return shown;
  }

  const LogSources& log_sources_;
  const Placeholders& placeholders_;
  std::vector<RuleProblem>& problems_;
  CompiledSet::Impl& out_;
  TableBuilder builder_;
  std::vector<const Rule*> compiled_;  // by index in the tables
  std::map<std::string, Resolution> resolutions_;
};

}  // namespace

CompiledSet CompiledSet::compile(std::vector<Rule> rules, const LogSources& log_sources,
                                 const Placeholders& placeholders, std::vector<RuleProblem>& problems) {
  auto impl = std::make_unique<Impl>();
  Compiler(log_sources, placeholders, problems, *impl).run(rules);
  impl->settings = log_sources.settings();
  return CompiledSet(std::move(impl));
}

CompiledSet::CompiledSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CompiledSet::CompiledSet(CompiledSet&&) noexcept = default;
CompiledSet& CompiledSet::operator=(CompiledSet&&) noexcept = default;
CompiledSet::~CompiledSet() = default;

const std::vector<RuleInfo>& CompiledSet::rules() const {
  return impl_->rules;
}
const model::FieldTable& CompiledSet::fields() const {
  return impl_->fields;
}
const std::vector<Setting>& CompiledSet::settings() const {
  return impl_->settings;
}
std::uint64_t CompiledSet::rejected() const {
  return impl_->rejected;
}
bool CompiledSet::wants_script_blocks() const {
  return impl_->wants_script_blocks;
}

}  // namespace tocsin::sigma
