#include "detect/sigma/setting_file.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace tocsin::sigma {
namespace {

using base::YamlDocument;
using base::YamlNode;

template <class Number>
bool parse_number(const std::string& text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

class SettingParser {
 public:
  SettingParser(const YamlDocument& document, const LogsByName& logs, const YamlReport& report)
      : document_(document), logs_(logs), report_(report) {}

  bool parse(const YamlMap& entry, Setting& out) const {
    if (!entry.is_map("an entry of `enable`")) return false;
    entry.expect_keys({"id", "title", "gives", "fetch", "command", "cost", "default"});
    out.id = entry.text("id");
    out.title = entry.text("title");
    out.fetch = entry.text("fetch");
    out.command = entry.text("command");
    out.cost = entry.text("cost");
    out.on_by_default = entry.text("default") == "on";
    if (out.id.empty() || out.title.empty() || !entry.has("gives")) {
      report_.error("L004", entry.node(), "an entry of `enable` needs `id`, `title` and `gives`",
                    "docs/formats/logsources.md, \"Enable\", shows one");
      return false;
    }
    const YamlMap gives = entry.child(entry.find("gives"));
    return gives.is_map("`gives`") && parse_gives(gives, out);
  }

 private:
  bool parse_gives(const YamlMap& gives, Setting& out) const {
    gives.expect_keys({"log", "channel", "service", "event-id", "field", "reach-days"});
    out.service = gives.text("service");
    out.channels = gives.list("channel");
    out.fields = gives.list("field");
    if (gives.has("log") && !take_log(gives, out)) return false;
    if (out.channels.empty() && out.service.empty()) {
      report_.error("L004", gives.node(), "`gives` needs a `log`, a `channel` or a `service`",
                    "say which log the setting fills");
      return false;
    }
    for (const std::string& text : gives.list("event-id")) {
      if (!parse_number(text, out.event_ids.emplace_back())) return no_number(gives, "event-id", text);
    }
    if (!gives.has("reach-days")) return true;
    const std::string days = gives.text("reach-days");
    return parse_number(days, out.reach_days) || no_number(gives, "reach-days", days);
  }

  bool take_log(const YamlMap& gives, Setting& out) const {
    const auto found = logs_.find(gives.text("log"));
    if (found == logs_.end()) {
      report_.error("L005", document_.at(gives.find("log")),
                    fmt::format("`log` names `{}`, which this file does not define", gives.text("log")),
                    "names are defined at the top of the same file");
      return false;
    }
    out.channels.insert(out.channels.end(), found->second.channels.begin(), found->second.channels.end());
    return true;
  }

  bool no_number(const YamlMap& gives, std::string_view key, const std::string& text) const {
    report_.error("L007", document_.at(gives.find(key)), fmt::format("`{}` is no number for `{}`", text, key),
                  "write a decimal number");
    return false;
  }

  const YamlDocument& document_;
  const LogsByName& logs_;
  const YamlReport& report_;
};

}  // namespace

std::vector<Setting> parse_settings(const YamlDocument& document, std::uint32_t list, const std::string& product,
                                    const LogsByName& logs, const YamlReport& report) {
  std::vector<Setting> settings;
  const YamlNode& node = document.at(list);
  if (node.kind != YamlNode::Kind::sequence) {
    report.error("L002", node, "`enable` must be a list", "begin each entry with `- `");
    return settings;
  }
  const SettingParser parser(document, logs, report);
  for (const std::uint32_t child : node.children) {
    Setting setting;
    setting.product = product;
    if (parser.parse(YamlMap(document, child, report), setting)) settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace tocsin::sigma
