// A live explanation: is the log source right, which part of the condition was true, and which bytes say so.
#include <fmt/format.h>

#include "report/chain.hpp"
#include "report/writers.hpp"

namespace tocsin {
namespace {

using report::Ink;
using report::Page;

constexpr std::size_t kRawShown = 512;

std::string_view truth_glyph(const Page& page, std::optional<bool> truth) {
  const bool unicode = page.charset() == report::Charset::unicode;
  if (!truth) return unicode ? "·" : "?";
  if (*truth) return unicode ? "✓" : "+";
  return unicode ? "✗" : "-";
}

void tree_line(Page& page, const Explanation::Node& node) {
  static constexpr std::size_t kDeepest = 12;  // deeper nodes keep this indent: the page is not that wide
  const std::size_t indent = 2 + 2 * std::min<std::size_t>(node.depth, kDeepest);
  const Ink ink = !node.truth ? Ink::dim : *node.truth ? Ink::green : Ink::red;
  std::string text = page.visible(node.text);
  const bool names_itself = node.text.empty() || node.kind == "field" || node.kind == "selection";
  if (!names_itself) text = fmt::format("{}: {}", page.visible(node.kind), text);
  if (node.text.empty()) text = page.visible(node.kind);
  page.paragraph(indent + 2, text, ink, std::string(indent, ' ') + std::string(truth_glyph(page, node.truth)));
  if (!node.detail.empty()) page.paragraph(indent + 4, page.visible(node.detail), Ink::dim);
}

// The event's own words, as the chain out of a results file has them.
Finding head_of(const Explanation& explanation) {
  Finding head;
  head.time = explanation.time;
  head.computer = explanation.computer;
  head.channel = explanation.channel;
  head.provider = explanation.provider;
  head.event_id = explanation.event_id;
  head.notes = explanation.notes;
  return head;
}

std::string verdict(const Page& page, const Explanation& explanation) {
  if (explanation.matched && explanation.nodes.empty()) {  // log hygiene has no condition
    return page.paint(Ink::bold, "The logs show it");
  }
  if (explanation.matched) return page.paint(Ink::bold, "The rule matches this event");
  return page.paint(Ink::bold, explanation.log_source_fits
                                   ? "The rule does not match this event"
                                   : "The rule does not look at such events: its log source is another");
}

}  // namespace

Result<void> write_explanation(const Explanation& explanation, const ReportOptions& options, ByteSink& sink) {
  report::Output out(sink);
  Page page(options, out);
  page.line(verdict(page, explanation));
  if (explanation.finding_id) page.line("finding " + page.visible(*explanation.finding_id));
  report::chain_rule(page, explanation.rule);
  report::chain_source(page, explanation.source, explanation.place);
  report::chain_event_head(page, head_of(explanation));
  page.heading("LOG SOURCE", explanation.log_source_fits ? "fits" : "does not fit");
  if (!explanation.log_source_detail.empty()) page.paragraph(2, page.visible(explanation.log_source_detail));
  if (!explanation.nodes.empty()) {
    page.heading("CONDITION", fmt::format("{} true  {} false  {} not reached", truth_glyph(page, true),
                                          truth_glyph(page, false), truth_glyph(page, std::nullopt)));
    for (const Explanation::Node& node : explanation.nodes) {
      tree_line(page, node);
      TOCSIN_CHECK(out.spill());
    }
  }
  report::chain_matches(page, explanation.matches);
  report::chain_parts(page, explanation.parts, explanation.part_sources);
  report::chain_event_json(page, explanation.event_json);
  report::chain_raw(page, explanation.raw, options.profile == Profile::full ? explanation.raw.size() : kRawShown);
  return out.finish();
}

}  // namespace tocsin
