// One XML element, usually a Windows <Event>, as JSON in the shape of evtx_dump: the same that the EVTX reader gives
// for the record, but that XML has no types: only the numbers of System are numbers (docs/formats/xml.md, "Values").
//
// libexpat parses; every element is a document of its own, so there is no DTD and no entity to expand but XML's five.
// One thread at a time; memory is kept from call to call.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace tocsin::evidence::xml {

// Why an element cannot be read. `at`: where, from its beginning.
struct Fault {
  std::size_t at = 0;
  std::string message;  // "expected ..., found ..."
};

class EventJson {
 public:
  // A larger element is refused; real events stay far below 1 MiB.
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
  // Elements, attributes and texts of one event: as JSON these stay below the limits of the JSON reader.
  static constexpr std::size_t kMaxNodes = std::size_t{1} << 17;
  static constexpr std::size_t kMaxDepth = 256;

  EventJson();
  ~EventJson();
  EventJson(const EventJson&) = delete;
  EventJson& operator=(const EventJson&) = delete;

  // Appends {"Name":…} for the element that is all of `element` (UTF-8). False: it cannot be read; nothing is appended.
  [[nodiscard]] bool append(std::string_view element, std::string& out, Fault& fault);

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;  // made when first used
};

}  // namespace tocsin::evidence::xml
