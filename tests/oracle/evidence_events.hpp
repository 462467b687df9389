// All events of some evidence, read as a scan reads them, handed to tests on several threads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evidence/reader.hpp"
#include "model/event.hpp"

namespace tocsin::oracle {

// One for each thread. `source` names the file (and the member of its container), `number` counts the events of the
// unit from 0, `unit` the units of all sources; so (unit, number) names an event whatever the threads do.
class EventJudge {
 public:
  virtual ~EventJudge() = default;
  virtual void on_event(const model::Event& event, const std::string& source, std::uint64_t unit,
                        std::uint64_t number) = 0;
};

struct ReadEvidence {
  std::vector<std::string> paths;
  evidence::ReadOptions read;
  unsigned threads = 2;
};
// Returns what could not be read, one line each.
[[nodiscard]] std::vector<std::string> read_events(const ReadEvidence& options,
                                                   const std::function<std::unique_ptr<EventJudge>()>& make_judge);

}  // namespace tocsin::oracle
