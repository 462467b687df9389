// Compiled templates: found by their offset in the current chunk, shared between chunks (and files) where GUID and
// whole definition are the same. Also the pool of trees that records write out without a template.
//
// One per unit reader, one thread. What it returns for a chunk never depends on what it has seen before: only its
// speed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "tocsin/bytes.hpp"

#include "evidence/evtx/bindings.hpp"
#include "evidence/evtx/damage.hpp"
#include "evidence/evtx/json_plan.hpp"
#include "evidence/evtx/program.hpp"
#include "model/field_table.hpp"

namespace tocsin::evidence::evtx {

// A program with its bindings, made on first use in each context.
struct Compiled {
  Program program;
  std::array<std::unique_ptr<Bindings>, kContexts> bindings;
  std::array<std::unique_ptr<JsonPlan>, 2> json;  // outside and inside of EventData and UserData
  std::array<bool, 2> json_tried{};
  bool literal = false;  // written out in one record: not worth a plan
  MaybeDamage damage;    // of the definition: every record that uses it is damaged
};

class TemplateTable {
 public:
  explicit TemplateTable(const model::FieldTable* fields) : fields_(fields) {}

  void begin_chunk(ByteView chunk);
  void begin_record() { literals_used_ = 0; }
  // REQUIRES: read_instance accepted the definition's place.
  Compiled& definition(std::uint32_t offset);
  // An empty program for a tree written out in the record; lives until begin_record.
  Compiled& literal();
  const Bindings& bindings(Compiled& compiled, Context context);
  // Null where it has to be written from its tree.
  const JsonPlan* json_plan(Compiled& compiled, bool in_data);
  // Offsets of definitions of this chunk whose names are not sound, in order of first use.
  [[nodiscard]] const std::vector<std::uint32_t>& unsound() const { return unsound_; }

 private:
  struct Seen {
    std::uint32_t offset;
    std::uint32_t next;
    Compiled* compiled;
  };
  using Guid = std::array<std::uint64_t, 2>;
  struct GuidHash {
    std::size_t operator()(const Guid& guid) const { return guid[0] ^ (guid[1] * 0x9E3779B97F4A7C15U); }
  };
  static constexpr std::size_t kBuckets = 256;
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  Compiled& load(std::uint32_t offset);
  Compiled& keep_for_chunk(std::unique_ptr<Compiled> compiled);

  const model::FieldTable* fields_;
  ByteView chunk_;
  std::array<std::uint32_t, kBuckets> buckets_{};
  std::vector<Seen> seen_;
  std::vector<std::uint32_t> unsound_;
  std::size_t definition_bytes_ = 0;  // of this chunk
  std::vector<std::unique_ptr<Compiled>> chunk_only_;
  std::unordered_map<Guid, std::vector<std::unique_ptr<Compiled>>, GuidHash> shared_;
  std::size_t shared_count_ = 0, shared_bytes_ = 0;
  std::vector<std::unique_ptr<Compiled>> literals_;
  std::size_t literals_used_ = 0;
  FieldWalker walker_;
};

}  // namespace tocsin::evidence::evtx
