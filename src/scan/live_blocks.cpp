#include "scan/live_blocks.hpp"

#include <utility>

namespace tocsin::scanning {
namespace {

constexpr std::size_t kNode = 256;  // about what a group, or a part, takes besides its text

}  // namespace

Result<void> LiveBlocks::add(const EncodedPart& part, const model::FieldTable& fields, const Visit& visit) {
  const PartNumber number = part_number(part);
  const auto [at, fresh] = waiting_.try_emplace(std::string(number.group));
  Waiting& waiting = at->second;
  if (fresh) {
    waiting.age = ages_.insert(ages_.end(), at->first);
  } else {
    ages_.splice(ages_.end(), ages_, waiting.age);
  }
  waiting.parts.push_back(part);
  waiting.numbers.insert(number.number);
  const std::size_t bytes = part.key.size() + part.payload.size() + kNode + (fresh ? 2 * at->first.size() + kNode : 0);
  waiting.bytes += bytes;
  bytes_ += bytes;
  waiting.last = Clock::now();
  if (waiting.numbers.size() >= number.total) TOCSIN_CHECK(give(at, fields, visit));
  while (bytes_ > kMaxBytes) {
    TOCSIN_CHECK(give(waiting_.find(ages_.front()), fields, visit));
  }
  return {};
}

Result<void> LiveBlocks::look(const model::FieldTable& fields, const Visit& visit, bool last) {
  const Clock::time_point now = Clock::now();
  while (!ages_.empty()) {
    const auto oldest = waiting_.find(ages_.front());
    if (!last && now - oldest->second.last <= kPatience) break;
    TOCSIN_CHECK(give(oldest, fields, visit));
  }
  return {};
}

Result<void> LiveBlocks::give(Map::iterator at, const model::FieldTable& fields, const Visit& visit) {
  TOCSIN_TRY(ScriptBlocks blocks, ScriptBlocks::make());
  for (const EncodedPart& part : at->second.parts) TOCSIN_CHECK(blocks.add(part));
  bytes_ -= at->second.bytes;
  ages_.erase(at->second.age);
  waiting_.erase(at);
  return blocks.each(fields, visit);
}

}  // namespace tocsin::scanning
