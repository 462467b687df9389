// A rule as compiled, in words, for `rules show`.
#include <algorithm>

#include <fmt/format.h>

#include "detect/sigma/compiled_impl.hpp"

namespace tocsin::sigma {

namespace {

class Description {
 public:
  Description(const CompiledSet::Impl& set, std::uint32_t rule)
      : set_(set), blob_(set.blob), info_(set.rules[rule]), rule_(set.blob.rules[rule]) {}

  std::string run() {
    head();
    selections();
    line("condition", info_.condition);
    if (const auto reason = static_cast<CoverageReason>(rule_.not_evaluated); reason != CoverageReason::none) {
      line("not evaluated", fmt::format("{}: {}", to_string(reason), blob_.text(rule_.detail)));
    }
    for (const InstanceRecord& instance : Blob::part(blob_.instances, rule_.instances)) variant(instance);
    for (const std::string& step : info_.next) line("look at next", step);
    return std::move(out_);
  }

 private:
  void line(std::string_view name, std::string_view value) {
    if (!value.empty()) out_ += fmt::format("{}: {}\n", name, value);
  }

  void head() {
    line("title", info_.title);
    line("id", info_.id);
    line("name", info_.name);
    line("status", to_string(info_.status));
    line("level", to_string(info_.level));
    line("author", info_.author);
    line("license", info_.license);
    line("file", fmt::format("{}:{}", info_.file, info_.line));
    line("tags", fmt::format("{}", fmt::join(info_.tags, ", ")));
    std::vector<std::string> parts;
    const LogSource& source = info_.logsource;
    if (!source.product.empty()) parts.push_back("product " + source.product);
    if (!source.category.empty()) parts.push_back("category " + source.category);
    if (!source.service.empty()) parts.push_back("service " + source.service);
    line("log source", fmt::format("{}", fmt::join(parts, ", ")));
  }

  void selections() {
    for (const SelectionRecord& selection : Blob::part(blob_.selections, rule_.selections)) {
      out_ += fmt::format("{}:\n", blob_.text(selection.name));
      bool first = true;
      for (const AlternativeRecord& alternative : Blob::part(blob_.alternatives, selection.alternatives)) {
        if (!first) out_ += "  or\n";
        first = false;
        for (const SlotRecord& slot : Blob::part(blob_.slots, alternative.slots)) {
          out_ += fmt::format("  {}\n", slot.key.count == 0 ? "any value contains" : blob_.text(slot.key));
          for (const Text pattern : Blob::part(blob_.texts, slot.patterns)) {
            out_ += fmt::format("    - {}\n", blob_.text(pattern));
          }
        }
      }
    }
  }

  void list(std::string_view name, Range range) {
    std::vector<std::string_view> names;
    for (const Text text : Blob::part(blob_.texts, range)) names.push_back(blob_.text(text));
    if (!names.empty()) out_ += fmt::format("  {}: {}\n", name, fmt::join(names, ", "));
  }

  void variant(const InstanceRecord& instance) {
    const GateRecord& gate = blob_.gates[instance.gate];
    out_ += fmt::format("variant {}\n", blob_.text(instance.variant));
    list("channel", gate.channels);
    list("provider", gate.providers);
    const auto ids = Blob::part(blob_.event_ids, gate.event_ids);
    if (!ids.empty()) out_ += fmt::format("  event id: {}\n", fmt::join(ids, ", "));
    for (const ConstraintRecord& constraint : Blob::part(blob_.constraints, gate.constraints)) {
      list(set_.fields.name(constraint.field), constraint.values);
    }
    if (gate.assemble != 0) out_ += "  parts of script blocks are put together first\n";
    fields(instance);
  }

  // Rule fields that go by another name, are converted, fixed or never there.
  void fields(const InstanceRecord& instance) {
    std::vector<std::string> shown;
    const auto items = blob_.list(instance.items);
    for (const SelectionRecord& selection : Blob::part(blob_.selections, rule_.selections)) {
      for (const AlternativeRecord& alternative : Blob::part(blob_.alternatives, selection.alternatives)) {
        for (const SlotRecord& slot : Blob::part(blob_.slots, alternative.slots)) {
          std::string text = source(blob_.text(slot.field), blob_.operands[blob_.items[items[slot.number]].operand]);
          if (text.empty() || std::ranges::find(shown, text) != shown.end()) continue;
          out_ += fmt::format("  {}\n", text);
          shown.push_back(std::move(text));
        }
      }
    }
  }

  [[nodiscard]] std::string source(std::string_view field, const OperandRecord& operand) const {
    if (operand.kind == OperandRecord::absent) return fmt::format("{}: these events never have it", field);
    if (operand.kind == OperandRecord::constant) return fmt::format("{} = '{}'", field, blob_.text(operand.text));
    std::vector<std::string_view> names;
    for (const std::uint32_t id : blob_.list(operand.fields)) names.push_back(set_.fields.name(id));
    std::vector<std::string_view> conversions;
    for (const std::uint32_t conversion : blob_.list(operand.conversions)) {
      conversions.push_back(to_string(static_cast<Conversion>(conversion)));
    }
    const bool itself = names.size() == 1 && names[0] == field && conversions.empty();
    if (operand.kind == OperandRecord::keywords || itself) return {};
    std::string text = fmt::format("{} <- {}", field, fmt::join(names, "+"));
    if (!conversions.empty()) text += fmt::format(" ({})", fmt::join(conversions, ", "));
    return text;
  }

  const CompiledSet::Impl& set_;
  const Blob& blob_;
  const RuleInfo& info_;
  const RuleRecord& rule_;
  std::string out_;
};

}  // namespace

std::string CompiledSet::describe(std::uint32_t rule) const {
  return Description(*impl_, rule).run();
}

}  // namespace tocsin::sigma
