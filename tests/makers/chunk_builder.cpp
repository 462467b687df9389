#include "tests/makers/chunk_builder.hpp"

#include <cstring>

#include "base/cursor.hpp"
#include "base/hash.hpp"

namespace tocsin::makers {
namespace {

constexpr std::uint32_t kRecordMagic = 0x00002A2A;

std::uint32_t crc_of(std::string_view bytes, std::uint32_t seed = 0) {
  return base::crc32(as_bytes(bytes), seed);
}

}  // namespace

std::uint32_t name_hash(std::u16string_view units) {
  std::uint32_t hash = 0;
  for (const char16_t unit : units) hash = hash * 65599 + unit;
  return hash;
}

void seal_chunk(std::string& chunk) {
  const std::uint32_t free_offset = base::load_le<std::uint32_t>(as_bytes(chunk), 48);
  const std::size_t end = std::min<std::size_t>(std::max<std::size_t>(free_offset, kChunkHeaderSize), chunk.size());
  put_le(chunk, 52, crc_of(std::string_view(chunk).substr(kChunkHeaderSize, end - kChunkHeaderSize)));
  const std::uint32_t head = crc_of(std::string_view(chunk).substr(0, 120));
  put_le(chunk, 124, crc_of(std::string_view(chunk).substr(128, 384), head));
}

// What must be restored when a record does not fit.
struct ChunkBuilder::Mark {
  std::size_t bytes, names, definitions;
  std::array<std::uint32_t, 64> string_buckets;
  std::array<std::uint32_t, 32> template_buckets;
};

ChunkBuilder::ChunkBuilder() : bytes_(kChunkHeaderSize, '\0') {
  bytes_.reserve(2 * kChunkSize);
}

ChunkBuilder::Mark ChunkBuilder::mark() const {
  return {bytes_.size(), name_order_.size(), definition_order_.size(), string_buckets_, template_buckets_};
}

void ChunkBuilder::take_back(const Mark& mark) {
  for (; name_order_.size() > mark.names; name_order_.pop_back()) names_.erase(name_order_.back());
  for (; definition_order_.size() > mark.definitions; definition_order_.pop_back()) {
    definitions_.erase(definition_order_.back());
  }
  bytes_.resize(mark.bytes);
  string_buckets_ = mark.string_buckets;
  template_buckets_ = mark.template_buckets;
}

bool ChunkBuilder::add(const RecordHead& head, const Fragment& body) {
  const Mark before = mark();
  const std::uint32_t begin = at();
  put(kRecordMagic);
  put(std::uint32_t{0});
  put(head.id);
  put(head.written.ticks);
  write_fragment(body);
  while ((bytes_.size() - begin + 4) % 8 != 0) put(std::uint8_t{0});
  const std::uint32_t size = at() - begin + 4;
  put(size);
  put_le(bytes_, begin + 4, size);
  if (bytes_.size() > kChunkSize) {
    take_back(before);
    return false;
  }
  if (slack_at_ != 0) return true;
  if (records_++ == 0) first_id_ = head.id;
  last_id_ = head.id;
  last_record_ = begin;
  return true;
}

void ChunkBuilder::begin_slack() {
  slack_at_ = at();
}

std::string ChunkBuilder::finish(std::uint64_t first_number, bool checksums) const {
  std::string chunk = bytes_;
  chunk.resize(kChunkSize, '\0');
  std::memcpy(chunk.data(), "ElfChnk\0", 8);
  put_le(chunk, 8, first_number);
  put_le(chunk, 16, first_number + (records_ == 0 ? 0 : records_ - 1));
  put_le(chunk, 24, first_id_);
  put_le(chunk, 32, last_id_);
  put_le(chunk, 40, std::uint32_t{128});
  put_le(chunk, 44, last_record_);
  put_le(chunk, 48, slack_at_ != 0 ? slack_at_ : at());
  put_le(chunk, 120, std::uint32_t{checksums ? 1U : 5U});
  const auto& strings = slack_at_ != 0 ? live_strings_ : string_buckets_;
  const auto& templates = slack_at_ != 0 ? live_templates_ : template_buckets_;
  for (std::size_t i = 0; i < strings.size(); ++i) put_le(chunk, 128 + 4 * i, strings[i]);
  for (std::size_t i = 0; i < templates.size(); ++i) put_le(chunk, 384 + 4 * i, templates[i]);
  if (checksums) seal_chunk(chunk);
  return chunk;
}

}  // namespace tocsin::makers
