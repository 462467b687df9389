// tocsin dump: every event, one a line.
#include <fmt/format.h>

#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {

ExitCode run_dump(const Options& options, Output& output) {
  DumpOptions dump_options;
  dump_options.evidence = options.evidence;
  dump_options.format = options.dump_format;
  dump_options.stop = &stop_requested();
  Progress progress(options);
  const auto result = dump(dump_options, output, &progress);
  progress.clear();
  if (!result) {
    if (output.is_closed_pipe()) return ExitCode::done;
    return report_error(options, result.error());
  }
  const ExitCode written = finish_output(options, output, {});
  if (!options.quiet) {
    for (const Anomaly& anomaly : result->anomalies) {
      const std::string place = anomaly.source < result->sources.size()
                                    ? fmt::format("{}@{}", result->sources[anomaly.source].path, anomaly.offset)
                                    : anomaly.path;
      print_error(fmt::format("anomaly: {}: {}: {}\n", visible_text(place), visible_text(anomaly.code),
                              visible_text(anomaly.message)));
    }
  }
  if (result->without_xml > 0) {
    print_error(fmt::format("{} {} not written: only event logs have XML; --as json writes all\n", result->without_xml,
                            result->without_xml == 1 ? "event is" : "events are"));
  }
  if (result->interrupted) {
    print_error("interrupted: the output holds the events read up to then\n");
    return ExitCode::interrupted;
  }
  report_unmet(options, result->unmet_filters);
  return stronger(written, report_unread(options, result->failed_paths, result->sources_read, result->sources));
}

}  // namespace tocsin::cli
