#include "tests/conformance/sigma/suite.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "tests/makers/outputs.hpp"
#include "tests/makers/yaml_view.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::conformance {
namespace {

using makers::YamlView;

const std::set<std::string, std::less<>> kFileKeys{"topic", "logsource", "base", "cites", "placeholders", "cases"};
const std::set<std::string, std::less<>> kCaseKeys{"id",      "cell", "cite",  "why",  "selection", "detection",
                                                   "rule",    "miss", "match", "base", "logsource", "findings",
                                                   "refused", "twin", "proof", "form"};

std::string indented(std::string_view text, std::string_view by) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    out += fmt::format("{}{}\n", line.empty() ? "" : by, line);
    at = end + 1;
  }
  return out;
}

// "{a}" before "{b}" is "{a, b}". Works on the text, so that numbers and repeated keys stay as they are written.
std::string merged(std::string_view base, std::string_view event) {
  base = base::trim(base), event = base::trim(event);
  if (base.empty() || base == "none") return std::string(event);
  const std::string_view rest = base::trim(event.substr(1));
  return fmt::format("{}{}{}", base.substr(0, base.size() - 1), rest.starts_with('}') ? "" : ", ", rest);
}

std::string log_of(std::string_view base, std::string_view lines, std::size_t& count) {
  std::string log;
  count = 0;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    if (end > at) log += merged(base, lines.substr(at, end - at)) + "\n", ++count;
    at = end + 1;
  }
  return log;
}

Citation parse_citation(const std::string& text) {
  const std::size_t slash = text.find(" / ");
  if (slash == std::string::npos) return {text, {}, {}};
  const std::size_t colon = std::min(text.find(": ", slash), text.size());
  return {text.substr(0, slash), text.substr(slash + 3, colon - slash - 3),
          colon < text.size() ? text.substr(colon + 2) : std::string()};
}

class FileReader {
 public:
  FileReader(std::string name, YamlView root, Suite& suite) : name_(std::move(name)), root_(root), suite_(suite) {}

  Result<void> read() {
    TOCSIN_CHECK(check_keys(root_, kFileKeys));
    for (const auto& [name, values] : root_["placeholders"].members()) {
      auto& list = suite_.placeholders[name];
      for (const YamlView& value : values.items()) list.push_back(value.text());
    }
    for (const YamlView& node : root_["cases"].items()) TOCSIN_CHECK(read_case(node));
    return {};
  }

 private:
  Result<void> wrong(const YamlView& node, std::string message) const {
    return fail(ErrorCode::malformed, std::move(message), fmt::format("{}:{}", name_, node.line()));
  }

  Result<void> check_keys(const YamlView& node, const std::set<std::string, std::less<>>& known) const {
    std::set<std::string> seen;
    for (const auto& [key, value] : node.members()) {
      if (!known.contains(key)) return wrong(value, fmt::format("unknown key `{}`", key));
      if (!seen.insert(key).second) return wrong(value, fmt::format("`{}` is there twice", key));
    }
    return {};
  }

  [[nodiscard]] std::string rule_of(const YamlView& node, const std::string& id, std::string_view form,
                                    std::string_view body) const {
    if (form == "rule") return fmt::format("id: {}\n{}", id, body);
    const std::string logsource = node["logsource"].text(root_["logsource"].text());
    const std::string detection = form == "detection"
                                      ? std::string(body)
                                      : fmt::format("selection:\n{}condition: selection\n", indented(body, "  "));
    return fmt::format("title: {0}\nid: {0}\nlogsource: {1}\ndetection:\n{2}", id, logsource,
                       indented(detection, "  "));
  }

  void read_cites(const YamlView& node, Case& out) const {
    for (const YamlView& cite : node["cite"].items()) {
      const YamlView named = root_["cites"][cite.text()];
      if (!named.exists()) out.cites.push_back(parse_citation(cite.text()));
      for (const YamlView& text : named.items()) out.cites.push_back(parse_citation(text.text()));
    }
  }

  Result<void> read_case(const YamlView& node) {
    TOCSIN_CHECK(check_keys(node, kCaseKeys));
    Case out{.file = name_, .id = node["id"].text(), .cell = node["cell"].text(), .why = node["why"].text()};
    out.line = node.line();
    read_cites(node, out);
    if (out.id.empty() || out.why.empty() || out.cites.empty()) return wrong(node, "a case has an id, why and cite");
    if (node["refused"].exists()) return read_refusal(node, std::move(out));
    for (const std::string_view form : {"selection", "detection", "rule"}) {
      if (node[form].exists()) out.rule = rule_of(node, out.id, form, node[form].text());
    }
    const std::string base = node["base"].text(root_["base"].text());
    std::size_t misses = 0;
    out.match = log_of(base, node["match"].text(), out.findings);
    out.miss = log_of(base, node["miss"].text(), misses);
    if (out.rule.empty() || out.findings == 0 || misses == 0) {
      return wrong(node, out.id + ": a case has a rule, an event that matches and a near miss");
    }
    out.findings = node["findings"].number(out.findings);
    for (const YamlView& line : node["proof"].items()) out.proof.push_back(line.text());
    suite_.cases.push_back(std::move(out));
    return {};
  }

  Result<void> read_refusal(const YamlView& node, Case out) {
    out.error = node["refused"].text();
    const std::string form = node["form"].text("selection");
    out.rule = rule_of(node, out.id, form, node[form].text());
    out.twin_rule = rule_of(node, out.id, form, node["twin"].text());
    if (!node[form].exists() || !node["twin"].exists()) return wrong(node, out.id + ": a rule and its twin are needed");
    suite_.cases.push_back(std::move(out));
    return {};
  }

  std::string name_;
  YamlView root_;
  Suite& suite_;
};

}  // namespace

Result<Suite> load_suite() {
  const auto folder = testing_support::source_dir() / "tests/conformance/sigma/cases";
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.insert(entry.path());
  Suite suite;
  for (const auto& file : files) {
    const std::string name = file.filename().string();
    TOCSIN_TRY(const std::string text, makers::read_text_file(file));
    TOCSIN_TRY(const base::YamlDocument document, makers::parse_one_document(text, name));
    TOCSIN_CHECK(FileReader(name, YamlView(document), suite).read());
  }
  return suite;
}

}  // namespace tocsin::conformance
