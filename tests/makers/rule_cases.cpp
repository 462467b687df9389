#include "tests/makers/rule_cases.hpp"

#include <fmt/format.h>

#include "tests/makers/outputs.hpp"

namespace tocsin::makers {
namespace {

Result<std::vector<EventSpec>> read_events(const YamlView& node, const Catalogue& catalogue) {
  static const Pools kNone;
  static const Variables kHost{{"host.name", "MAIL01"},
                               {"host.computer", "MAIL01.campus.example"},
                               {"host.domain", "CAMPUS"},
                               {"host.ip", "10.20.0.20"}};
  Random random(1, "rule cases");
  Expander expander(kNone, kHost, random);
  Timestamp time = parse_time("2021-07-13T02:14:07.1234567Z").value();
  std::vector<EventSpec> specs;
  for (const YamlView& event : node.items()) {
    time.ticks += 10'000'001;
    expander.set_time(time);
    TOCSIN_TRY(EventSpec spec, catalogue.make(read_event_request(event), expander));
    spec.time = time;
    if (spec.record_id == 0) spec.record_id = specs.size() + 1;
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace

Result<std::vector<RuleCase>> read_rule_cases(const std::filesystem::path& file, const Catalogue& catalogue) {
  TOCSIN_TRY(const std::string text, read_text_file(file));
  TOCSIN_TRY(const base::YamlDocument document, parse_one_document(text, file.filename().string()));
  std::vector<RuleCase> cases;
  for (const YamlView& node : YamlView(document)["cases"].items()) {
    auto events = read_events(node["events"], catalogue);
    if (!events) {
      events.error().place = fmt::format("{}: {}", file.filename().string(), node["name"].text());
      return std::unexpected(events.error());
    }
    cases.push_back({node["name"].text(), node["findings"].number(), std::move(*events)});
  }
  return cases;
}

}  // namespace tocsin::makers
