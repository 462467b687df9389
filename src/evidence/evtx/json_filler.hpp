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
  enum class Step : std::uint8_t { next, other_way };
  // Members that are being written: the record's, and inside them a nested tree's.
  struct Frame {
    const JsonPlan* plan;
    const Piece* piece;
    std::uint32_t op;
    bool object;  // closes a bracket of its own
  };

  void room(std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) grow(size);
  }
  void grow(std::size_t size);
  void put(std::string_view text);
  void put(char c) {
    room(1);
    *at_++ = c;
  }
  [[nodiscard]] const Piece* only_tree(std::uint16_t slot) const;
  [[nodiscard]] bool enter(const Piece& piece, bool in_data, bool object);
  [[nodiscard]] bool shares_names(const JsonOp& splice, const JsonPlan& inner) const;
  Step splice(const JsonOp& op);
  Step step(const JsonOp& op);
  Step value(const JsonOp& op);
  Step nested(const JsonOp& op);
  Step data(const JsonOp& op);
  Step unnamed(const JsonOp& op);
  Step attributed(const JsonOp& op);
  Step attributes(const JsonOp& op);
  void close();
  void close_open();
  // False: an array of several items. What has no text writes nothing.
  [[nodiscard]] bool single(const ValueRef* ref);
  // The items behind each other, each with a comma, one without text as ""; returns how many. False: a tree.
  [[nodiscard]] bool items(const ValueRef* ref, std::size_t& count);
  void close_items(std::ptrdiff_t begin, std::size_t count);
  void put_bytes(std::uint8_t type, ByteView bytes, bool quoted);
  [[nodiscard]] const ValueRef* ref(std::uint16_t slot) const { return slots_->value(*frames_.back().piece, slot); }
  [[nodiscard]] std::string_view part_text(JsonText text) const {
    return std::string_view(frames_.back().plan->part_text).substr(text.begin, text.size);
  }
  [[nodiscard]] std::ptrdiff_t here() const { return at_ - out_->data(); }
  void back_to(std::ptrdiff_t offset) { at_ = out_->data() + offset; }

  const RecordSlots* slots_ = nullptr;
  TemplateTable* templates_ = nullptr;
  std::string* out_ = nullptr;
  char *at_ = nullptr, *end_ = nullptr;
  const std::byte* behind_ = nullptr;  // the chunk's end
  std::vector<Frame> frames_;
  std::vector<std::size_t> opened_;  // offsets in the output: behind the brackets of Kind::open
  std::vector<ByteView> items_;
};

}  // namespace tocsin::evidence::evtx
