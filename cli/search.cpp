// tocsin search: events by what stands in them.
#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {

ExitCode run_search(const Options& options, Output& output) {
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
