// The cutter between the records of a list: commas that are missing or too many. Reading goes on either way.
#include <cstdint>
#include <string_view>
#include <utility>

#include "evidence/json/cutter.hpp"
#include "evidence/json/trouble.hpp"

namespace tocsin::evidence::json {
namespace {

bool is_sound(std::string_view value) {
  NullHandler handler;
  Leniency leniency;
  Walker walker(value, handler, leniency);
  return walker.walk(0) == value.size() && walker.fault().code == Fault::Code::none && !leniency.any;
}

}  // namespace

// The byte at at_ is a comma. Outside lists it is no more than a blank.
void JsonCutter::count_comma() {
  ++commas_;
  const std::uint64_t wanted = gap_ == Gap::between ? 1 : 0;
  if (in_array_ && gap_ != Gap::unknown && commas_ > wanted) add_to_run(extra_commas_, at_);
}

// At at_ the next record begins, or the list ends.
void JsonCutter::end_gap(UnitSink& sink, bool list_ends) {
  if (gap_ == Gap::between) {
    if (!list_ends && commas_ == 0) add_to_run(missing_commas_, at_);
    if (list_ends && commas_ == 1) add_to_run(extra_commas_, at_);
  }
  end_run(missing_commas_, missing_comma, sink);
  end_run(extra_commas_, extra_comma, sink);
}

void JsonCutter::add_to_run(GapRun& run, std::size_t at) {
  if (run.count++ == 0) run.offset = offset_of(at);
  run.here = true;
}

// Ends the run if it does not go on here.
void JsonCutter::end_run(GapRun& run, Anomaly (*tell)(std::uint64_t, std::uint64_t), UnitSink& sink) {
  if (!std::exchange(run.here, false) && run.told + 1 < kMaxGapRuns) tell_run(run, tell, sink);
}

void JsonCutter::tell_run(GapRun& run, Anomaly (*tell)(std::uint64_t, std::uint64_t), UnitSink& sink) {
  if (run.count == 0) return;
  Anomaly anomaly = tell(run.offset, run.count);
  anomaly.skipped = run.skipped;
  sink.on_anomaly(std::move(anomaly));
  run.count = run.skipped = 0;
  ++run.told;
}

// At the end of the source.
void JsonCutter::end_runs(UnitSink& sink) {
  tell_run(missing_commas_, missing_comma, sink);
  tell_run(extra_commas_, extra_comma, sink);
  tell_run(strays_, not_an_object, sink);
}

// [record_, at_) is an element of a list. True: it is a lone value, which is blanked; no unit reader sees it. One with
// something wrong inside is left to the unit reader, which tells what.
bool JsonCutter::take_stray(UnitSink& sink) {
  const std::string_view value = text().substr(record_, at_ - record_);
  if (value.front() == '{' || value.front() == '[' || !is_sound(value)) {
    end_run(strays_, not_an_object, sink);
    return false;
  }
  strays_.skipped += encoding_ == Encoding::utf8 ? value.size() : utf16_length(value);
  add_to_run(strays_, record_);
  strays_.here = false;
  blank(sink, record_, at_);
  if (sound_ - head_ >= unit_bytes_) emit(sink, sound_);
  return true;
}

}  // namespace tocsin::evidence::json
