#include "evidence/follow/finished_logs.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/hash.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 18;

// The hash of the bytes up to `end`, which go on where the last ones ended.
bool hash_to(const LiveFile& file, std::uint64_t& at, std::uint64_t end, base::Sha256& sum,
             const Tail::Enough& enough) {
  std::vector<std::byte> block;
  while (at < end) {
    if (enough()) return false;
    block.resize(std::min<std::uint64_t>(kBlockBytes, end - at));
    const Result<std::size_t> got = file.read_at(at, block);
    if (!got || *got == 0) return false;
    sum.update(ByteView(block).first(*got));
    at += *got;
  }
  return true;
}

}  // namespace

bool FinishedLogs::are_alike(ByteView file, std::string_view head) {
  const std::string_view text = as_text(file);
  const std::size_t both = std::min({text.size(), head.size(), kHeadBytes});
  return both > 0 && text.substr(0, both) == head.substr(0, both);
}

void FinishedLogs::add(std::string head, std::uint64_t size, std::string sha256) {
  if (size == 0 || sha256.empty()) return;
  all_.push_back({std::move(head), size, std::move(sha256)});
  if (all_.size() > kMost) all_.pop_front();
}

bool FinishedLogs::has_alike(ByteView file) const {
  return std::ranges::any_of(all_, [&](const Finished& one) { return are_alike(file, one.head); });
}

bool FinishedLogs::has_longer(ByteView file, std::uint64_t size) const {
  return std::ranges::any_of(all_, [&](const Finished& one) { return one.size > size && are_alike(file, one.head); });
}

std::optional<std::uint64_t> FinishedLogs::read_before(const LiveFile& file, ByteView head,
                                                       const Tail::Enough& enough) const {
  std::vector<const Finished*> fit;
  const std::uint64_t size = file.stamp().size;
  for (const Finished& one : all_) {
    if (one.size <= size && are_alike(head, one.head)) fit.push_back(&one);
  }
  std::ranges::sort(fit, {}, &Finished::size);
  base::Sha256 sum;
  std::uint64_t at = 0, most = 0;
  for (const Finished* one : fit) {
    if (!hash_to(file, at, one->size, sum, enough)) return std::nullopt;
    if (sum.hex() == one->sha256) most = one->size;
  }
  return most;
}

}  // namespace tocsin::evidence
