#include "evidence/evtx/bindings.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

constexpr std::array<std::string_view, kHeadFields> kHeadNames = {
    "EventID", "Channel", "Computer", "Provider_Name", "TimeCreated_SystemTime", "EventRecordID"};

class Binder : public FieldVisitor {
 public:
  Binder(const Program& program, const model::FieldTable* fields, Bindings& out)
      : program_(program), fields_(fields), out_(out) {}

  void on_field(const FieldSpot& spot) override;
  void on_slot(std::uint32_t node, Context context, bool plain) override;
  void on_unknown_name() override { out_.irregular = true; }

 private:
  std::pair<std::uint32_t, std::uint16_t> needs_of(std::uint32_t node);
  void set_value(FieldEntry& entry);

  const Program& program_;
  const model::FieldTable* fields_;
  Bindings& out_;
  std::vector<std::uint32_t> open_;  // elements around the last node asked for, outermost first
  std::uint32_t walked_ = 0;
};

// The values that the elements around `node` depend on. A template's root is always there. Nodes are asked for in
// document order, so one walk over the program serves them all.
std::pair<std::uint32_t, std::uint16_t> Binder::needs_of(std::uint32_t node) {
  const Nodes& nodes = program_.nodes;
  for (; walked_ <= node && walked_ < nodes.size(); ++walked_) {
    while (!open_.empty() && nodes[open_.back()].end <= walked_) open_.pop_back();
    if (nodes[walked_].kind == NodeKind::element) open_.push_back(walked_);
  }
  const auto first = static_cast<std::uint32_t>(out_.needs.size());
  for (std::size_t i = 1; i < open_.size(); ++i) {
    const Node& element = nodes[open_[i]];
    if (element.slot != kNoSlot && node < element.end) out_.needs.push_back(element.slot);
  }
  return {first, static_cast<std::uint16_t>(out_.needs.size() - first)};
}

void Binder::set_value(FieldEntry& entry) {
  const Nodes& nodes = program_.nodes;
  std::uint32_t parts = 0, slots = 0, last_slot = 0;
  for (std::uint32_t i = entry.node + 1; i < nodes[entry.node].end; i = nodes[i].end) {
    if (!is_text(nodes[i].kind)) continue;
    ++parts;
    if (nodes[i].kind == NodeKind::slot) {
      ++slots;
      last_slot = i;
    }
  }
  if (slots == 0) {
    std::string text;
    append_text(nodes, entry.node, text);
    entry.literal = true;
    entry.text = out_.strings.copy(text);
  } else if (parts == 1) {
    entry.slot = nodes[last_slot].slot;
  }
}

void Binder::on_field(const FieldSpot& spot) {
  FieldEntry entry;
  entry.node = spot.node;
  std::tie(entry.needs, entry.need_count) = needs_of(spot.node);
  entry.system = spot.context == Context::system;
  entry.attribute = spot.attribute;
  entry.always = spot.always;
  entry.data = spot.data;
  entry.alone = spot.alone;
  set_value(entry);
  entry.name = out_.strings.copy(spot.name);
  entry.path = out_.strings.copy(spot.path);
  const auto index = static_cast<std::uint32_t>(out_.entries.size());
  if (fields_ != nullptr) {
    if (const auto id = fields_->find(entry.name)) {
      entry.field = *id;
      out_.bound.push_back(index);
    }
  }
  if (!entry.literal) {
    out_.variable.push_back(index);
  } else if (!entry.text.empty()) {
    out_.fixed.append(entry.text).push_back('\n');
  }
  for (std::size_t i = 0; entry.system && i < kHeadFields; ++i) {
    if (kHeadNames[i] == entry.name && out_.head[i] == kNoEntry) out_.head[i] = index;
  }
  out_.entries.push_back(entry);
}

void Binder::on_slot(std::uint32_t node, Context context, bool plain) {
  SpliceEntry splice;
  splice.before = static_cast<std::uint32_t>(out_.entries.size());
  std::tie(splice.needs, splice.need_count) = needs_of(node);
  splice.slot = program_.nodes[node].slot;
  splice.context = context;
  splice.plain = plain;
  out_.splices.push_back(splice);
}

void index_slots(const Program& program, Bindings& out) {
  for (const Node& node : program.nodes) {
    if (node.kind != NodeKind::slot || node.slot >= kMaxValues) continue;  // no instance has such a value
    if (node.slot >= out.uses.size()) out.uses.resize(std::size_t{node.slot} + 1, 0);
    ++out.uses[node.slot];
  }
  for (std::size_t slot = 0; slot < out.uses.size(); ++slot) {
    if (out.uses[slot] > 1) out.reused.push_back(static_cast<std::uint16_t>(slot));
  }
  out.by_slot.assign(out.uses.size(), kNoEntry);
  for (std::uint32_t i = 0; i < out.entries.size(); ++i) {
    if (out.entries[i].slot < out.by_slot.size()) out.by_slot[out.entries[i].slot] = i;
  }
}

}  // namespace

void bind(const Program& program, Context base, const model::FieldTable* fields, FieldWalker& walker, Bindings& out) {
  out = Bindings();
  Binder binder(program, fields, out);
  walker.walk(program.nodes, base, binder);
  index_slots(program, out);
}

}  // namespace tocsin::evidence::evtx
