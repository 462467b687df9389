// An EventSpec as collectors and security products export Windows events, one JSON object without a line break. Shapes
// only: no texts of Windows' own message files are reproduced.
#pragma once

#include <string>

#include "tests/makers/event_spec.hpp"

namespace tocsin::makers {

// Wazuh's alerts.json: data.win.system and data.win.eventdata, names with a small first letter, values of event data
// with their backslashes and quotes escaped once more.
[[nodiscard]] std::string wazuh_json(const EventSpec& spec);
// Velociraptor's parse_evtx: System, EventData and UserData as objects, the time as seconds since 1970.
[[nodiscard]] std::string velociraptor_json(const EventSpec& spec);
// A row of an artifact with columns of its own, as Windows.EventLogs.EvtxHunter.
[[nodiscard]] std::string velociraptor_row_json(const EventSpec& spec);
// A row of Microsoft Sentinel's table SecurityEvent (Security) or WindowsEvent (all other channels).
[[nodiscard]] std::string sentinel_json(const EventSpec& spec);
// GELF as NXLog sends it to Graylog: fields behind an underscore.
[[nodiscard]] std::string gelf_json(const EventSpec& spec);

// A row of Sentinel's table Event: event data as XML in a text.
[[nodiscard]] std::string sentinel_event_json(const EventSpec& spec);
// EvtxECmd: event data as JSON in the text `Payload`.
[[nodiscard]] std::string evtxecmd_json(const EventSpec& spec);
[[nodiscard]] std::string evtxecmd_payload(const EventSpec& spec);

}  // namespace tocsin::makers
