// A leaf whose holes are filled again, between what is read (and hashed) and what the visitor is fed. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/inputs_walk.hpp"
#include "evidence/sparse_index.hpp"

namespace tocsin::evidence {

class SparseLeaf {
 public:
  // `index`: null where the leaf has none; holds nothing where that cannot be read. Outlives this. `size`: of what is
  // stored, where known. REQUIRES: called before anything is read from `stream`, which outlives this.
  SparseLeaf(WalkState& state, HashingStream& stream, const std::optional<SparseIndex>* index,
             std::optional<std::uint64_t> size);

  // The beginning of what will be fed, and whether it is all; lives as long as this and the stream's head.
  [[nodiscard]] ByteView head() const { return fills_ ? ByteView(head_) : stored_head_; }
  [[nodiscard]] bool head_is_whole() const { return whole_; }
  // What is to be said about it, beginning with its code; empty: nothing.
  [[nodiscard]] const Anomaly& note() const { return note_; }
  // As feed_leaf.
  [[nodiscard]] ReadOutcome feed(const PlannedInput& input, bool wanted);

 private:
  void say(const char* code, std::string message, const char* remedy);
  [[nodiscard]] bool can_fill(const std::optional<SparseIndex>& index, std::optional<std::uint64_t> size);
  bool feed_hole(std::uint64_t bytes);

  WalkState& state_;
  HashingStream& stream_;
  const SparseIndex* index_ = nullptr;
  ByteView stored_head_;
  std::vector<std::byte> head_;
  bool fills_ = false, whole_ = false;
  Anomaly note_;
};

}  // namespace tocsin::evidence
