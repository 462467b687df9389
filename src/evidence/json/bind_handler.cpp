#include "evidence/json/bind_handler.hpp"

#include <algorithm>
#include <string>

#include "base/quick_hash.hpp"

namespace tocsin::evidence::json {
namespace {

// Copies `key` without blanks into `out`.
std::string_view without_blanks(std::string_view key, std::string& out) {
  std::string stripped;
  std::ranges::copy_if(key, std::back_inserter(stripped), [](char c) { return c != ' '; });
  out = std::move(stripped);
  return out;
}

// True for printable ASCII.
bool is_plain(std::string_view key) {
  return std::ranges::all_of(key, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

BindHandler::BindHandler(const Binding& binding, JsonEvent& event, Leniency& leniency, BindScratch& scratch,
                         KeyTrail* trail)
    : binding_(binding), event_(event), leniency_(leniency), scratch_(scratch), trail_(trail) {
  scratch_.frames.clear();
  if (trail_ != nullptr) trail_->begin(&binding);
}

void BindHandler::begin(bool object, std::size_t at) {
  (void)event_.meet();
  std::vector<BindFrame>& frames = scratch_.frames;
  if (next_ != Binding::kNone) {
    mark(next_);
    if (!frames.empty() && !frames.back().object) {
      BindFrame& array = frames.back();
      if (object && array.empty) {
        for (const Binding::Action& action : binding_.node(next_).actions) {
          if (action.kind == Binding::Action::Kind::envelope) event_.add_envelope(action.id);
        }
      }
      array.empty = false;
    }
  }
  BindFrame frame;
  frame.node = next_;
  frame.id = ++objects_;
  frame.begin = at;
  frame.object = object;
  frame.named = object && next_ != Binding::kNone && binding_.node(next_).names != Binding::kNone;
  frames.push_back(frame);
  text_key_ = false;
}

void BindHandler::end(bool object, std::size_t at) {
  const BindFrame frame = scratch_.frames.back();
  scratch_.frames.pop_back();
  next_ = scratch_.frames.empty() ? Binding::kNone : scratch_.frames.back().node;
  text_key_ = false;
  if (frame.node == Binding::kNone || event_.crowded()) return;
  if (frame.named) end_named(frame);
  if (frame.named && binding_.node(frame.node).xml) return;
  if (!object) {
    if (frame.empty) apply(frame.node, {Token::Type::null, false, frame.begin, at}, false);
  } else if (!binding_.node(frame.node).xml) {
    apply(frame.node, {Token::Type::string, false, frame.begin, at}, true);
  } else if (!frame.text && !frame.children) {
    apply(frame.node, {Token::Type::null, false, frame.begin, at}, false);
  }
}

// False: the record is too crowded to take in more.
bool BindHandler::meet_key() {
  text_key_ = false;
  if (event_.meet()) return true;
  next_ = Binding::kNone;
  return false;
}

std::string_view BindHandler::expected() const {
  if (trail_ == nullptr) return {};
  const BindFrame& frame = scratch_.frames.back();
  return trail_->expected(frame.id, frame.node);
}

void BindHandler::expected_key(const Token& token) {
  if (meet_key()) take(trail_->follow_expected(token.begin, token.end));
}

void BindHandler::key(const Token& token) {
  if (!meet_key()) return;
  const BindFrame& frame = scratch_.frames.back();
  const std::string_view inside = event_.text().substr(token.begin, token.end - token.begin);
  if (trail_ != nullptr && trail_->following()) {
    const KeyTrail::Step* const known = trail_->follow(frame.id, frame.node, inside, token.begin);
    if (known != nullptr) return take(*known);
    leave_trail();
  }
  take_key(token, inside);
}

void BindHandler::take(const KeyTrail::Step& step) {
  BindFrame& frame = scratch_.frames.back();
  next_ = step.to;
  frame.children |= step.element;
  if (!step.text) return;
  frame.text = true;
  text_key_ = frame.named;
}

// From here on the record's keys are compared with each other.
void BindHandler::leave_trail() {
  for (const KeyTrail::Met& met : trail_->leave()) {
    const std::string_view key = event_.text().substr(met.begin, met.end - met.begin);
    (void)event_.keys().add(met.object, met.begin, met.end, false, base::key_hash(key));
  }
}

void BindHandler::take_key(const Token& token, std::string_view inside) {
  const BindFrame& frame = scratch_.frames.back();
  std::string_view key = inside;
  if (token.escaped) {
    scratch_.key.clear();
    append_unescaped(scratch_.key, key);
    key = scratch_.key;
  }
  const std::uint64_t hash = base::key_hash(key);
  const bool fresh = event_.keys().add(frame.id, token.begin, token.end, token.escaped, hash);
  const bool repeats = frame.node != Binding::kNone && binding_.node(frame.node).repeats;
  if (!fresh && !repeats) {
    next_ = Binding::kNone;
    leniency_.add(Leniency::duplicate_key, token.begin);
    if (trail_ != nullptr) trail_->stop();
    return;
  }
  // What a key with a number leads to may depend on values, and what was tolerated in a key is told each time. Blanks
  // do not count, as in `lead`.
  const std::size_t last = key.find_last_not_of(' ');
  const bool numbered = repeats && last != std::string_view::npos && is_digit(key[last]);
  KeyTrail::Step step{frame.id, frame.node, Binding::kNone, false, false};
  if (frame.node != Binding::kNone) {
    step.text = binding_.node(frame.node).xml && key == "#text";
    step.element = !step.text && !key.starts_with('#') && !key.starts_with('@');
    step.to = step.text ? frame.node : lead(frame.node, key, hash);  // which takes the key's scratch
  }
  take(step);
  if (trail_ == nullptr) return;
  if (token.escaped || numbered || !is_plain(inside)) return trail_->stop();
  trail_->add(step, inside);
}

BindHandler::NodeId BindHandler::lead(NodeId from, std::string_view key, std::uint64_t hash) {
  NodeId to = binding_.child(from, key, hash);
  if (to != Binding::kNone) return to;
  const Binding::Node& node = binding_.node(from);
  if (node.blanks && key.find(' ') != std::string_view::npos) {
    key = without_blanks(key, scratch_.key);
    to = binding_.child(from, key, base::key_hash(key));
    if (to != Binding::kNone) return to;
  }
  if (node.dots && key.find('.') != std::string_view::npos) to = lead_by_dots(from, key);
  if (to == Binding::kNone && node.repeats) to = lead_by_number(from, key);
  return to != Binding::kNone ? to : node.fallback;
}

// A key "a.b" is the path a, b: exports often write them so.
BindHandler::NodeId BindHandler::lead_by_dots(NodeId from, std::string_view key) const {
  for (std::size_t at = 0; from != Binding::kNone;) {
    const std::size_t dot = key.find('.', at);
    const std::string_view part = key.substr(at, dot - at);
    from = binding_.child(from, part, base::key_hash(part));
    if (dot == std::string_view::npos) break;
    at = dot + 1;
  }
  return from;
}

// evtx_dump writes the second and third X of a parent as X_1, X_2: further values of X, if X was there.
BindHandler::NodeId BindHandler::lead_by_number(NodeId from, std::string_view key) const {
  const std::size_t last = key.find_last_not_of("0123456789");
  if (last == std::string_view::npos || last + 1 == key.size() || key[last] != '_' || last == 0) return Binding::kNone;
  const std::string_view name = key.substr(0, last);
  const NodeId to = binding_.child(from, name, base::key_hash(name));
  if (to == Binding::kNone) return to;
  if (binding_.node(to).names != Binding::kNone) return to;
  const auto& actions = binding_.node(to).actions;
  const bool met = std::ranges::any_of(actions, [&](const Binding::Action& action) {
    return action.kind == Binding::Action::Kind::field && event_.has(action.id);
  });
  return met ? to : Binding::kNone;
}

void BindHandler::scalar(const Token& token) {
  if (!scratch_.frames.empty()) scratch_.frames.back().empty = false;
  if (!event_.meet() || next_ == Binding::kNone) return;
  if (text_key_) {
    BindFrame& frame = scratch_.frames.back();
    frame.value = token;
    frame.has_value = true;
    return;
  }
  apply(next_, token, false);
}

void BindHandler::mark(NodeId node) {
  for (const Binding::Action& action : binding_.node(node).actions) {
    if (action.kind == Binding::Action::Kind::marker) event_.add_marker(action.id, nullptr);
  }
}

void BindHandler::apply(NodeId node, const Token& token, bool object) {
  using Kind = Binding::Action::Kind;
  const bool absent = token.type == Token::Type::null && !binding_.node(node).present;
  for (const Binding::Action& action : binding_.node(node).actions) {
    switch (action.kind) {
      case Kind::field:
        if (!absent) event_.add_field(action.id, action.priority, token, object);
        break;
      case Kind::head:
        if (!object) event_.add_head(action.role, action.priority, token);
        break;
      case Kind::marker:
        event_.add_marker(action.id, object ? nullptr : &token);
        break;
      case Kind::name:
        take_name(token);
        break;
      case Kind::value:
        if (!object) take_value(token);
        break;
      case Kind::part:
        if (!object) event_.add_part(action.id, token);
        break;
      case Kind::embedded:
        if (!object && token.type == Token::Type::string) event_.add_embedded(action.id, token);
        break;
      case Kind::envelope:
        break;
    }
  }
}

// The name may stand in the element itself ("@Name") or in its "#attributes".
void BindHandler::take_name(const Token& token) {
  std::vector<BindFrame>& frames = scratch_.frames;
  for (std::size_t back = 1; back <= 2 && back <= frames.size(); ++back) {
    BindFrame& frame = frames[frames.size() - back];
    if (!frame.named) continue;
    frame.name = token;
    frame.has_name = true;
    return;
  }
}

// The value of a named object is the first that it holds: a scalar, or the first of a list.
void BindHandler::take_value(const Token& token) {
  std::vector<BindFrame>& frames = scratch_.frames;
  for (std::size_t back = 1; back <= 2 && back <= frames.size(); ++back) {
    BindFrame& frame = frames[frames.size() - back];
    if (!frame.named) continue;
    if (!frame.has_value) frame.value = token;
    frame.has_value = true;
    return;
  }
}

void BindHandler::end_named(const BindFrame& frame) {
  static constexpr Token kEmptyText{Token::Type::string, false, 0, 0};
  if (!frame.has_name) {
    if (frame.has_value && binding_.node(frame.node).xml) apply(frame.node, frame.value, false);
    return;
  }
  std::string name, scratch;
  append_unescaped(name, event_.text().substr(frame.name.begin, frame.name.end - frame.name.begin));
  const std::string_view plain = without_blanks(name, scratch);
  const NodeId to = binding_.child(binding_.node(frame.node).names, plain, base::key_hash(plain));
  if (to != Binding::kNone) apply(to, frame.has_value ? frame.value : kEmptyText, false);
}

}  // namespace tocsin::evidence::json
