// Writes a record's JSON from the plans of its templates and its values' bytes: no tree, no text of a value's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/evtx/json_plan.hpp"
#include "evidence/evtx/record_slots.hpp"
#include "evidence/evtx/template_table.hpp"

namespace tocsin::evidence::evtx {

class JsonFiller {
 public:
  // Appends the record's object to `out`. False, with `out` as it was, where it has to be written from its tree: a
  // template has no plan, an array has several items where one is expected, or a value holds more or fewer trees than
  // one. REQUIRES: the record is not odd.
  [[nodiscard]] bool append(const RecordSlots& slots, TemplateTable& templates, std::string& out);

 private:
  // Members that are being written: the record's, and inside them a nested tree's.
  struct Frame {
    const JsonPlan* plan = nullptr;
    const Piece* piece = nullptr;
    const JsonOp* op = nullptr;
    const JsonOp* end = nullptr;
    bool object = false;  // closes a bracket of its own
  };

  // Room for all that the plan and the record's values can become is made when a plan is entered; from then on each of
  // these writes at `at` and returns the end of what it wrote, or null where the record has to be written the other
  // way.
  char* enter(const Piece& piece, bool in_data, bool object, char* at);
  char* run(char* at);
  char* step(const JsonOp& op, char* at);
  char* value(const JsonOp& op, char* at);
  char* splice(const JsonOp& op, char* at);
  char* data(const JsonOp& op, char* at);
  char* unnamed(const JsonOp& op, char* at);
  char* attributed(const JsonOp& op, char* at);
  char* attributes(const JsonOp& op, char* at);
  char* close_open(char* at);
  // One value; nothing where it has no text. Null: an array of several items.
  char* single(const ValueRef* ref, char* at);
  // The items behind each other, each with a comma, one without text as "". Null: a tree.
  char* items(const ValueRef* ref, std::size_t& count, char* at);
  char* item(std::uint8_t type, ByteView bytes, bool quoted, char* at) const;

  [[nodiscard]] const Piece* only_tree(std::uint16_t slot) const;
  [[nodiscard]] bool shares_names(const JsonOp& splice, const JsonPlan& inner) const;
  [[nodiscard]] const ValueRef* ref(std::uint16_t slot) const { return slots_->value(*frame_.piece, slot); }

  const RecordSlots* slots_ = nullptr;
  TemplateTable* templates_ = nullptr;
  std::string* out_ = nullptr;
  const std::byte* behind_ = nullptr;  // the chunk's end
  Frame frame_, outer_;                // outer_: goes on behind frame_, where that is nested
  std::vector<std::size_t> opened_;    // offsets in the output: behind the brackets of Kind::open
  std::vector<ByteView> items_;
};

}  // namespace tocsin::evidence::evtx
