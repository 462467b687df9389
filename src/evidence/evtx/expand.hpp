// A whole record as one flat tree: templates filled in, dependent elements left out, arrays spread over repeated
// elements, nested values spliced in. What JSON and XML are written from, and the fields of records that are too odd to
// be read from their slots.
#pragma once

#include <cstdint>
#include <vector>

#include "tocsin/bytes.hpp"

#include "evidence/evtx/arena.hpp"
#include "evidence/evtx/damage.hpp"
#include "evidence/evtx/fragments.hpp"
#include "evidence/evtx/node.hpp"
#include "evidence/evtx/template_table.hpp"
#include "evidence/evtx/value.hpp"

namespace tocsin::evidence::evtx {

class Expander {
 public:
  // Puts the record body in [at, end) into `out`. Names and literals stay views into programs, values into `text`. On
  // damage `out` holds what came before it, well-formed.
  MaybeDamage expand(ByteView chunk, std::size_t at, std::size_t end, TemplateTable& templates, Arena& text,
                     Nodes& out);

 private:
  // An array directly inside an element: the element is repeated, one item each.
  struct Spread {
    std::uint16_t slot;
    std::uint32_t first_item, item_count;
  };
  struct Frame {
    bool stream = false;  // reads trees from a stream; else walks nodes of a program
    FragmentReader reader{{}, 0, 0};
    Fragment fragment;
    std::uint32_t next = 0, end = 0;  // nodes of the program
    std::uint32_t element = 0;        // the element whose content this is
    std::uint32_t out = kNoOut;       // its node, or the splice's
    std::uint32_t copy = 0, copies = 1;
    std::uint32_t first_spread = 0;
  };
  static constexpr std::uint32_t kNoOut = 0xFFFFFFFF;

  void step_stream();
  void step_nodes();
  void open_element(const Frame& parent, std::uint32_t index);
  void emit_element(Frame& frame);
  void finish_element();
  void attribute(const Frame& frame, std::uint32_t index);
  void content_slot(const Frame& frame, const Node& node);
  void slot_value(const Frame& frame, std::uint16_t slot);
  void push_value(std::uint8_t type, ByteView bytes, bool as_string);
  Node& push(const Node& node);
  [[nodiscard]] const ValueRef* value(const Fragment& fragment, std::uint16_t slot) const;
  [[nodiscard]] ByteView bytes(const ValueRef& value) const { return chunk_.subspan(value.offset, value.size); }
  std::uint32_t collect_spreads(const Frame& parent, std::uint32_t index);
  bool collect_spread(const Fragment& fragment, std::uint16_t slot, std::uint64_t& copies, std::uint32_t first);
  [[nodiscard]] const ByteView* spread_item(const Frame& frame, std::uint16_t slot) const;
  void fail(Damage damage);

  ByteView chunk_;
  TemplateTable* templates_ = nullptr;
  Arena* text_ = nullptr;
  Nodes* out_ = nullptr;
  std::vector<Frame> frames_;
  std::vector<ValueRef> values_;
  std::vector<Spread> spreads_;
  std::vector<ByteView> items_, scratch_;
  std::size_t text_size_ = 0, streams_ = 0, instances_ = 0;
  MaybeDamage damage_;
};

}  // namespace tocsin::evidence::evtx
