// Shape files (docs/formats/json.md, "Mapping files"): YAML to tables, with messages that name line and column.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "evidence/json/shape.hpp"

namespace tocsin::evidence {
namespace {

using base::YamlDocument;
using base::YamlNode;

constexpr std::size_t kMaxPathKeys = 32;
constexpr std::size_t kMaxEnvelopeKeys = 2;  // as deep as the record scanner watches

ShapePath split_path(std::string_view text) {
  ShapePath path;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t dot = std::min(text.find('.', at), text.size());
    path.emplace_back(text.substr(at, dot - at));
    at = dot + 1;
  }
  return path;
}

bool is_path(const ShapePath& path) {
  return path.size() <= kMaxPathKeys && std::ranges::none_of(path, [](const std::string& key) { return key.empty(); });
}

// One file being read. The first error stays.
class ShapeParser {
 public:
  ShapeParser(std::string_view file, const YamlDocument& document) : file_(file), document_(document) {}

  Result<Shape> shape() {
    Shape shape;
    each_member(document_.root, "a shape",
                [&](const std::string& key, std::uint32_t value) { member(shape, key, value); });
    if (shape.roots.empty() && like_.empty()) shape.roots.emplace_back();
    const YamlNode& root = document_.at(document_.root);
    if (!error_ && shape.name.empty()) fail(root, "a shape needs a name", "add `shape: my_export`");
    if (!error_ && shape.fields.empty() && like_.empty())
      fail(root, "a shape needs `fields`", "say where its fields are, e.g. `- under: event`");
    if (error_) return std::unexpected(std::move(*error_));
    return shape;
  }
  [[nodiscard]] const std::vector<ShapePath>& envelopes() const { return envelopes_; }
  // The shape that this one takes from what it does not say itself; empty: none. With its place, for messages.
  [[nodiscard]] const std::string& like() const { return like_; }
  [[nodiscard]] const std::string& like_place() const { return like_place_; }

 private:
  void member(Shape& shape, const std::string& key, std::uint32_t value) {
    const std::array<std::pair<std::string_view, std::string*>, 5> texts{{{"shape", &shape.name},
                                                                          {"title", &shape.title},
                                                                          {"product", &shape.product},
                                                                          {"category", &shape.category},
                                                                          {"service", &shape.service}}};
    const auto* const found = std::ranges::find(texts, key, [](const auto& entry) { return entry.first; });
    if (found != texts.end()) {
      *found->second = text(value);
    } else if (key == "xml") {
      shape.xml = flag(value);
    } else if (key == "escaped_twice") {
      shape.escaped_twice = flag(value);
    } else if (key == "like") {
      like_ = text(value);
      like_place_ = place(document_.at(value));
    } else if (key == "roots") {
      shape.roots = paths(value);
    } else if (key == "envelopes") {
      each_item(value, [&](std::uint32_t item) { envelope(item); });
    } else if (key == "values") {
      shape.values = paths(value);
    } else if (key == "recognise") {
      each_item(value, [&](std::uint32_t item) { shape.tests.push_back(test(item)); });
    } else if (key == "embedded") {
      each_item(value, [&](std::uint32_t item) { shape.embedded.push_back(embedded(item)); });
    } else if (key == "head") {
      head(shape, value);
    } else if (key == "fields") {
      each_item(value, [&](std::uint32_t item) { field_rule(shape, item); });
    } else {
      unknown_ = true;
    }
  }
  void envelope(std::uint32_t node) {
    envelopes_.push_back(path(node));
    if (envelopes_.back().empty() || envelopes_.back().size() > kMaxEnvelopeKeys) {
      fail(document_.at(node), "an envelope is one or two keys", "e.g. `Records`, or `hits.hits`");
    }
  }
  void head(Shape& shape, std::uint32_t node) {
    each_member(node, "`head`", [&](const std::string& key, std::uint32_t value) {
      std::vector<HeadSource>* const list = key == "time"       ? &shape.time
                                            : key == "channel"  ? &shape.channel
                                            : key == "provider" ? &shape.provider
                                            : key == "computer" ? &shape.computer
                                            : key == "event_id" ? &shape.event_id
                                                                : nullptr;
      if (list == nullptr) {
        unknown_ = true;
        return;
      }
      each_item(value, [&](std::uint32_t item) { add_head_source(*list, item); });
    });
  }
  // One source for each path that is named: the rest of them is the same.
  void add_head_source(std::vector<HeadSource>& list, std::uint32_t node) {
    HeadSource source;
    std::vector<ShapePath> all;
    if (document_.at(node).kind == YamlNode::Kind::scalar) {
      all.push_back(path(node));
    } else {
      all = head_source(source, node);
    }
    for (ShapePath& one : all) {
      list.push_back(source);
      list.back().path = std::move(one);
    }
  }
  std::vector<ShapePath> head_source(HeadSource& source, std::uint32_t node) {
    std::vector<ShapePath> all;
    each_member(node, "a source of `head`", [&](const std::string& key, std::uint32_t value) {
      if (key == "path") {
        all = paths(value);
      } else if (key == "utc") {
        source.utc = flag(value);
      } else if (key == "order") {
        source.order = date_order(value);
      } else if (key == "strip_prefix") {
        each_item(value, [&](std::uint32_t item) { source.strip_prefix.push_back(text(item)); });
      } else if (key == "table") {
        each_member(value, "`table`", [&](const std::string& from, std::uint32_t to) {
          source.table.emplace_back(base::lower_ascii(from), text(to));
        });
      } else {
        unknown_ = true;
      }
    });
    if (all.empty()) fail(document_.at(node), "a source of `head` needs a `path`", "e.g. `{path: when, utc: true}`");
    return all;
  }
  DateOrder date_order(std::uint32_t node) {
    const std::string name = text(node);
    if (name == "dmy") return DateOrder::day_month_year;
    if (name == "mdy") return DateOrder::month_day_year;
    if (name == "ymd") return DateOrder::year_month_day;
    fail(document_.at(node), fmt::format("`{}` is no order of a date", name), "write dmy, mdy or ymd");
    return DateOrder::none;
  }
  // "a.b", a list of them (any), or {path: a.b, equals: text}.
  ShapeTest test(std::uint32_t node) {
    ShapeTest test;
    if (document_.at(node).kind != YamlNode::Kind::mapping) {
      test.any = paths(node);
      return test;
    }
    each_member(node, "a test of `recognise`", [&](const std::string& key, std::uint32_t value) {
      if (key == "path") {
        test.any = paths(value);
      } else if (key == "equals") {
        each_item(value, [&](std::uint32_t item) { test.equals.push_back(text(item)); });
      } else if (key == "begins") {
        each_item(value, [&](std::uint32_t item) { test.begins.push_back(text(item)); });
      } else {
        unknown_ = true;
      }
    });
    if (test.any.empty())
      fail(document_.at(node), "a test needs a `path`", "e.g. `{path: agent.type, equals: winlogbeat}`");
    return test;
  }
  // {path: Payload, as: json}
  ShapeEmbedded embedded(std::uint32_t node) {
    ShapeEmbedded embedded;
    std::string as;
    each_member(node, "an entry of `embedded`", [&](const std::string& key, std::uint32_t value) {
      if (key == "path") {
        embedded.path = path(value);
      } else if (key == "as") {
        as = text(value);
      } else {
        unknown_ = true;
      }
    });
    using As = ShapeEmbedded::As;
    constexpr std::array<std::pair<std::string_view, As>, 4> kKinds{
        {{"json", As::json}, {"xml", As::xml}, {"message", As::message}, {"script_block", As::script_block}}};
    const auto* const found = std::ranges::find(kKinds, as, [](const auto& kind) { return kind.first; });
    if (found != kKinds.end()) {
      embedded.as = found->second;
    } else {
      fail(document_.at(node), "an embedded text needs `as: json`, `as: xml`, `as: message` or `as: script_block`",
           "e.g. `{path: Payload, as: json}`");
    }
    return embedded;
  }
  void field_rule(Shape& shape, std::uint32_t node) {
    each_member(node, "an entry of `fields`", [&](const std::string& key, std::uint32_t value) {
      using Kind = FieldRule::Kind;
      const std::array<std::pair<std::string_view, Kind>, 5> kinds{{{"under", Kind::under},
                                                                    {"leaves", Kind::leaves},
                                                                    {"attributes", Kind::attributes},
                                                                    {"named", Kind::named},
                                                                    {"paths", Kind::paths}}};
      const auto* const found = std::ranges::find(kinds, key, [](const auto& entry) { return entry.first; });
      if (found != kinds.end()) {
        shape.fields.push_back(placed_rule(found->second, value));
      } else if (key == "map") {
        each_member(value, "`map`", [&](const std::string& name, std::uint32_t sources) {
          shape.fields.push_back(mapped_rule(name, sources));
        });
      } else {
        unknown_ = true;
      }
    });
  }
  // `under: a.b`, or with details: `under: {path: a.b, prefix: _}`.
  FieldRule placed_rule(FieldRule::Kind kind, std::uint32_t node) {
    FieldRule rule;
    rule.kind = kind;
    const bool under = kind == FieldRule::Kind::under, named = kind == FieldRule::Kind::named;
    if ((!under && !named) || document_.at(node).kind == YamlNode::Kind::scalar) {
      rule.base = path(node);
    } else {
      each_member(node, "a place of fields", [&](const std::string& key, std::uint32_t value) {
        if (key == "path") {
          rule.base = path(value);
        } else if (under && key == "prefix") {
          rule.prefix = text(value);
        } else if (under && key == "lower_first") {
          rule.lower_first = flag(value);
        } else if (named && key == "name") {
          rule.name_key = text(value);
        } else if (named && key == "value") {
          each_item(value, [&](std::uint32_t item) { rule.value_keys.push_back(text(item)); });
        } else {
          unknown_ = true;
        }
      });
    }
    if (named && rule.base.empty()) {
      fail(document_.at(node), "`named` needs a path", "name the member whose objects have a name and a value");
    }
    if (named && rule.name_key.empty() != rule.value_keys.empty()) {
      fail(document_.at(node), "`name` and `value` belong together",
           "e.g. `{path: Parameters, name: Name, value: Value}`");
    }
    return rule;
  }
  // `Field: a.b`, a list of paths, or `Field: {texts: ['{a}\{b}'], with: ','}`.
  FieldRule mapped_rule(const std::string& name, std::uint32_t node) {
    FieldRule rule;
    rule.kind = FieldRule::Kind::map;
    rule.name = name;
    if (document_.at(node).kind != YamlNode::Kind::mapping) {
      rule.sources = paths(node);
      return rule;
    }
    rule.kind = FieldRule::Kind::compose;
    each_member(node, "a field's texts", [&](const std::string& key, std::uint32_t value) {
      if (key == "texts") {
        each_item(value, [&](std::uint32_t item) { rule.texts.push_back(value_text(item)); });
      } else if (key == "with") {
        rule.with = text(value);
      } else {
        unknown_ = true;
      }
    });
    if (rule.texts.empty())
      fail(document_.at(node), "a made field needs `texts`", "e.g. `{texts: ['{domain}\\{name}']}`");
    return rule;
  }
  // "MD5={file.md5}": literals, and paths in braces.
  ValueText value_text(std::uint32_t node) {
    ValueText made;
    const std::string whole = text(node);
    for (std::size_t at = 0; at < whole.size();) {
      const std::size_t open = std::min(whole.find('{', at), whole.size());
      ValueText::Part part;
      part.literal = whole.substr(at, open - at);
      at = open;
      if (open < whole.size()) {
        const std::size_t close = whole.find('}', open);
        part.path = split_path(std::string_view(whole).substr(open + 1, close - open - 1));
        if (close == std::string::npos || part.path->empty() || !is_path(*part.path)) {
          fail(document_.at(node), fmt::format("`{}` has a brace without a path", whole), "write `{path.of.keys}`");
          return made;
        }
        at = close + 1;
      }
      made.parts.push_back(std::move(part));
    }
    return made;
  }

  template <class Visit>
  void each_member(std::uint32_t index, std::string_view what, const Visit& visit) {
    const YamlNode& node = document_.at(index);
    if (node.kind != YamlNode::Kind::mapping) {
      fail(node, fmt::format("{} must be a mapping of keys to values", what), "write `key: value` lines");
      return;
    }
    for (std::size_t i = 0; i + 1 < node.children.size() && !error_; i += 2) {
      const YamlNode& key = document_.at(node.children[i]);
      unknown_ = false;
      visit(key.text, node.children[i + 1]);
      if (unknown_)
        fail(key, fmt::format("unknown key `{}` in {}", key.text, what), "see docs/formats/json.md for the keys");
      unknown_ = false;
    }
  }
  // The items of a list; a lone value is a list of one.
  template <class Visit>
  void each_item(std::uint32_t index, const Visit& visit) {
    const YamlNode& node = document_.at(index);
    if (node.kind != YamlNode::Kind::sequence) {
      visit(index);
      return;
    }
    for (const std::uint32_t child : node.children) {
      if (!error_) visit(child);
    }
  }
  std::string text(std::uint32_t index) {
    const YamlNode& node = document_.at(index);
    if (node.kind != YamlNode::Kind::scalar) fail(node, "expected a text, found a list or mapping", "write one value");
    return node.text;
  }
  bool flag(std::uint32_t index) {
    const YamlNode& node = document_.at(index);
    if (node.kind != YamlNode::Kind::scalar || node.type != YamlNode::Type::boolean) {
      fail(node, fmt::format("expected true or false, found `{}`", node.text), "write true or false");
    }
    return node.text == "true" || node.text == "True" || node.text == "TRUE";
  }
  ShapePath path(std::uint32_t index) {
    ShapePath path = split_path(text(index));
    if (!is_path(path)) {
      fail(document_.at(index), fmt::format("`{}` is no path", document_.at(index).text),
           "write the keys from the outermost, joined by dots");
    }
    return path;
  }
  std::vector<ShapePath> paths(std::uint32_t index) {
    std::vector<ShapePath> all;
    each_item(index, [&](std::uint32_t item) { all.push_back(path(item)); });
    return all;
  }
  void fail(const YamlNode& node, std::string message, std::string hint) {
    if (error_) return;
    error_ = Error{ErrorCode::malformed, std::move(message), place(node), std::move(hint)};
  }
  [[nodiscard]] std::string place(const YamlNode& node) const {
    return fmt::format("{}:{}:{}", file_, node.begin.line, node.begin.column);
  }

  std::string_view file_;
  const YamlDocument& document_;
  std::vector<ShapePath> envelopes_;
  std::string like_, like_place_;
  std::optional<Error> error_;
  bool unknown_ = false;
};

// What `shape` does not say itself is as in `model`, but for the tests and what it stands for.
void inherit(Shape& shape, const Shape& model) {
  const auto take = [](auto& mine, const auto& theirs) {
    if (mine.empty()) mine = theirs;
  };
  take(shape.roots, model.roots);
  take(shape.time, model.time);
  take(shape.channel, model.channel);
  take(shape.provider, model.provider);
  take(shape.computer, model.computer);
  take(shape.event_id, model.event_id);
  take(shape.embedded, model.embedded);
  take(shape.fields, model.fields);
  take(shape.values, model.values);
  take(shape.product, model.product);
  shape.xml |= model.xml;
  shape.escaped_twice |= model.escaped_twice;
}

}  // namespace

Result<ShapeSet> ShapeSet::parse(std::string_view file, std::string_view text, const ShapeSet* known) {
  const base::YamlResult yaml = base::parse_yaml(text);
  if (yaml.failed) {
    return fail(ErrorCode::malformed, fmt::format("the mapping file is not YAML: {}", yaml.message),
                fmt::format("{}:{}:{}", file, yaml.where.line, yaml.where.column), "fix the YAML at this place");
  }
  ShapeSet set;
  struct Wish {
    std::size_t shape;
    std::string like, place;
  };
  std::vector<Wish> wishes;
  for (const YamlDocument& document : yaml.documents) {
    if (document.empty) continue;
    ShapeParser parser(file, document);
    TOCSIN_TRY(Shape shape, parser.shape());
    if (!parser.like().empty()) wishes.push_back({set.shapes_.size(), parser.like(), parser.like_place()});
    set.shapes_.push_back(std::move(shape));
    std::ranges::copy(parser.envelopes(), std::back_inserter(set.envelopes_));
  }
  for (const Wish& wish : wishes) {
    const Shape* model = set.find(wish.like);
    if (model == nullptr && known != nullptr) model = known->find(wish.like);
    if (model == nullptr || model == &set.shapes_[wish.shape]) {
      return fail(ErrorCode::malformed, fmt::format("there is no shape `{}` to be like", wish.like), wish.place,
                  "name a shape of this file or a built-in one");
    }
    inherit(set.shapes_[wish.shape], *model);
  }
  return set;
}

}  // namespace tocsin::evidence
