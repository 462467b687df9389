#include "evidence/trouble.hpp"

#include <utility>

namespace tocsin::evidence {

Anomaly make_anomaly(std::string_view code, std::string message, std::string_view remedy, std::uint64_t offset,
                     std::uint64_t skipped, std::uint64_t count) {
  Anomaly anomaly;
  anomaly.code = code;
  anomaly.message = std::move(message);
  anomaly.remedy = remedy;
  anomaly.offset = offset;
  anomaly.skipped = skipped;
  anomaly.count = count;
  return anomaly;
}

Anomaly lone_surrogates(std::string_view code, std::uint64_t count, std::uint64_t offset) {
  return make_anomaly(code, "The source is UTF-16 with half of a surrogate pair; it is shown as U+FFFD.", "", offset, 0,
                      count);
}

Anomaly half_unit(std::string_view code, std::uint64_t offset) {
  return make_anomaly(code, "The source is UTF-16, but ends with half a code unit.",
                      "Export the log again: it was cut off.", offset, 1);
}

}  // namespace tocsin::evidence
