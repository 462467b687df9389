// What Tocsin reads and what it only recognises; and why one file is read as it is, or not.
#pragma once

#include <vector>

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "evidence/reader.hpp"
#include "scan/reading.hpp"

namespace tocsin::scanning {

[[nodiscard]] std::vector<FormatInfo> list_formats(const evidence::ShapeSet* shapes);
// Walks what is named, on the calling thread alone, and reads it to its end.
[[nodiscard]] Result<FormatAnswer> explain_formats(const ReadingInputs& inputs);

}  // namespace tocsin::scanning
