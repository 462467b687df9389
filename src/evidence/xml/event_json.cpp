#include "evidence/xml/event_json.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <expat.h>
#include <fmt/format.h>

#include "evidence/evtx/arena.hpp"
#include "evidence/evtx/node.hpp"
#include "evidence/evtx/render.hpp"

namespace tocsin::evidence::xml {
namespace {

using evtx::Node;
using evtx::NodeKind;

// Values of System that are numbers by their schema.
constexpr std::array<std::string_view, 6> kNumbers = {"EventID", "Version", "Level", "Task", "Opcode", "EventRecordID"};
constexpr std::array<std::string_view, 3> kNumberAttributes = {"Qualifiers", "ProcessID", "ThreadID"};

// A number as JSON writes it; longer ones and those with leading zeros stay texts.
bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 19 && (text.size() == 1 || text[0] != '0') &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Names with their prefix: "x:Event" is Event.
std::string_view without_prefix(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos || name.starts_with("xmlns") ? name : name.substr(colon + 1);
}

bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
}

}  // namespace

class EventJson::Parser {
 public:
  Parser() : parser_(XML_ParserCreate("UTF-8")) {}
  ~Parser() { XML_ParserFree(parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  bool append(std::string_view element, std::string& out, Fault& fault);

 private:
  void start(const char* name, const char** attributes);
  void end();
  void text(std::string_view part);
  void end_text();
  bool room(std::size_t count);
  // A child of System, the second level below the root, is open.
  [[nodiscard]] bool in_system() const { return open_.size() == 3 && system_; }

  struct Open {
    std::uint32_t node = 0;
    bool elements = false;  // it has child elements
  };
  XML_Parser parser_;
  evtx::Nodes nodes_;
  std::vector<Open> open_;  // elements under way
  evtx::Arena arena_;
  evtx::JsonRenderer renderer_;
  std::string text_;
  bool system_ = false;
  std::string refused_;  // why parsing was stopped
};

bool EventJson::Parser::room(std::size_t count) {
  if (nodes_.size() + count <= kMaxNodes && open_.size() < kMaxDepth) return true;
  if (refused_.empty()) {
    refused_ = open_.size() < kMaxDepth ? fmt::format("at most {} elements, attributes and texts", kMaxNodes)
                                        : fmt::format("at most {} levels of elements", kMaxDepth);
    XML_StopParser(parser_, XML_FALSE);
  }
  return false;
}

void EventJson::Parser::start(const char* name, const char** attributes) {
  if (!open_.empty()) open_.back().elements = true;
  end_text();
  std::size_t count = 0;
  while (attributes[count] != nullptr) ++count;
  if (!room(1 + count)) return;
  Node element;
  element.name = arena_.copy(without_prefix(name));
  if (open_.size() == 1) system_ = element.name == "System";
  open_.push_back({static_cast<std::uint32_t>(nodes_.size()), false});
  nodes_.push_back(element);
  for (std::size_t i = 0; i < count; i += 2) {
    Node attribute, value;
    attribute.kind = NodeKind::attribute;
    attribute.name = arena_.copy(without_prefix(attributes[i]));
    value.kind = NodeKind::value;
    value.text = arena_.copy(attributes[i + 1]);
    if (in_system() && std::ranges::find(kNumberAttributes, attribute.name) != kNumberAttributes.end() &&
        is_number(value.text)) {
      value.value_kind = model::Value::Kind::integer;
    }
    attribute.end = static_cast<std::uint32_t>(nodes_.size()) + 2;
    value.end = attribute.end;
    nodes_.push_back(attribute);
    nodes_.push_back(value);
  }
}

void EventJson::Parser::end() {
  if (open_.empty()) return;
  end_text();
  nodes_[open_.back().node].end = static_cast<std::uint32_t>(nodes_.size());
  open_.pop_back();
}

void EventJson::Parser::text(std::string_view part) {
  if (!open_.empty()) text_ += part;
}

// Blanks between elements are layout; where an element has no others in it, they are its text.
void EventJson::Parser::end_text() {
  if (text_.empty() || open_.empty()) return text_.clear();
  if (!(open_.back().elements && is_blank(text_)) && room(1)) {
    Node node;
    node.kind = NodeKind::value;
    node.text = arena_.copy(text_);
    const bool number = std::ranges::find(kNumbers, nodes_[open_.back().node].name) != kNumbers.end();
    if (in_system() && number && is_number(node.text)) node.value_kind = model::Value::Kind::integer;
    node.end = static_cast<std::uint32_t>(nodes_.size()) + 1;
    nodes_.push_back(node);
  }
  text_.clear();
}

bool EventJson::Parser::append(std::string_view element, std::string& out, Fault& fault) {
  XML_ParserReset(parser_, "UTF-8");
  XML_SetUserData(parser_, this);
  XML_SetElementHandler(
      parser_,
      [](void* self, const char* name, const char** attributes) {
        static_cast<Parser*>(self)->start(name, attributes);
      },
      [](void* self, const char*) { static_cast<Parser*>(self)->end(); });
  XML_SetCharacterDataHandler(parser_, [](void* self, const char* part, int size) {
    static_cast<Parser*>(self)->text({part, static_cast<std::size_t>(size)});
  });
  nodes_.clear();
  open_.clear();
  text_.clear();
  arena_.reset();
  refused_.clear();
  if (element.size() > kMaxBytes) {
    fault = {0, fmt::format("expected an event of at most {} MiB, found more", kMaxBytes >> 20)};
    return false;
  }
  const XML_Status status = XML_Parse(parser_, element.data(), static_cast<int>(element.size()), XML_TRUE);
  if (status == XML_STATUS_OK && !nodes_.empty()) {
    renderer_.append(nodes_, out);
    return true;
  }
  const auto at = XML_GetCurrentByteIndex(parser_);
  fault.at = at < 0 ? 0 : std::min(static_cast<std::size_t>(at), element.size());
  fault.message = !refused_.empty()
                      ? fmt::format("expected {}, found more", refused_)
                      : fmt::format("expected well-formed XML, found: {}", XML_ErrorString(XML_GetErrorCode(parser_)));
  return false;
}

EventJson::EventJson() = default;
EventJson::~EventJson() = default;

bool EventJson::append(std::string_view element, std::string& out, Fault& fault) {
  if (!parser_) parser_ = std::make_unique<Parser>();
  return parser_->append(element, out, fault);
}

}  // namespace tocsin::evidence::xml
