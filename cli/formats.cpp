// tocsin formats: which files are read, and why one is not.
#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {
namespace {

ExitCode why(const Options& options, Output& output) {
  AnswerOptions asked;
  asked.evidence = options.evidence;
  asked.stop = &stop_requested();
  const auto answer = why_read(asked);
  if (!answer) return report_error(options, answer.error());
  ExitCode code = finish_output(options, output, write_format_answer(*answer, output_options(options), output));
  for (const Error& error : answer->failed_paths) code = stronger(code, report_error(options, error));
  return answer->interrupted ? ExitCode::interrupted : code;
}

}  // namespace

ExitCode run_formats(const Options& options, Output& output) {
  if (options.why) return why(options, output);
  const auto list = formats(options.evidence.mapping_files);
  if (!list) return report_error(options, list.error());
  return finish_output(options, output, write_formats(*list, output_options(options), output));
}

}  // namespace tocsin::cli
