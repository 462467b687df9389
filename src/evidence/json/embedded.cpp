#include "evidence/json/embedded.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "evidence/json/message_text.hpp"
#include "evidence/json/trouble.hpp"

namespace tocsin::evidence::json {

bool Expander::expand(std::string& out, std::string_view record, const std::vector<EmbeddedText>& texts,
                      const Shape& shape, std::vector<EmbeddedFault>& faults) {
  std::size_t at = 0;
  for (const EmbeddedText& embedded : texts) {
    const Token& token = embedded.token;
    text_.clear();
    append_unescaped(text_, record.substr(token.begin, token.end - token.begin));
    content_.clear();
    if (!open(content_, shape.embedded[embedded.id], token.begin - 1, faults)) continue;
    out += record.substr(at, token.begin - 1 - at);
    out += content_;
    at = token.end + 1;
  }
  if (at == 0) return false;
  out += record.substr(at);
  return true;
}

// Appends what text_ holds, as JSON. False: it is a text like any other.
bool Expander::open(std::string& out, const ShapeEmbedded& embedded, std::size_t at,
                    std::vector<EmbeddedFault>& faults) {
  const std::string_view text = base::trim(text_);
  const char first = text.empty() ? '\0' : text.front();
  std::string message;
  const bool script_block = embedded.as == ShapeEmbedded::As::script_block;
  if ((script_block || embedded.as == ShapeEmbedded::As::message) && first != '\0') {
    const bool of_powershell = script_block && (append_script_block(out, text_) || append_module_log(out, text_));
    if (!of_powershell) append_message(out, text_);
    return true;
  }
  if (embedded.as == ShapeEmbedded::As::json && (first == '{' || first == '[')) {
    NullHandler handler;
    Leniency leniency;
    Walker walker(text, handler, leniency);
    const std::size_t end = walker.walk(0);
    Fault fault = walker.fault();
    if (fault.code == Fault::Code::none && end < text.size()) fault = {Fault::Code::syntax, end, "the end of the text"};
    if (fault.code == Fault::Code::none) {
      out += text;
      return true;
    }
    message = describe(text, fault);
  } else if (embedded.as == ShapeEmbedded::As::xml && first == '<') {
    xml::Fault fault;
    if (xml_.append(text, out, fault)) return true;
    message = fault.message;
  }
  if (!message.empty()) faults.push_back({at, fmt::format("{}", fmt::join(embedded.path, ".")), std::move(message)});
  return false;
}

}  // namespace tocsin::evidence::json
