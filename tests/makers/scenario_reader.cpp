// Scenario::load: from YAML to groups, hosts, pools and outputs.
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "tests/makers/scenario.hpp"

namespace tocsin::makers {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs read_pairs(const YamlView& node) {
  Pairs pairs;
  for (const auto& [key, value] : node.members()) pairs.emplace_back(key, value.text());
  return pairs;
}

std::vector<std::string> read_texts(const YamlView& node) {
  std::vector<std::string> texts;
  for (const YamlView& item : node.items()) texts.push_back(item.text());
  return texts;
}

std::optional<std::uint64_t> read_seconds(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > 1e7) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(seconds * 1e7));
}

}  // namespace

class ScenarioReader {
 public:
  ScenarioReader(Scenario& scenario, std::string name) : scenario_(scenario), name_(std::move(name)) {}

  Result<void> read(const YamlView& root) {
    scenario_.seed_ = root["seed"].number(1);
    scenario_.days_ = root["days"].number(1);
    TOCSIN_TRY(scenario_.from_, time(root["from"]));
    for (const auto& [key, host] : root["hosts"].members()) {
      Variables& variables = scenario_.hosts_[key];
      for (const auto& [variable, value] : host.members()) variables["host." + variable] = value.text();
    }
    for (const auto& [key, pool] : root["pools"].members()) {
      for (const YamlView& item : pool.items()) {
        PoolEntry entry;
        if (!item.is_mapping()) entry[""] = item.text();
        for (const auto& [member, value] : item.members()) entry[member] = value.text();
        scenario_.pools_[key].push_back(std::move(entry));
      }
    }
    for (const YamlView& node : root["noise"].items()) TOCSIN_CHECK(group(node, false));
    for (const YamlView& node : root["story"].items()) TOCSIN_CHECK(group(node, true));
    for (const YamlView& node : root["outputs"].items()) TOCSIN_CHECK(output(node));
    return {};
  }

 private:
  std::unexpected<Error> wrong(const YamlView& node, std::string message) const {
    return fail(ErrorCode::malformed, std::move(message), fmt::format("{}:{}", name_, node.line()));
  }

  Result<Timestamp> time(const YamlView& node) const {
    const auto parsed = parse_time(node.text());
    if (!parsed) return wrong(node, fmt::format("not a time: \"{}\"", node.text()));
    return *parsed;
  }

  Result<Delay> delay(const YamlView& node) const {
    if (!node.exists()) return Delay{};
    const std::string text = node.text();
    const std::size_t dots = text.find("..");
    const auto low = read_seconds(std::string_view(text).substr(0, std::min(dots, text.size())));
    const auto high = dots == std::string::npos ? low : read_seconds(std::string_view(text).substr(dots + 2));
    if (!low || !high || *low > *high) return wrong(node, fmt::format("not seconds, or from..to: \"{}\"", text));
    return Delay{*low, *high};
  }

  Result<void> group(const YamlView& node, bool story) {
    Group group;
    group.story = story;
    group.name = node["name"].text();
    group.hosts = read_texts(node["hosts"]);
    group.per_day = node["per_day"].number(1);
    group.when = node["when"].text("any");
    group.picks = read_pairs(node["pick"]);
    group.lets = read_pairs(node["let"]);
    if (node["at"].exists()) {
      TOCSIN_TRY(group.at, time(node["at"]));
    }
    if (group.name.empty() || group.hosts.empty()) return wrong(node, "a group needs a name and hosts");
    for (const std::string& host : group.hosts) {
      if (!scenario_.hosts_.contains(host)) return wrong(node, fmt::format("no host \"{}\"", host));
    }
    for (const YamlView& event : node["events"].items()) {
      TOCSIN_TRY(Step step, this->step(event));
      group.steps.push_back(std::move(step));
    }
    scenario_.groups_.push_back(std::move(group));
    return {};
  }

  Result<Step> step(const YamlView& node) const {
    Step step;
    step.request = read_event_request(node);
    TOCSIN_TRY(step.after, delay(node["after"]));
    step.repeat = node["repeat"].number(1);
    step.picks = read_pairs(node["pick"]);
    step.split_field = node["split"]["field"].text();
    step.parts = node["split"]["parts"].number(1);
    for (const auto& [key, value] : node.members()) {
      static constexpr std::string_view kKnown = " event system data omit after repeat pick split ";
      if (kKnown.find(" " + key + " ") == std::string_view::npos) return wrong(value, "unknown key " + key);
    }
    return step;
  }

  Result<void> output(const YamlView& node) {
    Output output;
    output.file = node["file"].text();
    output.format = node["format"].text("evtx");
    output.hosts = read_texts(node["hosts"]);
    output.channels = read_texts(node["channels"]);
    output.exported = node["exported"].truth();
    output.dirty = node["dirty"].truth();
    if (node["from"].exists()) {
      TOCSIN_TRY(output.from, time(node["from"]));
    }
    if (node["to"].exists()) {
      TOCSIN_TRY(output.to, time(node["to"]));
    }
    for (const YamlView& lost : node["lost"].items()) {
      TOCSIN_TRY(const Timestamp from, time(lost["from"]));
      TOCSIN_TRY(const Timestamp to, time(lost["to"]));
      output.lost.emplace_back(from, to);
    }
    for (const YamlView& damage : node["damage"].items()) {
      output.damage.push_back({damage["kind"].text(), damage["chunk"].number(), damage["record"].number()});
    }
    scenario_.outputs_.push_back(std::move(output));
    return {};
  }

  Scenario& scenario_;
  std::string name_;
};

Result<Scenario> Scenario::load(std::string_view text, const std::string& name, const Catalogue& catalogue) {
  TOCSIN_TRY(const base::YamlDocument document, parse_one_document(text, name));
  Scenario scenario;
  scenario.catalogue_ = &catalogue;
  TOCSIN_CHECK(ScenarioReader(scenario, name).read(YamlView(document)));
  return scenario;
}

}  // namespace tocsin::makers
