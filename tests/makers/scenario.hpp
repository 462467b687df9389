// A scenario: hosts, what goes on on them every day, and one story told among it; from a data file (docs/makers.md).
// The same file gives the same events on every machine: a seeded generator, no clock, no locale, no time zone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

#include "tests/makers/catalogue.hpp"

namespace tocsin::makers {

struct TimedEvent {
  std::string host;  // the host's key in the scenario
  EventSpec spec;    // with its record id in that host's channel
};

// Seconds, in ticks of 100 ns.
struct Delay {
  std::uint64_t low = 0, high = 0;
};

struct Step {
  EventRequest request;
  Delay after;  // behind the step before
  std::uint64_t repeat = 1;
  std::vector<std::pair<std::string, std::string>> picks;  // drawn anew for each repetition: variable, pool
  std::string split_field;  // not empty: the field's text is told in `parts` events (script blocks)
  std::uint64_t parts = 1;
};

// Events that belong together: they share variables and follow each other.
struct Group {
  std::string name;
  std::vector<std::string> hosts;
  std::optional<Timestamp> at;  // a story's step; otherwise …
  std::uint64_t per_day = 0;    // … so often on each day and host
  std::string when = "any";     // any, work, night, or "hh:mm" (then once a day)
  std::vector<std::pair<std::string, std::string>> picks, lets;
  std::vector<Step> steps;
  bool story = false;  // under `story`, not under `noise`
};

// One file to write, and which events belong in it.
struct Output {
  std::string file, format = "evtx";  // evtx, winlogbeat (one JSON object a line, gzip where the name ends in .gz)
  std::vector<std::string> hosts, channels;
  std::optional<Timestamp> from, to;
  std::vector<std::pair<Timestamp, Timestamp>> lost;  // events in [first, second) are not there; their ids are used up
  bool exported = false, dirty = false;
  struct Damage {
    std::string kind;  // see outputs.cpp
    std::uint64_t chunk = 0, record = 0;
  };
  std::vector<Damage> damage;
};

class Scenario {
 public:
  // Borrows the catalogue.
  [[nodiscard]] static Result<Scenario> load(std::string_view text, const std::string& name,
                                             const Catalogue& catalogue);
  // Another seed than the file's: other people, times and numbers, the same kinds of things.
  void set_seed(std::uint64_t seed) { seed_ = seed; }
  // Everything that happens, in order of time; record ids count in each host's channels. Without the story: the noise
  // alone, with other record ids.
  [[nodiscard]] Result<std::vector<TimedEvent>> events(bool with_story = true) const;
  [[nodiscard]] const std::vector<Output>& outputs() const { return outputs_; }

 private:
  friend class ScenarioReader;
  [[nodiscard]] std::vector<Timestamp> times_of(const Group& group, Random& random) const;
  [[nodiscard]] Result<void> play(const Group& group, const std::string& host, std::vector<TimedEvent>& events) const;
  [[nodiscard]] Result<void> play_once(const Group& group, const std::string& host, Timestamp time, Random& random,
                                       std::vector<TimedEvent>& events) const;

  const Catalogue* catalogue_ = nullptr;
  std::uint64_t seed_ = 0, days_ = 1;
  Timestamp from_;
  std::map<std::string, Variables, std::less<>> hosts_;  // host.name, host.computer, …
  Pools pools_;
  std::vector<Group> groups_;
  std::vector<Output> outputs_;
};

}  // namespace tocsin::makers
