#include "evidence/evtx/name.hpp"

#include <array>

#include "base/cursor.hpp"
#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

using base::load_le;

constexpr std::size_t kEntryHeader = 8;  // u32 next, u16 hash, u16 units

struct Range {
  char32_t first, last;
};
constexpr std::array<Range, 12> kStartRanges = {{{0xC0, 0xD6},
                                                 {0xD8, 0xF6},
                                                 {0xF8, 0x2FF},
                                                 {0x370, 0x37D},
                                                 {0x37F, 0x1FFF},
                                                 {0x200C, 0x200D},
                                                 {0x2070, 0x218F},
                                                 {0x2C00, 0x2FEF},
                                                 {0x3001, 0xD7FF},
                                                 {0xF900, 0xFDCF},
                                                 {0xFDF0, 0xFFFD},
                                                 {0x10000, 0xEFFFF}}};

[[nodiscard]] std::optional<NameRef> read_entry(ByteView chunk, std::size_t at, std::size_t end) {
  if (at < kChunkHeaderSize || at > end || end - at < kEntryHeader + 2) return std::nullopt;
  const std::size_t units = load_le<std::uint16_t>(chunk, at + 6);
  if (units > kMaxNameUnits || end - at < kEntryHeader + 2 * units + 2) return std::nullopt;
  NameRef name;
  name.hash = load_le<std::uint16_t>(chunk, at + 4);
  name.units = chunk.subspan(at + kEntryHeader, 2 * units);
  name.next = at + kEntryHeader + 2 * units + 2;
  name.terminated = load_le<std::uint16_t>(chunk, name.next - 2) == 0;
  return name;
}

}  // namespace

std::optional<NameRef> read_name(ByteView chunk, std::size_t at, std::size_t end) {
  if (at > end || end - at < 4) return std::nullopt;
  const std::size_t target = load_le<std::uint32_t>(chunk, at);
  const std::size_t behind = at + 4;
  if (target > behind) return std::nullopt;
  const bool in_place = target == behind;
  auto name = read_entry(chunk, target, in_place ? end : chunk.size());
  if (!name) return std::nullopt;
  name->in_place = in_place;
  if (!in_place) name->next = behind;
  return name;
}

std::uint16_t name_hash(ByteView units) {
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i + 1 < units.size(); i += 2) hash = hash * 65599 + load_le<std::uint16_t>(units, i);
  return static_cast<std::uint16_t>(hash);
}

bool is_name_char(char32_t c, bool first) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':') return true;
  if (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == 0xB7)) return true;
  if (!first && ((c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040)) return true;
  for (const Range& range : kStartRanges) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

bool name_is_sound(const NameRef& name) {
  if (!name.terminated || name.units.empty() || name.hash != name_hash(name.units)) return false;
  for (std::size_t i = 0; i < name.units.size(); i += 2) {
    // Unit by unit: a name beyond the basic plane counts as unsound. None was ever seen.
    if (!is_name_char(load_le<std::uint16_t>(name.units, i), i == 0)) return false;
  }
  return true;
}

}  // namespace tocsin::evidence::evtx
