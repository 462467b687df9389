#include "evidence/json/json_event.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.hpp"
#include "evidence/json/explorer.hpp"
#include "evidence/json/time_text.hpp"

namespace tocsin::evidence::json {
namespace {

model::Value::Kind kind_of(Token::Type type) {
  switch (type) {
    case Token::Type::string:
      return model::Value::Kind::string;
    case Token::Type::integer:
      return model::Value::Kind::integer;
    case Token::Type::real:
      return model::Value::Kind::real;
    case Token::Type::boolean:
      return model::Value::Kind::boolean;
    case Token::Type::null:
      break;
  }
  return model::Value::Kind::null;
}

bool equal_ascii_fold(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) { return base::fold_ascii(a) == b; });
}

bool fits(const Markers::Marker& wanted, std::string_view text) {
  return std::ranges::any_of(wanted.equals, [&](const std::string& whole) { return equal_ascii_fold(text, whole); }) ||
         std::ranges::any_of(wanted.begins, [&](const std::string& begin) {
           return equal_ascii_fold(text.substr(0, begin.size()), begin);
         });
}

// Some agents escape values before they write them as JSON: `C:\\Windows`, `\"C:\\a b\" -x`. Undone only where every
// backslash begins such an escape: other writers of the same shape do not do it. False: there is nothing to undo.
bool unescape_again(std::string& out, std::string_view text) {
  bool changed = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
      if (at == text.size() || (text[at] != '\\' && text[at] != '"')) return false;
      changed = true;
    }
    out.push_back(text[at]);
  }
  return changed;
}

}  // namespace

JsonEvent::JsonEvent(const ShapeSet& shapes, const Markers& markers) : shapes_(shapes), markers_(markers) {}
JsonEvent::~JsonEvent() = default;

void JsonEvent::begin(std::string_view text, const Binding& binding, std::size_t field_count) {
  text_ = text;
  binding_ = &binding;
  if (++round_ == 0 || fields_.size() < field_count) {
    fields_.assign(field_count, {});
    round_ = 1;
  }
  met_ = 0;
  slots_.clear();
  heads_.clear();
  parts_.clear();
  embedded_.clear();
  raw_ = json_ = xml_ = {};
  present_.assign(markers_.size(), 0);
  keys_.begin(text);
  chars_.reset();
  values_.reset();
}

void JsonEvent::add_field(model::FieldId field, std::uint16_t priority, const Token& token, bool object) {
  Field& entry = fields_[field];
  const auto index = static_cast<std::uint32_t>(slots_.size());
  slots_.push_back({token, object, priority, kEnd});
  if (entry.round != round_) {
    entry = {round_, index, index, nullptr, 0};
    return;
  }
  slots_[entry.last].next = index;
  entry.last = index;
}

void JsonEvent::add_head(HeadRole role, std::uint16_t position, const Token& token) {
  if (token.type == Token::Type::null) return;
  heads_.push_back({role, position, token});
}

void JsonEvent::add_marker(std::uint32_t marker, const Token* token) {
  const Markers::Marker& wanted = markers_.all()[marker];
  const bool any_value = wanted.equals.empty() && wanted.begins.empty();
  if (any_value || (token != nullptr && fits(wanted, decode(*token)))) present_[marker] = 1;
}

void JsonEvent::add_part(std::uint32_t part, const Token& token) {
  if (token.type != Token::Type::null && find_part(part) == nullptr) parts_.push_back({part, token});
}

const JsonEvent::Part* JsonEvent::find_part(std::uint32_t id) const {
  const auto found = std::ranges::find(parts_, id, &Part::id);
  return found != parts_.end() ? &*found : nullptr;
}

// Appends one text; false where one of its values is absent or empty. `first` becomes the first value met.
bool JsonEvent::append_text(std::string& out, const std::vector<Binding::Made::Part>& parts, const Part*& first) const {
  for (const Binding::Made::Part& part : parts) {
    out += part.literal;
    if (!part.part) continue;
    const Part* const found = find_part(*part.part);
    if (found == nullptr || found->token.begin == found->token.end) return false;
    out += value_of({found->token, false, 0, kEnd, {}}).text;
    if (first == nullptr) first = found;
  }
  return true;
}

void JsonEvent::compose() {
  for (const Binding::Made& made : binding_->made()) {
    std::string whole;
    const Part* first = nullptr;
    for (const auto& parts : made.texts) {
      std::string text;
      if (!append_text(text, parts, first)) continue;
      if (!whole.empty()) whole += made.with;
      whole += text;
    }
    if (whole.empty() || first == nullptr) continue;
    add_field(made.field, made.priority, first->token, false);
    slots_.back().made = keep(whole);
  }
}

std::string_view JsonEvent::keep(std::string_view text) const {
  char* const copy = chars_.take(text.size());
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

std::string_view JsonEvent::decode(const Token& token) const {
  if (token.type == Token::Type::null) return {};
  const std::string_view inside = text_.substr(token.begin, token.end - token.begin);
  if (!token.escaped) return inside;
  char* const text = chars_.take(inside.size());
  return {text, unescape_into(text, inside)};
}

model::Value JsonEvent::value_of(const Slot& slot) const {
  if (slot.made.data() != nullptr) return {model::Value::Kind::string, slot.made};
  const std::string_view text = decode(slot.token);
  if (!binding_->escaped_twice() || slot.token.type != Token::Type::string) return {kind_of(slot.token.type), text};
  scratch_.clear();
  return {model::Value::Kind::string, unescape_again(scratch_, text) ? keep(scratch_) : text};
}

std::uint16_t JsonEvent::best_priority(const Field& field) const {
  std::uint16_t best = 0xFFFF;
  for (std::uint32_t i = field.first; i != kEnd; i = slots_[i].next) best = std::min(best, slots_[i].priority);
  return best;
}

std::span<const model::Value> JsonEvent::get(model::FieldId field) const {
  if (field >= fields_.size() || fields_[field].round != round_) return {};
  const Field& entry = fields_[field];
  if (entry.values == nullptr) {
    const std::uint16_t best = best_priority(entry);
    std::size_t count = 0;
    for (std::uint32_t i = entry.first; i != kEnd; i = slots_[i].next) count += slots_[i].priority == best ? 1 : 0;
    model::Value* const values = values_.take(count);
    std::size_t filled = 0;
    for (std::uint32_t i = entry.first; i != kEnd; i = slots_[i].next) {
      if (slots_[i].priority == best) values[filled++] = value_of(slots_[i]);
    }
    entry.values = values;
    entry.count = count;
  }
  return {entry.values, entry.count};
}

std::string_view JsonEvent::head_text(HeadRole role, const std::vector<HeadSource>& sources) const {
  const HeadSlot* best = nullptr;
  for (const HeadSlot& slot : heads_) {
    if (slot.role == role && slot.token.begin != slot.token.end &&
        (best == nullptr || slot.position < best->position)) {
      best = &slot;
    }
  }
  if (best == nullptr) return {};
  const HeadSource& source = sources[best->position];
  const std::string_view text = decode(best->token);
  if (!source.table.empty()) {
    const auto found =
        std::ranges::find_if(source.table, [&](const auto& entry) { return equal_ascii_fold(text, entry.first); });
    return found != source.table.end() ? std::string_view(found->second) : std::string_view();
  }
  const std::vector<std::string>& prefixes = source.strip_prefix;
  const bool must_strip = !prefixes.empty();
  for (const std::string& prefix : prefixes) {
    if (text.starts_with(prefix)) return text.substr(prefix.size());
  }
  return must_strip ? std::string_view() : text;
}

// Of the sources that give a time, the first that says its zone (or is known to be UTC); else the first one, as UTC.
void JsonEvent::set_time(const std::vector<HeadSource>& sources) {
  std::optional<Timestamp> zoneless;
  for (std::size_t position = 0; position < sources.size(); ++position) {
    for (const HeadSlot& slot : heads_) {
      if (slot.role != HeadRole::time || slot.position != position) continue;
      const std::string_view text = decode(slot.token);
      auto time = read_time(text, slot.token.type != Token::Type::string);
      if (!time) {
        const auto ordered = read_ordered_time(text, sources[position].order);
        if (!ordered) continue;
        time = TimeText{*ordered, false};
      }
      if (time->zone || sources[position].utc) {
        head_.time = time->time;
        return;
      }
      if (!zoneless) zoneless = time->time;
    }
  }
  head_.time = zoneless;
}

std::string_view JsonEvent::unread_time() const {
  for (const HeadSlot& slot : heads_) {
    if (slot.role == HeadRole::time && slot.token.begin != slot.token.end) return decode(slot.token);
  }
  return {};
}

std::string_view JsonEvent::unknown_log() const {
  if (!head_.channel.empty()) return {};
  for (const HeadSlot& slot : heads_) {
    const bool by_table = slot.role == HeadRole::channel && !shape_->channel[slot.position].table.empty();
    if (by_table && slot.token.begin != slot.token.end) return decode(slot.token);
  }
  return {};
}

void JsonEvent::finish(const Shape& shape, const Place& place) {
  shape_ = &shape;
  head_.shape = shape.name;
  head_.product = shape.product;
  head_.category = shape.category;
  head_.service = shape.service;
  head_.channel = head_text(HeadRole::channel, shape.channel);
  head_.provider = head_text(HeadRole::provider, shape.provider);
  head_.computer = head_text(HeadRole::computer, shape.computer);
  const std::string_view id = head_text(HeadRole::event_id, shape.event_id);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  head_.event_id.reset();
  if (error == std::errc() && end == id.data() + id.size() && !id.empty()) head_.event_id = number;
  set_time(shape.time);
  head_.place = place;
  head_.raw = as_bytes(raw_.empty() ? text_ : raw_);
}

}  // namespace tocsin::evidence::json
