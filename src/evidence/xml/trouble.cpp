#include "evidence/xml/trouble.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace tocsin::evidence::xml {
namespace {

Anomaly anomaly(const char* code, std::string message, const char* remedy, std::uint64_t offset,
                std::uint64_t skipped = 0) {
  Anomaly one;
  one.code = code;
  one.message = std::move(message);
  one.remedy = remedy;
  one.offset = offset;
  one.skipped = skipped;
  return one;
}

}  // namespace

Anomaly event_syntax(const Fault& fault, std::uint64_t offset, std::uint64_t skipped) {
  return anomaly("xml_syntax", fmt::format("An event is not XML: {}. It was not read.", fault.message),
                 "Look at the bytes at this offset; export the log again.", offset, skipped);
}

Anomaly event_truncated(std::uint64_t offset, std::uint64_t skipped) {
  return anomaly(
      "xml_truncated",
      "An event has no end: expected </Event>, found the next event or the end of the source. It was not read.",
      "Export the log again: events may be missing here.", offset, skipped);
}

Anomaly event_too_large(std::uint64_t offset, std::uint64_t skipped) {
  return anomaly("xml_event_too_large",
                 fmt::format("An event is larger than {} MiB; it was not read.", EventJson::kMaxBytes >> 20),
                 "Look whether this is an event at all; no Windows log holds such.", offset, skipped);
}

Anomaly stray_text(std::uint64_t offset, std::uint64_t skipped) {
  return anomaly("xml_stray_text", "Expected an <Event>, found other text; it was skipped.",
                 "Look at the bytes at this offset: an event may have lost its beginning.", offset, skipped);
}

Anomaly bad_characters(std::uint64_t offset, std::uint64_t count) {
  Anomaly one =
      anomaly("xml_bad_character",
              "An event holds characters that XML cannot hold, or `&` that begins no reference; they are shown "
              "as U+FFFD, and `&` as itself.",
              "", offset);
  one.count = count;
  return one;
}

Anomaly lone_surrogates(std::uint64_t count, std::uint64_t offset) {
  Anomaly one = anomaly("xml_lone_surrogate",
                        "The source is UTF-16 with half of a surrogate pair; it is shown as U+FFFD.", "", offset);
  one.count = count;
  return one;
}

Anomaly half_unit(std::uint64_t offset) {
  return anomaly("xml_truncated", "The source is UTF-16, but ends with half a code unit.",
                 "Export the log again: it was cut off.", offset, 1);
}

}  // namespace tocsin::evidence::xml
