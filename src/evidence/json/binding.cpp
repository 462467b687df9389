#include "evidence/json/binding.hpp"

#include <algorithm>
#include <iterator>

#include "base/text.hpp"

namespace tocsin::evidence::json {
namespace {

// The dotted name as keys; nothing where a part is empty.
std::vector<std::string> split_dots(std::string_view name) {
  std::vector<std::string> keys;
  for (std::size_t at = 0;;) {
    const std::size_t dot = name.find('.', at);
    keys.emplace_back(name.substr(at, dot - at));
    if (keys.back().empty()) return {};
    if (dot == std::string_view::npos) return keys;
    at = dot + 1;
  }
}

}  // namespace

Markers::Markers(const ShapeSet& shapes) {
  for (std::size_t shape = 0; shape < shapes.shapes().size(); ++shape) {
    const Shape& table = shapes.shapes()[shape];
    for (std::size_t root = 0; root < table.roots.size(); ++root) {
      Candidate candidate;
      candidate.variant = {static_cast<std::uint16_t>(shape), static_cast<std::uint16_t>(root)};
      for (const ShapeTest& test : table.tests) {
        Test any;
        for (ShapePath path : test.any) {
          path.insert(path.begin(), table.roots[root].begin(), table.roots[root].end());
          any.any.push_back(add(std::move(path), test));
        }
        candidate.tests.push_back(std::move(any));
      }
      candidates_.push_back(std::move(candidate));
    }
  }
  envelopes_ = shapes.envelopes().size();
}

std::uint32_t Markers::add(ShapePath path, const ShapeTest& test) {
  Marker marker{std::move(path), {}, {}};
  std::ranges::transform(test.equals, std::back_inserter(marker.equals), base::lower_ascii);
  std::ranges::transform(test.begins, std::back_inserter(marker.begins), base::lower_ascii);
  const auto found = std::ranges::find(markers_, marker);
  const auto index = static_cast<std::uint32_t>(found - markers_.begin());
  if (found == markers_.end()) markers_.push_back(std::move(marker));
  return index;
}

Variant Markers::decide(const Present& present) const {
  for (const Candidate& candidate : candidates_) {
    const bool fits = std::ranges::all_of(candidate.tests, [&](const Test& test) {
      return std::ranges::any_of(test.any, [&](std::uint32_t marker) { return present[marker] != 0; });
    });
    if (fits) return candidate.variant;
  }
  return candidates_.empty() ? Variant{} : candidates_.back().variant;
}

Binding::Binding(const ShapeSet& shapes, const Markers& markers, Variant variant, const model::FieldTable* fields)
    : variant_(variant) {
  nodes_.emplace_back();
  nodes_[kRoot].dots = true;
  rehash(1024);
  std::uint32_t number = 0;
  for (const Markers::Marker& marker : markers.all()) {
    nodes_[grow_path(kRoot, marker.path)].actions.push_back({Action::Kind::marker, {}, 0, number++});
  }
  for (const ShapePath& path : shapes.envelopes()) {
    nodes_[grow_path(kRoot, path)].actions.push_back({Action::Kind::envelope, {}, 0, number++});
  }
  const Shape& shape = shapes.shapes()[variant.shape];
  const NodeId base = grow_path(kRoot, shape.roots[variant.root]);
  escaped_twice_ = shape.escaped_twice;
  for (std::uint32_t i = 0; i < shape.embedded.size(); ++i) {
    nodes_[grow_path(base, shape.embedded[i].path)].actions.push_back({Action::Kind::embedded, {}, 0, i});
  }
  add_head(shape.time, HeadRole::time, base);
  add_head(shape.channel, HeadRole::channel, base);
  add_head(shape.provider, HeadRole::provider, base);
  add_head(shape.computer, HeadRole::computer, base);
  add_head(shape.event_id, HeadRole::event_id, base);
  static const model::FieldTable kNoFields;
  std::uint16_t priority = 0;
  for (const FieldRule& rule : shape.fields) {
    add_rule(rule, base, fields != nullptr ? *fields : kNoFields, priority, shape.xml);
  }
}

void Binding::add_head(const std::vector<HeadSource>& sources, HeadRole role, NodeId base) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const NodeId node = grow_path(base, sources[i].path);
    nodes_[node].actions.push_back({Action::Kind::head, role, static_cast<std::uint16_t>(i), 0});
    nodes_[node].xml = true;
  }
}

void Binding::add_rule(const FieldRule& rule, NodeId base, const model::FieldTable& fields, std::uint16_t& priority,
                       bool xml) {
  switch (rule.kind) {
    case FieldRule::Kind::under:
      add_members(rule, grow_path(base, rule.base), fields, priority++, xml);
      break;
    case FieldRule::Kind::leaves:
      add_leaves(grow_path(base, rule.base), fields, priority++, xml);
      break;
    case FieldRule::Kind::attributes:
      add_attributes(grow_path(base, rule.base), fields, priority++);
      break;
    case FieldRule::Kind::paths:
      add_paths(grow_path(base, rule.base), fields, priority++);
      break;
    case FieldRule::Kind::named: {
      const NodeId parent = grow_path(base, std::span(rule.base).first(rule.base.size() - 1));
      if (rule.name_key.empty()) {
        name_elements(grow_path(base, rule.base), parent);
      } else {
        name_members(grow_path(base, rule.base), add_names(fields, priority++), rule);
      }
      break;
    }
    case FieldRule::Kind::compose:
      if (const auto field = fields.find(rule.name)) add_made(rule, base, *field, priority++);
      break;
    case FieldRule::Kind::map: {
      const auto field = fields.find(rule.name);
      if (!field) break;
      for (const ShapePath& path : rule.sources) {
        const NodeId node = grow_path(base, path);
        want(node, *field, priority++);
        nodes_[node].xml |= xml;
      }
      break;
    }
  }
}

void Binding::add_members(const FieldRule& rule, NodeId base, const model::FieldTable& fields, std::uint16_t priority,
                          bool xml) {
  nodes_[base].blanks = true;
  nodes_[base].repeats |= xml;
  for (model::FieldId field = 0; field < fields.size(); ++field) {
    std::string key(fields.name(field));
    if (rule.lower_first && !key.empty()) key[0] = base::fold_ascii(key[0]);
    const NodeId node = grow(base, rule.prefix + key);
    want(node, field, priority);
    nodes_[node].xml |= xml;
  }
}

// Edges of all fields' names, which lie nowhere in the record themselves.
Binding::NodeId Binding::add_names(const model::FieldTable& fields, std::uint16_t priority) {
  const auto names = static_cast<NodeId>(nodes_.size());
  nodes_.emplace_back();
  for (model::FieldId field = 0; field < fields.size(); ++field) want(grow(names, fields.name(field)), field, priority);
  return names;
}

void Binding::add_made(const FieldRule& rule, NodeId base, model::FieldId field, std::uint16_t priority) {
  Made made{field, priority, {}, rule.with};
  for (const ValueText& text : rule.texts) {
    std::vector<Made::Part>& parts = made.texts.emplace_back();
    for (const ValueText::Part& part : text.parts) {
      parts.push_back({part.literal, std::nullopt});
      if (!part.path) continue;
      parts.back().part = parts_;
      nodes_[grow_path(base, *part.path)].actions.push_back({Action::Kind::part, {}, 0, parts_++});
    }
  }
  made_.push_back(std::move(made));
}

// Below `base` every key that is a field's name is that field, at any depth: all nodes lead back to one set of edges.
// In XML so is X_A, the attribute A of an element X, and a Data with a name is the field of that name.
void Binding::add_leaves(NodeId base, const model::FieldTable& fields, std::uint16_t priority, bool xml) {
  const auto fresh = [&] { return nodes_.emplace_back(), static_cast<NodeId>(nodes_.size() - 1); };
  const NodeId inner = fresh();
  const auto leads_back = [&](NodeId node) {
    nodes_[node].also = nodes_[node].fallback = inner;
    nodes_[node].blanks = true;
    nodes_[node].repeats = xml;
  };
  leads_back(inner);
  nodes_[inner].also = kNone;
  if (xml) add_edge(inner, fresh(), "#attributes");  // attributes are no leaves
  for (model::FieldId field = 0; field < fields.size(); ++field) {
    const NodeId node = grow(inner, fields.name(field));
    want(node, field, priority);
    nodes_[node].xml = xml;
    leads_back(node);
    if (xml) add_attribute_names(inner, field, fields.name(field), priority, inner);
  }
  if (xml) {
    const NodeId data = grow(inner, "Data");
    leads_back(data);
    name_elements(data, inner);
  }
  leads_back(base);
}

// X_A is the attribute A of element X, in three spellings. Elements made here lead on to `inner`, if that is given.
void Binding::add_attribute_names(NodeId base, model::FieldId field, std::string_view name, std::uint16_t priority,
                                  NodeId inner) {
  for (std::size_t at = name.find('_'); at != std::string_view::npos; at = name.find('_', at + 1)) {
    const std::string element(name.substr(0, at)), attribute(name.substr(at + 1));
    if (element.empty() || attribute.empty()) continue;
    for (const ShapePath& path : {ShapePath{element, "#attributes", attribute}, ShapePath{element, "@" + attribute},
                                  ShapePath{element + "_attributes", attribute}}) {
      const NodeId node = grow_path(base, path);
      want(node, field, priority);
      nodes_[node].present = false;
    }
    const NodeId whole = grow(base, element);
    nodes_[whole].xml = true;
    if (inner != kNone) nodes_[whole].also = nodes_[whole].fallback = inner;
  }
}

void Binding::name_elements(NodeId node, NodeId names) {
  nodes_[node].names = names;
  nodes_[node].xml = true;
  for (const ShapePath& path : {ShapePath{"#attributes", "Name"}, ShapePath{"@Name"}, ShapePath{"Name"}}) {
    nodes_[grow_path(node, path)].actions.push_back({Action::Kind::name, {}, 0, 0});
  }
}

// Objects with a name and a value in members of their own: {"Name":"X","Value":"v"}.
void Binding::name_members(NodeId node, NodeId names, const FieldRule& rule) {
  nodes_[node].names = names;
  nodes_[grow(node, rule.name_key)].actions.push_back({Action::Kind::name, {}, 0, 0});
  for (const std::string& key : rule.value_keys) {
    nodes_[grow(node, key)].actions.push_back({Action::Kind::value, {}, 0, 0});
  }
}

// System of a Windows event: X is the text of element X, X_A its attribute A. What has no text is absent.
void Binding::add_attributes(NodeId base, const model::FieldTable& fields, std::uint16_t priority) {
  for (model::FieldId field = 0; field < fields.size(); ++field) {
    const NodeId whole = grow(base, fields.name(field));
    want(whole, field, priority);
    nodes_[whole].xml = true;
    nodes_[whole].present = false;
    add_attribute_names(base, field, fields.name(field), priority, kNone);
  }
}

void Binding::add_paths(NodeId base, const model::FieldTable& fields, std::uint16_t priority) {
  nodes_[base].dots = true;
  for (model::FieldId field = 0; field < fields.size(); ++field) {
    const std::vector<std::string> keys = split_dots(fields.name(field));
    if (keys.empty()) continue;
    want(grow_path(base, keys), field, priority);
  }
}

void Binding::want(NodeId node, model::FieldId field, std::uint16_t priority) {
  std::vector<Action>& actions = nodes_[node].actions;
  const bool known = std::ranges::any_of(
      actions, [&](const Action& action) { return action.kind == Action::Kind::field && action.id == field; });
  if (!known) actions.push_back({Action::Kind::field, {}, priority, field});
}

Binding::NodeId Binding::child(NodeId from, std::string_view key, std::uint64_t hash) const {
  const NodeId own = find(from, key, hash);
  if (own != kNone || nodes_[from].also == kNone) return own;
  return find(nodes_[from].also, key, hash);
}

Binding::NodeId Binding::find(NodeId from, std::string_view key, std::uint64_t hash) const {
  const std::size_t mask = table_.size() - 1;
  for (std::size_t slot = base::mix_hash(hash, from) & mask; table_[slot] != 0; slot = (slot + 1) & mask) {
    const Edge& edge = edges_[table_[slot] - 1];
    if (edge.from == from && edge.key == key) return edge.to;
  }
  return kNone;
}

Binding::NodeId Binding::grow(NodeId from, std::string_view key) {
  const NodeId known = find(from, key, base::key_hash(key));
  if (known != kNone) return known;
  const auto node = static_cast<NodeId>(nodes_.size());
  nodes_.emplace_back();
  nodes_.back().dots = nodes_[from].dots;
  add_edge(from, node, key);
  return node;
}

Binding::NodeId Binding::grow_path(NodeId from, std::span<const std::string> path) {
  for (const std::string& key : path) from = grow(from, key);
  return from;
}

void Binding::add_edge(NodeId from, NodeId to, std::string_view key) {
  edges_.push_back({from, to, std::string(key)});
  if (edges_.size() * 2 > table_.size()) return rehash(table_.size() * 2);
  const std::size_t mask = table_.size() - 1;
  std::size_t slot = base::mix_hash(base::key_hash(key), from) & mask;
  while (table_[slot] != 0) slot = (slot + 1) & mask;
  table_[slot] = static_cast<std::uint32_t>(edges_.size());
}

void Binding::rehash(std::size_t size) {
  table_.assign(size, 0);
  for (std::size_t i = 0; i < edges_.size(); ++i) {
    std::size_t slot = base::mix_hash(base::key_hash(edges_[i].key), edges_[i].from) & (size - 1);
    while (table_[slot] != 0) slot = (slot + 1) & (size - 1);
    table_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace tocsin::evidence::json
