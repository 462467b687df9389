#include "evidence/evtx/json_filler.hpp"

#include <algorithm>
#include <cstring>

#include "evidence/evtx/json_value.hpp"

namespace tocsin::evidence::evtx {
namespace {

std::uint8_t scalar_of(std::uint8_t type) {
  return type & static_cast<std::uint8_t>(~kArrayBit);
}
bool is_array(std::uint8_t type) {
  return (type & kArrayBit) != 0;
}
bool is_plain(const ValueRef* value) {
  return value != nullptr && value->type < kBinXml;
}
bool is_tree(const ValueRef* value) {
  return value != nullptr && value->type == kBinXml && value->size > 0;
}

char* put(std::string_view text, char* at) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

// Most texts are short: whole steps cost less than a call. Both sides have a step's room behind the text.
char* put_steps(const std::string& pool, JsonText text, char* at) {
  const char* from = pool.data() + text.begin;
  for (std::uint32_t done = 0; done < text.size; done += JsonPlan::kTextStep) {
    std::memcpy(at + done, from + done, JsonPlan::kTextStep);
  }
  return at + text.size;
}

// Closes an object, whose last member may have left a comma.
char* close(char* at) {
  if (at[-1] == ',') --at;
  *at = '}';
  return at + 1;
}

// What stands behind the bracket `begin` as items with commas is closed as an array; the bracket of a single one goes.
char* close_items(char* begin, std::size_t count, char* at) {
  if (count > 1) {
    at[-1] = ']';
    return at;
  }
  std::memmove(begin, begin + 1, static_cast<std::size_t>(at - begin) - 2);
  return at - 2;
}

}  // namespace

char* JsonFiller::enter(const Piece& piece, bool in_data, bool object, char* at) {
  const JsonPlan* const plan = templates_->json_plan(*piece.compiled, in_data);
  if (plan == nullptr) return nullptr;
  const auto used = static_cast<std::size_t>(at - out_->data());
  const std::size_t rest = frame_.plan == nullptr ? 0 : frame_.plan->room();
  const std::size_t room = used + rest + plan->room() + slots_->text_bound() + json_room(0) + JsonPlan::kTextStep;
  if (room > out_->size()) {
    out_->resize_and_overwrite(std::max(room, out_->capacity()), [](char*, std::size_t most) { return most; });
    at = out_->data() + used;
  }
  if (object) *at++ = '{';
  outer_ = frame_;
  frame_ = {plan, &piece, plan->ops.data(), plan->ops.data() + plan->ops.size(), object};
  return at;
}

char* JsonFiller::close_open(char* at) {
  const char* const begin = out_->data() + opened_.back();
  opened_.pop_back();
  return at == begin ? put("null", at - 1) : close(at);
}

char* JsonFiller::item(std::uint8_t type, ByteView bytes, bool quoted, char* at) const {
  char* const end = put_json_value(type, bytes, behind_, quoted, at);
  return put(end == at ? "\"\"," : ",", end);
}

char* JsonFiller::single(const ValueRef* ref, char* at) {
  if (ref == nullptr || ref->type == kBinXml) return at;
  if (!is_array(ref->type)) return put_json_value(ref->type, slots_->bytes(*ref), behind_, false, at);
  split_array(ref->type, slots_->bytes(*ref), items_);
  if (items_.empty()) return at;
  return items_.size() > 1 ? nullptr : put_json_value(scalar_of(ref->type), items_.front(), behind_, true, at);
}

char* JsonFiller::items(const ValueRef* ref, std::size_t& count, char* at) {
  ++count;
  if (is_tree(ref)) return nullptr;
  if (ref == nullptr || ref->type == kBinXml) return item(kNull, {}, false, at);
  if (!is_array(ref->type)) return item(ref->type, slots_->bytes(*ref), false, at);
  split_array(ref->type, slots_->bytes(*ref), items_);
  if (items_.empty()) return item(kNull, {}, false, at);
  for (const ByteView bytes : items_) at = item(scalar_of(ref->type), bytes, items_.size() == 1, at);
  count += items_.size() - 1;
  return at;
}

// Null where the value holds none or several.
const Piece* JsonFiller::only_tree(std::uint16_t slot) const {
  const Piece* found = nullptr;
  for (const Piece& piece : slots_->pieces()) {
    if (piece.parent_slot != slot) continue;
    if (found != nullptr) return nullptr;
    found = &piece;
  }
  return found;
}

bool JsonFiller::shares_names(const JsonOp& splice, const JsonPlan& inner) const {
  const JsonPlan& outer = *frame_.plan;
  for (std::uint32_t i = 0, k = 0; i < inner.name_count && k < splice.count;) {  // both are sorted
    const JsonText own = inner.names[inner.first_name + i];
    const JsonText other = outer.names[splice.first + k];
    const int order = std::string_view(inner.part_text)
                          .substr(own.begin, own.size)
                          .compare(std::string_view(outer.part_text).substr(other.begin, other.size));
    if (order == 0) return true;
    ++(order < 0 ? i : k);
  }
  return false;
}

char* JsonFiller::splice(const JsonOp& op, char* at) {
  const ValueRef* const value = ref(op.slot);
  if (!is_tree(value)) return single(value, at) == at ? at : nullptr;  // else text beside elements
  const Piece* const piece = only_tree(op.slot);
  if (piece == nullptr || outer_.plan != nullptr) return nullptr;
  const JsonPlan* const inner = templates_->json_plan(*piece->compiled, false);
  if (inner == nullptr || shares_names(op, *inner)) return nullptr;
  return enter(*piece, false, false, at);
}

char* JsonFiller::value(const JsonOp& op, char* at) {
  const ValueRef* const value = ref(op.slot);
  if (is_tree(value)) {
    const Piece* const piece = only_tree(op.slot);
    return piece == nullptr || outer_.plan != nullptr ? nullptr : enter(*piece, op.in_data, true, at);
  }
  char* const end = single(value, at);
  return end == at ? put("null", at) : end;
}

char* JsonFiller::data(const JsonOp& op, char* at) {
  const ValueRef* const value = ref(op.slot);
  if (is_plain(value)) {
    char* const end = put_json_value(value->type, slots_->bytes(*value), behind_, false, at);
    return end == at ? put("\"\"", at) : end;
  }
  std::size_t count = 0;
  if (value != nullptr && is_array(value->type)) {
    *at = '[';
    char* const end = items(value, count, at + 1);
    return close_items(at, count, end);
  }
  char* const end = items(value, count, at);
  return end == nullptr ? nullptr : end - 1;  // without the comma
}

char* JsonFiller::unnamed(const JsonOp& op, char* at) {
  char* const begin = at;
  at = put("\"Data\":{\"#text\":[", at);
  char* const bracket = at - 1;
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < op.count && at != nullptr; ++i) {
    const JsonPart& part = frame_.plan->parts[op.first + i];
    const ValueRef* const needed = part.needs == kNoSlot ? nullptr : ref(part.needs);
    if (needed != nullptr && needed->type == kNull) continue;
    if (part.slot == kNoSlot) {
      at = put(",", put_steps(frame_.plan->part_text, part.fixed, at));
      ++count;
    } else {
      at = items(ref(part.slot), count, at);
    }
  }
  if (at == nullptr) return nullptr;
  return count == 0 ? begin : put("},", close_items(bracket, count, at));
}

// As a member, where any has a text.
char* JsonFiller::attributes(const JsonOp& op, char* at) {
  char* const begin = at;
  char* const inside = at = put("\"#attributes\":{", at);
  for (std::uint32_t i = 0; i < op.count; ++i) {
    const JsonPart& part = frame_.plan->parts[op.first + i];
    char* const behind_key = put_steps(frame_.plan->part_text, part.key, at);
    char* const end = part.slot == kNoSlot ? put_steps(frame_.plan->part_text, part.fixed, behind_key)
                                           : single(ref(part.slot), behind_key);
    if (end == nullptr) return nullptr;
    if (end != behind_key) at = put(",", end);
  }
  return at == inside ? begin : put(",", close(at));
}

char* JsonFiller::attributed(const JsonOp& op, char* at) {
  char* const begin = at;
  *at++ = '{';
  char* const behind = attributes(op, at);
  if (behind == nullptr) return nullptr;
  const bool any = behind != at;
  char* const behind_key = any ? put("\"#text\":", behind) : begin;
  const ValueRef* const value = op.slot == kNoSlot ? nullptr : ref(op.slot);
  if (is_tree(value)) return nullptr;
  char* const end =
      op.slot == kNoSlot ? put_steps(frame_.plan->part_text, op.own, behind_key) : single(value, behind_key);
  if (end == nullptr) return nullptr;
  if (!any) return end == begin ? put("null", begin) : end;
  return close(end == behind_key ? behind : end);
}

char* JsonFiller::step(const JsonOp& op, char* at) {
  switch (op.kind) {
    case JsonOp::Kind::text:
      return at;
    case JsonOp::Kind::unless:
      if (const ValueRef* value = ref(op.slot); value != nullptr && value->type == kNull) {
        frame_.op = frame_.plan->ops.data() + op.next;
      }
      return at;
    case JsonOp::Kind::splice:
      return splice(op, at);
    case JsonOp::Kind::value:
      return value(op, at);
    case JsonOp::Kind::data:
      return data(op, at);
    case JsonOp::Kind::unnamed:
      return unnamed(op, at);
    case JsonOp::Kind::attributed:
      return attributed(op, at);
    case JsonOp::Kind::attributes:
      return attributes(op, at);
    case JsonOp::Kind::open:
      *at++ = '{';
      opened_.push_back(static_cast<std::size_t>(at - out_->data()));
      return at;
    case JsonOp::Kind::close_open:
      return close_open(at);
    case JsonOp::Kind::close:
      return close(at);
  }
  return at;
}

char* JsonFiller::run(char* at) {
  while (at != nullptr) {
    if (frame_.op == frame_.end) {
      if (frame_.object) at = close(at);
      if (outer_.plan == nullptr) break;
      frame_ = outer_;
      outer_ = Frame();
      continue;
    }
    const JsonOp& op = *frame_.op++;
    at = step(op, put_steps(frame_.plan->text, op.text, at));
  }
  return at;
}

bool JsonFiller::append(const RecordSlots& slots, TemplateTable& templates, std::string& out) {
  slots_ = &slots;
  templates_ = &templates;
  out_ = &out;
  behind_ = slots.chunk().data() + slots.chunk().size();
  frame_ = outer_ = Frame();
  opened_.clear();
  const std::size_t before = out.size();
  char* at = enter(slots.pieces().front(), false, true, out.data() + before);
  if (at != nullptr) at = run(at);
  out.resize(at != nullptr ? static_cast<std::size_t>(at - out.data()) : before);
  return at != nullptr;
}

}  // namespace tocsin::evidence::evtx
