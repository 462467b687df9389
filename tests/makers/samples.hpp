// A handful of events that between them use every part of the format that the writers know: for the writers' own tests,
// for the comparison with another reader, and as seeds for fuzzing. Made up; no real host, person or address.
#pragma once

#include <string>
#include <vector>

#include "tests/makers/event_spec.hpp"
#include "tests/makers/evtx_writer.hpp"

namespace tocsin::makers::samples {

[[nodiscard]] EventSpec logon();             // Security 4624
[[nodiscard]] EventSpec process_creation();  // Sysmon 1
[[nodiscard]] EventSpec audit_process();     // Security 4688
[[nodiscard]] EventSpec service_install();   // System 7045, with Qualifiers
[[nodiscard]] EventSpec script_block();      // PowerShell 4104, with a line break and quotes
[[nodiscard]] EventSpec unnamed_data();      // Application 1000-like, Data without names
[[nodiscard]] EventSpec string_array();      // one Data of several strings, and a Binary
[[nodiscard]] EventSpec log_cleared();       // Security 1102, UserData
[[nodiscard]] EventSpec all_types();         // every value type that Windows writes into a Data
[[nodiscard]] EventSpec forwarded();         // RenderingInfo
[[nodiscard]] EventSpec empty();             // neither EventData nor UserData

// Those above, one second apart, the 100-ns digit counting up; record ids from 1.
[[nodiscard]] std::vector<EventSpec> all();

// A record with CDATA, a character reference, an entity and a processing instruction in its Data; no System values.
[[nodiscard]] Fragment odd_tokens(std::uint64_t record_id);

}  // namespace tocsin::makers::samples
