#include <array>
#include <charconv>

#include "evidence/evtx/render.hpp"

namespace tocsin::evidence::evtx {
namespace {

using base::JsonWriter;

// A splice is transparent: what it holds are siblings of what stands around it.
std::uint32_t next_sibling(const Nodes& nodes, std::uint32_t index) {
  return nodes[index].kind == NodeKind::splice ? index + 1 : nodes[index].end;
}

struct Content {
  bool attributes = false, elements = false, text = false;
};
Content content_of(const Nodes& nodes, std::uint32_t index) {
  Content content;
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = next_sibling(nodes, i)) {
    const Node& node = nodes[i];
    content.attributes = content.attributes || node.kind == NodeKind::attribute;
    content.elements = content.elements || node.kind == NodeKind::element;
    content.text = content.text || (is_text(node.kind) && !node.text.empty());
  }
  return content;
}

bool is_data(const Node& node) {
  return node.kind == NodeKind::element && node.name == "Data";
}
bool is_bare(model::Value::Kind kind) {
  return kind == model::Value::Kind::integer || kind == model::Value::Kind::boolean;
}

}  // namespace

// The own text of an element or attribute: bare where it is exactly one integer or boolean.
void JsonRenderer::text(const Nodes& nodes, std::uint32_t index, JsonWriter& writer) {
  std::uint32_t parts = 0, only = 0;
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = next_sibling(nodes, i)) {
    if (!is_text(nodes[i].kind) || nodes[i].text.empty()) continue;
    ++parts;
    only = i;
  }
  if (parts == 0) return writer.string("");
  if (parts == 1) {
    const Node& node = nodes[only];
    if (node.kind == NodeKind::value && is_bare(node.value_kind)) return writer.raw(node.text);
    return writer.string(node.text);
  }
  joined_.clear();
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = next_sibling(nodes, i)) {
    if (is_text(nodes[i].kind)) joined_ += nodes[i].text;
  }
  writer.string(joined_);
}

void JsonRenderer::unique_key(std::string_view name, std::uint32_t object, JsonWriter& writer) {
  const std::uint32_t earlier = names_[{object, name}]++;
  if (earlier == 0) return writer.key(name);
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), earlier).ptr;
  key_.assign(name).append("_").append(digits.data(), end);
  writer.key(key_);
}

void JsonRenderer::attributes(const Nodes& nodes, std::uint32_t index, JsonWriter& writer) {
  writer.key("#attributes");
  writer.begin_object();
  const std::uint32_t object = ++objects_;
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = next_sibling(nodes, i)) {
    if (nodes[i].kind != NodeKind::attribute) continue;
    unique_key(nodes[i].name, object, writer);
    text(nodes, i, writer);
  }
  writer.end_object();
}

std::string_view JsonRenderer::data_name(const Nodes& nodes, std::uint32_t index, std::string& buffer) {
  buffer.clear();
  for (std::uint32_t i = index + 1; i < nodes[index].end && nodes[i].kind == NodeKind::attribute; i = nodes[i].end) {
    if (nodes[i].name != "Name") continue;
    if (nodes[i].end == i + 2) return nodes[i + 1].text;
    for (std::uint32_t part = i + 1; part < nodes[i].end; ++part) buffer += nodes[part].text;
    return buffer;
  }
  return {};
}

JsonRenderer::DataMode JsonRenderer::data_mode(const Nodes& nodes, std::uint32_t index) {
  if (nodes[index].name != "EventData" && nodes[index].name != "UserData") return DataMode::none;
  DataMode mode = DataMode::none;
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = next_sibling(nodes, i)) {
    if (!is_data(nodes[i])) continue;
    if (!data_name(nodes, i, name_).empty()) return DataMode::named;
    mode = DataMode::unnamed;
  }
  return mode;
}

void JsonRenderer::data_value(const Nodes& nodes, std::uint32_t index, JsonWriter& writer) {
  text(nodes, index, writer);
}

// Data of one name in a row share one key. Returns the index behind the last of them.
std::uint32_t JsonRenderer::named_data(const Nodes& nodes, std::uint32_t index, const Frame& frame,
                                       JsonWriter& writer) {
  const std::string_view name = data_name(nodes, index, name_);
  std::uint32_t count = 0, end = index;
  for (std::uint32_t i = index; i < frame.end; i = next_sibling(nodes, i)) {
    if (nodes[i].kind != NodeKind::element) continue;
    if (!is_data(nodes[i]) || content_of(nodes, i).elements || data_name(nodes, i, other_name_) != name) break;
    ++count;
    end = nodes[i].end;
  }
  unique_key(name, frame.names, writer);
  if (count > 1) writer.begin_array();
  for (std::uint32_t i = index; i < end; i = next_sibling(nodes, i)) {
    if (nodes[i].kind == NodeKind::element) data_value(nodes, i, writer);
  }
  if (count > 1) writer.end_array();
  return end;
}

// All Data without a name share one key, where the first of them stands.
void JsonRenderer::unnamed_data(const Nodes& nodes, std::uint32_t index, const Frame& frame, JsonWriter& writer) {
  const auto counts = [&](std::uint32_t i) {
    return is_data(nodes[i]) && !content_of(nodes, i).elements && data_name(nodes, i, other_name_).empty();
  };
  std::uint32_t count = 0;
  for (std::uint32_t i = index; i < frame.end; i = next_sibling(nodes, i)) count += counts(i) ? 1 : 0;
  unique_key("Data", frame.names, writer);
  writer.begin_object();
  writer.key("#text");
  if (count > 1) writer.begin_array();
  for (std::uint32_t i = index; i < frame.end; i = next_sibling(nodes, i)) {
    if (counts(i)) data_value(nodes, i, writer);
  }
  if (count > 1) writer.end_array();
  writer.end_object();
}

void JsonRenderer::open(const Nodes& nodes, std::uint32_t index, DataMode mode) {
  frames_.push_back({index + 1, nodes[index].end, mode, false, ++objects_});
}

void JsonRenderer::element(const Nodes& nodes, std::uint32_t index, JsonWriter& writer) {
  const Content content = content_of(nodes, index);
  if (!content.attributes && !content.elements) {
    if (content.text) return text(nodes, index, writer);
    return writer.null();
  }
  writer.begin_object();
  if (content.attributes) attributes(nodes, index, writer);
  if (content.text) {
    writer.key("#text");
    text(nodes, index, writer);
  }
  open(nodes, index, data_mode(nodes, index));
}

void JsonRenderer::step(const Nodes& nodes, JsonWriter& writer) {
  Frame& frame = frames_.back();
  if (frame.next >= frame.end) {
    writer.end_object();
    frames_.pop_back();
    return;
  }
  const std::uint32_t index = frame.next;
  const Node& node = nodes[index];
  frame.next = next_sibling(nodes, index);
  if (node.kind != NodeKind::element) return;
  if (frame.mode != DataMode::none && is_data(node) && !content_of(nodes, index).elements) {
    if (!data_name(nodes, index, name_).empty()) {
      frame.next = named_data(nodes, index, frame, writer);
    } else if (!frame.unnamed_done) {
      frame.unnamed_done = true;
      unnamed_data(nodes, index, frame, writer);
    }
    return;
  }
  unique_key(node.name, frame.names, writer);
  element(nodes, index, writer);
}

void JsonRenderer::append(const Nodes& nodes, std::string& out) {
  frames_.clear();
  names_.clear();
  objects_ = 0;
  JsonWriter writer(out);
  writer.begin_object();
  frames_.push_back({0, static_cast<std::uint32_t>(nodes.size()), DataMode::none, false, 0});
  while (!frames_.empty()) step(nodes, writer);
}

}  // namespace tocsin::evidence::evtx
