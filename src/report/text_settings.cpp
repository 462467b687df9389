// What to switch on, and which techniques nobody could look for without it.
#include <algorithm>

#include <fmt/format.h>

#include "report/techniques.hpp"
#include "report/text_sections.hpp"

namespace tocsin::report {
namespace {

constexpr std::size_t kSettingsShown = 5;
constexpr std::size_t kTechniquesShown = 16;
constexpr std::size_t kNumberWidth = 8;

// Those with a command, most rules first; what only has to be fetched stands with its reason. Whose evidence is of
// Windows is not told to buy a cloud.
std::vector<const SettingUse*> worth_showing(const ResultView& view, const Rollup& rollup) {
  std::vector<const SettingUse*> out;
  for (const SettingUse& use : rollup.settings) {
    const Setting& setting = view.settings().at(use.setting);
    const bool counts = out.size() < kSettingsShown || !use.short_sources.empty();
    const bool fits = rollup.products.empty() || rollup.products.contains(setting.product);
    if (counts && fits && !setting.command.empty()) out.push_back(&use);
  }
  return out;
}

std::string reach_of(const Page& page, const ResultView& view, const SettingUse& use) {
  const SourceInfo& source = view.sources().at(use.short_sources.front());
  std::string text =
      fmt::format("{} reaches back {}", source_name(page, source), duration(*source.first_time, *source.last_time));
  if (use.short_sources.size() > 1) {
    text += fmt::format(", {} no further", counted(use.short_sources.size() - 1, "other one", "other ones"));
  }
  return text;
}

void setting(Page& page, const ResultView& view, const SettingUse& use) {
  const Setting& one = view.settings().at(use.setting);
  const std::size_t indent = kNumberWidth + 2;
  const std::string number = pad_left(use.rules == 0 ? std::string("reach") : with_commas(use.rules), kNumberWidth);
  std::string title = page.visible(one.title);
  if (!use.techniques.empty())
    title += fmt::format("{}{}", page.dot(), counted(use.techniques.size(), "technique", "techniques"));
  page.paragraph(indent, title, Ink::bold, number);
  if (!use.short_sources.empty()) page.paragraph(indent, reach_of(page, view, use));
  page.paragraph(indent, page.visible(one.command), Ink::green);
  if (!one.cost.empty()) page.paragraph(indent, fmt::format("costs: {}", page.visible(one.cost)), Ink::dim);
}

// Techniques of which no rule could be judged: nothing can be said about them.
void blind_techniques(Page& page, const Rollup& rollup) {
  std::vector<std::string> words;
  for (const TechniqueCoverage& technique : rollup.techniques) {
    if (technique.matched + technique.not_seen == 0)
      words.push_back(page.visible(technique_label(technique.technique)));
  }
  if (words.empty()) return;
  const std::size_t all = words.size();
  if (all > kTechniquesShown) words.resize(kTechniquesShown);
  page.paragraph(2, fmt::format("Of {} techniques that the rules know, {} could not be looked for by any rule:",
                                with_commas(rollup.techniques.size()), with_commas(all)));
  page.flow(2, words);
  if (all > words.size()) {
    page.paragraph(2, fmt::format("and {} more; --format jsonl names all, with what would help", all - words.size()),
                   Ink::dim);
  }
}

}  // namespace

void text_settings(Page& page, const ResultView& view, const Rollup& rollup) {
  blind_techniques(page, rollup);
  const std::vector<const SettingUse*> shown = worth_showing(view, rollup);
  if (shown.empty()) return;
  page.heading("WHAT TO SWITCH ON", "so that more can be judged next time; rules that wait for it");
  for (const SettingUse* use : shown) setting(page, view, *use);
}

}  // namespace tocsin::report
