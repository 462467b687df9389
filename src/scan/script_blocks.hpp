// PowerShell cuts long script blocks into several 4104 events (MessageNumber of MessageTotal, one ScriptBlockId). Parts
// leave their units as keyed tuples and are put together once, after all units, in canonical order.
//
// Parts are joined by computer and ScriptBlockId, over all sources: an archived log may hold the first half. Where the
// same part comes several times (copies of a log), the n-th copies make the n-th block. An id with more parts than are
// held at once is judged in pieces, and each piece says so in a note.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"

#include "base/external_sort.hpp"
#include "base/hash.hpp"
#include "model/event.hpp"
#include "model/field_table.hpp"
#include "model/owned_event.hpp"
#include "scan/pipeline.hpp"

namespace tocsin::scanning {

struct PartKeep {
  bool json = false, raw = false;  // keep the part's rendered event, its own bytes
};

// A part as it waits in the sort.
struct EncodedPart {
  std::string key, payload;
  bool operator==(const EncodedPart&) const = default;
};
// Of a part (sigma::Judge::is_part); nothing where its id or number cannot be read.
[[nodiscard]] std::optional<EncodedPart> encode_part(const model::Event& event, const SourceContext& source,
                                                     const model::FieldTable& fields, const PartKeep& keep);

// Which part it is. The view lives as long as the part.
struct PartNumber {
  std::string_view group;  // equal for all parts of a block
  std::uint64_t number = 0, total = 0;
};
[[nodiscard]] PartNumber part_number(const EncodedPart& part);

struct ScriptBlock {
  struct Part {
    std::uint32_t source = 0;  // the walk's ordinal
    Place place;
    base::Sha256::Digest digest{};  // of the record's own bytes
    std::string place_key;
    std::string json, raw;
  };
  std::unique_ptr<model::OwnedEvent> event;  // the first part's, with the whole ScriptBlockText
  std::vector<Part> parts;                   // by MessageNumber
  std::vector<std::string> notes;            // "parts 2 and 3 of 5 are missing"
};

class ScriptBlocks {
 public:
  static constexpr std::size_t kMaxBlockBytes = std::size_t{64} << 20;  // text of one block; beyond, parts are left out
  static constexpr std::size_t kMaxParts = 10'000;                      // of one id, copies included
  static constexpr std::size_t kMaxGroupBytes = std::size_t{128} << 20;  // all parts of one id, as kept

  [[nodiscard]] static Result<ScriptBlocks> make();
  [[nodiscard]] Result<void> add(const EncodedPart& part) { return parts_.add(part.key, part.payload); }
  [[nodiscard]] Result<void> each(const model::FieldTable& fields,
                                  const std::function<Result<void>(const ScriptBlock&)>& visit) const;

 private:
  explicit ScriptBlocks(base::ExternalSort parts) : parts_(std::move(parts)) {}
  base::ExternalSort parts_;
};

}  // namespace tocsin::scanning
