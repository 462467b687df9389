// What is known of Windows events beforehand (rules/windows-events.yml): short names, and which events a host should
// have. Immutable; may be read from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::scanning {

class KnownEvents {
 public:
  struct Expected {
    std::string what, means;
    std::string channel;                  // in lower case
    std::string shown_channel;            // as written
    std::vector<std::int64_t> event_ids;  // one of them is enough; none: any event of the channel
    std::string only_with;                // a channel, in lower case: asked only of hosts that have it
  };

  // The built-in table.
  [[nodiscard]] static const KnownEvents& builtin();
  // `text` as in rules/windows-events.yml. The error says line and column.
  [[nodiscard]] static Result<KnownEvents> parse(std::string_view text);

  // Empty where there is none. `channel` and `provider` in any case.
  [[nodiscard]] std::string_view name(std::string_view channel, std::string_view provider, std::int64_t event_id) const;
  [[nodiscard]] const std::vector<Expected>& expected() const { return expected_; }

 private:
  friend class KnownEventsFile;
  using Key = std::pair<std::string, std::int64_t>;  // channel, or channel and provider with a NUL between; lower case
  std::map<Key, std::string, std::less<>> names_;
  std::vector<Expected> expected_;
};

}  // namespace tocsin::scanning
