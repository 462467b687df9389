// Names the features of other engines that a linear-time one cannot have, or that RE2 does not know. One pass over the
// text that knows escapes, classes and groups.
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "match/regex.hpp"

namespace tocsin::match {

namespace {

constexpr unsigned kLargestRepeat = 1000;  // RE2's own limit

struct Feature {
  std::string_view text, message, help;
};

constexpr std::string_view kLinear = " cannot be done in linear time";
constexpr std::string_view kLookHelp = "use two items, one of them under `not` in the condition";

constexpr std::array kGroups{
    Feature{"(?=", "look-ahead `(?=…)`", kLookHelp},
    Feature{"(?!", "negative look-ahead `(?!…)`", kLookHelp},
    Feature{"(?<=", "look-behind `(?<=…)`", kLookHelp},
    Feature{"(?<!", "negative look-behind `(?<!…)`", kLookHelp},
    Feature{"(?>", "an atomic group `(?>…)`", "a plain group `(?:…)` finds the same here"},
    Feature{"(?|", "a branch-reset group `(?|…)`", "use `(?:…)`"},
    Feature{"(?(", "a conditional group `(?(…)…)`", "write both cases as alternatives"},
    Feature{"(?#", "a comment `(?#…)`", "put the comment into the rule's description"},
    Feature{"(?R", "recursion `(?R)`", ""},
    Feature{"(?&", "a subroutine call `(?&name)`", ""},
    Feature{"(?P>", "a subroutine call `(?P>name)`", ""},
    Feature{"(?P=", "a back-reference `(?P=name)`", ""},
    Feature{"(?'", "a named group `(?'name'…)`", "names have no use in a rule: write `(…)`"},
    Feature{"(*", "a control verb `(*…)`", ""},
};

constexpr std::array kEscapes{
    Feature{"\\Z", "`\\Z`", "use `$`, which matches at the very end"},
    Feature{"\\G", "`\\G`", ""},
    Feature{"\\K", "`\\K`", ""},
    Feature{"\\R", "`\\R`", "use `(?:\\r\\n|\\n|\\r)`"},
    Feature{"\\X", "`\\X`", ""},
    Feature{"\\h", "`\\h`", "use `[ \\t]`"},
    Feature{"\\H", "`\\H`", "use `[^ \\t]`"},
    Feature{"\\N", "`\\N`", "use `[^\\n]`"},
    Feature{"\\e", "`\\e`", "use `\\x1b`"},
    Feature{"\\c", "a control escape `\\c…`", "use `\\x` and the code"},
    Feature{"\\u", "`\\u…`", "use `\\x{…}`"},
    Feature{"\\k", "a back-reference `\\k…`", ""},
    Feature{"\\g", "a back-reference `\\g…`", ""},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::optional<RegexRefusal> run() {
    while (at_ < text_.size()) {
      std::optional<RegexRefusal> refusal;
      switch (text_[at_]) {
        case '\\':
          refusal = escape();
          break;
        case '[':
          open_class();
          break;
        case ']':
          atom_ = true;
          in_class_ = false;
          ++at_;
          break;
        case '(':
          refusal = group();
          break;
        case '*':
        case '+':
        case '?':
        case '{':
          refusal = repeat();
          break;
        case '|':
          atom_ = false;
          ++at_;
          break;
        default:
          atom_ = true;
          ++at_;
          break;
      }
      if (refusal) return refusal;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] RegexRefusal refuse(std::size_t length, std::string_view what, std::string_view help) const {
    return {.message = fmt::format("{}{}", what, kLinear),
            .help = std::string(help),
            .begin = at_,
            .end = std::min(at_ + length, text_.size()),
            .unsupported = true};
  }
  [[nodiscard]] RegexRefusal unknown(std::size_t length, std::string_view what, std::string_view help) const {
    RegexRefusal refusal = refuse(length, "", help);
    refusal.message = fmt::format("{} is not supported", what);
    return refusal;
  }

  std::optional<RegexRefusal> escape() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("\\Q") && !in_class_) {
      const std::size_t end = text_.find("\\E", at_ + 2);
      at_ = end == std::string_view::npos ? text_.size() : end + 2;
      atom_ = true;
      return std::nullopt;
    }
    if (rest.size() > 1 && rest[1] >= '1' && rest[1] <= '9' && !in_class_) {
      return refuse(2, fmt::format("a back-reference `{}`", rest.substr(0, 2)), "");
    }
    for (const Feature& feature : kEscapes) {
      if (!rest.starts_with(feature.text)) continue;
      if (feature.message.starts_with("a back-reference")) return refuse(2, feature.message, feature.help);
      return unknown(2, feature.message, feature.help);
    }
    at_ += std::min<std::size_t>(2, rest.size());
    atom_ = !in_class_;
    return std::nullopt;
  }

  void open_class() {
    const std::string_view rest = text_.substr(at_);
    if (in_class_ && rest.starts_with("[:")) {
      const std::size_t end = text_.find(":]", at_ + 2);
      at_ = end == std::string_view::npos ? at_ + 2 : end + 2;
      return;
    }
    if (in_class_) {
      ++at_;
      return;
    }
    // A bracket that comes first is one of the class's characters.
    in_class_ = true;
    atom_ = false;
    at_ += rest.starts_with("[^]") ? 3 : rest.starts_with("[]") || rest.starts_with("[^") ? 2 : 1;
  }

  std::optional<RegexRefusal> group() {
    if (in_class_) {
      ++at_;
      return std::nullopt;
    }
    const std::string_view rest = text_.substr(at_);
    for (const Feature& feature : kGroups) {
      if (!rest.starts_with(feature.text)) continue;
      const bool hard = feature.message.find("look-") != std::string_view::npos ||
                        feature.message.find("back-") != std::string_view::npos;
      return hard ? refuse(feature.text.size(), feature.message, feature.help)
                  : unknown(feature.text.size(), feature.message, feature.help);
    }
    if (rest.starts_with("(?<")) {
      return unknown(3, "a named group `(?<name>…)`", "names have no use in a rule: write `(…)`, or `(?P<name>…)`");
    }
    if (rest.size() > 2 && rest.starts_with("(?") && (is_digit(rest[2]) || rest[2] == '+')) {
      return unknown(3, "a subroutine call `(?1)`", "");
    }
    at_ += rest.starts_with("(?") ? 2 : 1;
    atom_ = false;
    return std::nullopt;
  }

  // Length of "{n}", "{n,}" or "{n,m}" at `at_`; 0 where the brace is plain text. `largest`: of its numbers.
  std::size_t counted(unsigned& largest) const {
    std::size_t at = at_ + 1;
    bool digits = false;
    while (at < text_.size() && (is_digit(text_[at]) || text_[at] == ',')) {
      if (!is_digit(text_[at])) {
        ++at;
        continue;
      }
      unsigned number = 0;
      const auto [end, error] = std::from_chars(text_.data() + at, text_.data() + text_.size(), number);
      largest = std::max(largest, error == std::errc() ? number : kLargestRepeat + 1);
      at = static_cast<std::size_t>(end - text_.data());
      digits = true;
    }
    return digits && at < text_.size() && text_[at] == '}' ? at + 1 - at_ : 0;
  }

  std::optional<RegexRefusal> repeat() {
    if (in_class_) {
      ++at_;
      return std::nullopt;
    }
    std::size_t length = 1;
    if (text_[at_] == '{') {
      unsigned largest = 0;
      length = counted(largest);
      if (length == 0) {
        atom_ = true;
        ++at_;
        return std::nullopt;
      }
      if (largest > kLargestRepeat) {
        return unknown(length,
                       fmt::format("the repetition `{}`, larger than {},", text_.substr(at_, length), kLargestRepeat),
                       "use `*` or `+`, or a smaller number");
      }
    }
    const std::string_view behind = text_.substr(at_ + length);
    if (atom_ && behind.starts_with('+')) {
      return unknown(length + 1, fmt::format("the possessive quantifier `{}`", text_.substr(at_, length + 1)),
                     fmt::format("`{}` finds the same here", text_.substr(at_, length)));
    }
    at_ += length + (behind.starts_with('?') ? 1U : 0U);
    atom_ = false;
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool in_class_ = false;
  bool atom_ = false;  // something that a quantifier may follow lies before `at_`
};

}  // namespace

std::optional<RegexRefusal> find_unsupported_feature(std::string_view pattern) {
  return Scan(pattern).run();
}

}  // namespace tocsin::match
