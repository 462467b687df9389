#include "tests/makers/evtx_checker.hpp"

#include <array>

#include <fmt/format.h>

namespace tocsin::makers {
namespace {

constexpr std::size_t kChunk = 65536, kFileHeader = 4096;

// CRC-32 of its own, so that the writer's is not its own witness.
std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    table[i] = crc;
  }
  return table;
}

std::uint32_t own_crc(std::string_view bytes, std::uint32_t crc = 0) {
  static const std::array<std::uint32_t, 256> kTable = make_crc_table();
  crc = ~crc;
  for (const char c : bytes) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFU];
  return ~crc;
}

class Checker {
 public:
  explicit Checker(const std::string& file) : file_(file) {}

  CheckedFile run() {
    if (file_.size() < kFileHeader || (file_.size() - kFileHeader) % kChunk != 0) return note("file size"), result_;
    header();
    result_.chunks = (file_.size() - kFileHeader) / kChunk;
    for (std::size_t i = 0; i < result_.chunks; ++i) {
      base_ = kFileHeader + i * kChunk;
      if (file_.substr(base_, 8) == std::string(8, '\0')) continue;
      chunk();
    }
    return std::move(result_);
  }

 private:
  void note(const std::string& what) { result_.problems.push_back(fmt::format("at {:#x}: {}", base_, what)); }
  void expect(bool truth, const std::string& what) {
    if (!truth) note(what);
  }
  [[nodiscard]] std::uint64_t number(std::size_t at, int width) const {
    std::uint64_t value = 0;
    for (int i = width - 1; i >= 0; --i) {
      const std::size_t where = at + static_cast<std::size_t>(i);
      value = value << 8 | (where < file_.size() ? static_cast<unsigned char>(file_[where]) : 0U);
    }
    return value;
  }
  // The same, at a chunk offset.
  [[nodiscard]] std::uint64_t in_chunk(std::size_t at, int width) const { return number(base_ + at, width); }
  [[nodiscard]] std::string_view bytes(std::size_t at, std::size_t size) const {
    return std::string_view(file_).substr(at, size);
  }

  void header() {
    expect(bytes(0, 8) == std::string_view("ElfFile\0", 8), "file magic");
    expect(number(32, 4) == 128 && number(40, 2) == 4096 && number(38, 2) == 3, "header sizes, version");
    const bool no_checksum = (number(120, 4) & 4U) != 0;
    expect(no_checksum || number(124, 4) == own_crc(bytes(0, 120)), "file checksum");
  }

  void chunk() {
    expect(bytes(base_, 8) == std::string_view("ElfChnk\0", 8), "chunk magic");
    const std::size_t free_offset = in_chunk(48, 4);
    if (free_offset < 512 || free_offset > kChunk) return note("free offset");
    if ((in_chunk(120, 4) & 4U) == 0) {
      expect(in_chunk(52, 4) == own_crc(bytes(base_ + 512, free_offset - 512)), "records checksum");
      expect(in_chunk(124, 4) == own_crc(bytes(base_ + 128, 384), own_crc(bytes(base_, 120))), "chunk checksum");
    }
    chains(128, 64, free_offset);
    chains(384, 32, free_offset);
    records(free_offset);
  }

  // Each entry's link lies below it, so the walk ends.
  void chains(std::size_t table, std::size_t buckets, std::size_t end) {
    for (std::size_t i = 0; i < buckets; ++i) {
      for (std::size_t at = in_chunk(table + 4 * i, 4); at != 0;) {
        expect(at >= 512 && at + 8 < end, "chain outside the records");
        if (table == 128)
          name(at, i);
        else
          ++result_.templates;
        const std::size_t next = in_chunk(at, 4);
        if (next >= at) return note("chain does not go down");
        at = next;
      }
    }
  }

  void name(std::size_t at, std::size_t bucket) {
    ++result_.names;
    std::uint32_t hash = 0;
    const std::size_t units = in_chunk(at + 6, 2);
    for (std::size_t i = 0; i < units; ++i) {
      hash = hash * 65599 + static_cast<std::uint32_t>(in_chunk(at + 8 + 2 * i, 2));
    }
    expect(in_chunk(at + 4, 2) == (hash & 0xFFFFU), "name hash");
    expect((hash & 0xFFFFU) % 64 == bucket, "name in the wrong bucket");
    expect(in_chunk(at + 8 + 2 * units, 2) == 0, "name terminator");
  }

  void records(std::size_t end) {
    std::size_t count = 0;
    for (std::size_t at = 512; at < end; ++count) {
      const std::size_t size = in_chunk(at + 4, 4);
      if (in_chunk(at, 4) != 0x2A2A || size < 28 || size % 8 != 0 || at + size > end) return note("record frame");
      expect(in_chunk(at + size - 4, 4) == size, "record size copy");
      CheckedRecord record{in_chunk(at + 8, 8), in_chunk(at + 16, 8), at, size, false, false, {}};
      if (count == 0) expect(in_chunk(24, 8) == record.header_id, "first record id");
      if (at + size == end) {
        expect(in_chunk(32, 8) == record.header_id, "last record id");
        expect(in_chunk(44, 4) == at, "last record offset");
      }
      instance(record);
      result_.records.push_back(std::move(record));
      at += size;
    }
    expect(in_chunk(16, 8) - in_chunk(8, 8) + 1 == count, "record numbers");
  }

  void instance(CheckedRecord& record) {
    std::size_t at = record.chunk_offset + 24;
    const std::size_t end = record.chunk_offset + record.size - 4;
    expect(in_chunk(at, 4) == 0x0001010F, "fragment header");
    if (in_chunk(at + 4, 1) != 0x0C) return;
    record.has_instance = true;
    const std::size_t definition = in_chunk(at + 10, 4);
    expect(in_chunk(at + 6, 4) == in_chunk(definition + 4, 4), "template id");
    at += 14;
    record.resident = definition == at;
    expect(definition <= at, "definition above its use");
    if (record.resident) at += 24 + in_chunk(at + 20, 4);
    const std::size_t count = in_chunk(at, 4);
    std::size_t data = at + 4 + 4 * count;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t size = in_chunk(at + 4 + 4 * i, 2);
      if (data + size > end) return note("value outside its record");
      record.values.push_back(
          {static_cast<std::uint8_t>(in_chunk(at + 6 + 4 * i, 1)), std::string(bytes(base_ + data, size))});
      data += size;
    }
    expect(in_chunk(data, 1) == 0 && end - data <= 8, "end of stream, then padding below 8 bytes");
  }

  const std::string& file_;
  std::size_t base_ = 0;
  CheckedFile result_;
};

}  // namespace

CheckedFile check_evtx(const std::string& file) {
  return Checker(file).run();
}

}  // namespace tocsin::makers
