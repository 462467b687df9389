// Windows event XML: what wevtutil, the Event Viewer, Get-WinEvent and evtx_dump write (docs/formats/xml.md).
#pragma once

#include "evidence/reader.hpp"

namespace tocsin::evidence {

[[nodiscard]] const Reader& xml_reader();

}  // namespace tocsin::evidence
