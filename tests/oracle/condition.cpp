#include "tests/oracle/condition.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <re2/re2.h>

#include "base/text.hpp"
#include "tests/oracle/mutation.hpp"

namespace tocsin::oracle {
namespace {

using Node = sigma::ConditionNode;
using Kind = Node::Kind;

// Is the selection one of those that the pattern (or `them`) means?
bool is_meant(std::string_view pattern, const std::string& name) {
  const bool hidden = name.starts_with('_');
  if (base::equal_fold(pattern, "them")) return !hidden || active(Mutant::them_with_underscores);
  if (hidden && !pattern.starts_with('_') && !active(Mutant::pattern_with_underscores)) return false;
  if (active(Mutant::pattern_must_be_a_name)) return name == pattern;
  if (active(Mutant::pattern_is_a_prefix)) return name.starts_with(pattern.substr(0, pattern.find('*')));
  std::string expression;
  for (const char c : pattern) expression += c == '*' ? "(?s:.*)" : RE2::QuoteMeta(std::string(1, c));
  return RE2::FullMatch(name, expression);
}

class Descent {
 public:
  Descent(std::string_view text, std::span<const sigma::Selection> selections, std::vector<Node>& nodes)
      : selections_(selections), nodes_(nodes) {
    static const RE2 kWord(R"(\s*([()]|[^\s()]+))");
    re2::StringPiece rest(text.data(), text.size());
    std::string word;
    while (RE2::Consume(&rest, kWord, &word)) {
      const bool bracket = word == "(" || word == ")";
      if (!bracket || !active(Mutant::brackets_ignored)) words_.push_back(word);
    }
  }

  std::uint32_t alternatives() {
    const bool swapped = active(Mutant::or_before_and);
    return chain(swapped ? "and" : "or", [&] { return chain(swapped ? "or" : "and", [&] { return negation(); }); });
  }

 private:
  [[nodiscard]] bool next_is(std::string_view word) const {
    return at_ < words_.size() && base::equal_fold(words_[at_], word);
  }

  std::uint32_t add(Kind kind, std::vector<std::uint32_t> children, std::uint32_t count = 0) {
    if (kind == Kind::logical_and && active(Mutant::and_is_or))
      kind = Kind::logical_or;
    else if (kind == Kind::logical_or && active(Mutant::or_is_and))
      kind = Kind::logical_and;
    Node node;
    node.kind = kind;
    node.count = count;
    node.children = std::move(children);
    nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  template <class Below>
  std::uint32_t chain(std::string_view word, Below below) {
    std::vector<std::uint32_t> parts{below()};
    while (next_is(word)) {
      ++at_;
      parts.push_back(below());
    }
    if (parts.size() == 1) return parts.front();
    return add(word == "and" ? Kind::logical_and : Kind::logical_or, std::move(parts));
  }

  std::uint32_t negation() {
    if (!next_is("not")) return operand();
    ++at_;
    const std::uint32_t inner = active(Mutant::not_takes_the_rest) ? alternatives() : negation();
    return active(Mutant::not_ignored) ? inner : add(Kind::logical_not, {inner});
  }

  std::uint32_t operand() {
    if (next_is("(")) {
      ++at_;
      const std::uint32_t inner = alternatives();
      ++at_;  // its ")"
      return inner;
    }
    if (at_ + 2 < words_.size() && base::equal_fold(words_[at_ + 1], "of")) return quantity();
    return named(words_[at_++]);
  }

  std::uint32_t named(std::string_view name) {
    const auto found = std::ranges::find(selections_, name, &sigma::Selection::name);
    Node node;
    node.selection = static_cast<std::uint32_t>(found - selections_.begin());
    nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  std::uint32_t quantity() {
    const std::string count = words_[at_], pattern = words_[at_ + 2];
    at_ += 3;
    std::vector<std::uint32_t> meant;
    for (const sigma::Selection& selection : selections_) {
      if (is_meant(pattern, selection.name)) meant.push_back(named(selection.name));
    }
    bool all = base::equal_fold(count, "all");
    std::uint32_t needed = 1;
    if (!count.empty() && std::isdigit(static_cast<unsigned char>(count.front())) != 0) {
      needed = static_cast<std::uint32_t>(std::stoul(count));
    }
    if (needed > 1 && active(Mutant::n_of_is_one_more)) ++needed;
    if (needed > 1 && active(Mutant::n_of_is_one_less)) --needed;
    if (base::equal_fold(count, "any")) all = active(Mutant::any_of_is_all_of);
    if (count == "1") all = active(Mutant::one_of_is_all_of);
    if (base::equal_fold(count, "all")) all = !active(Mutant::all_of_is_one_of);
    return all ? add(Kind::all_of, std::move(meant)) : add(Kind::n_of, std::move(meant), needed);
  }

  std::span<const sigma::Selection> selections_;
  std::vector<Node>& nodes_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Node> parse_condition(std::string_view conditions, std::span<const sigma::Selection> selections) {
  std::vector<Node> nodes;
  Node any;
  any.kind = active(Mutant::list_of_conditions_is_and) ? Kind::logical_and : Kind::logical_or;
  for (std::size_t at = 0; at < conditions.size();) {
    const std::size_t end = std::min(conditions.find('|', at), conditions.size());
    any.children.push_back(Descent(conditions.substr(at, end - at), selections, nodes).alternatives());
    at = end + 1;
    if (active(Mutant::list_of_conditions_is_first)) break;
  }
  nodes.push_back(std::move(any));
  return nodes;
}

}  // namespace tocsin::oracle
