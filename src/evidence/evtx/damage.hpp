// What is wrong with a piece of an EVTX file, before it becomes an Anomaly: cheap to make, no text is built until
// needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace tocsin::evidence::evtx {

// Stable codes of anomalies (docs/formats/evtx.md).
enum class Code : std::uint8_t {
  file_header,
  file_checksum,
  file_dirty,
  file_full,
  file_truncated,
  chunks_beyond_count,
  chunk_magic,
  chunk_header_checksum,
  chunk_checksum,
  free_offset,
  records_beyond_end,
  record_frame,
  record_size_copy,
  record_damaged,
  record_roots,
  template_damaged,
  name_unsound,
  value_width,
  limit,
  too_many_anomalies,
};
[[nodiscard]] const char* code_name(Code code);
[[nodiscard]] const char* code_remedy(Code code);

struct Damage {
  Code code = Code::record_damaged;
  const char* expected = "";  // "a BinXML token"
  std::size_t offset = 0;     // in the chunk
  std::uint64_t found = 0;
};
using MaybeDamage = std::optional<Damage>;

// "Expected a BinXML token at chunk offset 0x2f0, found 0x77."
[[nodiscard]] std::string describe(const Damage& damage);

}  // namespace tocsin::evidence::evtx
