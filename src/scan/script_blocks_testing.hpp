// Parts of script blocks for tests: events 4104 of one log, with number, text and id.
#pragma once

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "model/owned_event.hpp"
#include "scan/script_blocks.hpp"

namespace tocsin::scanning::testing {

inline model::FieldTable script_block_fields() {
  model::FieldTable fields;
  for (const char* name : {"ScriptBlockText", "ScriptBlockId", "MessageNumber", "MessageTotal", "Path"}) {
    fields.intern(name);
  }
  return fields;
}

inline EncodedPart script_block_part(const model::FieldTable& fields, std::uint32_t source, const std::string& id,
                                     int number, int total, const std::string& text,
                                     const std::string& computer = "pc") {
  model::EventHead head;
  head.shape = "evtx";
  head.product = "windows";
  head.channel = "Microsoft-Windows-PowerShell/Operational";
  head.computer = computer;
  head.event_id = 4104;
  head.time = Timestamp{1000 + number};
  head.place.kind = PlaceKind::evtx;
  head.place.record = static_cast<std::uint64_t>(number);
  head.place.offset = static_cast<std::uint64_t>(number) * 1000;
  const std::string raw = id + std::to_string(number);
  head.raw = as_bytes(raw);
  using Kind = model::Value::Kind;
  const model::OwnedEvent event(head,
                                {{"MessageNumber", "", Kind::integer, std::to_string(number)},
                                 {"MessageTotal", "", Kind::integer, std::to_string(total)},
                                 {"ScriptBlockText", "", Kind::string, text},
                                 {"ScriptBlockId", "", Kind::string, id},
                                 {"Path", "", Kind::string, "p" + std::to_string(number)}},
                                fields);
  const SourceContext context{source, "log" + std::to_string(source) + ".evtx", "", "evtx"};
  const auto encoded = encode_part(event, context, fields, {});
  EXPECT_TRUE(encoded);
  return *encoded;
}

}  // namespace tocsin::scanning::testing
