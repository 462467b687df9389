// The user's --from, --to and --channel.
#pragma once

#include <algorithm>

#include "tocsin/scanner.hpp"

#include "base/text.hpp"
#include "model/event.hpp"

namespace tocsin::scanning {

// Events without a time are kept: leaving them out would hide them without a word.
[[nodiscard]] inline bool in_reach(const model::EventHead& head, const EvidenceOptions& options) {
  if (head.time && options.from && *head.time < *options.from) return false;
  if (head.time && options.to && *head.time >= *options.to) return false;
  return options.channels.empty() || std::ranges::any_of(options.channels, [&](const std::string& channel) {
           return base::equal_fold(channel, head.channel);
         });
}

}  // namespace tocsin::scanning
