// An EventSpec as Windows event XML, as wevtutil and the Event Viewer write it: one <Event> without a line break, texts
// escaped, layout by single quotes as wevtutil does.
#pragma once

#include <string>
#include <vector>

#include "tests/makers/event_spec.hpp"

namespace tocsin::makers {

[[nodiscard]] std::string event_xml(const EventSpec& spec);
// `wevtutil qe LOG /f:xml`: elements one behind the other.
[[nodiscard]] std::string wevtutil_xml(const std::vector<EventSpec>& specs);
// "Save all events as" of the Event Viewer: a declaration and a root element <Events>.
[[nodiscard]] std::string event_viewer_xml(const std::vector<EventSpec>& specs);
// The text as UTF-16 with a byte order mark, as redirections of PowerShell 5 write it.
[[nodiscard]] std::string utf16(const std::string& text, bool big_endian = false);
// As Splunk's XmlWinEventLog in an exported search result: {"result":{"_raw":"<Event …"},…}.
[[nodiscard]] std::string splunk_raw_json(const EventSpec& spec);

}  // namespace tocsin::makers
