#include "tests/oracle/fields.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "tests/oracle/conversions.hpp"
#include "tests/oracle/mutation.hpp"
#include "tests/oracle/scalar.hpp"

namespace tocsin::oracle {
namespace {

using model::Value;

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return base::fold_ascii(x) == base::fold_ascii(y); });
}

// Absent from the event, not asked for by the variant, or there and right or wrong.
enum class Verdict : std::uint8_t { right, wrong, absent, any };

bool same_name(std::string_view a, std::string_view b, bool cased) {
  return cased ? a == b : same(a, b);
}

Verdict look(std::string_view value, const std::vector<std::string>& wanted, bool cased) {
  if (wanted.empty()) return Verdict::any;
  if (value.empty()) return Verdict::absent;
  for (const std::string& name : wanted) {
    if (same_name(value, name, cased)) return Verdict::right;
    if (!name.ends_with('*')) continue;
    const std::string_view stem = std::string_view(name).substr(0, name.size() - 1);
    if (value.size() >= stem.size() && same_name(value.substr(0, stem.size()), stem, cased)) return Verdict::right;
  }
  return Verdict::wrong;
}

// One that is wrong refuses. One that is absent passes only where the other is right.
bool place_fits(Verdict channel, Verdict provider) {
  if (active(Mutant::channel_ignored)) channel = Verdict::any;
  if (active(Mutant::provider_ignored)) provider = Verdict::any;
  if (active(Mutant::channel_must_be_there) && channel == Verdict::absent) return false;
  if (active(Mutant::provider_must_be_there) && provider == Verdict::absent) return false;
  if (channel == Verdict::wrong || provider == Verdict::wrong) return false;
  if (active(Mutant::neither_channel_nor_provider)) return true;
  if (channel == Verdict::absent) return provider == Verdict::right;
  if (provider == Verdict::absent) return channel == Verdict::right;
  return true;
}

bool is_count(std::string_view text) {
  return !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool is_script_block_part(const EventFields& fields) {
  if (fields.event().head().event_id != 4104) return false;
  const auto& total = fields.own("MessageTotal").values;
  const auto& number = fields.own("MessageNumber").values;
  const auto& id = fields.own("ScriptBlockId").values;
  if (total.empty() || number.empty() || id.empty() || id.front().text.bytes.empty()) return false;
  return is_count(total.front().text.bytes) && is_count(number.front().text.bytes) &&
         compare_numbers(total.front().text.bytes, "1").value_or(0) > 0;
}

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
  const bool unknown_passes = head.product.empty() && names_a_place;
  const bool product = variant.product.empty() || same(variant.product, head.product) || unknown_passes;
  if (!product && !active(Mutant::product_ignored)) return false;
  if (!variant.category.empty() && !same(variant.category, head.category)) return false;
  const bool service = variant.service.empty() || same(variant.service, head.service);
  if (!service && !active(Mutant::service_ignored)) return false;
  const bool cased = active(Mutant::channel_case_matters);
  if (!place_fits(look(head.channel, variant.channels, cased), look(head.provider, variant.providers, false))) {
    return false;
  }
  const bool id = variant.event_ids.empty() ||
                  (head.event_id && std::ranges::find(variant.event_ids, *head.event_id) != variant.event_ids.end());
  return (id || active(Mutant::event_id_ignored)) && (constraints_hold(variant) || active(Mutant::only_ignored));
}

bool EventFields::constraints_hold(const sigma::Variant& variant) const {
  return std::ranges::all_of(variant.constraints, [&](const sigma::Constraint& constraint) {
    return std::ranges::any_of(own(constraint.field).values, [&](const FieldValue& value) {
      return std::ranges::any_of(constraint.values, [&](const auto& wanted) {
        return same_name(value.text.bytes, wanted, active(Mutant::only_case_matters));
      });
    });
  });
}

const Field& EventFields::own(const std::string& name) const {
  if (active(Mutant::field_name_case_ignored)) {
    const auto like = std::ranges::find_if(own_, [&](const auto& field) { return same(field.first, name); });
    return like == own_.end() ? absent_ : like->second;
  }
  const auto found = own_.find(name);
  return found == own_.end() ? absent_ : found->second;
}

const Field& EventFields::get(const sigma::Variant& variant, const std::string& name) const {
  const bool listed = std::ranges::find(variant.absent_fields, name) != variant.absent_fields.end();
  if (listed && !active(Mutant::absent_list_ignored)) return absent_;
  if (active(Mutant::mapping_dropped)) return own(name);
  for (const sigma::FieldSource& source : variant.fields) {
    if (source.rule_field != name || (source.constant && active(Mutant::constants_dropped))) continue;
    const auto found = mapped_.find(&source);
    return found != mapped_.end() ? found->second : mapped_.emplace(&source, mapped(source)).first->second;
  }
  return own(name);
}

// Several fields of the event as one.
Field EventFields::joined(const sigma::FieldSource& source, const std::string& argument) const {
  Field out;
  std::string text;
  for (std::size_t i = 0; i < source.event_fields.size(); ++i) {
    const Field& part = own(source.event_fields[i]);
    if (part.values.empty() && !active(Mutant::join_without_absent)) return {};
    out.event_field += (i == 0 ? "" : "+") + part.event_field;
    if (i > 0 && !active(Mutant::join_without_separator)) text += source.join;
    if (!part.values.empty()) text += part.values.front().text.bytes;
  }
  out.values.push_back({Value::Kind::string, Text(converted(source, text, argument)), {}});
  return out;
}

Field EventFields::mapped(const sigma::FieldSource& source) const {
  Field out;
  const Field& argument_field = own(source.argument_field);
  const std::string argument = argument_field.values.empty() ? "" : argument_field.values.front().text.bytes;
  if (source.constant) {
    out.values.push_back({Value::Kind::string, Text(*source.constant), {}});
  } else if (source.event_fields.size() > 1) {
    out = joined(source, argument);
    if (out.values.empty()) return {};
  } else {
    out.event_field = own(source.event_fields.front()).event_field;
    for (const FieldValue& value : own(source.event_fields.front()).values) {
      const bool null = value.kind == Value::Kind::null && !active(Mutant::null_is_converted);
      if (null || source.conversions.empty()) {
        out.values.push_back(value);
      } else {
        out.values.push_back({Value::Kind::string, Text(converted(source, value.text.bytes, argument)), {}});
      }
    }
    if (out.values.empty()) out.event_field.clear();
  }
  for (const sigma::Conversion conversion : source.conversions) out.conversions.emplace_back(to_string(conversion));
  return out;
}

const std::vector<FieldValue>& EventFields::all_values() const {
  if (all_) return *all_;
  all_ = std::make_unique<std::vector<FieldValue>>();
  std::string together;
  event_.each_value([&](std::string_view path, const Value& value) {
    const bool number = value.kind == Value::Kind::integer || value.kind == Value::Kind::real;
    if (value.kind == Value::Kind::null || (number && active(Mutant::keyword_skips_numbers))) return;
    all_->push_back({value.kind, Text(value.text), std::string(path)});
    together += std::string(value.text) + " ";
    if (active(Mutant::keyword_sees_names)) all_->push_back({Value::Kind::string, Text(path), std::string(path)});
  });
  if (active(Mutant::keyword_sees_all_as_one_text)) {
    all_->clear();
    all_->push_back({Value::Kind::string, Text(together), {}});
  }
  return *all_;
}

}  // namespace tocsin::oracle
