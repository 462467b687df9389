// No output may lie inside the evidence or be one of the inputs: evidence is never written.
#pragma once

#include <string>

#include "options.hpp"

namespace tocsin::cli {

// Refuses (ErrorCode::conflict) an output file that is one of the inputs, by name, link or another name of the same
// file, or that lies below a folder handed in as evidence. Also looks at where standard output was redirected to.
[[nodiscard]] Result<void> check_output(const Options& options);

// Whether a file or folder, which need not exist, is something that was handed in as evidence, or lies below it.
[[nodiscard]] bool lies_in_evidence(const Options& options, const std::string& path);

// Whether a path of evidence names something: a file, a folder, "-", or a pattern that something fits.
[[nodiscard]] bool is_there(const std::string& path);

}  // namespace tocsin::cli
