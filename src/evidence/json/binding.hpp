// A shape bound to a field table: one trie of keys that says, for every place in a record, what is wanted there.
//
// Compiled once per (shape, root, field table). Every trie also holds the markers, the paths by which all shapes are
// recognised, so that any walk can tell which shape the record really has. Immutable after construction.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/quick_hash.hpp"
#include "evidence/json/shape.hpp"
#include "model/field_table.hpp"

namespace tocsin::evidence::json {

// One way to read a record: a shape, and where in the record its event is.
struct Variant {
  std::uint16_t shape = 0, root = 0;
  bool operator==(const Variant&) const = default;
};

// The paths by which shapes are recognised, and the decision. Immutable.
class Markers {
 public:
  explicit Markers(const ShapeSet& shapes);

  struct Marker {
    ShapePath path;
    std::vector<std::string> equals, begins;  // lower case; both empty: whatever the value is
    bool operator==(const Marker&) const = default;
  };
  [[nodiscard]] std::span<const Marker> all() const { return markers_; }
  using Present = std::vector<std::uint8_t>;  // [i]: 1 where marker i was met
  // The first variant whose tests all hold.
  [[nodiscard]] Variant decide(const Present& present) const;
  // A marker met means that the record is an envelope; index of the path, from all().size() on.
  [[nodiscard]] std::size_t first_envelope() const { return markers_.size(); }
  [[nodiscard]] std::size_t size() const { return markers_.size() + envelopes_; }

 private:
  struct Test {
    std::vector<std::uint32_t> any;
  };
  struct Candidate {
    Variant variant;
    std::vector<Test> tests;
  };
  std::uint32_t add(ShapePath path, const ShapeTest& test);
  std::vector<Marker> markers_;
  std::vector<Candidate> candidates_;
  std::size_t envelopes_ = 0;
};

// Numbers of the head's sources: HeadRole::time of index 2 is `2` of the shape's list.
enum class HeadRole : std::uint8_t { time, channel, provider, computer, event_id };
inline constexpr std::size_t kHeadRoles = 5;

class Binding {
 public:
  using NodeId = std::uint32_t;
  static constexpr NodeId kNone = 0xFFFFFFFF;  // nothing is wanted here or below
  static constexpr NodeId kRoot = 0;

  struct Action {
    enum class Kind : std::uint8_t { field, head, marker, envelope, name, value, part, embedded };
    Kind kind = Kind::field;
    HeadRole role = HeadRole::time;
    std::uint16_t priority = 0;  // field: lower wins. head: position in the role's list
    std::uint32_t id = 0;        // field id; number of the marker, part of a made field, embedded text
  };
  // A field that is made of others: texts of literals and parts (FieldRule::Kind::compose).
  struct Made {
    struct Part {
      std::string_view literal;  // of the shape, which outlives the binding
      std::optional<std::uint32_t> part;
    };
    model::FieldId field = 0;
    std::uint16_t priority = 0;
    std::vector<std::vector<Part>> texts;
    std::string_view with;
  };
  struct Node {
    std::vector<Action> actions;
    NodeId also = kNone;      // whose edges lead on from here too, behind its own
    NodeId fallback = kNone;  // for keys without an edge
    NodeId names = kNone;     // `named`: whose edges are the names
    bool xml = false;         // an object here is an element: its text is "#text"; elsewhere its value is its JSON text
    bool present = true;      // null is a value here, not an absence
    bool repeats = false;     // the same key twice is two values, not an accident
    bool blanks = false;      // keys are looked up without blanks too
    bool dots = false;        // keys with dots are paths
  };

  Binding(const ShapeSet& shapes, const Markers& markers, Variant variant, const model::FieldTable* fields);

  [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id]; }
  // Where `key` (unescaped) leads from `from`. kNone: there is no such edge (the node's fallback may still lead on).
  [[nodiscard]] NodeId child(NodeId from, std::string_view key, std::uint64_t hash) const;
  [[nodiscard]] Variant variant() const { return variant_; }
  [[nodiscard]] const std::vector<Made>& made() const { return made_; }
  [[nodiscard]] bool escaped_twice() const { return escaped_twice_; }

 private:
  struct Edge {
    NodeId from = kNone, to = kNone;
    std::string key;
  };
  [[nodiscard]] NodeId find(NodeId from, std::string_view key, std::uint64_t hash) const;
  NodeId grow(NodeId from, std::string_view key);
  NodeId grow_path(NodeId from, std::span<const std::string> path);
  void add_edge(NodeId from, NodeId to, std::string_view key);
  void rehash(std::size_t size);
  void add_head(const std::vector<HeadSource>& sources, HeadRole role, NodeId base);
  void add_rule(const FieldRule& rule, NodeId base, const model::FieldTable& fields, std::uint16_t& priority, bool xml);
  void add_members(const FieldRule& rule, NodeId base, const model::FieldTable& fields, std::uint16_t priority,
                   bool xml);
  void add_made(const FieldRule& rule, NodeId base, model::FieldId field, std::uint16_t priority);
  void add_leaves(NodeId base, const model::FieldTable& fields, std::uint16_t priority, bool xml);
  void add_attributes(NodeId base, const model::FieldTable& fields, std::uint16_t priority);
  void add_attribute_names(NodeId base, model::FieldId field, std::string_view name, std::uint16_t priority,
                           NodeId inner);
  void name_elements(NodeId node, NodeId names);
  NodeId add_names(const model::FieldTable& fields, std::uint16_t priority);
  void name_members(NodeId node, NodeId names, const FieldRule& rule);
  void add_paths(NodeId base, const model::FieldTable& fields, std::uint16_t priority);
  void want(NodeId node, model::FieldId field, std::uint16_t priority);

  Variant variant_;
  bool escaped_twice_ = false;
  std::vector<Made> made_;
  std::uint32_t parts_ = 0;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> table_;  // open addressing: edge + 1, 0 is free
};

}  // namespace tocsin::evidence::json
