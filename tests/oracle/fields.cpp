#include "tests/oracle/fields.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tocsin::oracle {
namespace {

using model::Value;

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return base::fold_ascii(x) == base::fold_ascii(y); });
}

// Absent from the event, not asked for by the variant, or there and right or wrong.
enum class Verdict : std::uint8_t { right, wrong, absent, any };

Verdict look(std::string_view value, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return Verdict::any;
  if (value.empty()) return Verdict::absent;
  for (const std::string& name : wanted) {
    if (same(value, name)) return Verdict::right;
    if (!name.ends_with('*')) continue;
    const std::string_view stem = std::string_view(name).substr(0, name.size() - 1);
    if (value.size() >= stem.size() && same(value.substr(0, stem.size()), stem)) return Verdict::right;
  }
  return Verdict::wrong;
}

// One that is wrong refuses. One that is absent passes only where the other is right.
bool place_fits(Verdict channel, Verdict provider) {
  if (channel == Verdict::wrong || provider == Verdict::wrong) return false;
  if (channel == Verdict::absent) return provider == Verdict::right;
  if (provider == Verdict::absent) return channel == Verdict::right;
  return true;
}

}  // namespace

EventFields::EventFields(const model::Event& event, const model::FieldTable& table) : event_(event), table_(table) {
  event.each_field([&](std::string_view name, const Value& value) {
    Field& field = own_[std::string(name)];
    field.values.push_back({value.kind, Text(value.text), {}});
  });
  for (auto& [name, field] : own_) {
    if (const auto id = table_.find(name)) field.event_field = event.event_field(*id);
  }
}

bool EventFields::fits(const sigma::Variant& variant) const {
  const model::EventHead& head = event_.head();
  const bool names_a_place = !variant.channels.empty() || !variant.providers.empty();
  if (!variant.product.empty() && !same(variant.product, head.product) && !(head.product.empty() && names_a_place)) {
    return false;
  }
  if (!variant.category.empty() && !same(variant.category, head.category)) return false;
  if (!variant.service.empty() && !same(variant.service, head.service)) return false;
  if (!place_fits(look(head.channel, variant.channels), look(head.provider, variant.providers))) return false;
  if (!variant.event_ids.empty() &&
      (!head.event_id || std::ranges::find(variant.event_ids, *head.event_id) == variant.event_ids.end())) {
    return false;
  }
  return std::ranges::all_of(variant.constraints, [&](const sigma::Constraint& constraint) {
    return std::ranges::any_of(own(constraint.field).values, [&](const FieldValue& value) {
      return std::ranges::any_of(constraint.values, [&](const auto& wanted) { return same(value.text.bytes, wanted); });
    });
  });
}

const Field& EventFields::own(const std::string& name) const {
  const auto found = own_.find(name);
  return found == own_.end() ? absent_ : found->second;
}

const Field& EventFields::get(const sigma::Variant& variant, const std::string& name) const {
  if (std::ranges::find(variant.absent_fields, name) != variant.absent_fields.end()) return absent_;
  for (const sigma::FieldSource& source : variant.fields) {
    if (source.rule_field != name) continue;
    const auto found = mapped_.find(&source);
    return found != mapped_.end() ? found->second : mapped_.emplace(&source, mapped(source)).first->second;
  }
  return own(name);
}

Field EventFields::mapped(const sigma::FieldSource& source) const {
  Field out;
  for (const sigma::Conversion conversion : source.conversions) out.conversions.emplace_back(to_string(conversion));
  if (source.constant) {
    out.values.push_back({Value::Kind::string, Text(*source.constant), {}});
    return out;
  }
  const Field& argument_field = own(source.argument_field);
  const std::string argument = argument_field.values.empty() ? "" : argument_field.values.front().text.bytes;
  std::string joined;
  for (std::size_t i = 0; i < source.event_fields.size(); ++i) {
    const Field& part = own(source.event_fields[i]);
    if (part.values.empty()) return {};
    out.event_field += (i == 0 ? "" : "+") + part.event_field;
    joined += (i == 0 ? "" : source.join) + part.values.front().text.bytes;
  }
  if (source.event_fields.size() > 1) {
    const bool converted = !source.conversions.empty();
    const std::string text = converted ? apply_conversions(source, joined, argument) : joined;
    out.values.push_back({Value::Kind::string, Text(text), {}});
    return out;
  }
  for (const FieldValue& value : own(source.event_fields.front()).values) {
    if (value.kind == Value::Kind::null || source.conversions.empty()) {
      out.values.push_back(value);
    } else {
      const std::string text = apply_conversions(source, value.text.bytes, argument);
      out.values.push_back({Value::Kind::string, Text(text), {}});
    }
  }
  return out;
}

const std::vector<FieldValue>& EventFields::all_values() const {
  if (!all_) {
    all_ = std::make_unique<std::vector<FieldValue>>();
    event_.each_value([&](std::string_view path, const Value& value) {
      if (value.kind != Value::Kind::null) all_->push_back({value.kind, Text(value.text), std::string(path)});
    });
  }
  return *all_;
}

}  // namespace tocsin::oracle
