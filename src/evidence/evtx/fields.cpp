#include "evidence/evtx/fields.hpp"

#include <array>

#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

// What an element's direct children are.
struct Shape {
  bool elements = false, text = false, slot = false;
};

Shape shape_of(const Nodes& nodes, std::uint32_t index) {
  Shape shape;
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = nodes[i].end) {
    const NodeKind kind = nodes[i].kind;
    shape.elements = shape.elements || kind == NodeKind::element || kind == NodeKind::splice;
    shape.text = shape.text || is_text(kind);
    shape.slot = shape.slot || kind == NodeKind::slot;
  }
  return shape;
}

std::string_view base_path(Context base) {
  static constexpr std::array<std::string_view, kContexts> kPaths = {
      "", "Event", "Event.System", "Event.EventData", "Event.UserData", "Event.RenderingInfo"};
  return kPaths[static_cast<std::size_t>(base)];
}

struct Section {
  std::string_view name;
  Context children;
};
constexpr std::array<Section, 4> kSections = {{{"System", Context::system},
                                               {"EventData", Context::event_data},
                                               {"UserData", Context::data_tree},
                                               {"RenderingInfo", Context::rendering}}};

const Section* section(std::string_view name) {
  for (const Section& candidate : kSections) {
    if (candidate.name == name) return &candidate;
  }
  return nullptr;
}

Context children_of(Context context, std::string_view name) {
  switch (context) {
    case Context::top:
      return Context::event;
    case Context::event: {
      const Section* found = section(name);
      return found != nullptr ? found->children : Context::data_tree;
    }
    case Context::event_data:
      return Context::data_tree;
    default:
      return context;
  }
}

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_namespace(std::string_view attribute) {
  return attribute == "xmlns" || attribute.starts_with("xmlns:");
}

// A path that would grow beyond its budget stays as it is: deep trees of long names would make it quadratic.
void append_path(std::string& path, std::string_view step) {
  if (path.size() + step.size() > kMaxPath) return;
  if (!path.empty()) path.push_back('.');
  path += step;
}

// Whether attributes of an element in `context` are fields, apart from namespaces and the Name of a Data.
bool has_attribute_fields(const Nodes& nodes, std::uint32_t index, bool named_data) {
  if (named_data) return false;
  for (std::uint32_t i = index + 1; i < nodes[index].end && nodes[i].kind == NodeKind::attribute; i = nodes[i].end) {
    if (!is_namespace(nodes[i].name)) return true;
  }
  return false;
}

}  // namespace

void append_text(const Nodes& nodes, std::uint32_t index, std::string& out) {
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = nodes[i].end) {
    if (is_text(nodes[i].kind)) out += nodes[i].text;
  }
}

// Puts the value of Name into text_; false where there is none, or an empty one.
bool FieldWalker::data_name(const Nodes& nodes, std::uint32_t index, FieldVisitor& visitor) {
  for (std::uint32_t i = index + 1; i < nodes[index].end && nodes[i].kind == NodeKind::attribute; i = nodes[i].end) {
    if (nodes[i].name != "Name") continue;
    if (shape_of(nodes, i).slot) visitor.on_unknown_name();
    text_.clear();
    append_text(nodes, i, text_);
    return !text_.empty();
  }
  return false;
}

// REQUIRES: name_ is the element's field name without any attribute, path_ its path.
void FieldWalker::attributes(const Nodes& nodes, std::uint32_t index, Context context, bool named_data,
                             FieldVisitor& visitor) {
  if (!has_attribute_fields(nodes, index, named_data)) return;
  const std::size_t name_size = name_.size();
  const std::size_t path_size = path_.size();
  for (std::uint32_t i = index + 1; i < nodes[index].end && nodes[i].kind == NodeKind::attribute; i = nodes[i].end) {
    if (is_namespace(nodes[i].name)) continue;
    name_.append("_").append(nodes[i].name);
    append_path(path_, "#attributes");
    append_path(path_, nodes[i].name);
    FieldSpot spot{.name = name_, .path = path_, .node = i, .context = context};
    spot.attribute = true;
    visitor.on_field(spot);
    name_.resize(name_size);
    path_.resize(path_size);
  }
}

void FieldWalker::element(const Nodes& nodes, std::uint32_t index, FieldVisitor& visitor) {
  const Node& node = nodes[index];
  const Context context = open_.back().children;
  const Shape shape = shape_of(nodes, index);
  const bool in_data = context == Context::event_data || context == Context::data_tree;
  const bool named = in_data && node.name == "Data" && data_name(nodes, index, visitor);
  name_.clear();
  if (context == Context::rendering) name_ = "RenderingInfo_";
  append_path(path_, named ? std::string_view(text_) : node.name);
  if (named) {
    for (const char c : text_) {
      if (!is_blank(c)) name_.push_back(c);
    }
  } else {
    name_ += node.name;
  }
  attributes(nodes, index, context, named, visitor);
  const bool container = context == Context::top || (context == Context::event && section(node.name) != nullptr);
  const bool leaf = !shape.elements && !container;
  if (leaf || shape.text) {
    FieldSpot spot{.name = name_, .path = path_, .node = index, .context = context};
    if (context == Context::rendering && node.name == "Message") spot.name = "Message";
    spot.always = leaf && (context != Context::system || shape.text);
    spot.data = context == Context::event_data && node.name == "Data";
    spot.alone = leaf && !has_attribute_fields(nodes, index, named);
    if (spot.always || shape.text) visitor.on_field(spot);
  }
}

void FieldWalker::walk(const Nodes& nodes, Context base, FieldVisitor& visitor) {
  open_.clear();
  path_ = base_path(base);
  open_.push_back({static_cast<std::uint32_t>(nodes.size()), base, path_.size(), true});
  for (std::uint32_t i = 0; i < nodes.size();) {
    while (open_.size() > 1 && i >= open_.back().end) open_.pop_back();
    path_.resize(open_.back().path_size);
    const Node& node = nodes[i];
    if (node.kind == NodeKind::element) {
      const Context children = children_of(open_.back().children, node.name);
      element(nodes, i, visitor);
      const bool plain = path_ == base_path(children);
      open_.push_back({node.end, children, path_.size(), plain});
      ++i;
    } else if (node.kind == NodeKind::splice) {
      ++i;  // what came in stands where the slot stood
    } else {
      if (node.kind == NodeKind::slot) visitor.on_slot(i, open_.back().children, open_.back().plain);
      i = node.end;
    }
  }
}

}  // namespace tocsin::evidence::evtx
