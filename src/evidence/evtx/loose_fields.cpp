#include "evidence/evtx/loose_fields.hpp"

#include <string>

#include "evidence/evtx/entry_values.hpp"

namespace tocsin::evidence::evtx {
namespace {

using model::Value;

class Collector : public FieldVisitor {
 public:
  Collector(const Nodes& tree, const model::FieldTable* fields, Arena& arena, std::vector<LooseField>& out)
      : tree_(tree), fields_(fields), arena_(arena), out_(out) {}

  void on_field(const FieldSpot& spot) override {
    values_.clear();
    append_field_value(spot.attribute, spot.always, spot.data, value_of(spot.node), values_);
    for (const Value& value : values_) {
      LooseField field;
      field.system = spot.context == Context::system;
      // A repeated element has the name and path of the one before.
      const bool same = !out_.empty() && out_.back().name == spot.name && out_.back().path == spot.path;
      field.name = same ? out_.back().name : arena_.copy(spot.name);
      field.path = same ? out_.back().path : arena_.copy(spot.path);
      field.value = value;
      if (fields_ != nullptr) field.field = fields_->find(field.name).value_or(kNoField);
      out_.push_back(field);
    }
  }
  void on_slot(std::uint32_t, Context, bool) override {}
  void on_unknown_name() override {}

 private:
  Value value_of(std::uint32_t index) {
    std::uint32_t parts = 0, only = 0;
    for (std::uint32_t i = index + 1; i < tree_[index].end; i = tree_[i].end) {
      if (!is_text(tree_[i].kind)) continue;
      ++parts;
      only = i;
    }
    if (parts == 0) return {};
    if (parts == 1) {
      const Node& node = tree_[only];
      if (node.kind == NodeKind::value) return {node.value_kind, node.text};
      return {node.text.empty() ? Value::Kind::null : Value::Kind::string, node.text};
    }
    joined_.clear();
    append_text(tree_, index, joined_);
    return {Value::Kind::string, arena_.copy(joined_)};
  }

  const Nodes& tree_;
  const model::FieldTable* fields_;
  Arena& arena_;
  std::vector<LooseField>& out_;
  std::vector<Value> values_;
  std::string joined_;
};

}  // namespace

void collect_loose_fields(const Nodes& tree, const model::FieldTable* fields, FieldWalker& walker, Arena& arena,
                          std::vector<LooseField>& out) {
  out.clear();
  Collector collector(tree, fields, arena, out);
  walker.walk(tree, Context::top, collector);
}

}  // namespace tocsin::evidence::evtx
