// Findings by level, techniques, and the few findings that tell most, with their proof.
#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "report/chain.hpp"
#include "report/techniques.hpp"
#include "report/text_sections.hpp"

namespace tocsin::report {
namespace {

constexpr std::array<std::size_t, 5> kRulesShown{4, 6, 8, 10, 12};  // index: Level
constexpr std::size_t kHostsShown = 2;
constexpr std::size_t kCountWidth = 9;
constexpr std::size_t kTechniquesShown = 40;

std::vector<std::string> visible_all(const Page& page, const std::set<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) out.push_back(page.visible(name));
  return out;
}

std::string when_and_where(const Page& page, const RuleTally& tally) {
  const std::vector<std::string> hosts = page.wide() ? visible_all(page, tally.hosts) : short_hosts(page, tally.hosts);
  std::string out = tally.first && tally.last ? time_range(*tally.first, *tally.last) : std::string();
  const std::string where = short_list(hosts, kHostsShown);
  if (!out.empty() && !where.empty()) out += page.dot();
  return out + where;
}

// Title and author are never cut: SigmaHQ's licence asks for the author wherever a match is shown.
void rule_lines(Page& page, const RuleInfo& rule, const RuleTally& tally) {
  const std::string count = pad_left(with_commas(tally.count), kCountWidth - 2) + " " + std::string(page.times());
  const std::size_t indent = kCountWidth + 2;
  const std::string title = page.visible(rule.title), author = by_author(page, rule);
  const std::string when = when_and_where(page, tally);
  const std::size_t together = indent + columns(title) + 2 + columns(author);
  if (page.wide() && together + 2 + columns(when) <= page.width()) {
    page.line(fmt::format("{}  {}  {}{}{}", count, title, page.paint(Ink::dim, author),
                          std::string(page.width() - together - columns(when), ' '), page.paint(Ink::dim, when)));
    return;
  }
  if (together <= page.width()) {
    page.line(fmt::format("{}  {}  {}", count, title, page.paint(Ink::dim, author)));
  } else {
    page.paragraph(indent, title, Ink::plain, count);
    if (!author.empty()) page.paragraph(indent, author, Ink::dim);
  }
  if (!when.empty()) page.line(std::string(indent, ' ') + page.paint(Ink::dim, page.cut(when, page.width() - indent)));
}

void level_lines(Page& page, const ResultView& view, Level level, const std::vector<RuleTally>& rules) {
  std::uint64_t findings = 0, hidden = 0;
  for (const RuleTally& tally : rules) findings += tally.count;
  page.line(fmt::format("  {}  {} of {}", page.paint(ink_of(level), to_string(level)),
                        counted(findings, "finding", "findings"), counted(rules.size(), "rule", "rules")));
  const std::size_t shown = std::min(rules.size(), kRulesShown.at(static_cast<std::size_t>(level)));
  for (std::size_t i = 0; i < shown; ++i) rule_lines(page, view.rules()[rules[i].rule], rules[i]);
  for (std::size_t i = shown; i < rules.size(); ++i) hidden += rules[i].count;
  if (hidden > 0) {
    page.line(
        std::string(kCountWidth + 2, ' ') +
        page.paint(Ink::dim, fmt::format("and {} with {}", counted(rules.size() - shown, "more rule", "more rules"),
                                         counted(hidden, "finding", "findings"))));
  }
}

std::string event_name(const Page& page, const Finding& finding) {
  std::string out = channel_name(page, finding.channel);
  if (finding.event_id) out += fmt::format("{}{}", out.empty() ? "event " : " ", *finding.event_id);
  return out;
}

// When, who and what, and the id that `tocsin explain` takes.
std::string proof_event(const Page& page, const Finding& finding) {
  std::string out = finding.time ? short_time(*finding.time) : std::string("no time");
  for (const std::string& part : {host_name(page, finding.computer), event_name(page, finding)}) {
    if (!part.empty()) out += std::string(page.dot()) + part;
  }
  return out + fmt::format("{}finding {}", page.dot(), page.visible(short_id(finding.id)));
}

// Event and place, on one line where both fit whole, else on two. The place itself is never cut, a long path loses its
// beginning.
void proof_place(Page& page, const ResultView& view, const Finding& finding) {
  static constexpr std::size_t kIndent = 5;
  const std::size_t width = page.width() - kIndent;
  const std::string indent(kIndent, ' ');
  const std::string event = proof_event(page, finding);
  const std::string source = source_name(page, view.sources().at(finding.source));
  const std::string place = ", " + place_text(finding.place);
  if (columns(event) + columns(page.dot()) + columns(source) + columns(place) <= width) {
    page.line(fmt::format("{}{}{}{}{}", indent, event, page.dot(), source, place));
    return;
  }
  page.line(indent + page.cut(event, width));
  const std::size_t room = width - std::min(width, columns(place));
  page.line(indent + page.cut(cut_begin(source, room, page.charset()) + place, width));
}

// The gravest, then the most frequent ones.
std::set<std::string_view> techniques_shown(const Tally& tally) {
  std::vector<std::tuple<int, std::uint64_t, std::string_view>> order;
  for (const auto& [technique, count] : tally.techniques) {
    const auto level = tally.technique_levels.find(technique);
    order.emplace_back(level == tally.technique_levels.end() ? 0 : -static_cast<int>(level->second), ~count, technique);
  }
  std::ranges::sort(order);
  if (order.size() > kTechniquesShown) order.resize(kTechniquesShown);
  std::set<std::string_view> out;
  for (const auto& one : order) out.insert(std::get<2>(one));
  return out;
}

// What the letters behind the levels mean: how strong the evidence is, E1 the strongest.
void legend(Page& page, const std::set<EvidenceClass>& classes) {
  std::string text;
  for (const EvidenceClass one : classes) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", to_string(one), class_meaning(one));
  }
  page.paragraph(2, fmt::format("E1 is the strongest class of evidence, E7 the weakest. {}", text), Ink::dim);
}

}  // namespace

std::string place_text(const Place& place) {
  std::string out;
  if (place.record != Place::kNone) out = fmt::format("record {}", place.record);
  if (place.line != Place::kNone) out += fmt::format("{}line {}", out.empty() ? "" : ", ", place.line);
  out += fmt::format("{}{} at byte {}", out.empty() ? "" : ", ", counted(place.length, "byte", "bytes"), place.offset);
  if (place.carved) out += ", carved";
  return out;
}

std::string match_line(const Page& page, const Match& match, std::size_t width) {
  const std::string field = match.field.empty() ? "keyword" : page.visible(match.field);
  if (match.negated) return page.cut(fmt::format("{} absent, as `not` asks", field), width);
  // Said twice only where the event has another name for it: "Image|endswith (NewProcessName)".
  const std::string_view own = std::string_view(match.field).substr(0, match.field.find('|'));
  const std::string_view theirs = std::string_view(match.event_field).substr(match.event_field.rfind('.') + 1);
  const std::string named = match.event_field.empty() || own == theirs
                                ? field
                                : fmt::format("{} ({})", field, page.visible(match.event_field));
  const std::string head = page.cut(named, width / 2) + ": ";
  const std::size_t marks = columns(page.open_mark()) + columns(page.close_mark());
  const std::size_t room = width - columns(head) - marks;
  const Excerpt part = excerpt(match.value, match.span, room, page.charset());
  return fmt::format("{}{}{}{}{}{}", head, part.before, page.open_mark(), page.paint(Ink::bold, part.matched),
                     page.close_mark(), part.after);
}

void text_findings(Page& page, const ResultView& view, const Tally& tally) {
  if (view.summary().findings == 0) return;
  page.heading("FINDINGS BY LEVEL");
  for (std::size_t level = tally.by_level.size(); level-- > 0;) {
    if (!tally.by_level[level].empty()) level_lines(page, view, static_cast<Level>(level), tally.by_level[level]);
  }
}

void text_techniques(Page& page, const Tally& tally) {
  if (tally.techniques.empty() && tally.tactics.empty()) return;
  page.heading("TECHNIQUES SEEN", counted(tally.techniques.size(), "ATT&CK technique", "ATT&CK techniques"));
  std::vector<std::string> words;
  const std::set<std::string_view> shown = techniques_shown(tally);
  for (const auto& [technique, count] : tally.techniques) {
    if (!shown.contains(technique)) continue;
    words.push_back(page.visible(technique_label(technique)));
    if (count > 1) words.back() += fmt::format(" {}{}", page.times(), with_commas(count));
  }
  page.flow(2, words);
  if (shown.size() < tally.techniques.size()) {
    page.paragraph(2,
                   fmt::format("and {} more, of lower level or with fewer findings; --format jsonl names all",
                               tally.techniques.size() - shown.size()),
                   Ink::dim);
  }
  if (tally.tactics.empty()) return;
  std::string tactics;
  for (const std::string& tactic : tally.tactics) tactics += (tactics.empty() ? "" : ", ") + page.visible(tactic);
  page.paragraph(2, tactics, Ink::dim);
}

void text_telling(Page& page, const ResultView& view, const Tally& tally) {
  if (tally.telling.empty()) return;
  page.heading("MOST TELLING", "with the place and the text that proves it");
  std::size_t number = 0;
  std::set<EvidenceClass> classes;
  for (const RuleTally* one : tally.telling) {
    const RuleInfo& rule = view.rules()[one->rule];
    const Finding& finding = one->earliest;
    const std::string author = by_author(page, rule);
    const std::string weight = fmt::format("{} {}", to_string(rule.level), to_string(rule.evidence_class));
    classes.insert(rule.evidence_class);
    const std::string level = page.paint(ink_of(rule.level), weight);
    const std::string head = fmt::format("{}  {}", page.visible(rule.title), author);
    const std::size_t used = 5 + columns(weight) + 2;
    if (used + columns(head) <= page.width()) {
      page.line(fmt::format("  {}  {}  {}", ++number, level, head));
    } else {
      page.line(fmt::format("  {}  {}  {}", ++number, level, page.cut(page.visible(rule.title), page.width() - used)));
      if (!author.empty()) page.paragraph(5, author, Ink::dim);
    }
    proof_place(page, view, finding);
    const Match* match = best_match(finding);
    page.line("     " + (match != nullptr ? match_line(page, *match, page.width() - 5)
                                          : std::string("matched by what is absent; see `tocsin explain`")));
    if (!rule.next.empty()) page.paragraph(5, "next: " + page.visible(rule.next.front()), Ink::dim);
  }
  legend(page, classes);
}

}  // namespace tocsin::report
