// Damage in JSON, in words: the anomalies of the cutter and the unit reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/json/embedded.hpp"
#include "evidence/json/lex.hpp"
#include "evidence/json/walker.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::json {

// What was expected and what was found, for a fault in `text`.
[[nodiscard]] std::string describe(std::string_view text, const Fault& fault);
// "json_syntax", "json_truncated" or "json_too_deep".
[[nodiscard]] std::string_view code_of(const Fault& fault);

// A record (or piece) of `skipped` bytes that was not read because of `fault`; `offset` is the fault's, in the source.
[[nodiscard]] Anomaly damage(std::string_view text, const Fault& fault, std::uint64_t offset, std::uint64_t skipped);
// The source ended inside a list of records; all that are there were read.
[[nodiscard]] Anomaly unclosed_list(std::uint64_t offset);
// NULs where records or blanks may stand.
[[nodiscard]] Anomaly nul_bytes(std::uint64_t offset, std::uint64_t count);
// `count` values behind each other where records should be; the caller says how many bytes they are (`skipped`).
[[nodiscard]] Anomaly not_an_object(std::uint64_t offset, std::uint64_t count);
// `count` times no comma, or one too many, between the records of a list.
[[nodiscard]] Anomaly missing_comma(std::uint64_t offset, std::uint64_t count);
[[nodiscard]] Anomaly extra_comma(std::uint64_t offset, std::uint64_t count);
// A record of `skipped` bytes with more keys and values than `limit`.
[[nodiscard]] Anomaly too_many_values(std::uint64_t offset, std::uint64_t skipped, std::uint64_t limit);
[[nodiscard]] Anomaly too_large(std::uint64_t offset, std::uint64_t skipped, std::uint64_t limit);
// What was tolerated inside a record: one anomaly for each kind. `offset` is of the kind's first occurrence.
[[nodiscard]] Anomaly tolerated(Leniency::Kind kind, std::uint64_t count, std::uint64_t offset);

// A text that should hold JSON or XML and does not; the event has it as a text.
[[nodiscard]] Anomaly embedded_text(const EmbeddedFault& fault, std::uint64_t offset);

}  // namespace tocsin::evidence::json
