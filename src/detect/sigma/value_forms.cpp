#include "detect/sigma/value_forms.hpp"

#include <algorithm>

#include "detect/sigma/problems.hpp"
#include "detect/sigma/sigma_text.hpp"
#include "match/regex.hpp"

namespace tocsin::sigma {

namespace {

using match::kAnyRun;

void encode_one(Modifier modifier, const std::u32string& text, std::vector<std::u32string>& out) {
  switch (modifier) {
    case Modifier::base64:
      out.push_back(to_base64(text));
      break;
    case Modifier::base64offset:
      // What the neighbours decide is cut off; of a short value nothing may be left.
      for (std::u32string& form : to_base64_offsets(text)) {
        if (!form.empty()) out.push_back(std::move(form));
      }
      break;
    default:
      out.push_back(to_utf16(text, modifier == Modifier::utf16be, modifier == Modifier::utf16));
      break;
  }
}

}  // namespace

void add_runs(std::u32string& text, bool begin, bool end) {
  if (begin && !text.starts_with(kAnyRun)) text.insert(text.begin(), kAnyRun);
  if (end && !text.ends_with(kAnyRun)) text.push_back(kAnyRun);
}

bool ValueForms::refuse(std::string_view code, std::string message, std::string label, std::string help) {
  problems_.push_back({.code = code,
                       .target = ItemProblem::Target::value,
                       .index = number_,
                       .message = std::move(message),
                       .label = std::move(label),
                       .help = std::move(help)});
  return false;
}

bool ValueForms::too_many() {
  return refuse(code::kTooManyForms, "this value has too many spellings", "each would have to be looked for",
                "use fewer dashes or placeholders in one value");
}

const std::vector<std::string>* ValueForms::placeholder(const std::string& name) {
  if (placeholders_ == nullptr) return nullptr;
  if (const auto found = placeholders_->find(name); found != placeholders_->end()) return &found->second;
  if (std::ranges::find(missing_, name) == missing_.end()) missing_.push_back(name);
  return nullptr;
}

bool ValueForms::spellings(std::size_t number, const std::string& value, std::vector<std::string>& spelled) {
  number_ = number;
  spelled = {value};
  if (!modifiers_.has(Modifier::expand)) return true;
  const std::vector<TextPiece> pieces = split_placeholders(value);
  if (std::ranges::none_of(pieces, [](const TextPiece& piece) { return !piece.name.empty(); })) {
    refuse(code::kNoPlaceholder, "`expand` finds no placeholder here", "no `%name%` in it",
           "remove `expand`, or write the placeholder as `%name%`");
    problems_.back().warning = true;
  }
  spelled = {""};
  for (const TextPiece& piece : pieces) {
    const std::vector<std::string> plain{piece.text};
    const std::vector<std::string>* const values = piece.name.empty() ? &plain : placeholder(piece.name);
    if (values == nullptr) return false;
    if (spelled.size() * values->size() > kMaxForms) return too_many();
    std::vector<std::string> longer;
    longer.reserve(spelled.size() * values->size());
    for (const std::string& front : spelled) {
      for (const std::string& back : *values) longer.push_back(front + back);
    }
    spelled = std::move(longer);
  }
  return true;
}

bool ValueForms::texts(std::size_t number, const std::string& value, std::vector<std::u32string>& forms) {
  std::vector<std::string> spelled;
  if (!spellings(number, value, spelled)) return false;
  for (const std::string& spelling : spelled) forms.push_back(parse_sigma_text(spelling));
  return std::ranges::all_of(modifiers_.list, [&](Modifier modifier) { return apply(modifier, forms); });
}

// Applies one modifier to every form.
bool ValueForms::apply(Modifier modifier, std::vector<std::u32string>& forms) {
  switch (modifier) {
    case Modifier::contains:
    case Modifier::startswith:
    case Modifier::endswith:
      for (std::u32string& form : forms) {
        add_runs(form, modifier != Modifier::startswith, modifier != Modifier::endswith);
      }
      return true;
    case Modifier::windash:
      for (std::u32string& form : forms) form = with_any_dash(form);
      return true;
    case Modifier::utf16le:
    case Modifier::utf16be:
    case Modifier::utf16:
    case Modifier::base64:
    case Modifier::base64offset:
      return encode(modifier, forms);
    default:
      return true;
  }
}

bool ValueForms::encode(Modifier modifier, std::vector<std::u32string>& forms) {
  std::vector<std::u32string> encoded;
  for (const std::u32string& form : forms) {
    if (has_wildcard(form)) {
      return refuse(code::kWildcardEncoded, "a wildcard cannot be encoded", "`*` and `?` have no encoding",
                    "escape it as `\\*` or `\\?`, and put `contains` behind the encoding: `|base64offset|contains`");
    }
    const std::vector<std::u32string> spelled = spell_dashes(form, kMaxEncodedForms);
    if (spelled.empty() || encoded.size() + spelled.size() * 3 > kMaxForms) return too_many();
    for (const std::u32string& text : spelled) encode_one(modifier, text, encoded);
  }
  if (encoded.empty()) {
    return refuse(code::kValueType, "this value is too short for `base64offset`", "nothing would be left of it",
                  "give at least two characters");
  }
  forms = std::move(encoded);
  return true;
}

bool ValueForms::replace_in_expression(const std::string& value, std::string& expression) {
  expression.clear();
  for (const TextPiece& piece : split_placeholders(value)) {
    if (piece.name.empty()) {
      expression += piece.text;
      continue;
    }
    const std::vector<std::string>* const values = placeholder(piece.name);
    if (values == nullptr) return false;
    expression += "(?:";
    for (std::size_t i = 0; i < values->size(); ++i) {
      if (i > 0) expression += '|';
      expression += match::quote_regex((*values)[i]);
    }
    expression += ')';
  }
  return true;
}

bool ValueForms::expression(std::size_t number, const std::string& value, std::string& expression) {
  number_ = number;
  expression = value;
  if (modifiers_.has(Modifier::expand) && !replace_in_expression(value, expression)) return false;
  bool behind = false;
  for (const Modifier modifier : modifiers_.list) {
    behind = behind || modifier == Modifier::re;
    if (behind && (modifier == Modifier::endswith || modifier == Modifier::contains)) expression.insert(0, ".*");
    if (behind && (modifier == Modifier::startswith || modifier == Modifier::contains)) expression += ".*";
  }
  return true;
}

}  // namespace tocsin::sigma
