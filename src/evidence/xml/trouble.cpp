#include "evidence/xml/trouble.hpp"

#include <fmt/format.h>

#include "evidence/trouble.hpp"

namespace tocsin::evidence::xml {
Anomaly event_syntax(const Fault& fault, std::uint64_t offset, std::uint64_t skipped) {
  return make_anomaly("xml_syntax", fmt::format("An event is not XML: {}. It was not read.", fault.message),
                      "Look at the bytes at this offset; export the log again.", offset, skipped);
}

Anomaly event_truncated(std::uint64_t offset, std::uint64_t skipped) {
  return make_anomaly(
      "xml_truncated",
      "An event has no end: expected </Event>, found the next event or the end of the source. It was not read.",
      "Export the log again: events may be missing here.", offset, skipped);
}

Anomaly event_too_large(std::uint64_t offset, std::uint64_t skipped) {
  return make_anomaly("xml_event_too_large",
                      fmt::format("An event is larger than {} MiB; it was not read.", EventJson::kMaxBytes >> 20),
                      "Look whether this is an event at all; no Windows log holds such.", offset, skipped);
}

Anomaly stray_text(std::uint64_t offset, std::uint64_t skipped) {
  return make_anomaly("xml_stray_text", "Expected an <Event>, found other text; it was skipped.",
                      "Look at the bytes at this offset: an event may have lost its beginning.", offset, skipped);
}

Anomaly bad_characters(std::uint64_t offset, std::uint64_t count) {
  return make_anomaly("xml_bad_character",
                      "An event holds characters that XML cannot hold, or `&` that begins no reference; they are shown "
                      "as U+FFFD, and `&` as itself.",
                      "", offset, 0, count);
}

}  // namespace tocsin::evidence::xml
