// Damage in tables, in words.
#pragma once

#include <cstdint>
#include <string_view>

#include "evidence/json/embedded.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::csv {

[[nodiscard]] Anomaly open_quote(std::uint64_t offset, std::uint64_t skipped);
[[nodiscard]] Anomaly row_too_large(std::uint64_t offset, std::uint64_t skipped);
[[nodiscard]] Anomaly wrong_columns(std::size_t expected, std::size_t found, std::uint64_t offset,
                                    std::uint64_t skipped);
// A time whose order of day and month nobody can know.
[[nodiscard]] Anomaly local_time(std::string_view text, std::uint64_t offset);
// A provider that writes to several logs, in a table that does not name the log.
[[nodiscard]] Anomaly unknown_log(std::string_view provider, std::uint64_t offset);
[[nodiscard]] Anomaly embedded_text(const json::EmbeddedFault& fault, std::uint64_t offset);

}  // namespace tocsin::evidence::csv
