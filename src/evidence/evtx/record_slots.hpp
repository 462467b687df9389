// A record taken apart without being rendered: its trees (the outer template and what is nested in it) and where their
// values lie. Every offset and size is checked here, so that values can be decoded later without a check.
#pragma once

#include <cstdint>
#include <vector>

#include "tocsin/bytes.hpp"

#include "evidence/evtx/bindings.hpp"
#include "evidence/evtx/damage.hpp"
#include "evidence/evtx/fragments.hpp"
#include "evidence/evtx/template_table.hpp"
#include "evidence/evtx/value.hpp"

namespace tocsin::evidence::evtx {

struct Piece {
  Compiled* compiled = nullptr;
  const Bindings* bindings = nullptr;
  std::uint32_t first_value = 0, value_count = 0;
  std::uint16_t parent_slot = kNoSlot;  // of pieces()[0]; kNoSlot: the root itself
};

class RecordSlots {
 public:
  // Parses the record body in [at, end) of `chunk`.
  [[nodiscard]] MaybeDamage parse(ByteView chunk, std::size_t at, std::size_t end, TemplateTable& templates);

  // The root first, then nested trees in document order.
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  // Nothing where the piece has no such value.
  [[nodiscard]] const ValueRef* value(const Piece& piece, std::uint16_t slot) const {
    return slot < piece.value_count ? &values_[piece.first_value + slot] : nullptr;
  }
  [[nodiscard]] ByteView bytes(const ValueRef& value) const { return chunk_.subspan(value.offset, value.size); }
  [[nodiscard]] ByteView chunk() const { return chunk_; }
  // Whether elements are there, which depend on values: `needs` of an entry or splice of the piece.
  template <class Entry>
  [[nodiscard]] bool present(const Piece& piece, const Entry& entry) const {
    for (std::uint32_t i = 0; i < entry.need_count; ++i) {
      const ValueRef* needed = value(piece, piece.bindings->needs[entry.needs + i]);
      if (needed != nullptr && needed->type == kNull) return false;
    }
    return true;
  }
  // True where fields cannot be read from slots: repeated elements, trees nested twice, names that depend on values.
  [[nodiscard]] bool odd() const { return odd_; }
  [[nodiscard]] std::uint32_t roots() const { return roots_; }
  [[nodiscard]] const MaybeDamage& misfit() const { return misfit_; }  // first value whose width does not fit its type
  [[nodiscard]] bool sound() const { return sound_; }                  // all names, of templates and written out
  [[nodiscard]] bool literal_unsound() const { return literal_unsound_; }
  // An upper bound of the text that the record can render to, as long as it is not odd.
  [[nodiscard]] std::size_t text_bound() const { return text_bound_; }

 private:
  MaybeDamage nest(TemplateTable& templates, const SpliceEntry& splice, const ValueRef& value);
  MaybeDamage add(TemplateTable& templates, const Fragment& fragment, Context context, std::uint16_t parent_slot);
  void check_values(const Piece& piece);
  void check_unusual(const Piece& piece, std::uint32_t index);

  ByteView chunk_;
  std::vector<Piece> pieces_;
  std::vector<ValueRef> values_;
  bool odd_ = false, sound_ = true, literal_unsound_ = false;
  std::uint32_t roots_ = 0;
  std::size_t text_bound_ = 0, nodes_ = 0;
  MaybeDamage misfit_;
};

}  // namespace tocsin::evidence::evtx
