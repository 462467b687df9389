#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "evidence/evtx/name.hpp"
#include "evidence/evtx/render.hpp"
#include "evidence/evtx/token.hpp"

namespace tocsin::evidence::evtx {
namespace {

enum class Place : std::uint8_t { text, attribute, verbatim };

// XML 1.0, "Char": everything else becomes '_', as Windows does.
bool is_xml_char(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) || (c >= 0xE000 && c < 0xFFFE) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

void append_char(std::string& out, char32_t c, Place place) {
  if (!is_xml_char(c)) return out.push_back('_');
  switch (c) {
    case '\r':
    case '\n':
    case '\t':
      // Raw ones would break the line, or be changed by a parser's normalisation.
      if (place == Place::verbatim || (c == '\t' && place == Place::text)) {
        out.push_back(c == '\t' ? '\t' : ' ');
      } else {
        out += c == '\r' ? "&#13;" : c == '\n' ? "&#10;" : "&#9;";
      }
      return;
    case '&':
      out += place == Place::verbatim ? "&" : "&amp;";
      return;
    case '<':
      out += place == Place::verbatim ? "<" : "&lt;";
      return;
    case '>':
      out += place == Place::verbatim ? ">" : "&gt;";
      return;
    case '"':
      out += place == Place::attribute ? "&quot;" : "\"";
      return;
    case '\'':
      out += place == Place::attribute ? "&apos;" : "'";
      return;
    default:
      base::append_code_point(out, c);
  }
}

void append_text(std::string& out, std::string_view text, Place place) {
  for (std::size_t at = 0; at < text.size();) append_char(out, base::next_code_point(text, at), place);
}

void append_name(std::string& out, std::string_view name) {
  bool first = true;
  for (std::size_t at = 0; at < name.size(); first = false) {
    const char32_t c = base::next_code_point(name, at);
    if (is_name_char(c, first)) {
      base::append_code_point(out, c);
    } else {
      out.push_back('_');
    }
  }
  if (first) out.push_back('_');
}

// CDATA and processing instructions have no escapes: what would end them early is split or blanked. A line break inside
// CDATA is written outside of it.
void append_cdata(std::string& out, std::string_view text) {
  out += "<![CDATA[";
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = base::next_code_point(text, at);
    if (c == '\n' || c == '\r') {
      out += c == '\n' ? "]]>&#10;<![CDATA[" : "]]>&#13;<![CDATA[";
    } else if (c == '>' && out.ends_with("]]")) {
      out += "]]><![CDATA[>";
    } else {
      append_char(out, c, Place::verbatim);
    }
  }
  out += "]]>";
}

void append_instruction(std::string& out, const Node& node) {
  out += "<?";
  append_name(out, node.name);
  out.push_back(' ');
  for (std::size_t at = 0; at < node.text.size();) {
    const char32_t c = base::next_code_point(node.text, at);
    if (c == '>' && out.ends_with('?')) out.push_back(' ');
    append_char(out, c, Place::verbatim);
  }
  out += "?>";
}

void append_entity(std::string& out, std::string_view name) {
  // Only XML's own five are known to a reader without a DTD; any other is shown as text.
  out += entity_text(name).empty() ? "&amp;" : "&";
  append_name(out, name);
  out.push_back(';');
}

void append_part(std::string& out, const Node& node, Place place) {
  switch (node.kind) {
    case NodeKind::cdata:
      if (place == Place::attribute) return append_text(out, node.text, place);
      return append_cdata(out, node.text);
    case NodeKind::char_ref:
      return append_text(out, node.text, place);
    case NodeKind::entity:
      return append_entity(out, node.name);
    case NodeKind::pi:
      return append_instruction(out, node);
    default:
      return append_text(out, node.text, place);
  }
}

class XmlWriter {
 public:
  XmlWriter(const Nodes& nodes, std::string& out) : nodes_(nodes), out_(out) {}
  void run();

 private:
  std::uint32_t start_tag(std::uint32_t index);
  void close_until(std::uint32_t index);
  const Nodes& nodes_;
  std::string& out_;
  std::vector<std::uint32_t> open_;
  std::set<std::string> seen_;  // attribute names of the current start tag
  std::string name_;
};

void XmlWriter::close_until(std::uint32_t index) {
  while (!open_.empty() && nodes_[open_.back()].end <= index) {
    out_ += "</";
    append_name(out_, nodes_[open_.back()].name);
    out_.push_back('>');
    open_.pop_back();
  }
}

// Returns the first node of the content.
std::uint32_t XmlWriter::start_tag(std::uint32_t index) {
  const Node& node = nodes_[index];
  out_.push_back('<');
  append_name(out_, node.name);
  std::uint32_t i = index + 1;
  seen_.clear();
  for (; i < node.end && nodes_[i].kind == NodeKind::attribute; i = nodes_[i].end) {
    name_.clear();
    append_name(name_, nodes_[i].name);
    if (!seen_.insert(name_).second) continue;  // XML has an attribute once; the first one wins
    out_.push_back(' ');
    out_.append(name_).append("=\"");
    for (std::uint32_t part = i + 1; part < nodes_[i].end; ++part) append_part(out_, nodes_[part], Place::attribute);
    out_.push_back('"');
  }
  if (i == node.end && node.closed_empty) {
    out_ += "/>";
  } else {
    out_.push_back('>');
    open_.push_back(index);
  }
  return i;
}

void XmlWriter::run() {
  for (std::uint32_t i = 0; i < nodes_.size();) {
    close_until(i);
    const Node& node = nodes_[i];
    if (node.kind == NodeKind::element) {
      i = start_tag(i);
      continue;
    }
    if (node.kind != NodeKind::splice) append_part(out_, node, Place::text);
    ++i;
  }
  close_until(static_cast<std::uint32_t>(nodes_.size()));
}

}  // namespace

void append_xml(const Nodes& nodes, std::string& out) {
  XmlWriter(nodes, out).run();
}

}  // namespace tocsin::evidence::evtx
