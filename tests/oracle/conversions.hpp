// What log-source files do to a twin's values (docs/formats/logsources.md, "Fields of a mapping"), written once more
// for plainness. Shares nothing with src/detect/sigma but the names of the conversions.
#pragma once

#include <string>
#include <string_view>

#include "detect/sigma/log_source.hpp"

namespace tocsin::oracle {

[[nodiscard]] std::string converted(const sigma::FieldSource& source, std::string_view value,
                                    std::string_view argument);

}  // namespace tocsin::oracle
