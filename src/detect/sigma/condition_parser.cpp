#include "detect/sigma/condition_parser.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/sigma/problems.hpp"
#include "detect/sigma/suggest.hpp"

namespace tocsin::sigma {

namespace {

struct Token {
  std::string_view text;
  std::size_t begin = 0;
  [[nodiscard]] std::size_t end() const { return begin + text.size(); }
  [[nodiscard]] bool is(std::string_view word) const { return base::equal_fold(text, word); }
};

constexpr std::string_view kBlanks = " \t\r\n";

std::vector<Token> split(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = text.find_first_not_of(kBlanks); at < text.size();) {
    const bool bracket = text[at] == '(' || text[at] == ')';
    const std::size_t end = bracket ? at + 1 : std::min(text.find_first_of(" \t\r\n()", at), text.size());
    tokens.push_back({text.substr(at, end - at), at});
    at = text.find_first_not_of(kBlanks, end);
  }
  return tokens;
}

// A name with `*` anywhere.
bool name_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

class Parser {
 public:
  Parser(std::string_view text, std::span<const std::string_view> selections, std::vector<ConditionNode>& nodes,
         std::vector<ConditionProblem>& problems)
      : text_(text), selections_(selections), nodes_(nodes), first_(nodes.size()), problems_(problems) {}

  std::optional<std::uint32_t> run() {
    if (text_.size() > kMaxConditionLength) {
      fail(code::kConditionLimit, 0, text_.size(), "the condition is too long", "",
           fmt::format("at most {} KiB", kMaxConditionLength >> 10U));
      return std::nullopt;
    }
    tokens_ = split(text_);
    if (tokens_.empty()) {
      fail(code::kCondition, 0, text_.size(), "the condition is empty", "expected the name of a selection");
      return std::nullopt;
    }
    frames_.emplace_back();
    while (at_ < tokens_.size()) {
      if (!(expects_operand_ ? operand() : operation())) return std::nullopt;
      if (nodes_.size() - first_ > kMaxConditionNodes || frames_.size() > kMaxConditionDepth ||
          frames_.back().nots.size() > kMaxConditionDepth) {
        fail(code::kConditionLimit, 0, text_.size(), "the condition is too large", "",
             fmt::format("at most {} parts, nested at most {} deep", kMaxConditionNodes, kMaxConditionDepth));
        return std::nullopt;
      }
    }
    return finish();
  }

 private:
  // An operand with the text it came from.
  struct Piece {
    std::uint32_t node = 0;
    std::size_t begin = 0, end = 0;
  };
  // What is open between two parentheses.
  struct Frame {
    std::size_t open = 0;             // place of its `(`
    std::vector<Piece> alternatives;  // joined by `or`
    std::vector<Piece> terms;         // joined by `and`, of the alternative that is open
    std::vector<std::size_t> nots;    // places of the `not`s before the operand to come
  };

  bool fail(std::string_view code, std::size_t begin, std::size_t end, std::string message, std::string label = {},
            std::string help = {}) {
    problems_.push_back({.code = code,
                         .begin = begin,
                         .end = end,
                         .message = std::move(message),
                         .label = std::move(label),
                         .help = std::move(help)});
    return false;
  }

  std::uint32_t add(ConditionNode node, std::size_t begin, std::size_t end) {
    node.text = text_.substr(begin, end - begin);
    nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  bool operand() {
    const Token& token = tokens_[at_];
    if (token.is("not")) {
      frames_.back().nots.push_back(token.begin);
      ++at_;
      return true;
    }
    if (token.text == "(") {
      frames_.emplace_back().open = token.begin;
      ++at_;
      return true;
    }
    if (token.text == ")" || token.is("and") || token.is("or")) {
      return fail(code::kCondition, token.begin, token.end(), fmt::format("`{}` has nothing before it", token.text),
                  "expected the name of a selection, `not`, `1 of …` or `(`");
    }
    if (at_ + 1 < tokens_.size() && tokens_[at_ + 1].is("of")) return quantifier();
    return identifier();
  }

  bool identifier() {
    const Token token = tokens_[at_++];
    for (std::size_t i = 0; i < selections_.size(); ++i) {
      if (selections_[i] != token.text) continue;
      ConditionNode node{.kind = ConditionNode::Kind::selection, .selection = static_cast<std::uint32_t>(i)};
      const std::uint32_t index = add(std::move(node), token.begin, token.end());
      complete({index, token.begin, token.end()});
      return true;
    }
    std::string help = did_you_mean(token.text, selections_);
    if (token.text.find('*') != std::string_view::npos) {
      help = fmt::format("a pattern needs a quantifier: `1 of {}` or `all of {}`", token.text, token.text);
    } else if (help.empty() && !selections_.empty()) {
      help = fmt::format("the rule has: {}", fmt::join(selections_, ", "));
    }
    return fail(code::kUnknownIdentifier, token.begin, token.end(),
                fmt::format("the condition names `{}`, which the rule does not have", token.text),
                "no selection of this name", std::move(help));
  }

  // at_: the count, at_ + 1: `of`.
  bool quantifier() {
    const Token count = tokens_[at_];
    ConditionNode node;
    if (count.is("all")) {
      node.kind = ConditionNode::Kind::all_of;
    } else if (count.is("any")) {
      node.kind = ConditionNode::Kind::n_of;
      node.count = 1;
    } else {
      node.kind = ConditionNode::Kind::n_of;
      const auto [end, error] = std::from_chars(count.text.data(), count.text.data() + count.text.size(), node.count);
      if (error != std::errc() || end != count.text.data() + count.text.size() || node.count == 0) {
        return fail(code::kCount, count.begin, count.end(), fmt::format("`{}` is no count", count.text),
                    "expected `all`, `any` or a number from 1", "write `1 of …`, `all of …` or `2 of …`");
      }
    }
    if (at_ + 2 >= tokens_.size() || tokens_[at_ + 2].text == "(" || tokens_[at_ + 2].text == ")") {
      return fail(code::kCondition, count.begin, tokens_[at_ + 1].end(), "`of` has nothing behind it",
                  "expected `them` or a name, with `*` anywhere in it");
    }
    const Token pattern = tokens_[at_ + 2];
    at_ += 3;
    return add_quantified(std::move(node), count, pattern);
  }

  bool add_quantified(ConditionNode node, const Token& count, const Token& pattern) {
    for (std::size_t i = 0; i < selections_.size(); ++i) {
      if (!is_meant(pattern, selections_[i])) continue;
      node.children.push_back(static_cast<std::uint32_t>(nodes_.size()));
      nodes_.push_back({.kind = ConditionNode::Kind::selection,
                        .selection = static_cast<std::uint32_t>(i),
                        .text = std::string(selections_[i])});
    }
    if (node.children.empty()) {
      return fail(code::kPatternOfNothing, pattern.begin, pattern.end(),
                  fmt::format("no selection of the rule is named like `{}`", pattern.text), "this names nothing",
                  nothing_meant_help(pattern.text));
    }
    if (node.count > node.children.size()) {
      problems_.push_back(
          {.code = code::kCount,
           .warning = true,
           .begin = count.begin,
           .end = count.end(),
           .message = fmt::format("`{}` of {} selections can never be true", count.text, node.children.size()),
           .label = "more than there are",
           .help = ""});
    }
    const std::uint32_t index = add(std::move(node), count.begin, pattern.end());
    complete({index, count.begin, pattern.end()});
    return true;
  }

  // D24.
  [[nodiscard]] static bool is_meant(const Token& pattern, std::string_view name) {
    if (pattern.is("them")) return !name.starts_with('_');
    if (name.starts_with('_') && !pattern.text.starts_with('_')) return false;
    return name_matches(pattern.text, name);
  }

  [[nodiscard]] std::string nothing_meant_help(std::string_view pattern) const {
    std::string bare(pattern);
    std::erase(bare, '*');
    if (std::string help = did_you_mean(bare, selections_); !help.empty()) return help;
    return fmt::format("the rule has: {}", fmt::join(selections_, ", "));
  }

  // An operand is whole: apply the `not`s before it.
  void complete(Piece piece) {
    Frame& frame = frames_.back();
    for (; !frame.nots.empty(); frame.nots.pop_back()) {
      const std::size_t begin = frame.nots.back();
      ConditionNode node{.kind = ConditionNode::Kind::logical_not, .children = {piece.node}};
      piece = {add(std::move(node), begin, piece.end), begin, piece.end};
    }
    frame.terms.push_back(piece);
    expects_operand_ = false;
  }

  Piece join(ConditionNode::Kind kind, std::vector<Piece>& pieces) {
    if (pieces.size() == 1) return pieces.front();
    ConditionNode node{.kind = kind};
    for (const Piece& piece : pieces) node.children.push_back(piece.node);
    const Piece whole{0, pieces.front().begin, pieces.back().end};
    return {add(std::move(node), whole.begin, whole.end), whole.begin, whole.end};
  }

  void close_alternative(Frame& frame) {
    frame.alternatives.push_back(join(ConditionNode::Kind::logical_and, frame.terms));
    frame.terms.clear();
  }

  bool operation() {
    const Token& token = tokens_[at_];
    if (token.is("and") || token.is("or")) {
      if (token.is("or")) close_alternative(frames_.back());
      expects_operand_ = true;
      ++at_;
      return true;
    }
    if (token.text == ")" && frames_.size() > 1) {
      close_alternative(frames_.back());
      Piece inner = join(ConditionNode::Kind::logical_or, frames_.back().alternatives);
      inner.begin = frames_.back().open;
      inner.end = token.end();
      frames_.pop_back();
      complete(inner);
      ++at_;
      return true;
    }
    if (token.text == ")") {
      return fail(code::kCondition, token.begin, token.end(), "a `)` has no `(`", "nothing is open here");
    }
    constexpr std::string_view kOperators[] = {"and", "or"};
    return fail(code::kCondition, token.begin, token.end(),
                fmt::format("`{}` follows without `and` or `or`", token.text), "expected `and`, `or` or the end",
                did_you_mean(token.text, kOperators));
  }

  std::optional<std::uint32_t> finish() {
    if (expects_operand_) {
      const Token& last = tokens_.back();
      fail(code::kCondition, last.begin, last.end(), fmt::format("the condition ends behind `{}`", last.text),
           "expected the name of a selection behind it");
      return std::nullopt;
    }
    if (frames_.size() > 1) {
      fail(code::kCondition, frames_.back().open, frames_.back().open + 1, "a `(` is never closed", "opened here");
      return std::nullopt;
    }
    close_alternative(frames_.back());
    return join(ConditionNode::Kind::logical_or, frames_.back().alternatives).node;
  }

  std::string_view text_;
  std::span<const std::string_view> selections_;
  std::vector<ConditionNode>& nodes_;
  std::size_t first_;
  std::vector<ConditionProblem>& problems_;
  std::vector<Token> tokens_;
  std::vector<Frame> frames_;
  std::size_t at_ = 0;
  bool expects_operand_ = true;
};

}  // namespace

std::optional<std::uint32_t> parse_condition(std::string_view text, std::span<const std::string_view> selections,
                                             std::vector<ConditionNode>& nodes,
                                             std::vector<ConditionProblem>& problems) {
  return Parser(text, selections, nodes, problems).run();
}

std::size_t find_aggregation(std::string_view condition) {
  return condition.find('|');
}

}  // namespace tocsin::sigma
