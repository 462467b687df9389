#include "evidence/container/held_bytes.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>

namespace tocsin::evidence {

HeldBytes::~HeldBytes() {
  if (on_disk_) {
    assert(scratch_->size() == begin_ + size_);
    scratch_->shrink(begin_);
    usage_.held_on_disk -= size_;
  } else {
    usage_.held_in_memory -= size_;
  }
}

Result<void> HeldBytes::move_to_disk() {
  if (scratch_ == nullptr) {
    return fail(ErrorCode::limit,
                std::to_string(limits_.held_in_memory) + " bytes may be held in memory, and there is no scratch file",
                {}, "let TMPDIR name a folder that can be written to");
  }
  begin_ = scratch_->size();
  TOCSIN_CHECK(scratch_->append(memory_));
  on_disk_ = true;
  usage_.held_in_memory -= size_;
  usage_.held_on_disk += size_;
  memory_ = {};
  return {};
}

Result<void> HeldBytes::append(ByteView bytes) {
  if (!on_disk_ && usage_.held_in_memory + bytes.size() > limits_.held_in_memory) TOCSIN_CHECK(move_to_disk());
  if (!on_disk_) {
    memory_.insert(memory_.end(), bytes.begin(), bytes.end());
    usage_.held_in_memory += bytes.size();
  } else {
    if (usage_.held_on_disk + bytes.size() > limits_.held_on_disk) {
      return fail(ErrorCode::limit, std::to_string(limits_.held_on_disk) + " bytes may be held on disk", {},
                  "extract it and scan the folder");
    }
    TOCSIN_CHECK(scratch_->append(bytes));
    usage_.held_on_disk += bytes.size();
  }
  size_ += bytes.size();
  return {};
}

Result<std::size_t> HeldBytes::read_at(std::uint64_t offset, std::span<std::byte> out) {
  if (offset >= size_ || out.empty()) return std::size_t{0};
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - offset));
  if (on_disk_) return scratch_->read_at(begin_ + offset, out.first(wanted));
  std::memcpy(out.data(), memory_.data() + offset, wanted);
  return wanted;
}

Result<std::size_t> ResumedStream::read_at(std::uint64_t offset, std::span<std::byte> out) {
  const std::uint64_t held = *held_.size();
  if (offset < held) return held_.read_at(offset, out);
  const std::uint64_t behind = offset - held;
  if (behind >= pending_.size()) return rest_.read(out);
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), pending_.size() - behind));
  std::memcpy(out.data(), pending_.data() + behind, wanted);
  return wanted;
}

}  // namespace tocsin::evidence
