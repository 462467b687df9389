#include "scan/enable.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "detect/sigma/log_source.hpp"

namespace tocsin::scanning {
namespace {

bool fills(const Setting& setting, std::string_view channel) {
  return setting.product == "windows" && setting.fields.empty() && setting.reach_days == 0 &&
         std::ranges::any_of(setting.channels,
                             [&](const std::string& mine) { return base::equal_ascii(mine, channel); });
}

bool gives_one(const Setting& setting, const std::vector<std::int64_t>& ids) {
  return std::ranges::any_of(ids, [&](std::int64_t id) { return std::ranges::count(setting.event_ids, id) > 0; });
}

// Every host that lacks the events has others that the setting gives.
bool partly_on(const Setting& setting, const Metrics::Missing& lack, const HasEvent& has) {
  return std::ranges::all_of(lack.without_events, [&](const std::string& host) {
    return std::ranges::any_of(setting.event_ids, [&](std::int64_t id) { return has(host, lack.channel, id); });
  });
}

}  // namespace

const std::vector<Setting>& builtin_settings() {
  static const std::vector<Setting> kKnown = [] {
    std::vector<RuleProblem> problems;  // there are none: the files are tested
    return sigma::LogSources::load(sigma::builtin_log_source_files(), problems).settings();
  }();
  return kKnown;
}

void name_settings(Metrics& metrics, const std::vector<Setting>& known, const HasEvent& has) {
  std::map<std::size_t, std::uint32_t> named;  // by place in `known`
  const auto index_of = [&](std::size_t place) {
    const auto [at, is_new] = named.emplace(place, static_cast<std::uint32_t>(named.size()));
    if (is_new) metrics.settings.push_back(known[place]);
    return at->second;
  };
  for (Metrics::Missing& lack : metrics.missing) {
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (!fills(known[i], lack.channel)) continue;
      if (known[i].event_ids.empty() && !lack.without_channel.empty()) lack.for_channel.push_back(index_of(i));
      if (lack.without_events.empty() || !gives_one(known[i], lack.event_ids)) continue;
      lack.for_events.push_back(index_of(i));
      if (partly_on(known[i], lack, has)) lack.partly_on.push_back(index_of(i));
    }
  }
}

}  // namespace tocsin::scanning
