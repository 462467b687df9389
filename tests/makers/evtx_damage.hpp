// Damage done to an EVTX file that was sound: each function makes one pattern that real logs have. Checksums stay as
// they were unless a function says otherwise, as they do when something overwrites a log. Chunks and records count from
// 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tocsin::makers::damage {

[[nodiscard]] std::size_t chunk_count(const std::string& file);
[[nodiscard]] std::size_t chunk_offset(std::size_t chunk);
// Where a record of a chunk begins in the file, by walking from the chunk's first record. REQUIRES: it exists.
[[nodiscard]] std::size_t record_offset(const std::string& file, std::size_t chunk, std::size_t record);
[[nodiscard]] std::size_t record_count(const std::string& file, std::size_t chunk);

void set_dirty(std::string& file);  // header flag; no checksum covers it
void set_header_counts(std::string& file, std::uint16_t chunks, std::uint64_t next_id);  // file checksum made anew
void break_file_magic(std::string& file);
void break_chunk_magic(std::string& file, std::size_t chunk);
void break_chunk_checksum(std::string& file, std::size_t chunk);  // the header's own checksum
void break_records_checksum(std::string& file, std::size_t chunk);
void zero_range(std::string& file, std::size_t offset, std::size_t length);
void zero_chunk(std::string& file, std::size_t chunk);
void break_record_magic(std::string& file, std::size_t chunk, std::size_t record);
void set_record_size(std::string& file, std::size_t chunk, std::size_t record, std::uint32_t size);
void break_size_copy(std::string& file, std::size_t chunk, std::size_t record);
void set_free_offset(std::string& file, std::size_t chunk, std::uint32_t offset);    // chunk checksums made anew
void set_last_record_id(std::string& file, std::size_t chunk, std::uint64_t id);     // chunk checksums made anew
void break_string_bucket(std::string& file, std::size_t chunk, std::size_t bucket);  // chunk checksums made anew
// A record's definition offset points elsewhere; chunk checksums made anew.
void set_definition_offset(std::string& file, std::size_t chunk, std::size_t record, std::uint32_t offset);
// Overwrites one letter of the first copy of an element name in a chunk, so that its hash no longer fits.
void overwrite_name(std::string& file, std::size_t chunk, const std::string& name);
void truncate(std::string& file, std::size_t size);
// Computes a chunk's checksums anew.
void seal(std::string& file, std::size_t chunk);

}  // namespace tocsin::makers::damage
