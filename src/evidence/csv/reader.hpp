// Tables of events: what Get-WinEvent with Export-Csv, EvtxECmd and other exports write (docs/formats/csv.md).
#pragma once

#include "evidence/reader.hpp"

namespace tocsin::evidence {

[[nodiscard]] const Reader& csv_reader();

}  // namespace tocsin::evidence
