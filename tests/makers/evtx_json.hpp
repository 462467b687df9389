// An EventSpec as `evtx_dump` would print its record: one JSON object a line (reference §14). Written from the spec
// alone, never from EVTX bytes, so that it can stand as the expectation for readers of those bytes.
#pragma once

#include <string>

#include "tests/makers/event_spec.hpp"

namespace tocsin::makers {

[[nodiscard]] std::string evtx_json(const EventSpec& spec);

}  // namespace tocsin::makers
