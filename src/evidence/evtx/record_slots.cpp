#include "evidence/evtx/record_slots.hpp"

#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

// The most text that one byte of a value can become, escapes included.
constexpr std::size_t kTextPerByte = 8;

}  // namespace

// A value that is not simply as wide as its type: of a width that any may have, an array, or a misfit.
void RecordSlots::check_unusual(const Piece& piece, std::uint32_t index) {
  const Bindings& bindings = *piece.bindings;
  const ValueRef& value = values_[piece.first_value + index];
  if (!known_type(value.type) || !width_fits(value.type, value.size)) {
    if (!misfit_) misfit_ = Damage{Code::value_width, "a value as wide as its type", value.offset, value.size};
    return;
  }
  if ((value.type & kArrayBit) == 0 || index >= bindings.uses.size() || bindings.uses[index] == 0) return;
  if (count_items(value.type, bytes(value)) < 2) return;
  const std::uint32_t entry = bindings.by_slot[index];
  if (bindings.uses[index] > 1 || entry == kNoEntry || !bindings.entries[entry].alone) odd_ = true;
}

void RecordSlots::check_values(const Piece& piece) {
  const ValueRef* const values = values_.data() + piece.first_value;
  for (std::uint32_t i = 0; i < piece.value_count; ++i) {
    if (is_width(values[i].type, values[i].size) || kWidthOf[values[i].type] == kFreeWidth) continue;
    if (values[i].type == kUtf16 && values[i].size % 2 == 0) continue;
    check_unusual(piece, i);
  }
  for (const std::uint16_t slot : piece.bindings->reused) {
    if (slot < piece.value_count) text_bound_ += kTextPerByte * values[slot].size * piece.bindings->uses[slot];
  }
}

MaybeDamage RecordSlots::add(TemplateTable& templates, const Fragment& fragment, Context context,
                             std::uint16_t parent_slot) {
  if (pieces_.size() >= kMaxInstances) {
    return Damage{Code::limit, "at most 512 template instances in a record", 0, pieces_.size()};
  }
  Piece piece;
  piece.compiled = fragment.compiled;
  piece.bindings = &templates.bindings(*fragment.compiled, context);
  piece.first_value = fragment.first_value;
  piece.value_count = fragment.value_count;
  piece.parent_slot = parent_slot;
  odd_ = odd_ || piece.bindings->irregular;
  sound_ = sound_ && fragment.compiled->program.sound;
  literal_unsound_ = literal_unsound_ || (!fragment.compiled->program.sound && fragment.literal);
  text_bound_ += fragment.compiled->program.text_bytes;
  nodes_ += fragment.compiled->program.nodes.size();
  if (nodes_ > kMaxNodes) return Damage{Code::limit, "at most 131072 nodes in a record", 0, nodes_};
  check_values(piece);
  pieces_.push_back(piece);
  return std::nullopt;
}

MaybeDamage RecordSlots::nest(TemplateTable& templates, const SpliceEntry& splice, const ValueRef& value) {
  FragmentReader reader(chunk_, value.offset, std::size_t{value.offset} + value.size);
  Fragment fragment;
  MaybeDamage damage;
  for (;;) {
    const auto step = reader.next(templates, values_, fragment, damage);
    if (step == FragmentReader::Step::damaged) return damage;
    if (step == FragmentReader::Step::end) break;
    damage = add(templates, fragment, splice.context, splice.slot);
    if (damage) return damage;
    // What is nested deeper is read from the rendered tree.
    for (const SpliceEntry& inner : pieces_.back().bindings->splices) {
      const ValueRef* deeper = this->value(pieces_.back(), inner.slot);
      if (deeper != nullptr && deeper->type == kBinXml && deeper->size > 0) odd_ = true;
    }
  }
  if (!splice.plain || pieces_.front().bindings->uses[splice.slot] > 1) odd_ = true;
  return std::nullopt;
}

MaybeDamage RecordSlots::parse(ByteView chunk, std::size_t at, std::size_t end, TemplateTable& templates) {
  chunk_ = chunk;
  pieces_.clear();
  values_.clear();
  odd_ = false;
  sound_ = true;
  literal_unsound_ = false;
  roots_ = 0;
  nodes_ = 0;
  text_bound_ = kTextPerByte * (end - at);
  misfit_.reset();
  FragmentReader reader(chunk, at, end);
  Fragment fragment;
  MaybeDamage damage;
  while (reader.next(templates, values_, fragment, damage) == FragmentReader::Step::fragment) {
    if (++roots_ > 1) odd_ = true;
    damage = add(templates, fragment, Context::top, kNoSlot);
    if (damage) return damage;
  }
  if (damage) return damage;
  if (roots_ == 0) return Damage{Code::record_damaged, "an event in the record", at, end - at};
  if (odd_) return std::nullopt;
  for (const SpliceEntry& splice : pieces_.front().bindings->splices) {
    const ValueRef* nested = value(pieces_.front(), splice.slot);
    if (nested == nullptr || nested->type != kBinXml || nested->size == 0) continue;
    if (!present(pieces_.front(), splice)) continue;
    const ValueRef copy = *nested;  // values_ grows
    damage = nest(templates, splice, copy);
    if (damage) return damage;
  }
  return std::nullopt;
}

}  // namespace tocsin::evidence::evtx
