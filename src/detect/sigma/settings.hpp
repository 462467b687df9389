// Which settings would give what a rule lacked.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"

#include "detect/sigma/blob.hpp"

namespace tocsin::sigma {

// Indexes of the settings that give, for events that pass the gate:
// - `channel_absent`: the log itself;
// - `event_id_absent`: one of the gate's event ids;
// - `field_absent`: one of `fields` (names in the event or in the rule).
// Nothing for other reasons, and for a gate that names no log. Ascending.
[[nodiscard]] std::vector<std::uint32_t> settings_for(const std::vector<Setting>& settings, const Blob& blob,
                                                      const GateRecord& gate, CoverageReason reason,
                                                      std::span<const std::string_view> fields);

}  // namespace tocsin::sigma
