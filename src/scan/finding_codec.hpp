// Findings as bytes, to wait in an external sort; and the sort keys that put them into canonical order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/finding.hpp"

#include "scan/pipeline.hpp"

namespace tocsin::scanning {

// Finding::source and the parts' sources hold the walk's ordinals in this form.
[[nodiscard]] std::string encode_finding(const Finding& finding);
[[nodiscard]] Finding decode_finding(std::string_view bytes);
// What stands at the beginning of an encoded finding; and the same bytes with an id, in place of none.
struct FindingHead {
  std::uint32_t rule = 0;
  std::optional<Timestamp> time;
};
[[nodiscard]] FindingHead decode_finding_head(std::string_view bytes);
// REQUIRES: `bytes` have no id yet.
void append_with_id(std::string& out, std::string_view bytes, std::string_view id);

// Appends `text` so that byte order of the key is that of the text, and nothing of what follows can change it.
void append_ordered(std::string& key, std::string_view text);
void append_ordered(std::string& key, std::uint64_t number);
// Path, container, offset: canonical order of places.
[[nodiscard]] std::string place_key(const SourceContext& source, std::uint64_t offset);

}  // namespace tocsin::scanning
