#include "detect/sigma/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "detect/sigma/compiled_impl.hpp"
#include "detect/sigma/modifiers.hpp"

namespace tocsin::sigma {
namespace {

constexpr std::size_t kValuesShown = 60;
constexpr std::size_t kMaxConditionBytes = 20'000;  // of a condition in words

constexpr std::array<std::pair<std::string_view, std::string_view>, 40> kFields{{
    {"Image", "the program"},
    {"ParentImage", "the program that started it"},
    {"CommandLine", "the command line"},
    {"ParentCommandLine", "the command line of the program that started it"},
    {"OriginalFileName", "the name that the program was built with"},
    {"CurrentDirectory", "the working folder"},
    {"User", "the user"},
    {"IntegrityLevel", "the integrity level"},
    {"Hashes", "the hashes"},
    {"Description", "the program's own description"},
    {"Product", "the program's own product name"},
    {"Company", "the program's own company name"},
    {"TargetFilename", "the file"},
    {"TargetObject", "the registry key or value"},
    {"Details", "what the registry value was set to"},
    {"EventType", "the kind of change"},
    {"SourceImage", "the program that acts"},
    {"TargetImage", "the program that is acted on"},
    {"GrantedAccess", "the access that was granted"},
    {"CallTrace", "the chain of calls"},
    {"ImageLoaded", "the loaded library or driver"},
    {"PipeName", "the pipe"},
    {"QueryName", "the name that was looked up"},
    {"DestinationIp", "the address connected to"},
    {"DestinationPort", "the port connected to"},
    {"DestinationHostname", "the host connected to"},
    {"Initiated", "whether this host began the connection"},
    {"ScriptBlockText", "the script's text"},
    {"Payload", "the pipeline's output"},
    {"ServiceName", "the service's name"},
    {"ImagePath", "the service's program"},
    {"TaskName", "the task's name"},
    {"ShareName", "the share"},
    {"RelativeTargetName", "the file on the share"},
    {"LogonType", "the type of log-on"},
    {"TargetUserName", "the account concerned"},
    {"SubjectUserName", "the account that acts"},
    {"IpAddress", "the address it came from"},
    {"EventID", "the event id"},
    {"Provider_Name", "the source of the event"},
}};

// "a", "a or b", "a, b or c", of quoted values; a long list is cut.
std::string list_of(const std::vector<std::string>& values, std::string_view join) {
  std::string out;
  const std::size_t shown = std::min(values.size(), kValuesShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == values.size();
    out += fmt::format("{}\"{}\"", i == 0 ? "" : last ? fmt::format(" {} ", join) : ", ", values[i]);
  }
  if (shown < values.size()) out += fmt::format(" {} {} more", join, values.size() - shown);
  return out;
}

struct Key {
  std::string_view field;
  std::vector<std::string_view> modifiers;
  [[nodiscard]] bool has(std::string_view name) const { return std::ranges::find(modifiers, name) != modifiers.end(); }
};

Key split(std::string_view key) {
  Key out;
  out.field = key.substr(0, key.find('|'));
  key.remove_prefix(out.field.size());
  while (!key.empty()) {
    key.remove_prefix(1);
    const std::string_view name = key.substr(0, key.find('|'));
    out.modifiers.push_back(name);
    key.remove_prefix(name.size());
  }
  return out;
}

// The verb for the values; nothing where they are wildcards that say it themselves.
std::string verb_of(const Key& key) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kVerbs{
      {{"contains", "contains"},
       {"startswith", "begins with"},
       {"endswith", "ends with"},
       {"re", "matches the expression"},
       {"cidr", "lies in the network"},
       {"lt", "is less than"},
       {"lte", "is at most"},
       {"gt", "is greater than"},
       {"gte", "is at least"},
       {"fieldref", "is the same as the field"},
       {"minute", "has the minute"},
       {"hour", "has the hour"},
       {"day", "has the day"},
       {"week", "has the week"},
       {"month", "has the month"},
       {"year", "has the year"},
       {"base64offset", "contains"}}};
  for (const auto& [modifier, verb] : kVerbs) {
    if (key.has(modifier)) return std::string(verb);
  }
  return key.field.empty() ? "contains" : "is";
}

std::string encodings_of(const Key& key) {
  std::string out;
  if (key.has("utf16le") || key.has("wide") || key.has("utf16") || key.has("utf16be")) out += " as UTF-16";
  if (key.has("base64") || key.has("base64offset")) out += " in base64";
  if (key.has("windash")) out += " (any dash or slash before the option)";
  if (key.has("cased")) out += " (case counts)";
  return out;
}

bool is_wildcard(const std::string& value) {
  return value.find_first_of("*?") != std::string::npos;
}

class ConditionWords {
 public:
  ConditionWords(const Blob& blob, const RuleRecord& rule)
      : blob_(blob), selections_(Blob::part(blob.selections, rule.selections)), rule_(rule) {}

  // Children come before their parents, so that no recursion is needed.
  std::string run() {
    const auto nodes = Blob::part(blob_.nodes, rule_.nodes);
    for (const NodeRecord& node : nodes) texts_.push_back(words(node));
    std::string out = texts_.empty() ? std::string() : texts_.back();
    if (out.size() > kMaxConditionBytes) out = std::string(blob_.text(nodes.back().text));
    return out;
  }

 private:
  [[nodiscard]] std::string joined(const NodeRecord& node, std::string_view join) const {
    std::string out;
    const auto children = blob_.list(node.children);
    for (std::size_t i = 0; i < children.size(); ++i) {
      const std::string& text = texts_[children[i]];
      const bool nested = text.find(' ') != std::string::npos && !text.starts_with("not ");
      if (i > 0) out += fmt::format("{}{} ", i + 1 == children.size() || join != "," ? " " : "", join);
      out += nested ? fmt::format("({})", text) : text;
      if (out.size() > kMaxConditionBytes) break;
    }
    return out;
  }
  [[nodiscard]] std::string words(const NodeRecord& node) const {
    using Kind = ConditionNode::Kind;
    switch (static_cast<Kind>(node.kind)) {
      case Kind::selection:
        return std::string(blob_.text(selections_[node.selection].name));
      case Kind::logical_and:
        return joined(node, "and");
      case Kind::logical_or:
        return joined(node, "or");
      case Kind::logical_not: {
        const std::string& inner = texts_[blob_.list(node.children).front()];
        return inner.find(' ') == std::string::npos ? "not " + inner : fmt::format("not ({})", inner);
      }
      case Kind::all_of:
        return joined(node, "and");
      case Kind::n_of:
        if (node.count == 1) return joined(node, "or");
        return fmt::format("at least {} of {}", node.count, joined(node, "and"));
    }
    return {};
  }

  const Blob& blob_;
  std::span<const SelectionRecord> selections_;
  const RuleRecord& rule_;
  std::vector<std::string> texts_;
};

std::vector<RuleWords::Part> parts_of(const Blob& blob, const RuleRecord& rule) {
  std::vector<RuleWords::Part> parts;
  for (const SelectionRecord& selection : Blob::part(blob.selections, rule.selections)) {
    RuleWords::Part& part = parts.emplace_back();
    part.name = blob.text(selection.name);
    for (const AlternativeRecord& alternative : Blob::part(blob.alternatives, selection.alternatives)) {
      std::vector<std::string>& way = part.ways.emplace_back();
      for (const SlotRecord& slot : Blob::part(blob.slots, alternative.slots)) {
        std::vector<std::string> values;
        for (const Text value : Blob::part(blob.texts, slot.patterns)) values.emplace_back(blob.text(value));
        way.push_back(item_in_words(blob.text(slot.key), values));
      }
    }
  }
  return parts;
}

RuleWords::Log log_of(const CompiledSet::Impl& set, const InstanceRecord& instance) {
  const Blob& blob = set.blob;
  const GateRecord& gate = blob.gates[instance.gate];
  RuleWords::Log log;
  log.name = blob.text(instance.variant);
  for (const Text text : Blob::part(blob.texts, gate.channels)) log.channels.emplace_back(blob.text(text));
  for (const Text text : Blob::part(blob.texts, gate.providers)) log.providers.emplace_back(blob.text(text));
  const auto ids = Blob::part(blob.event_ids, gate.event_ids);
  log.event_ids.assign(ids.begin(), ids.end());
  for (const ConstraintRecord& constraint : Blob::part(blob.constraints, gate.constraints)) {
    std::vector<std::string> values;
    for (const Text text : Blob::part(blob.texts, constraint.values)) values.emplace_back(blob.text(text));
    log.notes.push_back(
        fmt::format("only where {} is {}", field_in_words(set.fields.name(constraint.field)), list_of(values, "or")));
  }
  if (gate.assemble != 0) log.notes.emplace_back("parts of one script are put together first");
  if (const std::string_view caveat = blob.text(instance.caveat); !caveat.empty()) log.notes.emplace_back(caveat);
  return log;
}

}  // namespace

std::string field_in_words(std::string_view field) {
  const auto known = std::ranges::find(kFields, field, &std::pair<std::string_view, std::string_view>::first);
  return known == kFields.end() ? std::string(field) : fmt::format("{} ({})", known->second, field);
}

std::string item_in_words(std::string_view text, const std::vector<std::string>& values) {
  const Key key = split(text);
  const std::string subject = key.field.empty() ? std::string("any value of the event") : field_in_words(key.field);
  if (key.has("exists")) {
    const bool there = !values.empty() && (values.front() == "true" || values.front() == "yes");
    return subject + (there ? " is in the event, whatever it is" : " is not in the event");
  }
  const bool all = key.has("all");
  std::string verb = verb_of(key);
  if (verb == "is" && std::ranges::any_of(values, is_wildcard)) verb = "is, with * for any text,";
  if (key.has("neq")) verb = verb == "is" ? "is not" : "does not fulfil: " + verb;
  if (values.size() == 1 && (values.front().empty() || values.front() == "null")) {
    return fmt::format("{} {} empty", subject, key.has("neq") ? "is not" : "is");
  }
  return fmt::format("{} {} {}{}{}", subject, verb, all && values.size() > 1 ? "all of " : "",
                     list_of(values, all ? "and" : "or"), encodings_of(key));
}

RuleWords rule_in_words(const CompiledSet& set, std::uint32_t rule) {
  const CompiledSet::Impl& impl = set.impl();
  const RuleRecord& record = impl.blob.rules[rule];
  RuleWords words;
  words.rule = impl.rules[rule];
  words.condition = ConditionWords(impl.blob, record).run();
  words.parts = parts_of(impl.blob, record);
  for (const InstanceRecord& instance : Blob::part(impl.blob.instances, record.instances)) {
    words.logs.push_back(log_of(impl, instance));
  }
  if (const auto reason = static_cast<CoverageReason>(record.not_evaluated); reason != CoverageReason::none) {
    words.not_evaluated = fmt::format("{}: {}", to_string(reason), impl.blob.text(record.detail));
  }
  return words;
}

}  // namespace tocsin::sigma
