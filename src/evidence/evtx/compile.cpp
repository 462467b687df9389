// BinXML tokens to a Program. One pass, own stack.
#include <array>
#include <charconv>
#include <vector>

#include "base/cursor.hpp"
#include "evidence/evtx/instance.hpp"
#include "evidence/evtx/limits.hpp"
#include "evidence/evtx/name.hpp"
#include "evidence/evtx/program.hpp"
#include "evidence/evtx/token.hpp"
#include "evidence/evtx/utf16.hpp"

namespace tocsin::evidence::evtx {
namespace {

using base::load_le;

class Compiler {
 public:
  Compiler(ByteView chunk, std::size_t at, std::size_t end, ProgramMode mode, Program& program)
      : chunk_(chunk), at_(at), end_(end), raw_begin_(at), mode_(mode), program_(program) {}

  MaybeDamage run();
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  MaybeDamage token(std::uint8_t token, bool more);
  MaybeDamage open_element(bool has_attributes);
  MaybeDamage close_start();
  MaybeDamage close_element(bool empty);
  MaybeDamage attribute();
  MaybeDamage literal(NodeKind kind);
  MaybeDamage char_ref();
  MaybeDamage entity_ref();
  MaybeDamage pi_target();
  MaybeDamage pi_data();
  MaybeDamage slot();
  MaybeDamage instance();

  MaybeDamage name(std::string_view& out);
  MaybeDamage units(std::string_view& out);
  void end_attribute();
  Node& add(NodeKind kind);
  void size_field();
  [[nodiscard]] bool has(std::size_t count) const { return end_ - at_ >= count; }
  [[nodiscard]] Damage bad(const char* expected, std::uint64_t found) const {
    return {Code::record_damaged, expected, at_, found};
  }
  [[nodiscard]] bool content_allowed() const { return !stack_.empty() && (!in_start_ || in_attribute_); }

  ByteView chunk_;
  std::size_t at_, end_;
  std::size_t raw_begin_;  // what is not yet in the recipe
  ProgramMode mode_;
  Program& program_;
  std::vector<std::uint32_t> stack_;  // open elements
  bool in_start_ = false, in_attribute_ = false, done_ = false, eof_ = false;
  std::uint32_t attribute_ = 0;
};

Node& Compiler::add(NodeKind kind) {
  Node node;
  node.kind = kind;
  node.end = static_cast<std::uint32_t>(program_.nodes.size() + 1);
  program_.nodes.push_back(node);
  return program_.nodes.back();
}

// A u32 that depends on where names lie: not part of the recipe.
void Compiler::size_field() {
  program_.recipe.add_raw(chunk_.subspan(raw_begin_, at_ - raw_begin_));
  program_.recipe.add_size();
  at_ += 4;
  raw_begin_ = at_;
}

MaybeDamage Compiler::name(std::string_view& out) {
  const auto found = read_name(chunk_, at_, end_);
  if (!found) return bad("a name at or before its use", has(4) ? load_le<std::uint32_t>(chunk_, at_) : 0);
  if (!name_is_sound(*found)) program_.sound = false;
  program_.recipe.add_raw(chunk_.subspan(raw_begin_, at_ - raw_begin_));
  program_.recipe.add_name(found->units, found->hash);
  at_ = found->next;
  raw_begin_ = at_;
  out = utf16_to_utf8(found->units, program_.strings);
  program_.text_bytes += out.size();
  return std::nullopt;
}

MaybeDamage Compiler::units(std::string_view& out) {
  if (!has(2)) return bad("a text length", 0);
  const std::size_t bytes = std::size_t{2} * load_le<std::uint16_t>(chunk_, at_);
  at_ += 2;
  if (!has(bytes)) return bad("a text inside its stream", bytes);
  out = utf16_to_utf8(chunk_.subspan(at_, bytes), program_.strings);
  at_ += bytes;
  program_.text_bytes += out.size();
  return std::nullopt;
}

void Compiler::end_attribute() {
  if (in_attribute_) program_.nodes[attribute_].end = static_cast<std::uint32_t>(program_.nodes.size());
  in_attribute_ = false;
}

MaybeDamage Compiler::open_element(bool has_attributes) {
  const bool dependent = mode_ == ProgramMode::definition;
  if (in_start_) return bad("the end of a start tag", kOpen);
  if (stack_.size() >= kMaxElementDepth)
    return Damage{Code::limit, "at most 256 elements inside each other", at_, stack_.size()};
  if (!has(dependent ? 6 : 4)) return bad("an element inside its stream", 0);
  std::uint16_t dependency = kNoSlot;
  if (dependent) {
    dependency = load_le<std::uint16_t>(chunk_, at_);
    at_ += 2;
  }
  size_field();
  std::string_view text;
  if (auto damage = name(text)) return damage;
  if (has_attributes) {
    if (!has(4)) return bad("an attribute list size", 0);
    size_field();
  }
  stack_.push_back(static_cast<std::uint32_t>(program_.nodes.size()));
  Node& node = add(NodeKind::element);
  node.name = text;
  node.slot = dependency;
  in_start_ = true;
  return std::nullopt;
}

MaybeDamage Compiler::close_start() {
  if (!in_start_) return bad("content or an end tag", kCloseStart);
  end_attribute();
  in_start_ = false;
  return std::nullopt;
}

MaybeDamage Compiler::close_element(bool empty) {
  if (stack_.empty() || in_start_ != empty) return bad("an end tag that fits its element", empty ? kCloseEmpty : kEnd);
  end_attribute();
  Node& node = program_.nodes[stack_.back()];
  node.end = static_cast<std::uint32_t>(program_.nodes.size());
  node.closed_empty = empty;
  in_start_ = false;
  stack_.pop_back();
  done_ = stack_.empty() && mode_ == ProgramMode::literal;
  return std::nullopt;
}

MaybeDamage Compiler::attribute() {
  if (!in_start_) return bad("an attribute inside a start tag", kAttribute);
  end_attribute();
  std::string_view text;
  if (auto damage = name(text)) return damage;
  attribute_ = static_cast<std::uint32_t>(program_.nodes.size());
  add(NodeKind::attribute).name = text;
  in_attribute_ = true;
  return std::nullopt;
}

MaybeDamage Compiler::literal(NodeKind kind) {
  if (!content_allowed()) return bad("text inside an element", kText);
  if (kind == NodeKind::text) {
    if (!has(1)) return bad("a text type", 0);
    const auto type = std::to_integer<std::uint8_t>(chunk_[at_]);
    if (type != kUtf16) return bad("text of type 1", type);
    ++at_;
  }
  std::string_view text;
  if (auto damage = units(text)) return damage;
  add(kind).text = text;
  return std::nullopt;
}

MaybeDamage Compiler::char_ref() {
  if (!content_allowed() || !has(2)) return bad("a character reference inside an element", kCharRef);
  std::array<char, 8> digits{};
  const auto code = load_le<std::uint16_t>(chunk_, at_);
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), code).ptr;
  Node& node = add(NodeKind::char_ref);
  node.name = program_.strings.copy({digits.data(), static_cast<std::size_t>(end - digits.data())});
  node.text = code == 0 ? kReplacement : utf16_to_utf8(chunk_.subspan(at_, 2), program_.strings);
  at_ += 2;
  return std::nullopt;
}

MaybeDamage Compiler::entity_ref() {
  if (!content_allowed()) return bad("an entity inside an element", kEntityRef);
  std::string_view text;
  if (auto damage = name(text)) return damage;
  Node& node = add(NodeKind::entity);
  node.name = text;
  node.text = entity_text(text);
  if (node.text.empty()) node.text = program_.strings.copy(std::string("&").append(text).append(";"));
  return std::nullopt;
}

MaybeDamage Compiler::pi_target() {
  if (in_start_) return bad("the end of a start tag", kPiTarget);
  std::string_view text;
  if (auto damage = name(text)) return damage;
  add(NodeKind::pi).name = text;
  return std::nullopt;
}

MaybeDamage Compiler::pi_data() {
  std::string_view text;
  if (auto damage = units(text)) return damage;
  if (program_.nodes.empty() || program_.nodes.back().kind != NodeKind::pi)
    return bad("a target before its data", kPiData);
  program_.nodes.back().text = text;
  return std::nullopt;
}

MaybeDamage Compiler::slot() {
  if (mode_ == ProgramMode::literal) return bad("a substitution inside a template", kNormalSlot);
  if (!content_allowed() || !has(3)) return bad("a substitution inside an element", kNormalSlot);
  add(NodeKind::slot).slot = load_le<std::uint16_t>(chunk_, at_);
  at_ += 3;
  return std::nullopt;
}

// An instance inside a literal element becomes a slot over a value of its own, so that there is one way of nesting.
MaybeDamage Compiler::instance() {
  if (mode_ == ProgramMode::definition || !content_allowed() || in_attribute_) {
    return bad("an instance where one may stand", kInstance);
  }
  std::vector<ValueRef> ignored;
  InstanceLayout layout;
  const std::size_t begin = at_ - 1;
  if (auto damage = read_instance(chunk_, begin, end_, ignored, layout)) return damage;
  if (program_.values.size() >= kMaxInstances) return Damage{Code::limit, "at most 512 instances", at_, kMaxInstances};
  add(NodeKind::slot).slot = static_cast<std::uint16_t>(program_.values.size());
  program_.values.push_back(
      {static_cast<std::uint32_t>(begin), static_cast<std::uint16_t>(layout.end - begin), kBinXml});
  at_ = layout.end;
  return std::nullopt;
}

MaybeDamage Compiler::token(std::uint8_t token, bool more) {
  switch (token) {
    case kOpen:
      return open_element(more);
    case kCloseStart:
      return close_start();
    case kCloseEmpty:
      return close_element(true);
    case kEnd:
      return close_element(false);
    case kText:
      return literal(NodeKind::text);
    case kCData:
      return literal(NodeKind::cdata);
    case kAttribute:
      return attribute();
    case kCharRef:
      return char_ref();
    case kEntityRef:
      return entity_ref();
    case kPiTarget:
      return pi_target();
    case kPiData:
      return pi_data();
    case kInstance:
      return instance();
    case kNormalSlot:
    case kOptionalSlot:
      return slot();
    case kFragment:
      if (!has(3)) return bad("a fragment header", 0);
      at_ += 3;
      return std::nullopt;
    default:
      return bad("a BinXML token", token);
  }
}

MaybeDamage Compiler::run() {
  while (at_ < end_ && !done_) {
    if (program_.text_bytes > kMaxProgramText) {
      return Damage{Code::limit, "at most 256 KiB of names and texts in a tree", at_, program_.text_bytes};
    }
    if (program_.nodes.size() >= kMaxNodes) return Damage{Code::limit, "at most 131072 nodes", at_, kMaxNodes};
    const auto byte = std::to_integer<std::uint8_t>(chunk_[at_++]);
    const std::uint8_t base = byte & static_cast<std::uint8_t>(~kMore);
    const bool more = base != byte;
    eof_ = base == kEof && !more;
    if (eof_) break;
    if (more && base != kOpen && (base < kText || base > kEntityRef)) return bad("a BinXML token", byte);
    if (auto damage = token(base, more)) return damage;
  }
  if (!stack_.empty()) return bad("an end for every element", stack_.size());
  program_.recipe.add_raw(chunk_.subspan(raw_begin_, at_ - raw_begin_));
  program_.recipe.set_open_ended(!eof_);
  return std::nullopt;
}

}  // namespace

MaybeDamage compile(ByteView chunk, std::size_t& at, std::size_t end, ProgramMode mode, Program& program) {
  program.clear();
  Compiler compiler(chunk, at, end, mode, program);
  auto damage = compiler.run();
  at = compiler.at();
  return damage;
}

}  // namespace tocsin::evidence::evtx
