// A BinXML stream of a record: its body, or a nested value (type 0x21). Zero or more trees, each a template instance or
// an element written out, up to EOF.
#pragma once

#include <cstdint>
#include <vector>

#include "tocsin/bytes.hpp"

#include "evidence/evtx/damage.hpp"
#include "evidence/evtx/template_table.hpp"
#include "evidence/evtx/value.hpp"

namespace tocsin::evidence::evtx {

// One tree with its values: values[first_value, first_value + value_count).
struct Fragment {
  Compiled* compiled = nullptr;
  std::uint32_t first_value = 0, value_count = 0;
  bool literal = false;  // written out, not a template
};

class FragmentReader {
 public:
  FragmentReader(ByteView chunk, std::size_t at, std::size_t end) : chunk_(chunk), at_(at), end_(end) {}
  enum class Step : std::uint8_t { fragment, end, damaged };
  // Values are appended to `values`. After `damaged` the damage says why and reading is over.
  Step next(TemplateTable& templates, std::vector<ValueRef>& values, Fragment& fragment, MaybeDamage& damage);

 private:
  Step fail(MaybeDamage& out, Damage damage) {
    out = damage;
    at_ = end_;
    return Step::damaged;
  }
  Step instance(TemplateTable& templates, std::vector<ValueRef>& values, Fragment& fragment, MaybeDamage& damage);
  Step element(TemplateTable& templates, std::vector<ValueRef>& values, Fragment& fragment, MaybeDamage& damage);
  bool skip_instruction(std::uint8_t token);

  ByteView chunk_;
  std::size_t at_, end_;
};

}  // namespace tocsin::evidence::evtx
