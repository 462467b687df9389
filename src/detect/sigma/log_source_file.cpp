#include "detect/sigma/log_source_file.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/yaml.hpp"
#include "detect/sigma/log_source_yaml.hpp"
#include "detect/sigma/setting_file.hpp"

namespace tocsin::sigma {
namespace {

using base::YamlDocument;
using base::YamlNode;
using Codes = std::vector<std::pair<std::string, std::string>>;

struct Mapping {
  std::vector<FieldSource> fields;
  std::vector<std::string> absent;
};

class FileParser {
 public:
  FileParser(const YamlDocument& document, const YamlReport& report) : document_(document), report_(report) {}
  LogSourceFile parse();

 private:
  YamlMap map(std::uint32_t node) const { return {document_, node, report_}; }
  void parse_logs(const YamlMap& logs);
  void parse_codes(const YamlMap& tables);
  void parse_mappings(const YamlMap& mappings);
  bool parse_field(const YamlNode& key, std::uint32_t value, FieldSource& out) const;
  bool parse_source(const YamlMap& source, FieldSource& out) const;
  bool parse_entry(const YamlMap& entry, LogSources::Entry& out) const;
  bool parse_variant(const YamlMap& variant, Variant& out) const;
  bool parse_same_event(const YamlMap& same, LogSources::Entry& out) const;
  bool parse_event_ids(const YamlMap& variant, Variant& out) const;
  bool parse_constraints(const YamlMap& variant, Variant& out) const;
  bool take_mapping(const YamlMap& variant, Variant& out) const;
  bool take_log(const YamlMap& variant, Variant& out) const;
  void keep(LogSources::Entry entry, const YamlNode& node);
  template <class T>
  const T* named(const std::map<std::string, T>& table, const YamlMap& where, std::string_view key) const;

  const YamlDocument& document_;
  const YamlReport& report_;
  std::string product_;
  LogsByName logs_;
  std::map<std::string, Codes> codes_;
  std::map<std::string, Mapping> mappings_;
  std::vector<LogSources::Entry> entries_;
};

LogSourceFile FileParser::parse() {
  const YamlMap top = map(document_.root);
  if (!top.is_map("a log-source file")) return {};
  top.expect_keys({"product", "logs", "codes", "mappings", "logsources", "enable"});
  product_ = top.text("product");
  if (top.has("logs")) parse_logs(map(top.find("logs")));
  if (top.has("codes")) parse_codes(map(top.find("codes")));
  if (top.has("mappings")) parse_mappings(map(top.find("mappings")));
  LogSourceFile file;
  if (top.has("enable")) file.settings = parse_settings(document_, top.find("enable"), product_, logs_, report_);
  if (!top.has("logsources")) {
    if (top.has("enable")) return file;
    report_.error("L004", top.node(), "there is no list `logsources`", "add one, or remove the file");
    return file;
  }
  const YamlNode& list = document_.at(top.find("logsources"));
  if (list.kind != YamlNode::Kind::sequence) {
    report_.error("L002", list, "`logsources` must be a list", "begin each entry with `- `");
    return file;
  }
  for (const std::uint32_t child : list.children) {
    LogSources::Entry entry;
    if (parse_entry(map(child), entry)) keep(std::move(entry), document_.at(child));
  }
  file.entries = std::move(entries_);
  return file;
}

void FileParser::keep(LogSources::Entry entry, const YamlNode& node) {
  const bool repeated = std::ranges::any_of(entries_, [&](const LogSources::Entry& other) {
    return other.product == entry.product && other.category == entry.category && other.service == entry.service;
  });
  if (!repeated) {
    entries_.push_back(std::move(entry));
    return;
  }
  report_.add(RuleProblem::Severity::warning, "L008", node.begin, node.end,
              fmt::format("{} stands twice in this file; the first entry counts",
                          entry.category.empty() ? entry.service : entry.category),
              "give one entry several variants");
}

void FileParser::parse_logs(const YamlMap& logs) {
  if (!logs.is_map("`logs`")) return;
  for (const YamlMap::Member& member : logs.members()) {
    const YamlMap log = map(member.value);
    if (!log.is_map("a log")) continue;
    log.expect_keys({"channel", "provider"});
    logs_[member.key->text] = {.channels = log.list("channel"), .providers = log.list("provider")};
  }
}

void FileParser::parse_codes(const YamlMap& tables) {
  if (!tables.is_map("`codes`")) return;
  for (const YamlMap::Member& table : tables.members()) {
    const YamlMap rows = map(table.value);
    if (!rows.is_map("a table of codes")) continue;
    Codes& codes = codes_[table.key->text];
    for (const YamlMap::Member& row : rows.members()) codes.emplace_back(row.key->text, rows.text(row.key->text));
  }
}

void FileParser::parse_mappings(const YamlMap& mappings) {
  if (!mappings.is_map("`mappings`")) return;
  for (const YamlMap::Member& member : mappings.members()) {
    const YamlMap mapping = map(member.value);
    if (!mapping.is_map("a mapping")) continue;
    mapping.expect_keys({"fields", "absent"});
    Mapping& out = mappings_[member.key->text];
    out.absent = mapping.list("absent");
    if (!mapping.has("fields")) continue;
    const YamlMap fields = map(mapping.find("fields"));
    if (!fields.is_map("`fields`")) continue;
    for (const YamlMap::Member& field : fields.members()) {
      FieldSource source;
      if (parse_field(*field.key, field.value, source)) out.fields.push_back(std::move(source));
    }
  }
}

// `Image: NewProcessName`, or a mapping with the details.
bool FileParser::parse_field(const YamlNode& key, std::uint32_t value, FieldSource& out) const {
  out.rule_field = key.text;
  if (document_.at(value).kind == YamlNode::Kind::scalar) {
    out.event_fields.push_back(document_.at(value).text);
    return true;
  }
  const YamlMap source = map(value);
  return source.is_map("a field's source") && parse_source(source, out);
}

bool FileParser::parse_source(const YamlMap& source, FieldSource& out) const {
  source.expect_keys({"from", "join", "argument", "convert", "codes", "value"});
  out.event_fields = source.list("from");
  if (source.has("value")) out.constant = source.text("value");
  if (out.constant.has_value() == !out.event_fields.empty()) {
    report_.error("L004", source.node(), "a field's source needs either `from` or `value`",
                  "`from` names the event's fields, `value` a constant");
    return false;
  }
  out.join = source.text("join");
  out.argument_field = source.text("argument");
  for (const std::string& name : source.list("convert")) {
    const std::optional<Conversion> conversion = parse_conversion(name);
    if (!conversion) {
      report_.error("L006", document_.at(source.find("convert")), fmt::format("there is no conversion `{}`", name),
                    "docs/formats/logsources.md lists them");
      return false;
    }
    out.conversions.push_back(*conversion);
  }
  const bool wants_codes = std::ranges::find(out.conversions, Conversion::code) != out.conversions.end();
  if (wants_codes != source.has("codes")) {
    report_.error("L004", source.node(), "`convert: code` and `codes` belong together",
                  "name a table of the file's `codes`");
    return false;
  }
  if (!wants_codes) return true;
  const Codes* table = named(codes_, source, "codes");
  if (table != nullptr) out.codes = *table;
  return table != nullptr;
}

template <class T>
const T* FileParser::named(const std::map<std::string, T>& table, const YamlMap& where, std::string_view key) const {
  const auto found = table.find(where.text(key));
  if (found != table.end()) return &found->second;
  report_.error("L005", document_.at(where.find(key)),
                fmt::format("`{}` names `{}`, which this file does not define", key, where.text(key)),
                "names are defined at the top of the same file");
  return nullptr;
}

bool FileParser::parse_entry(const YamlMap& entry, LogSources::Entry& out) const {
  if (!entry.is_map("an entry")) return false;
  out.category = entry.text("category");
  out.service = entry.text("service");
  out.note = entry.text("note");
  out.product = entry.flag("any-product") ? std::string() : product_;
  if (!out.category.empty() && !out.service.empty()) {
    report_.error("L004", entry.node(), "an entry is for a category or for a service, not for both",
                  "write two entries; a rule that names both gets what is in both");
    return false;
  }
  if (!entry.has("variants")) {  // short form: the entry is its only variant
    Variant variant;
    if (!parse_variant(entry, variant)) return false;
    out.variants.push_back(std::move(variant));
    return true;
  }
  entry.expect_keys({"category", "service", "any-product", "variants", "note", "same-event"});
  const YamlNode& list = document_.at(entry.find("variants"));
  if (list.kind != YamlNode::Kind::sequence) {
    report_.error("L002", list, "`variants` must be a list", "begin each variant with `- `");
    return false;
  }
  for (const std::uint32_t child : list.children) {
    const YamlMap map_of_variant = map(child);
    Variant variant;
    if (map_of_variant.is_map("a variant") && parse_variant(map_of_variant, variant)) {
      out.variants.push_back(std::move(variant));
    }
  }
  return !entry.has("same-event") || parse_same_event(map(entry.find("same-event")), out);
}

// What tells that two variants' events are one happening.
bool FileParser::parse_same_event(const YamlMap& same, LogSources::Entry& out) const {
  if (!same.is_map("`same-event`")) return false;
  same.expect_keys({"fields", "within-seconds"});
  const std::vector<std::string> fields = same.list("fields");
  const std::string seconds = same.text("within-seconds");
  std::uint32_t within = 0;
  const auto [end, error] = std::from_chars(seconds.data(), seconds.data() + seconds.size(), within);
  if (fields.empty() || error != std::errc() || end != seconds.data() + seconds.size() || within == 0) {
    report_.error("L004", same.node(), "`same-event` needs `fields` and `within-seconds`, a number from 1",
                  "name the rule's fields that are equal in all variants for one happening");
    return false;
  }
  for (Variant& variant : out.variants) {
    variant.same_fields = fields;
    variant.same_within = within;
  }
  return true;
}

bool FileParser::parse_variant(const YamlMap& variant, Variant& out) const {
  const bool is_entry = !variant.has("name");
  if (is_entry) {
    variant.expect_keys({"category", "service", "any-product", "note", "log", "channel", "provider", "event-id", "only",
                         "mapping", "assemble-script-blocks"});
    out.name = variant.has("log") ? variant.text("log") : variant.text("service");
  } else {
    variant.expect_keys({"name", "category", "service", "log", "channel", "provider", "event-id", "only", "mapping",
                         "assemble-script-blocks"});
    out.name = variant.text("name");
    out.category = variant.text("category");
    out.service = variant.text("service");
  }
  if (out.name.empty()) {
    report_.error("L004", variant.node(), "a variant needs a `name`", "findings show it");
    return false;
  }
  out.product = product_;
  out.assemble_script_blocks = variant.flag("assemble-script-blocks");
  return take_log(variant, out) && parse_event_ids(variant, out) && parse_constraints(variant, out) &&
         take_mapping(variant, out);
}

bool FileParser::take_log(const YamlMap& variant, Variant& out) const {
  out.channels = variant.list("channel");
  out.providers = variant.list("provider");
  if (!variant.has("log")) return true;
  if (variant.has("channel") || variant.has("provider")) {
    report_.error("L004", variant.node(), "`log` stands for channel and provider; it cannot be joined with them",
                  "define another log at the top of the file");
    return false;
  }
  const Log* log = named(logs_, variant, "log");
  if (log == nullptr) return false;
  out.channels = log->channels;
  out.providers = log->providers;
  return true;
}

bool FileParser::parse_event_ids(const YamlMap& variant, Variant& out) const {
  for (const std::string& text : variant.list("event-id")) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size()) {
      report_.error("L007", document_.at(variant.find("event-id")), fmt::format("`{}` is no event id", text),
                    "event ids are decimal numbers");
      return false;
    }
    out.event_ids.push_back(id);
  }
  return true;
}

bool FileParser::parse_constraints(const YamlMap& variant, Variant& out) const {
  if (!variant.has("only")) return true;
  const YamlMap only = map(variant.find("only"));
  if (!only.is_map("`only`")) return false;
  for (const YamlMap::Member& member : only.members()) {
    out.constraints.push_back({member.key->text, yaml_texts(document_, member.value, report_)});
  }
  return true;
}

bool FileParser::take_mapping(const YamlMap& variant, Variant& out) const {
  if (!variant.has("mapping")) return true;
  const Mapping* mapping = named(mappings_, variant, "mapping");
  if (mapping == nullptr) return false;
  out.fields = mapping->fields;
  out.absent_fields = mapping->absent;
  return true;
}

}  // namespace

LogSourceFile parse_log_source_file(std::string_view name, std::string_view text, std::vector<RuleProblem>& problems) {
  const YamlReport report{.file = name, .text = text, .problems = &problems};
  const base::YamlResult yaml = base::parse_yaml(text);
  if (yaml.failed) {
    report.add(RuleProblem::Severity::error, "L001", yaml.where, yaml.where,
               fmt::format("this is not readable as YAML: {}", yaml.message), "");
  }
  LogSourceFile file;
  for (const YamlDocument& document : yaml.documents) {
    if (document.empty) continue;
    LogSourceFile part = FileParser(document, report).parse();
    std::ranges::move(part.entries, std::back_inserter(file.entries));
    std::ranges::move(part.settings, std::back_inserter(file.settings));
  }
  return file;
}

}  // namespace tocsin::sigma
