// JSON Lines and JSON. Both put each object on a line of its own, so that line tools work on either.
#include "report/json_objects.hpp"
#include "report/output.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

// Writes the objects of one kind after another through `item`, which appends one of them.
struct Lines {
  Output& out;
  std::string_view between;  // "" or ","
  bool first = true;
  template <class Append>
  Result<void> item(const Append& append) {
    if (!first) out.text() += between;
    if (!first || !between.empty()) out.text() += '\n';
    first = false;
    append(out.text());
    return out.spill();
  }
};

Result<void> findings_as(const ResultView& view, Profile profile, Lines& lines) {
  RuleTexts rules(view, profile);
  return view.each_finding([&](const Finding& finding) {
    return lines.item([&](std::string& text) { append_finding(text, view, finding, profile, rules); });
  });
}
Result<void> anomalies_as(const ResultView& view, Lines& lines) {
  return view.each_anomaly([&](const Anomaly& anomaly) {
    return lines.item([&](std::string& text) { append_anomaly(text, view, anomaly); });
  });
}
Result<void> coverage_as(const ResultView& view, Lines& lines) {
  return view.each_coverage([&](const RuleCoverage& coverage) {
    return lines.item([&](std::string& text) { append_coverage(text, view, coverage); });
  });
}
Result<void> techniques_as(const ResultView& view, const Rollup& rollup, Lines& lines) {
  for (const TechniqueCoverage& technique : rollup.techniques) {
    TOCSIN_CHECK(lines.item([&](std::string& text) { append_technique(text, view, technique); }));
  }
  return {};
}
Result<void> settings_as(const ResultView& view, const Rollup& rollup, Lines& lines) {
  for (const SettingUse& use : rollup.settings) {
    TOCSIN_CHECK(lines.item([&](std::string& text) { append_setting(text, view, use); }));
  }
  return {};
}
Result<void> sources_as(const ResultView& view, Lines& lines) {
  for (const SourceInfo& source : view.sources()) {
    TOCSIN_CHECK(lines.item([&](std::string& text) { append_source(text, source); }));
  }
  return {};
}

// What stands behind the findings.
Result<void> end_jsonl(const ResultView& view, Lines& lines) {
  TOCSIN_CHECK(anomalies_as(view, lines));
  TOCSIN_CHECK(coverage_as(view, lines));
  TOCSIN_TRY(const Rollup rollup, roll_up(view));
  TOCSIN_CHECK(techniques_as(view, rollup, lines));
  TOCSIN_CHECK(settings_as(view, rollup, lines));
  TOCSIN_CHECK(lines.item([&](std::string& text) { append_summary(text, view.summary(), rollup); }));
  lines.out.text() += '\n';
  return lines.out.finish();
}

template <class Items>
Result<void> member_array(Output& out, std::string_view key, const Items& items) {
  out.text() += ",\n\"";
  out.text() += key;
  out.text() += "\":[";
  Lines lines{out, ","};
  TOCSIN_CHECK(items(lines));
  out.text() += lines.first ? "]" : "\n]";
  return {};
}

}  // namespace

Result<void> write_jsonl(const ResultView& view, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  Lines lines{out, ""};
  TOCSIN_CHECK(lines.item([&](std::string& text) { append_header(text, view, options.profile); }));
  TOCSIN_CHECK(sources_as(view, lines));
  TOCSIN_CHECK(findings_as(view, options.profile, lines));
  return end_jsonl(view, lines);
}

Result<void> write_jsonl_end(const ResultView& view, ByteSink& sink) {
  Output out(sink);
  Lines lines{out, ""};
  TOCSIN_CHECK(sources_as(view, lines));
  return end_jsonl(view, lines);
}

Result<void> write_json(const ResultView& view, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  out.text() += "{\"header\":";
  append_header(out.text(), view, options.profile);
  TOCSIN_CHECK(member_array(out, "sources", [&](Lines& lines) { return sources_as(view, lines); }));
  TOCSIN_CHECK(member_array(out, "findings", [&](Lines& lines) { return findings_as(view, options.profile, lines); }));
  TOCSIN_CHECK(member_array(out, "anomalies", [&](Lines& lines) { return anomalies_as(view, lines); }));
  TOCSIN_CHECK(member_array(out, "coverage", [&](Lines& lines) { return coverage_as(view, lines); }));
  TOCSIN_TRY(const Rollup rollup, roll_up(view));
  TOCSIN_CHECK(member_array(out, "techniques", [&](Lines& lines) { return techniques_as(view, rollup, lines); }));
  TOCSIN_CHECK(member_array(out, "settings", [&](Lines& lines) { return settings_as(view, rollup, lines); }));
  out.text() += ",\n\"summary\":";
  append_summary(out.text(), view.summary(), rollup);
  out.text() += "}\n";
  return out.finish();
}

}  // namespace tocsin::report
