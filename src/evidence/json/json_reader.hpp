// The reader of JSON evidence: recogniser, cutter, unit reader. See docs/formats/json.md.
#pragma once

#include "evidence/reader.hpp"

namespace tocsin::evidence {

[[nodiscard]] const Reader& json_reader();

}  // namespace tocsin::evidence
