#include "evidence/json/key_trail.hpp"

#include <algorithm>

namespace tocsin::evidence::json {

KeyTrail::KeyTrail() {
  nodes_.reserve(kMaxNodes);
  texts_.reserve(kMaxText);
}

void KeyTrail::begin(const void* binding) {
  met_.clear();
  if (full_) {
    full_ = false;
    nodes_.clear();
    roots_.clear();
    texts_.clear();
    ++starts_;
  }
  mode_ = starts_ < kMaxStarts ? Mode::following : Mode::off;
  const auto known = std::ranges::find(roots_, binding, &Root::binding);
  if (known != roots_.end()) {
    at_ = known->node;
    return;
  }
  at_ = static_cast<std::uint32_t>(nodes_.size());
  nodes_.emplace_back();
  roots_.push_back({binding, at_});
}

const KeyTrail::Step* KeyTrail::follow(std::uint32_t object, std::uint32_t from, std::string_view key,
                                       std::size_t begin) {
  for (std::uint32_t i = nodes_[at_].first; i != kNone; i = nodes_[i].sibling) {
    const Node& node = nodes_[i];
    if (node.step.object != object || node.step.from != from || node.length != key.size() + 1) continue;
    if (quoted(node).starts_with(key)) return &follow(i, begin, begin + key.size());
  }
  return nullptr;
}

std::span<const KeyTrail::Met> KeyTrail::leave() {
  mode_ = Mode::adding;
  return met_;
}

void KeyTrail::add(const Step& step, std::string_view key) {
  if (mode_ != Mode::adding) return;
  if (key.size() >= kMaxKey) return stop();
  full_ = nodes_.size() >= kMaxNodes || nodes_[at_].branches == kMaxBranches || texts_.size() + key.size() >= kMaxText;
  if (full_) return stop();
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  Node& node = nodes_.emplace_back();
  node.step = step;
  node.text = static_cast<std::uint32_t>(texts_.size());
  node.length = static_cast<std::uint32_t>(key.size() + 1);
  texts_ += key;
  texts_ += '"';
  Node& before = nodes_[at_];
  node.sibling = before.first;
  before.first = before.likely = index;
  ++before.branches;
  at_ = index;
}

}  // namespace tocsin::evidence::json
