#include "scan/live_blocks.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::scanning {

Result<void> LiveBlocks::add(const EncodedPart& part, const model::FieldTable& fields, const Visit& visit) {
  const PartNumber number = part_number(part);
  const auto at = waiting_.try_emplace(std::string(number.group)).first;
  Waiting& waiting = at->second;
  waiting.parts.push_back(part);
  waiting.numbers.insert(number.number);
  const std::size_t bytes = part.key.size() + part.payload.size();
  waiting.bytes += bytes;
  bytes_ += bytes;
  waiting.last = Clock::now();
  if (waiting.numbers.size() >= number.total) TOCSIN_CHECK(give(at, fields, visit));
  while (bytes_ > kMaxBytes) {
    const auto oldest = std::ranges::min_element(waiting_, {}, [](const auto& one) { return one.second.last; });
    TOCSIN_CHECK(give(oldest, fields, visit));
  }
  return {};
}

Result<void> LiveBlocks::look(const model::FieldTable& fields, const Visit& visit, bool last) {
  const Clock::time_point now = Clock::now();
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const auto next = std::next(at);
    if (last || now - at->second.last > kPatience) TOCSIN_CHECK(give(at, fields, visit));
    at = next;
  }
  return {};
}

Result<void> LiveBlocks::give(Map::iterator at, const model::FieldTable& fields, const Visit& visit) {
  TOCSIN_TRY(ScriptBlocks blocks, ScriptBlocks::make());
  for (const EncodedPart& part : at->second.parts) TOCSIN_CHECK(blocks.add(part));
  bytes_ -= at->second.bytes;
  waiting_.erase(at);
  return blocks.each(fields, visit);
}

}  // namespace tocsin::scanning
