// The handler that binds a record to a trie while the checking walk goes by: captures what the trie wants, notes the
// markers met, and finds keys that an object has twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/json/binding.hpp"
#include "evidence/json/json_event.hpp"
#include "evidence/json/key_trail.hpp"
#include "evidence/json/walker.hpp"

namespace tocsin::evidence::json {

// Scratch that outlives one record, so that binding takes no memory once warm.
struct BindScratch;

class BindHandler {
 public:
  // `trail` may be null.
  BindHandler(const Binding& binding, JsonEvent& event, Leniency& leniency, BindScratch& scratch, KeyTrail* trail);

  void begin(bool object, std::size_t at);
  void end(bool object, std::size_t at);
  void key(const Token& token);
  // The key that most likely comes next, with the quote behind it. Where it is there: expected_key instead of key.
  [[nodiscard]] std::string_view expected() const;
  void expected_key(const Token& token);
  void scalar(const Token& token);

 private:
  using NodeId = Binding::NodeId;
  bool meet_key();
  void take(const KeyTrail::Step& step);
  void take_key(const Token& token, std::string_view inside);
  void leave_trail();
  [[nodiscard]] NodeId lead(NodeId from, std::string_view key, std::uint64_t hash);
  [[nodiscard]] NodeId lead_by_dots(NodeId from, std::string_view key) const;
  [[nodiscard]] NodeId lead_by_number(NodeId from, std::string_view key) const;
  void apply(NodeId node, const Token& token, bool object);
  void mark(NodeId node);
  void take_name(const Token& token);
  void take_value(const Token& token);
  void end_named(const struct BindFrame& frame);

  const Binding& binding_;
  JsonEvent& event_;
  Leniency& leniency_;
  BindScratch& scratch_;
  KeyTrail* trail_;
  NodeId next_ = Binding::kRoot;  // where the next value stands in the trie
  bool text_key_ = false;         // the next value is the "#text" of a named element
  std::uint32_t objects_ = 0;
};

struct BindFrame {
  Binding::NodeId node = Binding::kNone;
  std::uint32_t id = 0;
  std::size_t begin = 0;
  bool object = false;
  bool empty = true;      // arrays: no element yet
  bool text = false;      // xml: "#text" was met
  bool children = false;  // xml: a member that is neither text nor attribute was met
  bool named = false, has_name = false, has_value = false;
  Token name, value;
};

struct BindScratch {
  std::vector<BindFrame> frames;
  std::string key;
};

}  // namespace tocsin::evidence::json
