// An event as one literal element without templates, as some collectors write forwarded logs: every value is a text,
// numbers too, and SystemTime has nine digits (reference §12, "Template-less").
#pragma once

#include <string_view>

#include "tests/makers/binxml_tree.hpp"
#include "tests/makers/event_spec.hpp"

namespace tocsin::makers {

constexpr std::string_view kEventNamespace = "http://schemas.microsoft.com/win/2004/08/events/event";

[[nodiscard]] Element plain_event(const EventSpec& spec);

}  // namespace tocsin::makers
