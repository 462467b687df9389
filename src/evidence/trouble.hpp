// Makes the anomalies that readers put into words, and those that are the same for every reader of text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tocsin/finding.hpp"

namespace tocsin::evidence {

// `skipped` bytes were not read because of it, or it was there `count` times.
[[nodiscard]] Anomaly make_anomaly(std::string_view code, std::string message, std::string_view remedy,
                                   std::uint64_t offset, std::uint64_t skipped = 0, std::uint64_t count = 1);

// UTF-16 with `count` half surrogate pairs, or with an odd number of bytes.
[[nodiscard]] Anomaly lone_surrogates(std::string_view code, std::uint64_t count, std::uint64_t offset);
[[nodiscard]] Anomaly half_unit(std::string_view code, std::uint64_t offset);

}  // namespace tocsin::evidence
