// A compiled piece of BinXML: a template definition, or an element written out in a record, as a flat tree of literals
// and slots. Compiled once, then read for every record that uses it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tocsin/bytes.hpp"

#include "evidence/evtx/arena.hpp"
#include "evidence/evtx/damage.hpp"
#include "evidence/evtx/node.hpp"
#include "evidence/evtx/value.hpp"

namespace tocsin::evidence::evtx {

// A definition's bytes differ from chunk to chunk, because names are written in place at their first use in a chunk and
// referred to by offset later. A recipe is the definition without that: raw pieces, sizes (skipped), names (compared as
// text). Two definitions with one recipe have one tree.
class Recipe {
 public:
  void clear() {
    pieces_.clear();
    bytes_.clear();
    open_ended_ = false;
  }
  void add_raw(ByteView bytes) { add(Kind::raw, bytes); }
  void add_size() { pieces_.push_back({Kind::size, 0, 0, 0}); }
  // REQUIRES: the name is sound. Where it is not, the recipe is of no use.
  void add_name(ByteView units, std::uint16_t hash) {
    add(Kind::name, units);
    pieces_.back().hash = hash;
  }
  // The stream ended with its window, not with EOF: more would have been read if there had been more.
  void set_open_ended(bool open_ended) { open_ended_ = open_ended; }
  // Whether the definition body in [at, end) of `chunk` has this recipe, with sound names.
  [[nodiscard]] bool fits(ByteView chunk, std::size_t at, std::size_t end) const;
  [[nodiscard]] std::size_t memory() const { return bytes_.size() + pieces_.size() * sizeof(Piece); }

 private:
  enum class Kind : std::uint8_t { raw, size, name };
  struct Piece {
    Kind kind;
    std::uint16_t hash;           // of a name
    std::uint32_t begin, length;  // in bytes_
  };
  void add(Kind kind, ByteView bytes);
  std::vector<Piece> pieces_;
  std::vector<std::byte> bytes_;
  bool open_ended_ = false;
};

struct Program {
  Nodes nodes;
  Arena strings{1024};
  Recipe recipe;                 // templates only
  std::vector<ValueRef> values;  // of a literal tree: instances that stand inside elements, as values of type 0x21
  std::size_t text_bytes = 0;    // of all literals and names
  bool sound = true;             // all names are (name_is_sound)
  void clear();
};

enum class ProgramMode : std::uint8_t {
  definition,  // elements have a dependency id, slots are allowed; ends with EOF
  literal,     // neither; instances are allowed; ends behind the first element
};

// Compiles the stream in [at, end) of `chunk`; `at` moves behind what was read.
[[nodiscard]] MaybeDamage compile(ByteView chunk, std::size_t& at, std::size_t end, ProgramMode mode, Program& program);

}  // namespace tocsin::evidence::evtx
