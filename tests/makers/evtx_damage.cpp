#include "tests/makers/evtx_damage.hpp"

#include <algorithm>
#include <cassert>

#include "base/cursor.hpp"
#include "base/hash.hpp"
#include "tests/makers/chunk_builder.hpp"

namespace tocsin::makers::damage {
namespace {

constexpr std::size_t kFileHeaderSize = 4096;

template <class T>
T get(const std::string& file, std::size_t at) {
  return base::load_le<T>(as_bytes(file), at);
}

void flip(std::string& file, std::size_t at) {
  file[at] = static_cast<char>(file[at] ^ 0x5A);
}

}  // namespace

std::size_t chunk_count(const std::string& file) {
  return (file.size() - kFileHeaderSize) / kChunkSize;
}
std::size_t chunk_offset(std::size_t chunk) {
  return kFileHeaderSize + chunk * kChunkSize;
}

std::size_t record_offset(const std::string& file, std::size_t chunk, std::size_t record) {
  std::size_t at = chunk_offset(chunk) + kChunkHeaderSize;
  for (; record > 0; --record) {
    assert(get<std::uint32_t>(file, at) == 0x2A2A);
    at += get<std::uint32_t>(file, at + 4);
  }
  return at;
}

std::size_t record_count(const std::string& file, std::size_t chunk) {
  const std::size_t begin = chunk_offset(chunk);
  return static_cast<std::size_t>(get<std::uint64_t>(file, begin + 16) - get<std::uint64_t>(file, begin + 8) + 1);
}

void seal(std::string& file, std::size_t chunk) {
  std::string bytes = file.substr(chunk_offset(chunk), kChunkSize);
  seal_chunk(bytes);
  file.replace(chunk_offset(chunk), bytes.size(), bytes);
}

void set_dirty(std::string& file) {
  put_le(file, 120, get<std::uint32_t>(file, 120) | 1U);
}

void set_header_counts(std::string& file, std::uint16_t chunks, std::uint64_t next_id) {
  put_le(file, 24, next_id);
  put_le(file, 42, chunks);
  put_le(file, 124, base::crc32(as_bytes(std::string_view(file).substr(0, 120))));
}

void break_file_magic(std::string& file) {
  flip(file, 0);
}
void break_chunk_magic(std::string& file, std::size_t chunk) {
  flip(file, chunk_offset(chunk));
}
void break_chunk_checksum(std::string& file, std::size_t chunk) {
  flip(file, chunk_offset(chunk) + 124);
}
void break_records_checksum(std::string& file, std::size_t chunk) {
  flip(file, chunk_offset(chunk) + 52);
  // The header's checksum covers the field: made anew, so that only one of the two is wrong.
  std::string bytes = file.substr(chunk_offset(chunk), kChunkSize);
  const std::uint32_t head = base::crc32(as_bytes(std::string_view(bytes).substr(0, 120)));
  put_le(bytes, 124, base::crc32(as_bytes(std::string_view(bytes).substr(128, 384)), head));
  file.replace(chunk_offset(chunk), bytes.size(), bytes);
}

void zero_range(std::string& file, std::size_t offset, std::size_t length) {
  std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(offset), length, '\0');
}
void zero_chunk(std::string& file, std::size_t chunk) {
  zero_range(file, chunk_offset(chunk), kChunkSize);
}

void break_record_magic(std::string& file, std::size_t chunk, std::size_t record) {
  flip(file, record_offset(file, chunk, record));
}
void set_record_size(std::string& file, std::size_t chunk, std::size_t record, std::uint32_t size) {
  put_le(file, record_offset(file, chunk, record) + 4, size);
}
void break_size_copy(std::string& file, std::size_t chunk, std::size_t record) {
  const std::size_t at = record_offset(file, chunk, record);
  flip(file, at + get<std::uint32_t>(file, at + 4) - 4);
}

void set_free_offset(std::string& file, std::size_t chunk, std::uint32_t offset) {
  put_le(file, chunk_offset(chunk) + 48, offset);
  seal(file, chunk);
}
void set_last_record_id(std::string& file, std::size_t chunk, std::uint64_t id) {
  put_le(file, chunk_offset(chunk) + 32, id);
  seal(file, chunk);
}
void break_string_bucket(std::string& file, std::size_t chunk, std::size_t bucket) {
  put_le(file, chunk_offset(chunk) + 128 + 4 * bucket, std::uint32_t{0xFFFFFF0});
  seal(file, chunk);
}
void set_definition_offset(std::string& file, std::size_t chunk, std::size_t record, std::uint32_t offset) {
  // Record header, fragment header, instance token, its constant 1 and the template id come before it.
  put_le(file, record_offset(file, chunk, record) + 24 + 4 + 2 + 4, offset);
  seal(file, chunk);
}

void overwrite_name(std::string& file, std::size_t chunk, const std::string& name) {
  std::string units;
  append_utf16(units, to_utf16(name));
  const std::size_t at = file.find(units, chunk_offset(chunk));
  assert(at != std::string::npos && at < chunk_offset(chunk + 1));
  file[at] = file[at] == 'X' ? 'Y' : 'X';
}

void truncate(std::string& file, std::size_t size) {
  file.resize(std::min(size, file.size()));
}

}  // namespace tocsin::makers::damage
