// Sources and reach: what was read, from when to when, and with which holes.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "report/text_sections.hpp"

namespace tocsin::report {
namespace {

constexpr std::size_t kSourcesShown = 12;
constexpr std::size_t kNamesShown = 3;

// The sources with the most events; canonical order among those shown.
std::vector<const SourceInfo*> worth_showing(const ResultView& view) {
  std::vector<const SourceInfo*> all;
  for (const SourceInfo& source : view.sources()) {
    if (source.records > 0) all.push_back(&source);
  }
  std::ranges::stable_sort(all, [](const auto* a, const auto* b) { return a->records > b->records; });
  if (all.size() > kSourcesShown) all.resize(kSourcesShown);
  std::ranges::sort(all, {}, &SourceInfo::index);
  return all;
}

std::string reach_of(const SourceInfo& source) {
  if (!source.first_time || !source.last_time) return "no times";
  return fmt::format("{} ({})", time_range(*source.first_time, *source.last_time),
                     duration(*source.first_time, *source.last_time));
}

std::string from_whom(const Page& page, const SourceInfo& source) {
  std::vector<std::string> names;
  for (const std::string& channel : source.channels) names.push_back(page.visible(short_channel(channel)));
  std::string out = short_list(short_hosts(page, source.computers), kNamesShown);
  const std::string channels = short_list(names, kNamesShown);
  if (!out.empty() && !channels.empty()) out += page.dot();
  return out + channels;
}

std::string gap_text(const Page& page, const SourceInfo& source) {
  std::string out;
  if (!source.id_gaps.empty()) {
    const SourceInfo::IdGap& gap = source.id_gaps.front();
    const std::uint64_t missing = gap.before_id > gap.after_id ? gap.before_id - gap.after_id - 1 : 0;
    out = fmt::format("{} missing after record {}", counted(missing, "record", "records"), gap.after_id);
    if (gap.after_time) out += fmt::format(" ({})", short_time(*gap.after_time));
    if (source.id_gap_count > 1) out += fmt::format(", and {} more", counted(source.id_gap_count - 1, "gap", "gaps"));
  }
  if (!source.time_gaps.empty()) {
    const SourceInfo::TimeGap& gap = source.time_gaps.front();
    if (!out.empty()) out += page.dot();
    out += fmt::format("silent for {} from {}", duration(gap.from, gap.to), short_time(gap.from));
    if (source.time_gap_count > 1)
      out += fmt::format(", and {} more", counted(source.time_gap_count - 1, "time", "times"));
  }
  return out;
}

void narrow_source(Page& page, const SourceInfo& source) {
  page.two_sides(2, source_name(page, source), counted(source.records, "event", "events"));
  page.line("    " + page.cut(fmt::format("{}  {}", reach_of(source), from_whom(page, source)), page.width() - 4));
}

// Columns of the wide form, as wide as what stands in them; the path takes what the others leave.
struct Columns {
  std::size_t name, events, reach, whom;
};

Columns columns_for(const Page& page, const std::vector<const SourceInfo*>& shown) {
  Columns out{0, 0, 0, 0};
  for (const SourceInfo* source : shown) {
    out.events = std::max(out.events, columns(counted(source->records, "event", "events")));
    out.reach = std::max(out.reach, columns(reach_of(*source)));
    out.whom = std::max(out.whom, columns(from_whom(page, *source)));
    out.name = std::max(out.name, columns(source_name(page, *source)));
  }
  const std::size_t rest = page.width() - out.reach - out.events - 8;
  out.whom = std::min(out.whom, rest * 2 / 5);
  out.name = std::min(out.name, rest - out.whom);
  return out;
}

void wide_source(Page& page, const SourceInfo& source, const Columns& widths) {
  page.line(fmt::format("  {}  {}  {}  {}",
                        pad_right(cut_begin(source_name(page, source), widths.name, page.charset()), widths.name),
                        pad_left(counted(source.records, "event", "events"), widths.events),
                        pad_right(reach_of(source), widths.reach), page.cut(from_whom(page, source), widths.whom)));
}

bool has_gaps(const SourceInfo& source) {
  return source.id_gap_count + source.time_gap_count > 0;
}

void rest(Page& page, const ResultView& view, const std::vector<const SourceInfo*>& shown) {
  std::uint64_t read = 0, containers = 0, empty = 0, unknown = 0, with_gaps = 0;
  for (const SourceInfo& source : view.sources()) {
    ++(source.is_container ? containers : source.format.empty() ? unknown : source.records == 0 ? empty : read);
    with_gaps += has_gaps(source);
  }
  for (const SourceInfo* source : shown) with_gaps -= has_gaps(*source);
  std::string out;
  const auto add = [&](std::uint64_t count, std::string_view one, std::string_view many) {
    if (count == 0) return;
    if (!out.empty()) out += page.dot();
    out += counted(count, one, many);
  };
  add(read - std::min<std::uint64_t>(read, shown.size()), "smaller source", "smaller sources");
  if (with_gaps > 0) out += fmt::format(", {} with gaps", with_commas(with_gaps));
  add(containers, "archive", "archives");
  add(empty, "source without events", "sources without events");
  add(unknown, "file of another kind", "files of other kinds");
  add(view.summary().paths_failed, "path that could not be opened", "paths that could not be opened");
  if (!out.empty()) page.paragraph(2, out, Ink::dim);
}

}  // namespace

std::string source_name(const Page& page, const SourceInfo& source) {
  std::string out = page.visible(source.path);
  if (!source.container.empty()) out += "!/" + page.visible(source.container);
  return out;
}

std::string collected_text(const Page& page, const SourceInfo& source) {
  const SourceInfo::Collected& collected = source.collected;
  if (collected.kind.empty()) return {};
  std::string out = page.visible(collected.original_path);
  if (!collected.host.empty()) out += fmt::format("{}of {}", out.empty() ? "" : " ", page.visible(collected.host));
  if (!collected.shadow_copy.empty()) out += fmt::format(", {}", page.visible(collected.shadow_copy));
  return fmt::format("{}{}({})", out, out.empty() ? "" : " ", collected.kind);
}

void text_sources(Page& page, const ResultView& view) {
  const std::vector<const SourceInfo*> shown = worth_showing(view);
  page.heading("SOURCES AND REACH", shown.empty() ? "nothing with events in it" : "times are UTC");
  const Columns widths = columns_for(page, shown);
  for (const SourceInfo* source : shown) {
    page.wide() ? wide_source(page, *source, widths) : narrow_source(page, *source);
    if (const std::string was = collected_text(page, *source); !was.empty()) {
      page.paragraph(10, was, Ink::dim, "    was:");
    }
    if (const std::string gaps = gap_text(page, *source); !gaps.empty()) {
      page.paragraph(10, gaps, Ink::yellow, "    gaps:");
    }
  }
  rest(page, view, shown);
}

}  // namespace tocsin::report
