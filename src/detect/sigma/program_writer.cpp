#include "detect/sigma/program_writer.hpp"

#include "detect/sigma/program.hpp"

namespace tocsin::sigma {

namespace {

using Kind = ConditionNode::Kind;

class Writer {
 public:
  Writer(const Rule& rule, const std::vector<std::uint32_t>& items) : rule_(rule), items_(items) {
    std::uint32_t slot = 0;
    for (const Selection& selection : rule.selections) {
      first_slots_.push_back(slot);
      for (const auto& alternative : selection.alternatives) slot += static_cast<std::uint32_t>(alternative.size());
    }
  }

  std::optional<std::vector<std::uint32_t>> run() {
    if (rule_.condition.empty()) return code_;
    open(static_cast<std::uint32_t>(rule_.condition.size() - 1));
    while (!stack_.empty()) {
      if (code_.size() > kMaxProgramWords) return std::nullopt;
      step();
    }
    return std::move(code_);
  }

 private:
  // A node whose children are being written.
  struct Open {
    std::uint32_t node = 0;
    std::size_t next = 0;             // child to write next
    std::vector<std::size_t> to_end;  // words that must jump behind the node
  };

  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(code_.size()); }
  void emit(Operation operation, std::uint32_t argument = 0) { code_.push_back(encode(operation, argument)); }
  std::size_t emit_jump(Operation operation) {
    emit(operation);
    return code_.size() - 1;
  }
  void aim_here(const std::vector<std::size_t>& jumps) {
    for (const std::size_t jump : jumps) code_[jump] = encode(operation_of(code_[jump]), here());
  }

  void open(std::uint32_t node) {
    const ConditionNode& record = rule_.condition[node];
    if (record.kind == Kind::selection) {
      selection(record.selection);
      return;
    }
    if (counts(record)) emit(Operation::start_count);
    stack_.push_back({node, 0, {}});
  }

  static bool counts(const ConditionNode& node) { return node.kind == Kind::n_of && node.count > 1; }

  void step() {
    Open& top = stack_.back();
    const ConditionNode& node = rule_.condition[top.node];
    if (top.next > 0) after_child(node, top);
    if (top.next == node.children.size()) {
      close(node, top);
      return;
    }
    const std::uint32_t child = node.children[top.next++];
    open(child);  // may move the stack: `top` is not used behind this
  }

  void after_child(const ConditionNode& node, Open& top) {
    const bool last = top.next == node.children.size();
    switch (node.kind) {
      case Kind::logical_not:
        emit(Operation::negate);
        break;
      case Kind::logical_and:
      case Kind::all_of:
        if (!last) top.to_end.push_back(emit_jump(Operation::jump_if_false));
        break;
      case Kind::n_of:
        if (counts(node)) {
          emit(Operation::count);
          emit(Operation::jump_if_count, node.count);
          top.to_end.push_back(emit_jump(Operation::item));  // a bare target
          break;
        }
        [[fallthrough]];
      case Kind::logical_or:
        if (!last) top.to_end.push_back(emit_jump(Operation::jump_if_true));
        break;
      case Kind::selection:
        break;
    }
  }

  void close(const ConditionNode& node, Open& top) {
    if (counts(node)) emit(Operation::set_false);
    aim_here(top.to_end);
    stack_.pop_back();
  }

  // Any alternative, each all of its items.
  void selection(std::uint32_t index) {
    const Selection& selection = rule_.selections[index];
    std::uint32_t slot = first_slots_[index];
    std::vector<std::size_t> to_end;
    for (std::size_t i = 0; i < selection.alternatives.size(); ++i) {
      const std::size_t count = selection.alternatives[i].size();
      std::vector<std::size_t> to_next;
      for (std::size_t k = 0; k < count; ++k) {
        emit(Operation::item, items_[slot++]);
        if (k + 1 < count) to_next.push_back(emit_jump(Operation::jump_if_false));
      }
      aim_here(to_next);
      if (i + 1 < selection.alternatives.size()) to_end.push_back(emit_jump(Operation::jump_if_true));
    }
    aim_here(to_end);
  }

  const Rule& rule_;
  const std::vector<std::uint32_t>& items_;
  std::vector<std::uint32_t> first_slots_;
  std::vector<std::uint32_t> code_;
  std::vector<Open> stack_;
};

}  // namespace

std::optional<std::vector<std::uint32_t>> write_program(const Rule& rule, const std::vector<std::uint32_t>& items) {
  return Writer(rule, items).run();
}

}  // namespace tocsin::sigma
