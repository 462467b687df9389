#include "evidence/json/trouble.hpp"

#include <fmt/format.h>

#include "evidence/trouble.hpp"

namespace tocsin::evidence::json {
namespace {

std::string found(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "the end of the record";
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte > 0x20 && byte < 0x7F) return fmt::format("'{}'", text[at]);
  return fmt::format("the byte 0x{:02X}", byte);
}

}  // namespace

std::string describe(std::string_view text, const Fault& fault) {
  if (fault.code == Fault::Code::too_deep) return fmt::format("expected {}, found more", fault.expected);
  return fmt::format("expected {}, found {}", fault.expected, found(text, fault.at));
}

std::string_view code_of(const Fault& fault) {
  switch (fault.code) {
    case Fault::Code::too_deep:
      return "json_too_deep";
    case Fault::Code::truncated:
      return "json_truncated";
    case Fault::Code::syntax:
    case Fault::Code::none:
      break;
  }
  return "json_syntax";
}

Anomaly damage(std::string_view text, const Fault& fault, std::uint64_t offset, std::uint64_t skipped) {
  return make_anomaly(code_of(fault), fmt::format("A record is not JSON: {}. It was not read.", describe(text, fault)),
                      fault.code == Fault::Code::truncated ? "Export the log again: the record was cut off."
                                                           : "Look at the bytes at this offset; export the log again.",
                      offset, skipped);
}

Anomaly unclosed_list(std::uint64_t offset) {
  return make_anomaly("json_truncated", "The list of records has no end: expected ']', found the end of the source.",
                      "Export the log again: records at its end may be missing.", offset);
}

Anomaly nul_bytes(std::uint64_t offset, std::uint64_t count) {
  return make_anomaly(
      "json_nul_bytes", "NUL bytes stand between records: expected a record, found space that was never written.",
      "Records may be missing here, as after a crash of the machine that wrote the file.", offset, count);
}

Anomaly not_an_object(std::uint64_t offset, std::uint64_t count) {
  return make_anomaly("json_not_an_object",
                      "Expected an object with an event's fields, found a lone value; it was not read.",
                      "Look whether this file is an export of events.", offset, 0, count);
}

Anomaly missing_comma(std::uint64_t offset, std::uint64_t count) {
  return make_anomaly(
      "json_missing_comma", "Expected ',' between two records of a list, found the next record; both were read.",
      "Look whether the list was put together from several; records may be missing where they meet.", offset, 0, count);
}

Anomaly extra_comma(std::uint64_t offset, std::uint64_t count) {
  return make_anomaly("json_extra_comma", "Expected a record of the list, found nothing in front of or behind a comma.",
                      "Look whether somebody took records out of the list: a comma stayed where one may be missing.",
                      offset, 0, count);
}

Anomaly too_many_values(std::uint64_t offset, std::uint64_t skipped, std::uint64_t limit) {
  return make_anomaly(
      "json_too_many_values",
      fmt::format("Expected a record with at most {} keys and values, found more; it was not read.", limit),
      "Look whether these bytes are one event; no event log writes such records.", offset, skipped);
}

Anomaly too_large(std::uint64_t offset, std::uint64_t skipped, std::uint64_t limit) {
  return make_anomaly("json_record_too_large",
                      fmt::format("A record is larger than {} MiB; it was not read.", limit >> 20),
                      "Look whether this is one event at all; if it is, split it before the scan.", offset, skipped);
}

Anomaly tolerated(Leniency::Kind kind, std::uint64_t count, std::uint64_t offset) {
  Anomaly anomaly;
  switch (kind) {
    case Leniency::invalid_utf8:
      anomaly.code = "json_invalid_utf8";
      anomaly.message = "A string holds bytes that are not UTF-8; they were kept as they are.";
      break;
    case Leniency::control_character:
      anomaly.code = "json_control_character";
      anomaly.message = "A string holds raw control characters, which JSON forbids; they were kept as they are.";
      break;
    case Leniency::bad_escape:
      anomaly.code = "json_bad_escape";
      anomaly.message = "A string holds a backslash that begins no escape; it was kept as a backslash.";
      break;
    case Leniency::lone_surrogate:
      anomaly.code = "json_lone_surrogate";
      anomaly.message = "A string holds half of a surrogate pair; it is shown as U+FFFD.";
      break;
    case Leniency::duplicate_key:
      anomaly.code = "json_duplicate_key";
      anomaly.message = "An object has the same key twice; the first one was used.";
      break;
  }
  anomaly.offset = offset;
  anomaly.count = count;
  return anomaly;
}

Anomaly embedded_text(const EmbeddedFault& fault, std::uint64_t offset) {
  return make_anomaly("json_embedded_text",
                      fmt::format("The text at `{}` cannot be opened: {}; its fields are not known, it stays a text.",
                                  fault.path, fault.message),
                      "Look at this record; export the log again, without a limit on the length of texts.", offset);
}

}  // namespace tocsin::evidence::json
