#include "evidence/evtx/json_plan.hpp"

#include <map>
#include <string_view>
#include <utility>

#include "base/json_writer.hpp"
#include "evidence/evtx/fields.hpp"
#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

using Kind = JsonOp::Kind;

constexpr std::uint32_t kNoOp = 0xFFFFFFFF;

// What an element is made of.
struct Shape {
  std::uint32_t elements = 0, attributes = 0;
  bool certain = false;  // a child element that no value can leave out
  bool text = false;
};

// The one way in which a text can be filled in: fixed, or one slot alone.
struct OwnText {
  bool simple = true;
  std::uint16_t slot = kNoSlot;
  std::string fixed;
};

OwnText own_text(const Nodes& nodes, std::uint32_t index) {
  OwnText own;
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = nodes[i].end) {
    if (nodes[i].kind != NodeKind::slot) continue;
    own.simple = own.slot == kNoSlot && nodes[i].slot != kNoSlot;
    own.slot = nodes[i].slot;
    if (!own.simple) return own;
  }
  append_text(nodes, index, own.fixed);
  own.simple = own.slot == kNoSlot || own.fixed.empty();
  return own;
}

Shape shape_of(const Nodes& nodes, std::uint32_t index) {
  Shape shape;
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = nodes[i].end) {
    const Node& node = nodes[i];
    shape.text = shape.text || (is_text(node.kind) && node.kind != NodeKind::slot && !node.text.empty());
    shape.attributes += node.kind == NodeKind::attribute ? 1 : 0;
    if (node.kind != NodeKind::element) continue;
    ++shape.elements;
    shape.certain = shape.certain || node.slot == kNoSlot;
  }
  return shape;
}

bool holds_data(const Node& node) {
  return node.name == "EventData" || node.name == "UserData";
}

class Planner {
 public:
  Planner(const Program& program, bool in_data) : nodes_(program.nodes), in_data_(in_data) {}
  std::optional<JsonPlan> run();

 private:
  struct Open {
    std::uint32_t end;
    std::uint32_t object;          // its number, for the table of names
    std::uint32_t unless = kNoOp;  // the op that may leave it out
    bool data = false;             // its Data are keys
    bool maybe = false;            // began with Kind::open
    bool unnamed = false;          // the Data without a name have been written
    std::uint32_t splice = kNoOp;  // the op of its slot beside elements
  };
  struct Uses {
    std::uint32_t count = 0;
    bool doubtful = false;  // whether an earlier one is there depends on values
  };

  // Each returns false where there can be no plan.
  bool element(std::uint32_t index, std::uint32_t& next);
  bool leaf(std::uint32_t index, const Shape& shape);
  bool container(std::uint32_t index, const Shape& shape, std::uint32_t unless);
  bool data(std::uint32_t index, std::uint32_t& next);
  bool named_data(std::uint32_t index, const std::string& name);
  bool unnamed_data(std::uint32_t index, std::uint32_t& next);
  bool attributes(std::uint32_t index, std::vector<JsonPart>& parts);
  bool data_name(std::uint32_t index, std::string& name) const;
  bool key(std::string_view name, bool doubtful);
  bool splice(const Node& node);
  void list_names(const Open& open, std::uint32_t& first, std::uint32_t& count);
  void close();

  JsonText keep_part(std::string_view text);
  void say(std::string_view text);
  void say_parts(const std::vector<JsonPart>& parts);
  JsonOp& add(Kind kind);
  JsonOp& add_parts(Kind kind, const std::vector<JsonPart>& parts);
  std::uint32_t begin_unless(const Node& node);
  void end_unless(std::uint32_t op);
  [[nodiscard]] bool takes_back_comma();

  const Nodes& nodes_;
  bool in_data_;
  JsonPlan plan_;
  std::vector<Open> open_;
  std::map<std::pair<std::uint32_t, std::string>, Uses> names_;  // by object and name
  std::uint32_t objects_ = 0;
  std::uint32_t said_ = 0;  // how much of the text belongs to ops
};

// `text` as JSON.
std::string quoted(std::string_view text) {
  std::string out;
  base::append_json_string(out, text);
  return out;
}

JsonText append_to(std::string& pool, std::string_view text) {
  const JsonText kept{static_cast<std::uint32_t>(pool.size()), static_cast<std::uint32_t>(text.size())};
  pool += text;
  return kept;
}

JsonText Planner::keep_part(std::string_view text) {
  return append_to(plan_.part_text, text);
}

// Waits for the op that it is said before.
void Planner::say(std::string_view text) {
  plan_.text += text;
}

JsonOp& Planner::add(Kind kind) {
  JsonOp& op = plan_.ops.emplace_back();
  op.kind = kind;
  op.text = {said_, static_cast<std::uint32_t>(plan_.text.size()) - said_};
  said_ = static_cast<std::uint32_t>(plan_.text.size());
  return op;
}

JsonOp& Planner::add_parts(Kind kind, const std::vector<JsonPart>& parts) {
  JsonOp& op = add(kind);
  op.first = static_cast<std::uint32_t>(plan_.parts.size());
  op.count = static_cast<std::uint32_t>(parts.size());
  plan_.parts.insert(plan_.parts.end(), parts.begin(), parts.end());
  return op;
}

std::uint32_t Planner::begin_unless(const Node& node) {
  if (node.slot == kNoSlot || open_.size() == 1) return kNoOp;  // a tree's root is always there
  add(Kind::unless).slot = node.slot;
  return static_cast<std::uint32_t>(plan_.ops.size() - 1);
}

void Planner::end_unless(std::uint32_t op) {
  if (op == kNoOp) return;
  if (said_ < plan_.text.size()) add(Kind::text);
  plan_.ops[op].next = static_cast<std::uint32_t>(plan_.ops.size());
}

// True where the comma of the object's last member is fixed text that is still to be written, and now is gone.
bool Planner::takes_back_comma() {
  if (said_ == plan_.text.size() || plan_.text.back() != ',') return false;
  plan_.text.pop_back();
  return true;
}

// A slot beside elements. Two of them, or one beside Data, could share names.
bool Planner::splice(const Node& node) {
  Open& open = open_.back();
  if (open_.size() == 1 || open.data || open.splice != kNoOp || node.slot == kNoSlot) return false;
  add(Kind::splice).slot = node.slot;
  open.splice = static_cast<std::uint32_t>(plan_.ops.size() - 1);
  return true;
}

void Planner::list_names(const Open& open, std::uint32_t& first, std::uint32_t& count) {
  first = static_cast<std::uint32_t>(plan_.names.size());
  for (auto at = names_.lower_bound({open.object, {}}); at != names_.end() && at->first.first == open.object; ++at) {
    plan_.names.push_back(keep_part(at->first.second));
  }
  count = static_cast<std::uint32_t>(plan_.names.size()) - first;
}

void Planner::close() {
  const Open open = open_.back();
  open_.pop_back();
  if (open.splice != kNoOp) list_names(open, plan_.ops[open.splice].first, plan_.ops[open.splice].count);
  if (open.maybe) {
    add(Kind::close_open);
    say(",");
  } else if (takes_back_comma()) {
    say("},");
  } else {
    add(Kind::close);
    say(",");
  }
  end_unless(open.unless);
}

// A name's later occurrences have a number, so it must be known how many there are before.
bool Planner::key(std::string_view name, bool doubtful) {
  Uses& uses = names_[{open_.back().object, std::string(name)}];
  if (uses.doubtful) return false;
  uses.doubtful = doubtful;
  std::string shown(name);
  if (uses.count > 0) shown.append("_").append(std::to_string(uses.count));
  ++uses.count;
  say(quoted(shown).append(":"));
  return true;
}

// Puts the attributes that can have a text behind `parts`.
bool Planner::attributes(std::uint32_t index, std::vector<JsonPart>& parts) {
  const std::uint32_t object = ++objects_;
  for (std::uint32_t i = index + 1; i < nodes_[index].end; i = nodes_[i].end) {
    if (nodes_[i].kind != NodeKind::attribute) continue;
    const OwnText own = own_text(nodes_, i);
    if (!own.simple) return false;
    if (own.slot == kNoSlot && own.fixed.empty()) continue;
    if (names_[{object, std::string(nodes_[i].name)}].count++ > 0) return false;
    JsonPart part;
    part.key = keep_part(quoted(nodes_[i].name).append(":"));
    part.slot = own.slot;
    if (own.slot == kNoSlot) part.fixed = keep_part(quoted(own.fixed));
    parts.push_back(part);
  }
  return true;
}

bool all_fixed(const std::vector<JsonPart>& parts) {
  for (const JsonPart& part : parts) {
    if (part.slot != kNoSlot) return false;
  }
  return true;
}

// Fixed attributes, as a member.
void Planner::say_parts(const std::vector<JsonPart>& parts) {
  std::string text = "\"#attributes\":{";
  for (const JsonPart& part : parts) {
    text.append(plan_.part_text, part.key.begin, part.key.size);
    text.append(plan_.part_text, part.fixed.begin, part.fixed.size).push_back(',');
  }
  text.back() = '}';
  say(text.append(","));
}

bool Planner::leaf(std::uint32_t index, const Shape& shape) {
  const OwnText own = own_text(nodes_, index);
  if (!own.simple) return false;
  std::vector<JsonPart> parts;
  if (shape.attributes > 0 && !attributes(index, parts)) return false;
  const std::string fixed = own.fixed.empty() ? std::string() : quoted(own.fixed);
  if (parts.empty()) {
    if (own.slot == kNoSlot) {
      say(fixed.empty() ? "null" : fixed);
      return true;
    }
    JsonOp& op = add(Kind::value);
    op.slot = own.slot;
    op.in_data = holds_data(nodes_[index]);
    return true;
  }
  if (own.slot == kNoSlot && all_fixed(parts)) {
    say("{");
    say_parts(parts);
    if (!fixed.empty()) say("\"#text\":" + fixed + ",");
    if (takes_back_comma()) say("}");
    return true;
  }
  JsonOp& op = add_parts(Kind::attributed, parts);
  op.slot = own.slot;
  op.own = keep_part(fixed);
  return true;
}

bool Planner::container(std::uint32_t index, const Shape& shape, std::uint32_t unless) {
  std::vector<JsonPart> parts;
  if (shape.attributes > 0 && !attributes(index, parts)) return false;
  const bool fixed = all_fixed(parts);
  Open open;
  open.end = nodes_[index].end;
  open.object = ++objects_;
  open.unless = unless;
  open.data = holds_data(nodes_[index]);
  open.maybe = !shape.certain && (parts.empty() || !fixed);
  if (open.maybe) {
    add(Kind::open);
  } else {
    say("{");
  }
  if (!parts.empty() && fixed) say_parts(parts);
  if (!fixed) add_parts(Kind::attributes, parts);
  open_.push_back(open);
  return true;
}

// The first attribute Name; false where there are several, or it is not fixed.
bool Planner::data_name(std::uint32_t index, std::string& name) const {
  bool found = false;
  for (std::uint32_t i = index + 1; i < nodes_[index].end && nodes_[i].kind == NodeKind::attribute; i = nodes_[i].end) {
    if (nodes_[i].name != "Name") continue;
    OwnText own = own_text(nodes_, i);
    if (found || !own.simple || own.slot != kNoSlot) return false;
    found = true;
    name = std::move(own.fixed);
  }
  return true;
}

bool Planner::named_data(std::uint32_t index, const std::string& name) {
  const OwnText own = own_text(nodes_, index);
  if (!own.simple) return false;
  const std::uint32_t unless = begin_unless(nodes_[index]);
  // Of one name in a row they would share their key: no second one.
  if (names_.contains({open_.back().object, name}) || !key(name, true)) return false;
  if (own.slot == kNoSlot) {
    say(quoted(own.fixed));
  } else {
    add(Kind::data).slot = own.slot;
  }
  say(",");
  end_unless(unless);
  return true;
}

// All Data without a name, which must stand in a row.
bool Planner::unnamed_data(std::uint32_t index, std::uint32_t& next) {
  if (std::exchange(open_.back().unnamed, true)) return false;
  if (names_.contains({open_.back().object, "Data"})) return false;
  names_[{open_.back().object, "Data"}] = {1, true};
  std::vector<JsonPart> parts;
  for (std::uint32_t i = index; i < open_.back().end; i = nodes_[i].end) {
    std::string name;
    const bool data = nodes_[i].kind == NodeKind::element && nodes_[i].name == "Data";
    if (!data || shape_of(nodes_, i).elements > 0 || !data_name(i, name) || !name.empty()) break;
    const OwnText own = own_text(nodes_, i);
    if (!own.simple) return false;
    JsonPart part;
    part.slot = own.slot;
    part.needs = open_.size() == 1 ? kNoSlot : nodes_[i].slot;
    if (own.slot == kNoSlot) part.fixed = keep_part(quoted(own.fixed));
    parts.push_back(part);
    next = nodes_[i].end;
  }
  add_parts(Kind::unnamed, parts);
  return true;
}

bool Planner::data(std::uint32_t index, std::uint32_t& next) {
  std::string name;
  if (!data_name(index, name)) return false;
  if (name.empty()) return unnamed_data(index, next);
  return named_data(index, name);
}

bool Planner::element(std::uint32_t index, std::uint32_t& next) {
  const Node& node = nodes_[index];
  const Shape shape = shape_of(nodes_, index);
  next = node.end;
  if (open_.back().data && node.name == "Data" && shape.elements == 0) return data(index, next);
  if (shape.elements > 0 && shape.text) return false;
  const std::uint32_t unless = begin_unless(node);
  if (!key(node.name, unless != kNoOp)) return false;
  if (shape.elements > 0) {
    next = index + 1;
    return container(index, shape, unless);
  }
  if (!leaf(index, shape)) return false;
  say(",");
  end_unless(unless);
  return true;
}

std::optional<JsonPlan> Planner::run() {
  const auto count = static_cast<std::uint32_t>(nodes_.size());
  Open root;
  root.end = count;
  root.object = 0;
  root.data = in_data_;
  open_.push_back(root);
  bool any = false;
  for (std::uint32_t i = 0; i < count || open_.size() > 1;) {
    if (open_.size() > 1 && i >= open_.back().end) {
      close();
      continue;
    }
    const Node& node = nodes_[i];
    std::uint32_t next = node.end;
    if (node.kind == NodeKind::element) {
      if (!element(i, next)) return std::nullopt;
      any = true;
    } else if (node.kind == NodeKind::slot ? !splice(node) : open_.size() == 1 && is_text(node.kind)) {
      return std::nullopt;
    }
    i = next;
  }
  if (!any) return std::nullopt;
  add(Kind::text);
  plan_.text.append(JsonPlan::kTextStep, '\0');
  list_names(open_.front(), plan_.first_name, plan_.name_count);
  plan_.part_text.append(JsonPlan::kTextStep, '\0');
  return std::move(plan_);
}

}  // namespace

std::optional<JsonPlan> make_json_plan(const Program& program, bool in_data) {
  if (program.nodes.size() > kMaxPlanNodes) return std::nullopt;
  return Planner(program, in_data).run();
}

}  // namespace tocsin::evidence::evtx
