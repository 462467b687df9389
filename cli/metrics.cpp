// tocsin metrics: what is there, counted; and what is not.
#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {

ExitCode run_metrics(const Options& options, Output& output) {
  AnswerOptions asked;
  asked.evidence = options.evidence;
  asked.stop = &stop_requested();
  Progress progress(options);
  const auto answer = metrics(asked, &progress);
  progress.clear();
  if (!answer) return report_error(options, answer.error());
  const Result<void> written = write_metrics(*answer, options.view, output_options(options), output);
  return finish_reading(options, answer->reading, finish_output(options, output, written));
}

}  // namespace tocsin::cli
