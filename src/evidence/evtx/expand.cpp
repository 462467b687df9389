#include "evidence/evtx/expand.hpp"

#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

bool is_array(std::uint8_t type) {
  return (type & kArrayBit) != 0;
}
std::uint8_t scalar_of(std::uint8_t type) {
  return type & static_cast<std::uint8_t>(~kArrayBit);
}

}  // namespace

const ValueRef* Expander::value(const Fragment& fragment, std::uint16_t slot) const {
  return slot < fragment.value_count ? &values_[fragment.first_value + slot] : nullptr;
}

void Expander::fail(Damage damage) {
  if (!damage_) damage_ = damage;
}

Node& Expander::push(const Node& node) {
  text_size_ += node.text.size() + node.name.size();
  if (out_->size() >= kMaxNodes) fail({Code::limit, "at most 131072 nodes in a record", 0, out_->size()});
  if (text_size_ > kMaxRecordText) fail({Code::limit, "at most 4 MiB of text in a record", 0, text_size_});
  out_->push_back(node);
  out_->back().end = static_cast<std::uint32_t>(out_->size());
  return out_->back();
}

void Expander::push_value(std::uint8_t type, ByteView bytes, bool as_string) {
  const model::Value shown = format_value(type, bytes, *text_);
  Node node;
  node.kind = NodeKind::value;
  node.text = shown.text;
  node.value_kind = as_string ? model::Value::Kind::string : shown.kind;
  push(node);
}

const ByteView* Expander::spread_item(const Frame& frame, std::uint16_t slot) const {
  // The last array turns fastest.
  std::uint32_t rest = frame.copy;
  for (std::size_t i = spreads_.size(); i-- > frame.first_spread;) {
    const Spread& spread = spreads_[i];
    if (spread.slot == slot) return &items_[spread.first_item + rest % spread.item_count];
    rest /= spread.item_count;
  }
  return nullptr;
}

// The text of a slot that brings in no tree.
void Expander::slot_value(const Frame& frame, std::uint16_t slot) {
  const ValueRef* ref = value(frame.fragment, slot);
  if (ref == nullptr || ref->type == kBinXml) return push_value(kNull, {}, false);
  if (!is_array(ref->type)) return push_value(ref->type, bytes(*ref), false);
  if (frame.copies > 1) {
    if (const ByteView* item = spread_item(frame, slot)) return push_value(scalar_of(ref->type), *item, false);
  }
  split_array(ref->type, bytes(*ref), scratch_);
  if (scratch_.empty()) return push_value(kUtf16, {}, true);
  push_value(scalar_of(ref->type), scratch_.front(), true);
}

void Expander::content_slot(const Frame& frame, const Node& node) {
  const ValueRef* ref = value(frame.fragment, node.slot);
  if (ref == nullptr || ref->type != kBinXml || ref->size == 0) return slot_value(frame, node.slot);
  if (streams_ > kMaxNesting) return fail({Code::limit, "at most 16 values inside each other", ref->offset, streams_});
  Node splice;
  splice.kind = NodeKind::splice;
  push(splice);
  Frame stream;
  stream.stream = true;
  stream.reader = FragmentReader(chunk_, ref->offset, std::size_t{ref->offset} + ref->size);
  stream.out = static_cast<std::uint32_t>(out_->size() - 1);
  ++streams_;
  frames_.push_back(stream);
}

// An attribute without any text is left out.
void Expander::attribute(const Frame& frame, std::uint32_t index) {
  const Nodes& nodes = frame.fragment.compiled->program.nodes;
  const auto first = static_cast<std::uint32_t>(out_->size());
  push(nodes[index]);
  bool empty = true;
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = nodes[i].end) {
    if (nodes[i].kind == NodeKind::slot) {
      slot_value(frame, nodes[i].slot);
    } else {
      push(nodes[i]);
    }
    empty = empty && out_->back().text.empty();
  }
  if (empty) return out_->resize(first);
  (*out_)[first].end = static_cast<std::uint32_t>(out_->size());
}

bool Expander::collect_spread(const Fragment& fragment, std::uint16_t slot, std::uint64_t& copies,
                              std::uint32_t first) {
  const ValueRef* ref = value(fragment, slot);
  if (ref == nullptr || !is_array(ref->type) || count_items(ref->type, bytes(*ref)) < 2) return true;
  for (std::size_t i = first; i < spreads_.size(); ++i) {
    if (spreads_[i].slot == slot) return true;
  }
  split_array(ref->type, bytes(*ref), scratch_);
  const auto begin = static_cast<std::uint32_t>(items_.size());
  if (items_.size() + scratch_.size() > kMaxNodes) return false;
  items_.insert(items_.end(), scratch_.begin(), scratch_.end());
  spreads_.push_back({slot, begin, static_cast<std::uint32_t>(scratch_.size())});
  copies *= scratch_.size();
  return copies <= kMaxNodes;
}

// How often the element must be repeated, with its arrays put on the stack of spreads. 0: over the budget.
std::uint32_t Expander::collect_spreads(const Frame& parent, std::uint32_t index) {
  const Nodes& nodes = parent.fragment.compiled->program.nodes;
  const auto first = static_cast<std::uint32_t>(spreads_.size());
  std::uint64_t copies = 1;
  for (std::uint32_t i = index + 1; i < nodes[index].end; i = nodes[i].end) {
    if (nodes[i].kind == NodeKind::slot && !collect_spread(parent.fragment, nodes[i].slot, copies, first)) return 0;
    if (nodes[i].kind != NodeKind::attribute) continue;
    for (std::uint32_t part = i + 1; part < nodes[i].end; ++part) {
      if (nodes[part].kind == NodeKind::slot && !collect_spread(parent.fragment, nodes[part].slot, copies, first))
        return 0;
    }
  }
  return static_cast<std::uint32_t>(copies);
}

void Expander::open_element(const Frame& parent, std::uint32_t index) {
  const Node& node = parent.fragment.compiled->program.nodes[index];
  if (parent.out != kNoOut) {  // a tree's root is always there
    const ValueRef* dependency = node.slot == kNoSlot ? nullptr : value(parent.fragment, node.slot);
    if (dependency != nullptr && dependency->type == kNull) return;
  }
  if (frames_.size() > kMaxElementDepth + kMaxNesting) {
    return fail({Code::limit, "at most 256 elements inside each other", 0, frames_.size()});
  }
  Frame frame;
  frame.fragment = parent.fragment;
  frame.element = index;
  frame.first_spread = static_cast<std::uint32_t>(spreads_.size());
  frame.copies = collect_spreads(parent, index);
  if (frame.copies == 0) return fail({Code::limit, "at most 131072 repetitions of an element", 0, items_.size()});
  emit_element(frame);
  frames_.push_back(frame);
}

void Expander::emit_element(Frame& frame) {
  const Node& node = frame.fragment.compiled->program.nodes[frame.element];
  frame.out = static_cast<std::uint32_t>(out_->size());
  frame.next = frame.element + 1;
  frame.end = node.end;
  push(node);
}

void Expander::finish_element() {
  Frame& frame = frames_.back();
  if (frame.out != kNoOut) (*out_)[frame.out].end = static_cast<std::uint32_t>(out_->size());
  if (++frame.copy < frame.copies) return emit_element(frame);
  if (frame.first_spread < spreads_.size()) items_.resize(spreads_[frame.first_spread].first_item);
  spreads_.resize(frame.first_spread);
  frames_.pop_back();
}

void Expander::step_nodes() {
  Frame& frame = frames_.back();
  if (frame.next >= frame.end) return finish_element();
  const Nodes& nodes = frame.fragment.compiled->program.nodes;
  const std::uint32_t index = frame.next;
  const Node& node = nodes[index];
  frame.next = node.end;
  const Frame current = frame;  // opening something may move the frames
  switch (node.kind) {
    case NodeKind::element:
      return open_element(current, index);
    case NodeKind::attribute:
      return attribute(current, index);
    case NodeKind::slot:
      return content_slot(current, node);
    default:
      push(node);
  }
}

void Expander::step_stream() {
  Frame& frame = frames_.back();
  Fragment fragment;
  MaybeDamage damage;
  const auto step = frame.reader.next(*templates_, values_, fragment, damage);
  if (step == FragmentReader::Step::damaged) fail(*damage);
  if (step != FragmentReader::Step::fragment) {
    if (frame.out != kNoOut) {
      Node& splice = (*out_)[frame.out];
      splice.end = static_cast<std::uint32_t>(out_->size());
      if (splice.end == frame.out + 1) {  // nothing came in: an empty value
        splice.kind = NodeKind::value;
        splice.value_kind = model::Value::Kind::null;
      }
    }
    --streams_;
    frames_.pop_back();
    return;
  }
  if (++instances_ > kMaxInstances) return fail({Code::limit, "at most 512 template instances", 0, instances_});
  Frame tree;
  tree.fragment = fragment;
  tree.end = static_cast<std::uint32_t>(fragment.compiled->program.nodes.size());
  tree.first_spread = static_cast<std::uint32_t>(spreads_.size());
  frames_.push_back(tree);
}

MaybeDamage Expander::expand(ByteView chunk, std::size_t at, std::size_t end, TemplateTable& templates, Arena& text,
                             Nodes& out) {
  chunk_ = chunk;
  templates_ = &templates;
  text_ = &text;
  out_ = &out;
  out.clear();
  frames_.clear();
  values_.clear();
  spreads_.clear();
  items_.clear();
  text_size_ = 0;
  streams_ = 1;
  instances_ = 0;
  damage_.reset();
  Frame body;
  body.stream = true;
  body.reader = FragmentReader(chunk, at, end);
  frames_.push_back(body);
  while (!frames_.empty() && !damage_) {
    if (frames_.back().stream) {
      step_stream();
    } else {
      step_nodes();
    }
  }
  for (const Frame& frame : frames_) {  // left open by damage
    if (frame.out != kNoOut) out[frame.out].end = static_cast<std::uint32_t>(out.size());
  }
  return damage_;
}

}  // namespace tocsin::evidence::evtx
