// BinXML tokens ([MS-EVEN6] 2.2.12; libyal's EVTX document, "Binary XML").
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace tocsin::evidence::evtx {

enum Token : std::uint8_t {
  kEof = 0x00,
  kOpen = 0x01,
  kCloseStart = 0x02,
  kCloseEmpty = 0x03,
  kEnd = 0x04,
  kText = 0x05,
  kAttribute = 0x06,
  kCData = 0x07,
  kCharRef = 0x08,
  kEntityRef = 0x09,
  kPiTarget = 0x0A,
  kPiData = 0x0B,
  kInstance = 0x0C,
  kNormalSlot = 0x0D,
  kOptionalSlot = 0x0E,
  kFragment = 0x0F,
};
// On kOpen: an attribute list follows. On kText to kEntityRef: there is more of the same; says nothing new.
constexpr std::uint8_t kMore = 0x40;

// XML's own entities; empty for any other name.
[[nodiscard]] constexpr std::string_view entity_text(std::string_view name) {
  using Known = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Known, 5> kKnown = {Known{"amp", "&"}, Known{"lt", "<"}, Known{"gt", ">"}, Known{"quot", "\""},
                                           Known{"apos", "'"}};
  for (const auto& [known, text] : kKnown) {
    if (known == name) return text;
  }
  return {};
}

}  // namespace tocsin::evidence::evtx
