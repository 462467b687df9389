// The cutter between the records of a list: commas that are missing or too many. Reading goes on either way.
#include <cstdint>
#include <utility>

#include "evidence/json/cutter.hpp"
#include "evidence/json/trouble.hpp"

namespace tocsin::evidence::json {

// The byte at at_ is a comma. Outside lists it is no more than a blank.
void JsonCutter::count_comma() {
  ++commas_;
  const std::uint64_t wanted = gap_ == Gap::between ? 1 : 0;
  if (in_array_ && gap_ != Gap::unknown && commas_ > wanted) add_to_run(extra_commas_);
}

// At at_ the next record begins, or the list ends.
void JsonCutter::end_gap(UnitSink& sink, bool list_ends) {
  if (gap_ == Gap::between) {
    if (!list_ends && commas_ == 0) add_to_run(missing_commas_);
    if (list_ends && commas_ == 1) add_to_run(extra_commas_);
  }
  end_run(missing_commas_, missing_comma, sink);
  end_run(extra_commas_, extra_comma, sink);
}

void JsonCutter::add_to_run(GapRun& run) {
  if (run.count++ == 0) run.offset = offset_of(at_);
  run.here = true;
}

// Ends the run if this gap is not of it any more.
void JsonCutter::end_run(GapRun& run, Anomaly (*tell)(std::uint64_t, std::uint64_t), UnitSink& sink) {
  if (std::exchange(run.here, false) || run.count == 0 || run.told + 1 >= kMaxGapRuns) return;
  sink.on_anomaly(tell(run.offset, run.count));
  run.count = 0;
  ++run.told;
}

// At the end of the source.
void JsonCutter::end_runs(UnitSink& sink) {
  if (missing_commas_.count > 0) sink.on_anomaly(missing_comma(missing_commas_.offset, missing_commas_.count));
  if (extra_commas_.count > 0) sink.on_anomaly(extra_comma(extra_commas_.offset, extra_commas_.count));
}

}  // namespace tocsin::evidence::json
