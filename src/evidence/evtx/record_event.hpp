// One record of a chunk as a model::Event. Made once by a unit reader and loaded again for each record.
//
// Head: read from slots when loaded. Fields: decoded when asked for, once. Whole event: rendered when asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evidence/evtx/arena.hpp"
#include "evidence/evtx/entry_values.hpp"
#include "evidence/evtx/expand.hpp"
#include "evidence/evtx/json_filler.hpp"
#include "evidence/evtx/loose_fields.hpp"
#include "evidence/evtx/record_slots.hpp"
#include "evidence/evtx/render.hpp"
#include "model/event.hpp"

namespace tocsin::evidence::evtx {

struct RecordFrame {
  std::uint32_t offset = 0, size = 0;  // in the chunk
  std::uint64_t id = 0;                // of the record's header
  std::uint64_t written = 0;           // FILETIME of the record's header
};

class RecordEvent final : public model::Event {
 public:
  explicit RecordEvent(const model::FieldTable* fields) : fields_(fields) {}

  // `offset` is the chunk's in the source. The chunk's bytes outlive all records loaded from it.
  void begin_chunk(ByteView chunk, std::uint64_t number, std::uint64_t offset, TemplateTable& templates);
  // On damage there is no event.
  [[nodiscard]] MaybeDamage load(const RecordFrame& frame, bool carved);
  [[nodiscard]] const RecordSlots& slots() const { return slots_; }
  [[nodiscard]] std::size_t text_bound() const { return text_bound_; }  // of the rendered record

  [[nodiscard]] std::span<const model::Value> get(model::FieldId field) const override;
  [[nodiscard]] std::string event_field(model::FieldId field) const override;
  void each_value(const model::ValueVisitor& visit) const override;
  [[nodiscard]] std::string_view raw_text() const override;
  void each_field(const model::ValueVisitor& visit) const override;
  void append_json(std::string& out) const override;
  void append_xml(std::string& out) const override;
  // The plain way to append_json's text, from the record's tree.
  void append_json_of_tree(std::string& out) const;

 private:
  // Where a field's values come from: an entry of a piece or a loose field, in document order.
  struct Ref {
    std::uint32_t piece = 0, entry = 0;
    std::uint32_t next = 0;  // index + 1 into refs_, 0: no more
  };
  struct Memo {
    std::uint32_t stamp = 0;            // of the record that this is about
    std::uint32_t first = 0, last = 0;  // index + 1 into refs_
    bool decoded = false;
    std::span<const model::Value> values;
  };
  struct NamedValue {
    std::string_view name, path;
    bool system = false;
    model::Value value;
  };

  [[nodiscard]] MaybeDamage load_odd();
  void load_head(const RecordFrame& frame);
  [[nodiscard]] model::Value head_value(HeadField field, std::optional<Timestamp>* time = nullptr);
  template <class T>
  [[nodiscard]] std::optional<T> head_number(HeadField field);
  void index_fields() const;
  void index_field(model::FieldId field, std::uint32_t piece, std::uint32_t entry) const;
  void decode(Memo& memo) const;
  void decode_ref(const Ref& ref, bool system) const;
  [[nodiscard]] std::string_view path_of(const Ref& ref) const;
  const std::vector<NamedValue>& all() const;
  void list_entries(const Piece& piece, std::size_t first, std::size_t end) const;
  void list_nested(const SpliceEntry& splice) const;
  void expand_once() const;
  void append_raw(const Piece& piece, const FieldEntry& entry) const;

  const model::FieldTable* fields_;
  TemplateTable* templates_ = nullptr;
  ByteView chunk_;
  std::uint64_t chunk_number_ = 0, chunk_offset_ = 0;
  RecordFrame frame_;
  RecordSlots slots_;
  std::size_t text_bound_ = 0;
  bool odd_ = false;  // fields are in loose_

  mutable Arena arena_;
  mutable EntryValues entries_{slots_, arena_};
  mutable std::uint32_t stamp_ = 0;
  mutable bool indexed_ = false, listed_ = false, expanded_ = false;
  mutable std::vector<Memo> memo_;  // by field id
  mutable std::vector<Ref> refs_;
  mutable std::vector<model::Value> values_;
  mutable std::vector<LooseField> loose_;
  mutable std::vector<NamedValue> all_;
  mutable std::string raw_;
  mutable Expander expander_;
  mutable Nodes tree_;
  mutable FieldWalker walker_;
  mutable JsonFiller filler_;
  mutable JsonRenderer json_;
};

}  // namespace tocsin::evidence::evtx
