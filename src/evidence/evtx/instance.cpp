#include "evidence/evtx/instance.hpp"

#include "base/cursor.hpp"
#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

using base::load_le;

constexpr std::size_t kInstanceHeader = 10;  // token, 01, u32 template id, u32 definition offset

Damage damage(const char* expected, std::size_t offset, std::uint64_t found) {
  return {Code::record_damaged, expected, offset, found};
}

// `at` is where the value count lies.
MaybeDamage read_values(ByteView chunk, std::size_t at, std::size_t end, std::vector<ValueRef>& values,
                        InstanceLayout& layout) {
  if (end - at < 4) return damage("a value count inside the record", at, end - at);
  const std::size_t count = load_le<std::uint32_t>(chunk, at);
  if (count > kMaxValues) return Damage{Code::limit, "at most 4096 values", at, count};
  at += 4;
  if (end - at < 4 * count) return damage("value descriptors inside the record", at, count);
  const std::byte* descriptor = chunk.data() + at;
  std::size_t offset = at + 4 * count;
  const std::size_t first = values.size();
  values.resize(first + count);
  ValueRef* out = values.data() + first;
  for (std::size_t i = 0; i < count; ++i, descriptor += 4, ++out) {
    std::uint16_t size = 0;
    std::memcpy(&size, descriptor, sizeof size);
    out->offset = static_cast<std::uint32_t>(offset);
    out->size = size;
    out->type = std::to_integer<std::uint8_t>(descriptor[2]);
    offset += size;
  }
  if (offset > end) return damage("values that end inside the record", at, offset);
  layout.end = static_cast<std::uint32_t>(offset);
  return std::nullopt;
}

}  // namespace

MaybeDamage read_instance(ByteView chunk, std::size_t at, std::size_t end, std::vector<ValueRef>& values,
                          InstanceLayout& layout) {
  if (at > end || end - at < kInstanceHeader) return damage("a template instance inside the record", at, end);
  const auto id = load_le<std::uint32_t>(chunk, at + 2);
  const std::size_t definition = load_le<std::uint32_t>(chunk, at + 6);
  std::size_t next = at + kInstanceHeader;
  if (definition < kChunkHeaderSize || definition > next || chunk.size() - definition < kDefinitionHeader) {
    return damage("a template definition at or before its use", at + 6, definition);
  }
  const std::size_t body = load_le<std::uint32_t>(chunk, definition + 20);
  if (body > chunk.size() - definition - kDefinitionHeader) {
    return damage("a template definition inside the chunk", definition + 20, body);
  }
  if (load_le<std::uint32_t>(chunk, definition + 4) != id) {
    return damage("a definition whose GUID begins with the instance's template id", definition + 4, id);
  }
  if (definition == next) {
    next += kDefinitionHeader + body;
    if (next > end) return damage("a resident template definition inside the record", definition + 20, body);
  }
  layout.definition = static_cast<std::uint32_t>(definition);
  return read_values(chunk, next, end, values, layout);
}

}  // namespace tocsin::evidence::evtx
