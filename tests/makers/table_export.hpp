// EventSpecs as tables of separated values. Messages have the names that Windows' English ones have, but sentences of
// our own: no texts of Windows' message files are reproduced.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/makers/event_spec.hpp"

namespace tocsin::makers {

// A row of quoted fields, quotes doubled.
[[nodiscard]] std::string quoted_row(const std::vector<std::string>& fields, char separator = ',');
// The message of a Sysmon event, of Security 1102, 4624, 4688 or System 7045, of PowerShell 4104; a sentence for every
// other.
[[nodiscard]] std::string rendered_message(const EventSpec& spec);
// Get-WinEvent | Export-Csv. `time` writes TimeCreated; null: ISO 8601 with its zone.
using TimeWriter = std::string (*)(Timestamp);
[[nodiscard]] std::string get_winevent_csv(const std::vector<EventSpec>& specs, TimeWriter time = nullptr,
                                           char separator = ',');
[[nodiscard]] std::string us_time(Timestamp time);      // 7/13/2021 2:14:07 AM
[[nodiscard]] std::string german_time(Timestamp time);  // 13.07.2021 02:14:07
// Event Viewer's "Save all events as", CSV or (with tabs) text: a byte order mark, five names for six columns, neither
// log nor computer.
enum class ViewerLanguage : std::uint8_t { english, german, japanese };
[[nodiscard]] std::string event_viewer_csv(const std::vector<EventSpec>& specs, ViewerLanguage language,
                                           TimeWriter time, char separator = ',');
// EvtxECmd --csv: a byte order mark, fields quoted where needed.
[[nodiscard]] std::string evtxecmd_csv(const std::vector<EventSpec>& specs);

}  // namespace tocsin::makers
