// tocsin logons: who logged on, and who failed to.
#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {

ExitCode run_logons(const Options& options, Output& output) {
  AnswerOptions asked;
  asked.evidence = options.evidence;
  asked.stop = &stop_requested();
  Progress progress(options);
  const auto answer = logons(asked, &progress);
  progress.clear();
  if (!answer) return report_error(options, answer.error());
  const Result<void> written = write_logons(*answer, options.view, output_options(options), output);
  return finish_reading(options, answer->reading, finish_output(options, output, written));
}

}  // namespace tocsin::cli
