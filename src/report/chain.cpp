#include "report/chain.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "report/json_text.hpp"
#include "report/text_sections.hpp"

namespace tocsin::report {
namespace {

constexpr std::size_t kNameWidth = 14;
constexpr std::size_t kBytesPerLine = 16;

std::string joined(const Page& page, const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& text : list) out += (out.empty() ? "" : ", ") + page.visible(text);
  return out;
}

// Prose of a rule: where its author broke lines means nothing.
std::string on_one_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string logsource_text(const LogSource& logsource) {
  std::string out;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, value);
  };
  add("product", logsource.product);
  add("category", logsource.category);
  add("service", logsource.service);
  return out;
}

// The value with the matched bytes between the page's marks.
std::string marked_value(const Page& page, const Match& match) {
  const std::size_t begin = std::min<std::size_t>(match.span.begin, match.value.size());
  const std::size_t end = std::clamp<std::size_t>(match.span.end, begin, match.value.size());
  const std::string_view value = match.value;
  return fmt::format("{}{}{}{}{}", page.visible(value.substr(0, begin)), page.open_mark(),
                     page.visible(value.substr(begin, end - begin)), page.close_mark(),
                     page.visible(value.substr(end)));
}

void match_block(Page& page, const Match& match) {
  const std::string field = match.field.empty() ? "any value (keyword)" : page.visible(match.field);
  page.line(
      fmt::format("  {}  {}", page.paint(Ink::bold, page.visible(match.selection)), page.cut(field, page.width() / 2)));
  if (match.negated) {
    chain_line(page, "  absent", "the selection is listed because `not`, `null` or `neq` asked for an absence");
  }
  chain_line(page, "  event field", page.visible(match.event_field));
  chain_line(page, "  pattern", page.visible(match.pattern));
  if (!match.value.empty()) {
    chain_line(page, "  value", marked_value(page, match));
    chain_line(
        page, "  span",
        fmt::format("bytes {} to {} of {}{}", match.value_from + match.span.begin, match.value_from + match.span.end,
                    match.value_size != 0 ? match.value_size : match.value.size(),
                    match.value_size != 0 ? fmt::format(", of which {} are shown", match.value.size()) : ""));
  }
  chain_line(page, "  conversions", joined(page, match.conversions));
}

}  // namespace

void chain_line(Page& page, std::string_view name, std::string_view value, Ink ink) {
  if (value.empty()) return;
  page.paragraph(kNameWidth + 2, value, ink, "  " + std::string(name));
}

std::string_view class_meaning(EvidenceClass evidence_class) {
  static constexpr std::array<std::string_view, 7> kMeanings{
      "it was seen executing",        "it lies on the disk",           "a known hostile account made contact",
      "a hostile link was received",  "a hostile address was visited", "behaviour that resembles an attack",
      "a weakness or lack of hygiene"};
  return kMeanings.at(static_cast<std::size_t>(evidence_class) - 1);
}

std::string file_text(const Page& page, const RuleInfo& rule) {
  if (rule.file == kLogHygieneFile) return "none: built into the program";
  return rule.file.empty() ? std::string() : fmt::format("{}:{}", page.visible(rule.file), rule.line);
}

void chain_rule(Page& page, const RuleInfo& rule) {
  page.heading("RULE", page.visible(rule.title));
  chain_line(page, "author", page.visible(rule.author));
  chain_line(page, "license", page.visible(rule.license));
  chain_line(page, "id", page.visible(rule.id));
  chain_line(page, "level",
             fmt::format("{}, status {}, evidence class {}: {}", to_string(rule.level), to_string(rule.status),
                         to_string(rule.evidence_class), class_meaning(rule.evidence_class)),
             ink_of(rule.level));
  chain_line(page, "file", file_text(page, rule));
  chain_line(page, "sha256", page.visible(rule.sha256));
  chain_line(page, "log source", page.visible(logsource_text(rule.logsource)));
  chain_line(page, "tags", joined(page, rule.tags));
  chain_line(page, "description", page.visible(on_one_line(rule.description)));
  chain_line(page, "benign causes", joined(page, rule.false_positives));
  for (const std::string& step : rule.next) chain_line(page, "look next", page.visible(step));
  for (const std::string& reference : rule.references) chain_line(page, "reference", page.visible(reference));
  chain_line(page, "condition", page.visible(rule.condition));
}

void chain_source(Page& page, const SourceInfo& source, const Place& place) {
  page.heading("WHERE IT LIES");
  chain_line(page, "source", page.visible(source.path));
  chain_line(page, "container", page.visible(source.container));
  chain_line(page, "collected", collected_text(page, source));
  chain_line(page, "sha256", page.visible(source.sha256));
  if (!source.no_hash.empty()) chain_line(page, "sha256", page.visible("none: " + source.no_hash));
  if (source.sha256.empty() && !source.sha256_prefix.empty()) {
    chain_line(page, "sha256",
               fmt::format("{} of the first {} bytes", page.visible(source.sha256_prefix),
                           with_commas(source.sha256_prefix_length)));
  }
  std::string where = place_text(place);
  if (place.chunk != Place::kNone) where = fmt::format("chunk {}, {}", place.chunk, where);
  chain_line(page, "place", where);
}

void chain_event_head(Page& page, const Finding& finding) {
  chain_line(page, "time", finding.time ? format_time(*finding.time) : std::string("none"));
  chain_line(page, "host", page.visible(finding.computer));
  chain_line(page, "channel", page.visible(finding.channel));
  chain_line(page, "provider", page.visible(finding.provider));
  chain_line(page, "event id", finding.event_id ? std::to_string(*finding.event_id) : std::string());
  chain_line(page, "read as", page.visible(finding.log_source_variant));
  for (const std::string& note : finding.notes) chain_line(page, "note", page.visible(note), Ink::yellow);
}

void chain_matches(Page& page, const std::vector<Match>& matches) {
  if (matches.empty()) return;
  page.heading("WHAT MATCHED", fmt::format("matched text between {} and {}", page.open_mark(), page.close_mark()));
  for (const Match& match : matches) match_block(page, match);
}

void chain_parts(Page& page, const std::vector<Finding::Part>& parts, const std::vector<std::string>& sources) {
  if (parts.empty()) return;
  page.heading("PARTS", counted(parts.size(), "record makes this finding", "records make this finding"));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string name = i < sources.size() ? sources[i] + ", " : std::string();
    page.paragraph(4, page.visible(name) + place_text(parts[i].place));
  }
}

void chain_event_json(Page& page, std::string_view compact) {
  if (compact.empty()) return;
  const std::string json = pretty_json(compact);
  page.heading("THE EVENT");
  for (std::size_t at = 0; at <= json.size();) {
    const std::size_t end = std::min(json.find('\n', at), json.size());
    const std::string line = page.visible(std::string_view(json).substr(at, end - at));
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent != std::string::npos) page.paragraph(2 + indent, line.substr(indent));
    at = end + 1;
  }
}

void chain_raw(Page& page, std::string_view raw, std::size_t most) {
  if (raw.empty()) return;
  page.heading("ITS BYTES", counted(raw.size(), "byte", "bytes"));
  const std::string_view shown = raw.substr(0, most);
  for (std::size_t at = 0; at < shown.size(); at += kBytesPerLine) {
    std::string hex, text;
    for (const char c : shown.substr(at, kBytesPerLine)) {
      hex += fmt::format("{:02x} ", static_cast<unsigned char>(c));
      text += c > ' ' && c < 0x7F ? c : '.';
    }
    page.line(fmt::format("  {:08x}  {}  {}", at, pad_right(hex, kBytesPerLine * 3), text));
  }
  if (shown.size() < raw.size()) {
    page.line(fmt::format("  and {} (--profile full shows all)",
                          counted(raw.size() - shown.size(), "more byte", "more bytes")));
  }
}

}  // namespace tocsin::report
