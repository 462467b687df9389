#include "evidence/evtx/json_filler.hpp"

#include <algorithm>
#include <cstring>

#include "evidence/evtx/json_value.hpp"

namespace tocsin::evidence::evtx {
namespace {

constexpr std::size_t kFirstRoom = 4096;  // most events need no more

std::uint8_t scalar_of(std::uint8_t type) {
  return type & static_cast<std::uint8_t>(~kArrayBit);
}
bool is_array(std::uint8_t type) {
  return (type & kArrayBit) != 0;
}
bool is_tree(const ValueRef* value) {
  return value != nullptr && value->type == kBinXml && value->size > 0;
}

}  // namespace

void JsonFiller::grow(std::size_t size) {
  const auto used = static_cast<std::size_t>(here());
  out_->resize_and_overwrite(std::max(used + size, out_->capacity()), [](char*, std::size_t most) { return most; });
  at_ = out_->data() + used;
  end_ = out_->data() + out_->size();
}

void JsonFiller::put(std::string_view text) {
  room(text.size());
  std::memcpy(at_, text.data(), text.size());
  at_ += text.size();
}

bool JsonFiller::enter(const Piece& piece, bool in_data, bool object) {
  const JsonPlan* const plan = templates_->json_plan(*piece.compiled, in_data);
  if (plan == nullptr) return false;
  if (object) put('{');
  frames_.push_back({plan, &piece, 0, object});
  return true;
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
  const JsonPlan& outer = *frames_.back().plan;
  for (std::uint32_t i = 0; i < inner.name_count; ++i) {
    const JsonText name = inner.names[inner.first_name + i];
    const std::string_view own = std::string_view(inner.part_text).substr(name.begin, name.size);
    for (std::uint32_t k = 0; k < splice.count; ++k) {
      if (part_text(outer.names[splice.first + k]) == own) return true;
    }
  }
  return false;
}

JsonFiller::Step JsonFiller::splice(const JsonOp& op) {
  const ValueRef* const value = ref(op.slot);
  if (!is_tree(value)) {
    const auto before = here();
    return single(value) && here() == before ? Step::next : Step::other_way;  // text beside elements
  }
  const Piece* const piece = only_tree(op.slot);
  if (piece == nullptr || frames_.size() > 1) return Step::other_way;
  const JsonPlan* const inner = templates_->json_plan(*piece->compiled, false);
  if (inner == nullptr || shares_names(op, *inner)) return Step::other_way;
  return enter(*piece, false, false) ? Step::next : Step::other_way;
}

// Closes an object, whose last member may have left a comma.
void JsonFiller::close() {
  if (at_[-1] == ',') --at_;
  put('}');
}

void JsonFiller::close_open() {
  const char* const begin = out_->data() + opened_.back();
  opened_.pop_back();
  if (at_ != begin) return close();
  --at_;
  put("null");
}

void JsonFiller::put_bytes(std::uint8_t type, ByteView bytes, bool quoted) {
  room(json_room(bytes.size()));
  at_ = put_json_value(type, bytes, behind_, quoted, at_);
}

bool JsonFiller::single(const ValueRef* ref) {
  if (ref == nullptr || ref->type == kBinXml) return true;
  if (!is_array(ref->type)) {
    put_bytes(ref->type, slots_->bytes(*ref), false);
    return true;
  }
  split_array(ref->type, slots_->bytes(*ref), items_);
  if (items_.size() > 1) return false;
  if (!items_.empty()) put_bytes(scalar_of(ref->type), items_.front(), true);
  return true;
}

bool JsonFiller::items(const ValueRef* ref, std::size_t& count) {
  const auto item = [&](std::uint8_t type, ByteView bytes, bool quoted) {
    const auto before = here();
    put_bytes(type, bytes, quoted);
    put(here() == before ? "\"\"," : ",");
    ++count;
  };
  if (ref == nullptr) {
    item(kNull, {}, false);
  } else if (ref->type == kBinXml) {
    if (ref->size > 0) return false;
    item(kNull, {}, false);
  } else if (!is_array(ref->type)) {
    item(ref->type, slots_->bytes(*ref), false);
  } else {
    split_array(ref->type, slots_->bytes(*ref), items_);
    if (items_.empty()) item(kNull, {}, false);
    for (const ByteView bytes : items_) item(scalar_of(ref->type), bytes, items_.size() == 1);
  }
  return true;
}

JsonFiller::Step JsonFiller::value(const JsonOp& op) {
  const ValueRef* const value = ref(op.slot);
  if (is_tree(value)) return nested(op);
  const auto before = here();
  if (!single(value)) return Step::other_way;
  if (here() == before) put("null");
  return Step::next;
}

// An element's tree.
JsonFiller::Step JsonFiller::nested(const JsonOp& op) {
  const Piece* const piece = only_tree(op.slot);
  if (piece == nullptr || frames_.size() > 1) return Step::other_way;
  return enter(*piece, op.in_data, true) ? Step::next : Step::other_way;
}

// What `items` wrote behind a bracket at offset `begin` is closed as an array, or the bracket taken back for a single
// one.
void JsonFiller::close_items(std::ptrdiff_t begin, std::size_t count) {
  --at_;  // the last comma
  if (count > 1) return put(']');
  char* const bracket = out_->data() + begin;
  --at_;
  std::memmove(bracket, bracket + 1, static_cast<std::size_t>(at_ - bracket));
}

JsonFiller::Step JsonFiller::data(const JsonOp& op) {
  const auto begin = here();
  const ValueRef* const value = ref(op.slot);
  std::size_t count = 0;
  if (value != nullptr && is_array(value->type)) {
    put('[');
    if (!items(value, count)) return Step::other_way;
    close_items(begin, count);
    return Step::next;
  }
  if (!items(value, count)) return Step::other_way;
  --at_;  // the comma
  return Step::next;
}

JsonFiller::Step JsonFiller::unnamed(const JsonOp& op) {
  const auto begin = here();
  put("\"Data\":{\"#text\":[");
  const auto bracket = here() - 1;
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < op.count; ++i) {
    const JsonPart& part = frames_.back().plan->parts[op.first + i];
    const ValueRef* const needed = part.needs == kNoSlot ? nullptr : ref(part.needs);
    if (needed != nullptr && needed->type == kNull) continue;
    if (part.slot == kNoSlot) {
      put(part_text(part.fixed));
      put(',');
      ++count;
    } else if (!items(ref(part.slot), count)) {
      return Step::other_way;
    }
  }
  if (count == 0) {
    back_to(begin);
    return Step::next;
  }
  close_items(bracket, count);
  put("},");
  return Step::next;
}

// As a member, where any has a text.
JsonFiller::Step JsonFiller::attributes(const JsonOp& op) {
  const auto begin = here();
  put("\"#attributes\":{");
  const auto inside = here();
  for (std::uint32_t i = 0; i < op.count; ++i) {
    const JsonPart& part = frames_.back().plan->parts[op.first + i];
    const auto before = here();
    put(part_text(part.key));
    const auto behind_key = here();
    if (part.slot == kNoSlot) {
      put(part_text(part.fixed));
    } else if (!single(ref(part.slot))) {
      return Step::other_way;
    }
    if (here() == behind_key) {
      back_to(before);
    } else {
      put(',');
    }
  }
  if (here() == inside) {
    back_to(begin);
    return Step::next;
  }
  at_[-1] = '}';
  put(',');
  return Step::next;
}

JsonFiller::Step JsonFiller::attributed(const JsonOp& op) {
  put('{');
  const auto inside = here();
  if (attributes(op) == Step::other_way) return Step::other_way;
  const bool any = here() != inside;
  if (!any) --at_;
  const auto before = here();
  if (any) put("\"#text\":");
  const auto behind_key = here();
  if (op.slot == kNoSlot) {
    put(part_text(op.text));
  } else {
    const ValueRef* const value = ref(op.slot);
    if (is_tree(value) || !single(value)) return Step::other_way;
  }
  const bool text = here() != behind_key;
  if (!any) {
    if (!text) put("null");
    return Step::next;
  }
  if (!text) back_to(before);
  close();
  return Step::next;
}

JsonFiller::Step JsonFiller::step(const JsonOp& op) {
  switch (op.kind) {
    case JsonOp::Kind::text:
      put(std::string_view(frames_.back().plan->text).substr(op.text.begin, op.text.size));
      return Step::next;
    case JsonOp::Kind::unless:
      if (const ValueRef* value = ref(op.slot); value != nullptr && value->type == kNull) frames_.back().op = op.next;
      return Step::next;
    case JsonOp::Kind::splice:
      return splice(op);
    case JsonOp::Kind::value:
      return value(op);
    case JsonOp::Kind::data:
      return data(op);
    case JsonOp::Kind::unnamed:
      return unnamed(op);
    case JsonOp::Kind::attributed:
      return attributed(op);
    case JsonOp::Kind::attributes:
      return attributes(op);
    case JsonOp::Kind::open:
      put('{');
      opened_.push_back(static_cast<std::size_t>(here()));
      return Step::next;
    case JsonOp::Kind::close_open:
      close_open();
      return Step::next;
    case JsonOp::Kind::close:
      close();
      return Step::next;
  }
  return Step::next;
}

bool JsonFiller::append(const RecordSlots& slots, TemplateTable& templates, std::string& out) {
  slots_ = &slots;
  templates_ = &templates;
  out_ = &out;
  behind_ = slots.chunk().data() + slots.chunk().size();
  frames_.clear();
  opened_.clear();
  const std::size_t before = out.size();
  at_ = out.data() + before;
  end_ = at_;
  grow(kFirstRoom);
  bool going = enter(slots.pieces().front(), false, true);
  while (going && !frames_.empty()) {
    Frame& frame = frames_.back();
    if (frame.op == frame.plan->ops.size()) {
      if (frame.object) close();
      frames_.pop_back();
      continue;
    }
    going = step(frame.plan->ops[frame.op++]) == Step::next;
  }
  out.resize(going ? static_cast<std::size_t>(at_ - out.data()) : before);
  return going;
}

}  // namespace tocsin::evidence::evtx
