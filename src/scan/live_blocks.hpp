// Script blocks in parts while logs are followed: put together as soon as all parts are there, or when none came for a
// while. Bounded; the oldest is given as it is where too much waits. One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tocsin/result.hpp"

#include "scan/script_blocks.hpp"

namespace tocsin::scanning {

class LiveBlocks {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kPatience{30};             // for a part that is not there
  static constexpr std::size_t kMaxBytes = std::size_t{32} << 20;  // that wait, with what keeps them
  using Visit = std::function<Result<void>(const ScriptBlock&)>;

  [[nodiscard]] Result<void> add(const EncodedPart& part, const model::FieldTable& fields, const Visit& visit);
  // Gives what has waited long enough; all where `last`.
  [[nodiscard]] Result<void> look(const model::FieldTable& fields, const Visit& visit, bool last);

 private:
  struct Waiting {
    std::vector<EncodedPart> parts;
    std::set<std::uint64_t> numbers;
    std::size_t bytes = 0;
    Clock::time_point last;
    std::list<std::string>::iterator age;  // in ages_
  };
  using Map = std::map<std::string, Waiting>;
  [[nodiscard]] Result<void> give(Map::iterator at, const model::FieldTable& fields, const Visit& visit);
  Map waiting_;                  // by computer and id
  std::list<std::string> ages_;  // keys of waiting_: the one that got no part for longest first
  std::size_t bytes_ = 0;
};

}  // namespace tocsin::scanning
