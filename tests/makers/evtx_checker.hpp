// A small, slow checker of EVTX structure, written from the format's description alone and sharing nothing with the
// writer: frames, checksums, hash chains, and the values of each record's outer instance. For the writer's tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::makers {

struct CheckedRecord {
  std::uint64_t header_id = 0, written = 0;
  std::size_t chunk_offset = 0, size = 0;
  struct Raw {
    std::uint8_t type = 0;
    std::string bytes;
  };
  bool has_instance = false, resident = false;
  std::vector<Raw> values;  // of the outer instance
};

struct CheckedFile {
  std::vector<std::string> problems;   // what breaks the format's rules, in words
  std::vector<CheckedRecord> records;  // in file order
  std::size_t chunks = 0, names = 0, templates = 0;
};

[[nodiscard]] CheckedFile check_evtx(const std::string& file);

}  // namespace tocsin::makers
