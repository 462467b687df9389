#include "base/yaml.hpp"

#include <algorithm>
#include <cctype>
#include <memory>
#include <string>

#include <yaml.h>

namespace tocsin::base {
namespace {

YamlMark mark_of(const yaml_mark_t& mark) {
  return {static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

std::string text_of(const yaml_char_t* text, std::size_t size) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text), size);
}
std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_real(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (power.starts_with('-') || power.starts_with('+')) power.remove_prefix(1);
    if (!all_digits(power)) return false;
    text = text.substr(0, exponent);
  }
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return false;
  const std::string_view whole = text.substr(0, point), part = text.substr(point + 1);
  return (whole.empty() || all_digits(whole)) && (part.empty() || all_digits(part)) && !(whole.empty() && part.empty());
}

// YAML's core schema with two exceptions that rule authors expect: a real number has a point (a hash like 12e34 is
// text), and octal, yes and no stay text.
YamlNode::Type type_of(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return YamlNode::Type::null;
  if (text == "true" || text == "True" || text == "TRUE" || text == "false" || text == "False" || text == "FALSE") {
    return YamlNode::Type::boolean;
  }
  const std::string_view digits = text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
  if (all_digits(digits)) return YamlNode::Type::integer;
  return is_real(text) ? YamlNode::Type::real : YamlNode::Type::text;
}

class TreeBuilder {
 public:
  TreeBuilder(YamlResult& result, const YamlLimits& limits) : result_(result), limits_(limits) {}

  // False: a limit was hit, stop.
  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        document_ = {};
        document_.line = mark_of(event.start_mark).line;
        return true;
      case YAML_DOCUMENT_END_EVENT:
        finish_document();
        return true;
      case YAML_SCALAR_EVENT:
        return add(scalar(event));
      case YAML_ALIAS_EVENT:
        return add(alias(event));
      case YAML_SEQUENCE_START_EVENT:
        return open(event, YamlNode::Kind::sequence, event.data.sequence_start.tag);
      case YAML_MAPPING_START_EVENT:
        return open(event, YamlNode::Kind::mapping, event.data.mapping_start.tag);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        document_.nodes[open_.back()].end = mark_of(event.end_mark);
        open_.pop_back();
        return true;
      default:
        return true;
    }
  }

 private:
  static YamlNode scalar(const yaml_event_t& event) {
    YamlNode node;
    node.text = text_of(event.data.scalar.value, event.data.scalar.length);
    node.tag = text_of(event.data.scalar.tag);
    node.quoted = event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node.type = node.quoted || node.tag == YAML_STR_TAG ? YamlNode::Type::text : type_of(node.text);
    node.begin = mark_of(event.start_mark);
    node.end = mark_of(event.end_mark);
    return node;
  }
  static YamlNode alias(const yaml_event_t& event) {
    YamlNode node;
    node.kind = YamlNode::Kind::alias;
    node.text = text_of(event.data.alias.anchor);
    node.begin = mark_of(event.start_mark);
    node.end = mark_of(event.end_mark);
    return node;
  }
  bool open(const yaml_event_t& event, YamlNode::Kind kind, const yaml_char_t* tag) {
    if (open_.size() >= limits_.max_depth) {
      return stop(event.start_mark, "nested deeper than " + std::to_string(limits_.max_depth) + " levels");
    }
    YamlNode node;
    node.kind = kind;
    node.tag = text_of(tag);
    node.begin = mark_of(event.start_mark);
    node.end = node.begin;
    if (!add(std::move(node))) return false;
    open_.push_back(static_cast<std::uint32_t>(document_.nodes.size() - 1));
    return true;
  }
  bool add(YamlNode node) {
    if (++total_ > limits_.max_nodes) {
      result_.where = node.begin;
      result_.message = "more than " + std::to_string(limits_.max_nodes) + " values in one file";
      result_.failed = true;
      return false;
    }
    const auto index = static_cast<std::uint32_t>(document_.nodes.size());
    document_.nodes.push_back(std::move(node));
    if (open_.empty()) {
      document_.root = index;
    } else {
      document_.nodes[open_.back()].children.push_back(index);
    }
    return true;
  }
  bool stop(const yaml_mark_t& mark, std::string message) {
    result_.failed = true;
    result_.where = mark_of(mark);
    result_.message = std::move(message);
    return false;
  }
  void finish_document() {
    const YamlNode* const root = document_.nodes.empty() ? nullptr : &document_.nodes[document_.root];
    document_.empty = root == nullptr || (root->kind == YamlNode::Kind::scalar && root->text.empty() && !root->quoted);
    result_.documents.push_back(std::move(document_));
    document_ = {};
    open_.clear();
  }

  YamlResult& result_;
  const YamlLimits& limits_;
  YamlDocument document_;
  std::vector<std::uint32_t> open_;  // containers being filled, innermost last
  std::size_t total_ = 0;
};

struct ParserGuard {
  yaml_parser_t parser{};
  bool ok = yaml_parser_initialize(&parser) == 1;
  ParserGuard() = default;
  ParserGuard(const ParserGuard&) = delete;
  ParserGuard& operator=(const ParserGuard&) = delete;
  ~ParserGuard() { yaml_parser_delete(&parser); }
};

std::string parser_message(const yaml_parser_t& parser) {
  std::string message = parser.problem != nullptr ? parser.problem : "the text is not YAML";
  if (parser.context != nullptr) message = std::string(parser.context) + ": " + message;
  return message;
}

}  // namespace

std::uint32_t YamlDocument::find(std::uint32_t node, std::string_view key) const {
  if (node >= nodes.size() || nodes[node].kind != YamlNode::Kind::mapping) return kAbsent;
  const std::vector<std::uint32_t>& children = nodes[node].children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const YamlNode& name = nodes[children[i]];
    if (name.kind == YamlNode::Kind::scalar && name.text == key) return children[i + 1];
  }
  return kAbsent;
}

YamlResult parse_yaml(std::string_view text, const YamlLimits& limits) {
  YamlResult result;
  if (text.size() > limits.max_bytes) {
    result.failed = true;
    result.message = "larger than " + std::to_string(limits.max_bytes >> 20) + " MiB";
    return result;
  }
  ParserGuard guard;
  if (!guard.ok) {
    result.failed = true;
    result.message = "out of memory";
    return result;
  }
  if (text.data() == nullptr) text = "";  // libyaml asserts that there is a pointer
  yaml_parser_set_input_string(&guard.parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  TreeBuilder builder(result, limits);
  for (bool done = false; !done;) {
    yaml_event_t event;
    if (yaml_parser_parse(&guard.parser, &event) == 0) {
      result.failed = true;
      result.where = mark_of(guard.parser.problem_mark);
      result.message = parser_message(guard.parser);
      return result;
    }
    done = event.type == YAML_STREAM_END_EVENT || !builder.take(event);
    yaml_event_delete(&event);
  }
  return result;
}

}  // namespace tocsin::base
