// tocsin search: events by what stands in them.
#include <algorithm>

#include <fmt/format.h>

#include "commands.hpp"
#include "evidence_guard.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {
namespace {

// `search A B PATH`: the second pattern would be taken for a path, and missed only behind the hits of the first.
Result<void> check_patterns(const Options& options) {
  const std::vector<std::string>& paths = options.evidence.paths;
  if (options.pattern_flag_given || paths.size() < 2) return {};
  const auto absent = std::ranges::find_if_not(paths, is_there);
  if (absent == paths.end() || std::ranges::none_of(paths, is_there)) return {};
  if (absent != paths.begin()) return {};  // behind a path stand paths
  const std::string &first = options.search.patterns.front(), &second = *absent;
  return fail(ErrorCode::invalid_argument,
              fmt::format("{} is neither a file nor a folder: without -e only the first word is a pattern",
                          visible_text(second)),
              visible_text(second),
              fmt::format("did you mean `tocsin search -e '{}' -e '{}' {}`? Both must then be met; --any: one of them",
                          visible_text(first), visible_text(second), visible_text(paths[1])));
}

}  // namespace

ExitCode run_search(const Options& options, Output& output) {
  if (auto checked = check_patterns(options); !checked) return report_error(options, checked.error());
  SearchOptions asked = options.search;
  asked.evidence = options.evidence;
  asked.full_events = options.profile == Profile::full;
  asked.stop = &stop_requested();
  Progress progress(options);
  const auto result = search(asked, &progress);
  progress.clear();
  if (!result) return report_error(options, result.error());
  const bool to_file = !options.output.empty() && options.output != "-";
  const ReportOptions report = report_options(options, Stream::out, to_file);
  const ExitCode written = finish_output(options, output, write_search(**result, asked, report, output));
  return finish_reading(options, (*result)->reading(), written);
}

}  // namespace tocsin::cli
