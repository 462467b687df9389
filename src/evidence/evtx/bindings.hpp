// A program seen as fields: which slot or literal holds which field, bound to the rules' field ids once.
//
// Immutable once made. Views point into the bindings and into the program, which must outlive them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/evtx/arena.hpp"
#include "evidence/evtx/fields.hpp"
#include "evidence/evtx/program.hpp"
#include "model/field_table.hpp"

namespace tocsin::evidence::evtx {

constexpr model::FieldId kNoField = 0xFFFFFFFF;
constexpr std::uint32_t kNoEntry = 0xFFFFFFFF;

struct FieldEntry {
  model::FieldId field = kNoField;
  std::uint32_t node = 0;   // the element or attribute
  std::uint32_t needs = 0;  // first of the values that must not be null, in Bindings::needs
  std::uint16_t need_count = 0;
  std::uint16_t slot = kNoSlot;  // where the value is one slot and nothing else
  bool literal = false;          // the value is fixed text: `text`
  bool system = false, attribute = false, always = false, data = false, alone = false;
  std::string_view text, name, path;
};

// A slot in content: where its value is nested, the tree comes in before entries[before].
struct SpliceEntry {
  std::uint32_t before = 0;
  std::uint32_t needs = 0;
  std::uint16_t need_count = 0;
  std::uint16_t slot = kNoSlot;
  Context context = Context::top;
  bool plain = true;  // paths of the nested tree are right
};

// The values that an event's head is made of.
enum class HeadField : std::uint8_t { event_id, channel, computer, provider, time, record_id };
constexpr std::size_t kHeadFields = 6;

struct Bindings {
  std::vector<FieldEntry> entries;  // in document order
  std::vector<SpliceEntry> splices;
  std::vector<std::uint16_t> needs;
  std::vector<std::uint32_t> bound;     // entries that have a field id
  std::vector<std::uint32_t> variable;  // entries whose value is no fixed text
  std::string fixed;                    // all fixed texts, each with a line feed
  std::vector<std::uint32_t> uses;      // how often each slot is used
  std::vector<std::uint16_t> reused;    // slots that are used more than once
  std::vector<std::uint32_t> by_slot;   // the entry that a slot alone is, kNoEntry: it is part of something
  std::uint32_t head[kHeadFields] = {kNoEntry, kNoEntry, kNoEntry, kNoEntry, kNoEntry, kNoEntry};
  bool irregular = false;  // names depend on values: such records are rendered to be read
  Arena strings{1024};
};

void bind(const Program& program, Context base, const model::FieldTable* fields, FieldWalker& walker, Bindings& out);

}  // namespace tocsin::evidence::evtx
