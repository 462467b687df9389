// Tables of events: whatever the bytes and however they arrive, the reader ends, stays inside its memory, and gives
// the same events and anomalies for every block and unit size.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <tuple>

#include "evidence/csv/reader.hpp"
#include "evidence/json/json_testing.hpp"

namespace {

using tocsin::evidence::json_testing::Seen;

// Units may be cut elsewhere, and the cutter's anomalies come earlier or later; what is read may not differ.
bool same(Seen a, Seen b) {
  for (Seen* seen : {&a, &b}) {
    std::ranges::stable_sort(seen->anomalies, {}, [](const tocsin::Anomaly& anomaly) {
      return std::tuple(anomaly.offset, anomaly.code, anomaly.skipped);
    });
  }
  if (a.events != b.events || a.anomalies.size() != b.anomalies.size()) return false;
  for (std::size_t i = 0; i < a.anomalies.size(); ++i) {
    const tocsin::Anomaly &x = a.anomalies[i], &y = b.anomalies[i];
    if (x.code != y.code || x.message != y.message || x.offset != y.offset || x.skipped != y.skipped ||
        x.count != y.count) {
      return false;
    }
  }
  return true;
}

// Events come in order and inside the source; their places hold their bytes.
void check_places(const Seen& seen, std::string_view text) {
  std::uint64_t last = 0;
  for (const auto& event : seen.events) {
    if (event.place.offset < last || event.place.offset + event.place.length > text.size()) std::abort();
    last = event.place.offset;
    const std::string_view there = text.substr(event.place.offset, event.place.length);
    if (event.place.length == event.raw.size() && there.find('\0') == there.npos && there != event.raw) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tocsin::model::FieldTable fields = [] {
    tocsin::model::FieldTable table;
    for (const char* name : {"EventID", "Image", "CommandLine", "Message", "Channel", "TargetUserName", "Data"}) {
      table.intern(name);
    }
    return table;
  }();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tocsin::evidence::ReadOptions options;
  options.fields = &fields;
  // Kept from run to run, as a worker thread keeps it from unit to unit.
  static const auto reader = tocsin::evidence::csv_reader().make_unit_reader(options);
  const auto read = [&](std::size_t block, bool deep) {
    return tocsin::evidence::json_testing::read_with(tocsin::evidence::csv_reader(), text, options, block, deep,
                                                     reader.get());
  };
  const Seen whole = read(size + 1, false);
  check_places(whole, text);
  if (read(size + 1, true).events.size() != whole.events.size()) std::abort();
  options.unit_bytes = 1;
  for (const std::size_t block : {std::size_t{1}, std::size_t{7}}) {
    if (!same(whole, read(block, false))) std::abort();
  }
  return 0;
}
