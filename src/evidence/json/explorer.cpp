#include "evidence/json/explorer.hpp"

#include <algorithm>
#include <vector>

#include "base/json_writer.hpp"
#include "evidence/json/bind_handler.hpp"

namespace tocsin::evidence::json {
namespace {

// Bytes: deep trees of long keys would make paths quadratic. A key that would make it longer is left out.
constexpr std::size_t kMaxPath = 2048;

// Keeps the path of keys while walking; arrays add nothing to it.
template <class Visit>
class PathHandler {
 public:
  PathHandler(std::string_view text, const Visit& visit) : text_(text), visit_(visit) {}
  void begin(bool, std::size_t at) {
    visit_(std::string_view(path_), Token{Token::Type::null, false, at, at}, true);
    lengths_.push_back(path_.size());
  }
  void end(bool, std::size_t) { lengths_.pop_back(); }
  void key(const Token& token) {
    path_.resize(lengths_.back());
    if (path_.size() + (token.end - token.begin) >= kMaxPath) return;
    if (!path_.empty()) path_.push_back('.');
    append_unescaped(path_, text_.substr(token.begin, token.end - token.begin));
  }
  void scalar(const Token& token) { visit_(std::string_view(path_), token, false); }

 private:
  std::string_view text_;
  const Visit& visit_;
  std::string path_;
  std::vector<std::size_t> lengths_;
};

template <class Visit>
void walk_paths(std::string_view text, const Visit& visit) {
  Leniency leniency;
  PathHandler handler(text, visit);
  Walker walker(text, handler, leniency);
  (void)walker.walk(0);
}

class CompactHandler {
 public:
  CompactHandler(std::string& out, std::string_view text) : out_(out), text_(text) {}
  void begin(bool object, std::size_t) {
    separate();
    out_.push_back(object ? '{' : '[');
    comma_ = false;
  }
  void end(bool object, std::size_t) {
    out_.push_back(object ? '}' : ']');
    comma_ = true;
  }
  void key(const Token& token) {
    separate();
    string(token);
    out_.push_back(':');
    comma_ = false;
  }
  void scalar(const Token& token) {
    separate();
    if (token.type == Token::Type::string) {
      string(token);
    } else {
      out_.append(text_.substr(token.begin, token.end - token.begin));
    }
    comma_ = true;
  }

 private:
  void separate() {
    if (comma_) out_.push_back(',');
  }
  void string(const Token& token) {
    Leniency leniency;
    check_string(text_, token.begin, scan_string(text_, token.begin), leniency);
    const std::string_view inside = text_.substr(token.begin, token.end - token.begin);
    if (leniency.any) {
      std::string plain;
      append_unescaped(plain, inside);
      base::append_json_string(out_, plain);
    } else {
      out_.push_back('"');
      out_.append(inside);
      out_.push_back('"');
    }
  }
  std::string& out_;
  std::string_view text_;
  bool comma_ = false;
};

bool lies_below(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '.');
}

std::string join(const ShapePath& root, const ShapePath& path) {
  std::string joined;
  for (const ShapePath* part : {&root, &path}) {
    for (const std::string& key : *part) joined += (joined.empty() ? "" : ".") + key;
  }
  return joined;
}

}  // namespace

std::string path_of(std::string_view text, std::size_t at) {
  std::string found;
  walk_paths(text, [&](std::string_view path, const Token& token, bool) {
    if (token.begin == at && found.empty()) found = path;
  });
  return found;
}

void append_compact(std::string& out, std::string_view text) {
  Leniency leniency;
  CompactHandler handler(out, text);
  Walker walker(text, handler, leniency);
  (void)walker.walk(0);
}

void each_scalar(std::string_view text, const std::function<void(std::string_view, const Token&)>& visit) {
  walk_paths(text, [&](std::string_view path, const Token& token, bool container) {
    if (!container) visit(path, token);
  });
}

namespace {

// The rest of `path` below `base`; nothing where it lies elsewhere or is `base` itself.
std::string_view below(std::string_view path, std::string_view base) {
  if (base.empty()) return path;
  return path.size() > base.size() && lies_below(path, base) ? path.substr(base.size() + 1) : std::string_view();
}

// "Provider.#attributes.Name", "Provider.@Name", "Provider_attributes.Name" -> "Provider_Name".
std::string attribute_name(std::string_view rest) {
  std::string name(rest);
  for (const std::string_view middle : {".#attributes.", ".@", "_attributes."}) {
    const std::size_t at = name.find(middle);
    if (at != std::string::npos) return name.replace(at, middle.size(), "_");
  }
  return name.substr(0, name.find('.'));
}

std::string_view without_text(std::string_view path) {
  return path.ends_with(".#text") ? path.substr(0, path.size() - 6) : path;
}

// Below an element at any depth: the last key, or the last element and its attribute.
std::string leaf_name(std::string_view rest) {
  for (const std::string_view middle : {".#attributes.", ".@", "_attributes."}) {
    const std::size_t at = rest.rfind(middle);
    if (at == std::string_view::npos) continue;
    const std::size_t dot = rest.substr(0, at).rfind('.');
    return attribute_name(rest.substr(dot == std::string_view::npos ? 0 : dot + 1));
  }
  return std::string(rest.substr(rest.rfind('.') + 1));
}

std::string member_name(const FieldRule& rule, std::string_view key) {
  if (!key.starts_with(rule.prefix)) return {};
  std::string name(key.substr(rule.prefix.size()));
  if (rule.lower_first && !name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
  return name;
}

// The name that a rule may give to the value at `path`; empty where the rule does not reach it.
std::string possible_name(const FieldRule& rule, const ShapePath& root, std::string_view path) {
  const std::string_view rest = without_text(below(path, join(root, rule.base)));
  if (rest.empty()) return {};
  switch (rule.kind) {
    case FieldRule::Kind::under:
      return member_name(rule, rest);
    case FieldRule::Kind::paths:
      return std::string(rest);
    case FieldRule::Kind::leaves:
      return leaf_name(rest);
    case FieldRule::Kind::attributes:
      return attribute_name(rest);
    case FieldRule::Kind::named:
    case FieldRule::Kind::map:
    case FieldRule::Kind::compose:
      break;
  }
  return {};
}

// True where `path` is the name of an object that `rule` names.
bool names(const FieldRule& rule, const ShapePath& root, std::string_view path) {
  return !rule.name_key.empty() && below(path, join(root, rule.base)) == rule.name_key;
}
bool is_name(std::string_view path) {
  return path.ends_with(".Name") || path.ends_with(".@Name");
}
bool is_namespace(std::string_view path) {
  const std::size_t at = path.find("xmlns");
  return at != std::string_view::npos && at > 0 && (path[at - 1] == '.' || path[at - 1] == '@');
}

}  // namespace

void Explorer::add_name(std::string name) {
  std::erase(name, ' ');
  if (!name.empty()) names_->intern(name);
}

void Explorer::add_fixed_names(const Shape& shape) {
  for (const FieldRule& rule : shape.fields) {
    if (rule.kind == FieldRule::Kind::map || rule.kind == FieldRule::Kind::compose) add_name(rule.name);
    if (rule.kind == FieldRule::Kind::named && rule.name_key.empty()) add_name(rule.base.back());
  }
}

// Adds the names that the shape may give to the value at `path`. True where the value is a name itself.
bool Explorer::add_names(std::string_view path, const Shape& shape, const ShapePath& root) {
  for (const FieldRule& rule : shape.fields) add_name(possible_name(rule, root, path));
  return is_name(path) ||
         std::ranges::any_of(shape.fields, [&](const FieldRule& rule) { return names(rule, root, path); });
}

void Explorer::collect_names(std::string_view text, Variant variant) {
  const Shape& shape = shapes_.shapes()[variant.shape];
  const ShapePath& root = shape.roots[variant.root];
  Paths& known = paths_[number_of(variant)];
  const bool first = known.empty();
  if (known.size() > kMaxNames) known.clear();
  walk_paths(text, [&](std::string_view path, const Token& token, bool container) {
    const auto found = known.find(path);
    const bool names_another = found != known.end() ? found->second : add_names(path, shape, root);
    if (found == known.end() && known.size() < kMaxNames) known.emplace(path, names_another);
    if (container || !names_another) return;
    std::string value;  // of a named element
    append_unescaped(value, text.substr(token.begin, token.end - token.begin));
    add_name(std::move(value));
  });
  if (first) add_fixed_names(shape);
}

void Explorer::each_field(std::string_view text, Variant variant, const model::ValueVisitor& visit) {
  if (names_->size() > kMaxNames) {
    names_ = std::make_unique<model::FieldTable>();
    paths_.clear();
  }
  collect_names(text, variant);
  if (names_->size() != bound_names_) {
    bindings_.clear();
    bound_names_ = names_->size();
  }
  std::unique_ptr<Binding>& binding = bindings_[number_of(variant)];
  if (!binding) binding = std::make_unique<Binding>(shapes_, markers_, variant, names_.get());
  event_.begin(text, *binding, names_->size());
  Leniency leniency;
  BindScratch scratch;
  BindHandler handler(*binding, event_, leniency, scratch, nullptr);
  Walker walker(text, handler, leniency);
  (void)walker.walk(0);
  event_.compose();
  for (model::FieldId field = 0; field < names_->size(); ++field) {
    for (const model::Value& value : event_.get(field)) visit(names_->name(field), value);
  }
}

void JsonEvent::each_field(const model::ValueVisitor& visit) const {
  if (!explorer_) explorer_ = std::make_unique<Explorer>(shapes_, markers_);
  explorer_->each_field(text_, binding_->variant(), visit);
}

void JsonEvent::each_value(const model::ValueVisitor& visit) const {
  const ShapePath& root = shape_->roots[binding_->variant().root];
  std::vector<std::string> wanted;
  for (const ShapePath& path : shape_->values) wanted.push_back(join(root, path));
  each_scalar(text_, [&](std::string_view path, const Token& token) {
    if (token.type == Token::Type::null) return;
    const bool inside =
        wanted.empty() || std::ranges::any_of(wanted, [&](const std::string& base) { return lies_below(path, base); });
    if (inside && !(shape_->xml && is_namespace(path))) visit(path, value_of({token, false, 0, kEnd}));
  });
}

std::string_view JsonEvent::raw_text() const {
  return disguised_ || binding_->escaped_twice() ? std::string_view() : text_;
}

std::string JsonEvent::event_field(model::FieldId field) const {
  if (field >= fields_.size() || fields_[field].round != round_) return {};
  const std::uint16_t best = best_priority(fields_[field]);
  std::uint32_t slot = fields_[field].first;
  while (slots_[slot].priority != best) slot = slots_[slot].next;
  std::string path = path_of(text_, slots_[slot].token.begin);
  if (shape_->xml) path = without_text(path);
  return path;
}

void JsonEvent::append_json(std::string& out) const {
  append_compact(out, json_.empty() ? text_ : json_);
}

}  // namespace tocsin::evidence::json
