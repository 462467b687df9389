// What damage may cost, format by format. See campaign.hpp.
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/gunzip.hpp"
#include "tests/damage/campaign.hpp"

namespace tocsin::damage {
namespace {

constexpr std::size_t kFileHeader = 4096, kChunk = 65536, kChunkHeader = 512;
constexpr std::size_t kTarHeader = 512;

bool keep_in_event_log(const Source&, const Record& record, const Variant& variant) {
  if (variant.is_cut()) return record.end <= variant.cut;
  const std::size_t chunk = (record.begin - kFileHeader) / kChunk * kChunk + kFileHeader;
  if (!variant.changes(chunk, chunk + kChunk)) return true;
  // In a damaged chunk what lies before stays: a record refers to nothing behind itself.
  return !variant.changes(chunk, chunk + kChunkHeader) && !variant.changes(chunk, record.end);
}

// How far a gzip stream can be decompressed from its first bytes alone, told for every kStep-th byte.
class GzipReach {
 public:
  explicit GzipReach(ByteView bytes) {
    base::Gunzip gunzip;
    std::array<std::byte, 65536> out{};
    std::size_t whole = 0;
    for (std::size_t at = 0; at < bytes.size(); at += kStep) {
      reach_.push_back(whole);
      ByteView in = bytes.subspan(at, std::min(kStep, bytes.size() - at));
      for (;;) {
        const base::Gunzip::Step step = gunzip.step(in, out);
        whole += step.produced;
        in = in.subspan(step.consumed);
        if (step.state != base::Gunzip::State::more || (in.empty() && step.produced < out.size())) break;
      }
    }
  }
  [[nodiscard]] std::size_t before(std::size_t at) const { return reach_[std::min(at / kStep, reach_.size() - 1)]; }

 private:
  static constexpr std::size_t kStep = 64;
  std::vector<std::size_t> reach_;
};

}  // namespace

MustKeep keep_event_log() {
  return keep_in_event_log;
}

MustKeep keep_lines() {
  return [](const Source&, const Record& record, const Variant& variant) {
    if (variant.is_cut()) return record.end <= variant.cut;
    // A line end that is changed joins two lines.
    return !variant.changes(record.begin - std::min<std::uint64_t>(record.begin, 1), record.end + 1);
  };
}

MustKeep keep_values_before() {
  return [](const Source&, const Record& record, const Variant& variant) { return record.end < variant.first(); };
}

MustKeep keep_members(std::vector<MemberSpan> members, bool tar) {
  return [tar, members = std::move(members)](const Source& source, const Record&, const Variant& variant) {
    const auto member = std::ranges::find(members, source.container, &MemberSpan::container);
    if (member == members.end()) return false;
    if (variant.is_cut()) return member->end <= variant.cut;
    for (auto before = members.begin(); before != member; ++before) {
      if (variant.changes(before->begin, before->header_end)) return false;
    }
    if (tar && variant.changes(0, kTarHeader)) return false;
    return !variant.changes(member->begin, member->end) && !variant.changes(member->listed, member->listed_end);
  };
}

MustKeep keep_members_before(std::vector<MemberSpan> members, std::size_t begin, std::size_t end) {
  return [=, members = std::move(members)](const Source& source, const Record&, const Variant& variant) {
    if (variant.is_cut() || variant.first() < begin || variant.changed.back() >= end) return false;
    const auto member = std::ranges::find(members, source.container, &MemberSpan::container);
    return member != members.end() && member->end <= variant.first();
  };
}

MustKeep keep_gzip(const std::string& bytes, MustKeep inside) {
  const auto reach = std::make_shared<const GzipReach>(as_bytes(bytes));
  return [reach, inside = std::move(inside)](const Source& source, const Record& record, const Variant& variant) {
    return inside(source, record, {.cut = reach->before(variant.first()), .changed = {}});
  };
}

}  // namespace tocsin::damage
