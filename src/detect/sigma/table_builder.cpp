#include "detect/sigma/table_builder.hpp"

#include <algorithm>

#include "base/codec.hpp"
#include "base/text.hpp"

namespace tocsin::sigma {

namespace {

// Parts of a key, each with its length before it: no two lists of parts give one key.
class Key {
 public:
  Key() = default;
  Key(const Key&) = delete;  // the encoder refers to the text
  Key& operator=(const Key&) = delete;
  Key& add(std::string_view part) {
    encoder_.text(part);
    return *this;
  }
  Key& add(std::uint64_t number) {
    return add(std::string_view(reinterpret_cast<const char*>(&number), sizeof number));
  }
  Key& add(const std::vector<std::string>& parts) {
    add(parts.size());
    for (const std::string& part : parts) add(part);
    return *this;
  }
  std::string take() { return std::move(key_); }

 private:
  std::string key_;
  base::Encoder encoder_{key_};
};

// What says of what kind an event is: few values, and most rules of a log ask for one of them.
bool is_key(std::string_view field) {
  return field == "EventID" || field == "Provider_Name";
}

template <class T>
std::uint32_t append(std::vector<T>& table, T record) {
  table.push_back(std::move(record));
  return static_cast<std::uint32_t>(table.size() - 1);
}

template <class T>
std::uint32_t size_of(const std::vector<T>& table) {
  return static_cast<std::uint32_t>(table.size());
}

std::string key_of(const Variant& variant) {
  Key key;
  key.add(variant.product).add(variant.category).add(variant.service).add(variant.channels).add(variant.providers);
  key.add(variant.event_ids.size());
  for (const std::int64_t id : variant.event_ids) key.add(static_cast<std::uint64_t>(id));
  key.add(variant.constraints.size());
  for (const Constraint& constraint : variant.constraints) key.add(constraint.field).add(constraint.values);
  return key.add(variant.assemble_script_blocks ? 1U : 0U).take();
}

std::uint32_t flags_of(const LoweredPattern& pattern) {
  return (pattern.cased ? kCased : 0U) | (pattern.flags.ignore_case ? kIgnoreCase : 0U) |
         (pattern.flags.multi_line ? kMultiLine : 0U) | (pattern.flags.dot_all ? kDotAll : 0U) |
         (pattern.open_begin ? kOpenBegin : 0U) | (pattern.open_end ? kOpenEnd : 0U) | (pattern.exists ? kExists : 0U);
}

std::string key_of(const LoweredPattern& pattern, std::uint32_t operand) {
  Key key;
  key.add(static_cast<std::uint64_t>(pattern.kind)).add(flags_of(pattern)).add(pattern.text);
  key.add(static_cast<std::uint64_t>(pattern.comparison)).add(static_cast<std::uint64_t>(pattern.part)).add(operand);
  for (const std::u32string& text : pattern.texts) {
    key.add({reinterpret_cast<const char*>(text.data()), text.size() * sizeof(char32_t)});
  }
  for (const match::Network& network : pattern.networks) {
    key.add({reinterpret_cast<const char*>(network.bytes.data()), network.bytes.size()});
    key.add(network.prefix).add(network.v4 ? 1U : 0U);
  }
  return key.take();
}

}  // namespace

Text TableBuilder::text(std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  if (const auto known = texts_.find(text); known != texts_.end()) return {known->second, size};
  const std::uint32_t place = size_of(tables_.chars);
  texts_.emplace(text, place);
  tables_.chars.insert(tables_.chars.end(), text.begin(), text.end());
  return {place, size};
}

Range TableBuilder::text_list(const std::vector<std::string>& texts) {
  std::vector<Text> list;
  for (const std::string& one : texts) list.push_back(text(one));
  const Range range{size_of(tables_.texts), size_of(list)};
  tables_.texts.insert(tables_.texts.end(), list.begin(), list.end());
  return range;
}

Range TableBuilder::words(const std::vector<std::uint32_t>& words) {
  const Range range{size_of(tables_.words), size_of(words)};
  tables_.words.insert(tables_.words.end(), words.begin(), words.end());
  return range;
}

std::uint32_t TableBuilder::gate(const Variant& variant) {
  const auto [known, fresh] = gates_.emplace(key_of(variant), size_of(tables_.gates));
  if (!fresh) return known->second;
  GateRecord record;
  record.product = text(variant.product);
  record.category = text(variant.category);
  record.service = text(variant.service);
  record.channels = text_list(variant.channels);
  record.providers = text_list(variant.providers);
  record.event_ids = {size_of(tables_.event_ids), size_of(variant.event_ids)};
  tables_.event_ids.insert(tables_.event_ids.end(), variant.event_ids.begin(), variant.event_ids.end());
  record.constraints = {size_of(tables_.constraints), size_of(variant.constraints)};
  for (const Constraint& constraint : variant.constraints) {
    tables_.constraints.push_back({fields_.intern(constraint.field), text_list(constraint.values)});
  }
  record.assemble = variant.assemble_script_blocks ? 1 : 0;
  gate_fields_.emplace_back();
  return append(tables_.gates, record);
}

std::uint32_t TableBuilder::add_operand(const std::string& key, const OperandRecord& record) {
  const auto [known, fresh] = operands_.emplace(key, size_of(tables_.operands));
  if (fresh) tables_.operands.push_back(record);
  return known->second;
}

std::uint32_t TableBuilder::operand(const std::string& field, const Variant& variant) {
  OperandRecord record;
  if (field.empty()) {
    record.kind = OperandRecord::keywords;
    // Apart for each gate, so that no event is searched for what only rules of other logs look for.
    return add_operand(Key().add("keywords").add(key_of(variant)).take(), record);
  }
  for (const FieldSource& source : variant.fields) {
    if (source.rule_field == field) return derived(source);
  }
  if (std::ranges::find(variant.absent_fields, field) != variant.absent_fields.end()) {
    return add_operand("absent", record);
  }
  record.kind = OperandRecord::field;
  record.key = is_key(field) ? 1 : 0;
  const std::string key = Key().add("field").add(field).take();
  if (!operands_.contains(key)) record.fields = words({fields_.intern(field)});
  return add_operand(key, record);
}

std::uint32_t TableBuilder::derived(const FieldSource& source) {
  OperandRecord record;
  if (source.constant) {
    record.kind = OperandRecord::constant;
    record.text = text(*source.constant);
    return add_operand(Key().add("constant").add(*source.constant).take(), record);
  }
  const bool plain = source.event_fields.size() == 1 && source.conversions.empty();
  Key key;
  key.add(plain ? "field" : "derived");
  for (const std::string& field : source.event_fields) key.add(field);
  std::vector<std::string> codes;
  if (!plain) {
    key.add(source.join).add(source.argument_field);
    for (const Conversion conversion : source.conversions) key.add(static_cast<std::uint64_t>(conversion));
    for (const auto& [from, to] : source.codes) {
      codes.push_back(base::lower_ascii(from));
      codes.push_back(to);
    }
    key.add(codes);
  }
  const std::string name = key.take();
  if (operands_.contains(name)) return operands_.at(name);
  record.kind = plain ? OperandRecord::field : OperandRecord::derived;
  std::vector<std::uint32_t> ids;
  for (const std::string& field : source.event_fields) ids.push_back(fields_.intern(field));
  record.fields = words(ids);
  record.key = plain && is_key(source.event_fields[0]) ? 1 : 0;
  if (plain) return add_operand(name, record);
  record.text = text(source.join);
  if (!source.argument_field.empty()) record.argument = fields_.intern(source.argument_field);
  std::vector<std::uint32_t> conversions;
  for (const Conversion conversion : source.conversions) conversions.push_back(static_cast<std::uint32_t>(conversion));
  record.conversions = words(conversions);
  record.codes = text_list(codes);
  return add_operand(name, record);
}

Range TableBuilder::forms_of(const LoweredPattern& pattern) {
  if (pattern.kind == PatternKind::network) {
    const Range range{size_of(tables_.networks), size_of(pattern.networks)};
    tables_.networks.insert(tables_.networks.end(), pattern.networks.begin(), pattern.networks.end());
    return range;
  }
  const Range range{size_of(tables_.forms), size_of(pattern.texts)};
  for (const std::u32string& text : pattern.texts) {
    const match::CompiledText compiled = match::compile_text(text, pattern.cased);
    FormRecord form;
    form.parts = {size_of(tables_.parts), size_of(compiled.parts)};
    form.open_begin = compiled.open_begin ? 1 : 0;
    form.open_end = compiled.open_end ? 1 : 0;
    for (match::TextPart part : compiled.parts) {
      if (part.wild != 0) {
        const auto codes = std::u32string_view(compiled.codes).substr(part.offset, part.length);
        part.offset = size_of(tables_.codes);
        tables_.codes.insert(tables_.codes.end(), codes.begin(), codes.end());
      } else {
        part.offset = this->text(std::string_view(compiled.bytes).substr(part.offset, part.length)).first;
      }
      tables_.parts.push_back(part);
    }
    tables_.forms.push_back(form);
  }
  return range;
}

std::uint32_t TableBuilder::pattern(const LoweredPattern& pattern, const Variant& variant) {
  const std::uint32_t other = pattern.kind == PatternKind::field_ref ? operand(pattern.text, variant) : kNone;
  const auto [known, fresh] = patterns_.emplace(key_of(pattern, other), size_of(tables_.patterns));
  if (!fresh) return known->second;
  PatternRecord record;
  record.kind = static_cast<std::uint32_t>(pattern.kind);
  record.comparison = static_cast<std::uint32_t>(pattern.comparison);
  record.part = static_cast<std::uint32_t>(pattern.part);
  record.flags = flags_of(pattern);
  record.forms = forms_of(pattern);
  record.text = text(pattern.text);
  record.operand = other;
  if (pattern.kind == PatternKind::regex) record.regex = static_cast<std::uint32_t>(regexes_++);
  return append(tables_.patterns, record);
}

std::uint32_t TableBuilder::predicate(std::uint32_t operand, std::uint32_t pattern) {
  const auto [known, fresh] = predicates_.emplace(std::uint64_t{operand} << 32U | pattern, size_of(tables_.predicates));
  if (fresh) tables_.predicates.push_back({operand, pattern, 0, {}});
  return known->second;
}

std::uint32_t TableBuilder::item(const LoweredItem& item, const std::string& field, const Variant& variant) {
  ItemRecord record;
  record.operand = operand(field, variant);
  record.all = item.all ? 1 : 0;
  record.negated = item.negated ? 1 : 0;
  std::vector<std::uint32_t> list;
  list.reserve(item.patterns.size());
  Key key;
  key.add(record.operand).add(record.all).add(record.negated);
  for (const LoweredPattern& lowered : item.patterns) {
    list.push_back(predicate(record.operand, pattern(lowered, variant)));
    key.add(list.back());
  }
  const auto [known, fresh] = items_.emplace(key.take(), size_of(tables_.items));
  if (!fresh) return known->second;
  record.predicates = words(list);
  return append(tables_.items, record);
}

void TableBuilder::uses(std::uint32_t gate, std::uint32_t item) {
  std::set<std::uint32_t>& fields = gate_fields_[gate];
  const auto add = [&](std::uint32_t operand) {
    const Range range = tables_.operands[operand].fields;
    for (std::uint32_t i = 0; i < range.count; ++i) fields.insert(tables_.words[range.first + i]);
  };
  const ItemRecord& record = tables_.items[item];
  add(record.operand);
  for (std::uint32_t i = 0; i < record.predicates.count; ++i) {
    const PredicateRecord& predicate = tables_.predicates[tables_.words[record.predicates.first + i]];
    const std::uint32_t other = tables_.patterns[predicate.pattern].operand;
    if (other != kNone) add(other);
  }
}

void TableBuilder::finish() {
  std::vector<std::vector<std::uint32_t>> instances(tables_.gates.size());
  for (std::uint32_t i = 0; i < size_of(tables_.instances); ++i) instances[tables_.instances[i].gate].push_back(i);
  for (std::uint32_t gate = 0; gate < size_of(tables_.gates); ++gate) {
    tables_.gates[gate].instances = words(instances[gate]);
    tables_.gates[gate].fields = words({gate_fields_[gate].begin(), gate_fields_[gate].end()});
  }
}

}  // namespace tocsin::sigma
