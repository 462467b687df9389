// What makes one event of the fleet differ from the one before: for each field that changes on real machines, where its
// next value comes from. Few values come often and many come seldom (programs, users, keys), or each is new (ids,
// times, paths, arguments).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/event.hpp"

#include "tests/makers/random.hpp"

namespace tocsin::bench {

enum class Source : std::uint8_t {
  program,       // one of some sixty, a few of them most of the time
  library,       // as program
  command_line,  // a program with arguments of which one is new
  script,        // a few lines with new numbers
  new_path,      // a known folder with a new name
  share_path,    // as new_path, below a share
  registry_key,  // a known key, half of the time with a new name below
  user,          // one of two hundred
  account,       // the same without the domain
  sid,
  address,
  host_name,
  hashes,  // of a known program, or new
  guid,
  number,  // up to five digits: process ids, ports
  handle,  // a logon id or address of eight hex digits
  utc,
};

// Nothing: the field keeps its usual value.
[[nodiscard]] std::optional<Source> source_of(std::string_view field);

// Appends the next value's text. `time` is the event's. A guid is written "{…}", a handle "0x…".
void append_fresh(std::string& out, Source source, Timestamp time, makers::Random& random);

}  // namespace tocsin::bench
