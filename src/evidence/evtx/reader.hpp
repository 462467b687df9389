// The reader of Windows event logs (EVTX). docs/formats/evtx.md says what is read, how, and within which budgets.
#pragma once

#include "evidence/reader.hpp"

namespace tocsin::evidence::evtx {

[[nodiscard]] const Reader& evtx_reader();  // static, never destroyed

}  // namespace tocsin::evidence::evtx
