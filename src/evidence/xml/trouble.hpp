// Damage in event XML, in words.
#pragma once

#include <cstdint>

#include "evidence/reader.hpp"
#include "evidence/xml/event_json.hpp"

namespace tocsin::evidence::xml {

[[nodiscard]] Anomaly event_syntax(const Fault& fault, std::uint64_t offset, std::uint64_t skipped);
[[nodiscard]] Anomaly event_truncated(std::uint64_t offset, std::uint64_t skipped);
[[nodiscard]] Anomaly event_too_large(std::uint64_t offset, std::uint64_t skipped);
[[nodiscard]] Anomaly stray_text(std::uint64_t offset, std::uint64_t skipped);
// Characters that XML cannot hold, or `&` that begins no reference; the event was read without them.
[[nodiscard]] Anomaly bad_characters(std::uint64_t offset, std::uint64_t count);

}  // namespace tocsin::evidence::xml
