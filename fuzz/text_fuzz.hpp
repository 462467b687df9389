// Readers of text that cut a stream into units: whatever the bytes and however they arrive, the reader ends, stays
// inside its memory, and gives the same events and anomalies for every block and unit size.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <tuple>

#include "evidence/json/json_testing.hpp"

namespace tocsin::fuzz {

using evidence::json_testing::Seen;

// Units may be cut elsewhere, and the cutter's anomalies come earlier or later; what is read may not differ.
inline bool same(Seen a, Seen b) {
  for (Seen* seen : {&a, &b}) {
    std::ranges::stable_sort(seen->anomalies, {}, [](const Anomaly& anomaly) {
      return std::tuple(anomaly.offset, anomaly.code, anomaly.skipped);
    });
  }
  if (a.events != b.events || a.anomalies.size() != b.anomalies.size()) return false;
  for (std::size_t i = 0; i < a.anomalies.size(); ++i) {
    const Anomaly &x = a.anomalies[i], &y = b.anomalies[i];
    if (x.code != y.code || x.message != y.message || x.offset != y.offset || x.skipped != y.skipped ||
        x.count != y.count) {
      return false;
    }
  }
  return true;
}

// Events come in order and inside the source; their places hold their bytes.
inline void check_places(const Seen& seen, std::string_view text) {
  std::uint64_t last = 0;
  for (const auto& event : seen.events) {
    if (event.place.offset < last || event.place.offset + event.place.length > text.size()) std::abort();
    last = event.place.offset;
    const std::string_view there = text.substr(event.place.offset, event.place.length);
    if (event.place.length == event.raw.size() && there.find('\0') == there.npos && there != event.raw) std::abort();
  }
}

// `unit_reader` is kept from run to run, as a worker thread keeps it from unit to unit; it and `options` are of
// `reader`.
inline void read_every_way(const evidence::Reader& reader, std::string_view text, evidence::ReadOptions options,
                           evidence::UnitReader* unit_reader) {
  const auto read = [&](std::size_t block, bool deep) {
    return evidence::json_testing::read_with(reader, text, options, block, deep, unit_reader);
  };
  const Seen whole = read(text.size() + 1, false);
  check_places(whole, text);
  if (read(text.size() + 1, true).events.size() != whole.events.size()) std::abort();
  options.unit_bytes = 1;
  for (const std::size_t block : {std::size_t{1}, std::size_t{7}}) {
    if (!same(whole, read(block, false))) std::abort();
  }
}

// What a target does with its input; `fields` are the names it asks each event for.
inline int run_text_target(const evidence::Reader& reader, const model::FieldTable& fields, const std::uint8_t* data,
                           std::size_t size) {
  evidence::ReadOptions options;
  options.fields = &fields;
  static const auto unit_reader = reader.make_unit_reader(options);  // one reader a program
  read_every_way(reader, {reinterpret_cast<const char*>(data), size}, options, unit_reader.get());
  return 0;
}

inline model::FieldTable fields_named(std::initializer_list<const char*> names) {
  model::FieldTable table;
  for (const char* name : names) table.intern(name);
  return table;
}

}  // namespace tocsin::fuzz
