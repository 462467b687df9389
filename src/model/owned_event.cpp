#include "model/owned_event.hpp"

#include <utility>

#include "base/json_writer.hpp"

namespace tocsin::model {

namespace {

Value value_of(const OwnedField& field) {
  return {.kind = field.kind, .text = field.text};
}

std::string_view path_of(const OwnedField& field) {
  return field.path.empty() ? field.name : field.path;
}

void write_value(base::JsonWriter& writer, const OwnedField& field) {
  switch (field.kind) {
    case Value::Kind::null:
      writer.null();
      break;
    case Value::Kind::string:
      writer.string(field.text);
      break;
    case Value::Kind::integer:
    case Value::Kind::real:
    case Value::Kind::boolean:
      writer.raw(field.text);
      break;
  }
}

}  // namespace

OwnedEvent::OwnedEvent(const EventHead& head, std::vector<OwnedField> fields, const FieldTable& table)
    : fields_(std::move(fields)) {
  copy_head(head);
  bind(table);
}

void OwnedEvent::copy_head(const EventHead& head) {
  head_ = head;
  const auto own = [](std::string& storage, std::string_view& view) {
    storage = view;
    view = storage;
  };
  own(shape_, head_.shape);
  own(product_, head_.product);
  own(category_, head_.category);
  own(service_, head_.service);
  own(channel_, head_.channel);
  own(provider_, head_.provider);
  own(computer_, head_.computer);
  raw_ = as_text(head.raw);
  head_.raw = as_bytes(raw_);
}

void OwnedEvent::bind(const FieldTable& table) {
  bound_.resize(table.size());
  std::vector<std::optional<FieldId>> ids;
  ids.reserve(fields_.size());
  for (const OwnedField& field : fields_) {
    ids.push_back(field.name.empty() ? std::nullopt : table.find(field.name));
    if (ids.back()) ++bound_[*ids.back()].count;
  }
  std::size_t first = 0;
  for (Bound& bound : bound_) {
    bound.first = first;
    first += std::exchange(bound.count, 0);
  }
  values_.resize(first);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (!ids[i]) continue;
    Bound& bound = bound_[*ids[i]];
    if (bound.count == 0) bound.field = i;
    values_[bound.first + bound.count++] = value_of(fields_[i]);
  }
}

std::span<const Value> OwnedEvent::get(FieldId field) const {
  if (field >= bound_.size()) return {};
  return std::span<const Value>(values_).subspan(bound_[field].first, bound_[field].count);
}

std::string OwnedEvent::event_field(FieldId field) const {
  if (field >= bound_.size() || bound_[field].count == 0) return {};
  return std::string(path_of(fields_[bound_[field].field]));
}

void OwnedEvent::each_value(const ValueVisitor& visit) const {
  for (const OwnedField& field : fields_) visit(path_of(field), value_of(field));
}

void OwnedEvent::each_field(const ValueVisitor& visit) const {
  for (const OwnedField& field : fields_) {
    if (!field.name.empty()) visit(field.name, value_of(field));
  }
}

void OwnedEvent::append_json(std::string& out) const {
  if (!json_.empty()) {
    out += json_;
    return;
  }
  base::JsonWriter writer(out);
  writer.begin_object();
  std::vector<bool> written(fields_.size());
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (written[i] || fields_[i].name.empty()) continue;
    std::vector<std::size_t> same;
    for (std::size_t k = i; k < fields_.size(); ++k) {
      if (fields_[k].name != fields_[i].name) continue;
      same.push_back(k);
      written[k] = true;
    }
    writer.key(fields_[i].name);
    if (same.size() > 1) writer.begin_array();
    for (const std::size_t k : same) write_value(writer, fields_[k]);
    if (same.size() > 1) writer.end_array();
  }
  writer.end_object();
}

}  // namespace tocsin::model
