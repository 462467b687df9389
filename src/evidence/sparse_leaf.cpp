#include "evidence/sparse_leaf.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tocsin::evidence {

SparseLeaf::SparseLeaf(WalkState& state, HashingStream& stream, const std::optional<SparseIndex>* index,
                       std::optional<std::uint64_t> size)
    : state_(state), stream_(stream), stored_head_(stream.head()), whole_(stream.head_is_whole()) {
  if (index == nullptr || !can_fill(*index, size)) return;
  index_ = &**index;
  fills_ = true;
  state.hole_bytes_left -= index_->holes;
  head_ = index_->expanded(stored_head_, kSampleBytes);
  whole_ = whole_ && head_.size() == index_->stored + index_->holes;
  say("sparse_expanded",
      fmt::format(
          "It was stored without its holes; {} bytes of zeros were put back, as the index beside it (.idx) says. "
          "Places count in the file as it was on the machine; size and hash are those of the stored bytes.",
          index_->holes),
      "");
}

// False: it is read as it is stored, and note_ says why where there is something to say.
bool SparseLeaf::can_fill(const std::optional<SparseIndex>& index, std::optional<std::uint64_t> size) {
  constexpr const char* kAsStored = "Look at the index beside it; expand the file with Velociraptor.";
  if (!index) {
    say("sparse_index_damaged",
        "The index of its holes (.idx) cannot be read: expected a list of ranges, one behind the other. The file was "
        "read as it is stored.",
        kAsStored);
  } else if (size && *size != index->stored) {
    say("sparse_index_damaged",
        fmt::format("The index of its holes (.idx) does not fit: it speaks of {} bytes of data, found {}. The file was "
                    "read as it is stored.",
                    index->stored, *size),
        kAsStored);
  } else if (index->holes > state_.most_hole_bytes || index->holes > state_.hole_bytes_left) {
    say("sparse_too_large",
        fmt::format("Its holes have {} bytes; of one file {} are filled, in this run {} more. The file was read as it "
                    "is stored.",
                    index->holes, state_.most_hole_bytes, state_.hole_bytes_left),
        "Expand the file with Velociraptor, and scan that.");
  } else {
    return index->holes > 0;
  }
  return false;
}

void SparseLeaf::say(const char* code, std::string message, const char* remedy) {
  note_.code = code;
  note_.message = std::move(message);
  note_.remedy = remedy;
}

bool SparseLeaf::feed_hole(std::uint64_t bytes) {
  std::ranges::fill(state_.block, std::byte{0});
  while (bytes > 0 && !state_.should_stop()) {
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, state_.block.size()));
    if (!state_.visitor.feed(ByteView(state_.block).first(part))) state_.stopped = true;
    bytes -= part;
  }
  return !state_.stopped;
}

ReadOutcome SparseLeaf::feed(const PlannedInput& input, bool wanted) {
  if (!fills_ || !wanted) return feed_leaf(state_, input, stream_, wanted);
  for (const SparseIndex::Piece& piece : index_->pieces) {
    if (!feed_hole(piece.hole)) return {};
    ReadOutcome outcome = feed_up_to(state_, stream_, piece.data);
    if (outcome.complete || outcome.error || state_.stopped) return outcome;
  }
  return feed_leaf(state_, input, stream_, true);
}

}  // namespace tocsin::evidence
