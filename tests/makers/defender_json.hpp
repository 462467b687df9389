// An EventSpec as Microsoft Defender's advanced hunting tables hold it, one JSON object without a line break. Made up
// from Microsoft's public reference of the schema.
#pragma once

#include <string>

#include "tests/makers/event_spec.hpp"

namespace tocsin::makers {

// A Sysmon event (1, 3, 6, 7, 11, 13, 17, 22) or log-on (Security 4624, 4625) as a row, or empty where the tables have
// no such; and the row as the streaming API exports it.
[[nodiscard]] std::string defender_json(const EventSpec& spec);
[[nodiscard]] std::string defender_export_json(const EventSpec& spec);

}  // namespace tocsin::makers
