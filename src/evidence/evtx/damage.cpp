#include "evidence/evtx/damage.hpp"

#include <array>

#include <fmt/format.h>

namespace tocsin::evidence::evtx {
namespace {

struct Entry {
  const char* name;
  const char* remedy;
};
constexpr const char* kCopyAgain = "Copy the file again if its origin still exists; what could be read was read.";
constexpr const char* kCarve = "Scan again with --carve to look for records in what was skipped.";
constexpr const char* kTrustLess = "Treat what this record says with care; compare it with its neighbours.";
constexpr const char* kNothing = "Nothing to do; the log is read as it is.";

// By Code.
constexpr std::array<Entry, 20> kEntries = {
    {{"evtx_file_header", kCopyAgain},
     {"evtx_file_checksum", kCopyAgain},
     {"evtx_file_dirty", "Where chunks are missing, copy the log again; else there is nothing to do."},
     {"evtx_file_full",
      "Events after the last record were not logged: raise the "
      "log's maximum size on the machine."},
     {"evtx_file_truncated", kCopyAgain},
     {"evtx_chunks_beyond_count", kNothing},
     {"evtx_chunk_magic", kCarve},
     {"evtx_chunk_header_checksum", kCopyAgain},
     {"evtx_chunk_checksum", kCopyAgain},
     {"evtx_free_offset", kCopyAgain},
     {"evtx_records_beyond_end", kTrustLess},
     {"evtx_record_frame", kCarve},
     {"evtx_record_size_copy", kTrustLess},
     {"evtx_record_damaged", kCopyAgain},
     {"evtx_record_roots", kTrustLess},
     {"evtx_template_damaged", kCopyAgain},
     {"evtx_name_unsound", kTrustLess},
     {"evtx_value_width", kTrustLess},
     {"evtx_limit", "Look at the file by hand: no real log comes near this limit."},
     {"evtx_too_many_anomalies", kCopyAgain}}};

}  // namespace

const char* code_name(Code code) {
  return kEntries[static_cast<std::size_t>(code)].name;
}
const char* code_remedy(Code code) {
  return kEntries[static_cast<std::size_t>(code)].remedy;
}

std::string describe(const Damage& damage) {
  return fmt::format("Expected {} at chunk offset {:#x}, found {:#x}.", damage.expected, damage.offset, damage.found);
}

}  // namespace tocsin::evidence::evtx
