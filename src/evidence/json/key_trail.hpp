// The keys that records had, one behind the other: exporters write the same keys in the same order again and again. As
// long as a record's keys are those of an earlier one, where each leads is known without a look at the trie, and that
// no object has a key twice without a set of keys; a key that is expected is found by comparing bytes.
//
// A tree of steps, each a key that came behind all those on the way to it. Bounded; begins anew when full. Owned by one
// RecordBinder, one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::evidence::json {

class KeyTrail {
 public:
  struct Step {
    std::uint32_t object = 0;        // which object of the record has the key
    std::uint32_t from = 0, to = 0;  // Binding::NodeId of the object, and of the value
    bool element = false;            // says that an XML element has children
    bool text = false;               // is the "#text" of an XML element
  };
  // A key of the record at hand: its inside in the text.
  struct Met {
    std::uint32_t object = 0;
    std::size_t begin = 0, end = 0;
  };

  KeyTrail();
  // A new record, bound by `binding`, which lives as long as this.
  void begin(const void* binding);
  // All keys of the record so far are those of a trail.
  [[nodiscard]] bool following() const { return mode_ == Mode::following; }
  // The key that came next the last time, with the quote behind it; empty: not known. The step itself is `likely`.
  [[nodiscard]] std::string_view expected(std::uint32_t object, std::uint32_t from) const {
    if (mode_ != Mode::following || nodes_[at_].likely == kNone) return {};
    const Node& next = nodes_[nodes_[at_].likely];
    return next.step.object == object && next.step.from == from ? quoted(next) : std::string_view();
  }
  // The key that `expected` gave is there, at [begin, end).
  const Step& follow_expected(std::size_t begin, std::size_t end) { return follow(nodes_[at_].likely, begin, end); }
  // Another key is there. Null: no record had it here, and the trail ends.
  const Step* follow(std::uint32_t object, std::uint32_t from, std::string_view key, std::size_t begin);
  // Behind the end of a trail: the keys before it. Once a record.
  [[nodiscard]] std::span<const Met> leave();
  // Behind the end of a trail: a step that this record adds to it. What depends on more than the keys before must not
  // be added: call `stop`.
  void add(const Step& step, std::string_view key);
  void stop() { mode_ = Mode::off; }

 private:
  enum class Mode : std::uint8_t { following, adding, off };
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  static constexpr std::size_t kMaxNodes = 8192, kMaxText = std::size_t{256} << 10, kMaxKey = 128;
  static constexpr std::uint32_t kMaxBranches = 32;  // of one node
  static constexpr std::uint32_t kMaxStarts = 256;   // afterwards the keys are not alike, and nothing is kept any more
  struct Node {
    Step step;
    std::uint32_t text = 0, length = 0;  // in texts_, with the quote
    std::uint32_t first = kNone, sibling = kNone, likely = kNone;
    std::uint32_t branches = 0;
  };
  struct Root {
    const void* binding = nullptr;
    std::uint32_t node = 0;
  };
  [[nodiscard]] std::string_view quoted(const Node& node) const { return {texts_.data() + node.text, node.length}; }
  const Step& follow(std::uint32_t node, std::size_t begin, std::size_t end) {
    nodes_[at_].likely = node;
    at_ = node;
    met_.push_back({nodes_[node].step.object, begin, end});
    return nodes_[node].step;
  }

  std::vector<Node> nodes_;
  std::vector<Root> roots_;
  std::string texts_;
  std::vector<Met> met_;
  Mode mode_ = Mode::off;
  std::uint32_t at_ = 0;
  std::uint32_t starts_ = 0;
  bool full_ = false;
};

}  // namespace tocsin::evidence::json
