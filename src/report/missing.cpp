#include "report/missing.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tocsin::report {
namespace {

constexpr std::size_t kHostsShown = 4;

std::string host_list(const Page& page, const std::vector<std::string>& hosts) {
  std::vector<std::string> names;
  for (const std::string& host : hosts) names.push_back(page.visible(short_host(host)));
  return short_list(names, kHostsShown);
}

std::string lead_of(const Page& page, const Setting& setting, bool partly_on) {
  if (partly_on) {
    return fmt::format(
        "{} is on at least in part, for other events of it are there: perhaps nothing of the kind "
        "happened. Else",
        page.visible(setting.title));
  }
  return fmt::format("switch on {}{}", page.visible(setting.title),
                     setting.on_by_default ? ", which Windows has on unless somebody changed it" : "");
}

// What would change it. A command and its cost are told once for all that wait for it.
void ways_out(Page& page, const Metrics& metrics, const Metrics::Missing& lack,
              const std::vector<std::uint32_t>& settings, std::set<std::uint32_t>& told) {
  constexpr std::size_t kIndent = 6;
  for (const std::uint32_t index : settings) {
    const Setting& one = metrics.settings.at(index);
    if (!one.fetch.empty()) page.paragraph(kIndent, fmt::format("fetch {}", page.visible(one.fetch)));
    if (one.command.empty()) {
      if (one.fetch.empty()) page.paragraph(kIndent, page.visible(one.title));
      continue;
    }
    const bool again = !told.insert(index).second, partly_on = std::ranges::count(lack.partly_on, index) > 0;
    page.paragraph(kIndent, lead_of(page, one, partly_on) + (again ? ", as above" : ":"));
    if (again) continue;
    page.paragraph(kIndent + 2, page.visible(one.command), Ink::green);
    if (!one.cost.empty()) page.paragraph(kIndent + 2, fmt::format("costs: {}", page.visible(one.cost)), Ink::dim);
  }
}

void setting_ids(JsonWriter& json, std::string_view name, const Metrics& metrics,
                 const std::vector<std::uint32_t>& settings) {
  std::vector<std::string> ids;
  for (const std::uint32_t index : settings) ids.push_back(metrics.settings.at(index).id);
  strings(json, name, ids);
}

void missing_members(JsonWriter& json, const Metrics& metrics, const Metrics::Missing& lack) {
  json.member("what", lack.what);
  json.member("channel", lack.channel);
  json.key("event_ids");
  json.begin_array();
  for (const std::int64_t id : lack.event_ids) json.integer(id);
  json.end_array();
  json.member("means", lack.means);
  strings(json, "without_channel", lack.without_channel);
  strings(json, "without_events", lack.without_events);
  setting_ids(json, "for_channel", metrics, lack.for_channel);
  setting_ids(json, "for_events", metrics, lack.for_events);
  setting_ids(json, "partly_on", metrics, lack.partly_on);
}

void setting_members(JsonWriter& json, const Setting& setting) {
  json.member("id", setting.id);
  json.member("title", setting.title);
  text_or_null(json, "fetch", setting.fetch);
  text_or_null(json, "command", setting.command);
  text_or_null(json, "cost", setting.cost);
  json.member("on_by_default", setting.on_by_default);
}

}  // namespace

void missing_section(Page& page, const Metrics& metrics) {
  if (metrics.hosts.empty() && metrics.missing.empty()) return;  // there is no host to say it of
  page.heading("ABSENT", metrics.missing.empty()
                             ? "no log that every Windows host should have"
                             : "what a Windows host should have, and is not in this evidence; what would change it");
  std::set<std::uint32_t> told;
  for (const Metrics::Missing& lack : metrics.missing) {
    const std::string channel = page.visible(short_channel(lack.channel));
    const std::string events = lack.event_ids.empty() ? "" : fmt::format(" {}", fmt::join(lack.event_ids, ", "));
    page.line(fmt::format("  {}  {}{}", page.paint(Ink::bold, lack.what), channel, events));
    page.paragraph(4, lack.means);
    if (!lack.without_channel.empty()) {
      page.paragraph(4, fmt::format("no such log from {}", host_list(page, lack.without_channel)), Ink::yellow);
      ways_out(page, metrics, lack, lack.for_channel, told);
    }
    if (!lack.without_events.empty()) {
      page.paragraph(4, fmt::format("the log, but none of these events, from {}", host_list(page, lack.without_events)),
                     Ink::yellow);
      ways_out(page, metrics, lack, lack.for_events, told);
    }
  }
}

Result<void> missing_rows(AnswerJson& answer, const Metrics& metrics) {
  for (const Metrics::Missing& lack : metrics.missing) {
    TOCSIN_CHECK(answer.row("missing", [&](JsonWriter& json) { missing_members(json, metrics, lack); }));
  }
  for (const Setting& setting : metrics.settings) {
    TOCSIN_CHECK(answer.row("setting", [&](JsonWriter& json) { setting_members(json, setting); }));
  }
  return {};
}

}  // namespace tocsin::report
