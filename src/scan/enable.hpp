// What would give the logs and events that hosts lack: the `enable` entries of the log sources
// (docs/formats/logsources.md, "Enable").
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "tocsin/scanner.hpp"

namespace tocsin::scanning {

// Those of the built-in log sources. May be called from any thread.
[[nodiscard]] const std::vector<Setting>& builtin_settings();

// Whether a host was seen to have an event. Names in any case.
using HasEvent = std::function<bool(std::string_view host, std::string_view channel, std::int64_t event_id)>;

// Fills `for_channel`, `for_events` and `partly_on` of what is missing, and `metrics.settings` with those that are
// named. Of `known` those count that give the log itself, or one of the events, for Windows; in their order.
void name_settings(Metrics& metrics, const std::vector<Setting>& known, const HasEvent& has);

}  // namespace tocsin::scanning
