// scan_bench FOLDER [--events N] [--repeat N] [--rules PATH]: times scans of evidence that it writes below FOLDER, with
// one thread and with all. Prints events and megabytes a second, the best of the repeats.
//
// The answers are checked: every event must have been read and each planted one found, no other. With --rules the rules
// of that path are judged as well as the planted one, and all runs over the same file must give the same number of
// findings. Ends with 1 where an answer is wrong, with 2 where it could not run.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "tocsin/ruleset.hpp"
#include "tocsin/scanner.hpp"

#include "bench/bench_evidence.hpp"

namespace tocsin::bench {
namespace {

struct Arguments {
  std::string folder;
  std::uint64_t events = 200'000, repeat = 3;
  std::optional<std::string> rules;
};

std::optional<Arguments> parse(const std::vector<std::string_view>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool has_value = i + 1 < words.size();
    std::uint64_t* number = words[i] == "--events"   ? &arguments.events
                            : words[i] == "--repeat" ? &arguments.repeat
                                                     : nullptr;
    if (number != nullptr && has_value) {
      const std::string_view value = words[++i];
      const auto parsed = std::from_chars(value.data(), value.data() + value.size(), *number);
      if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size() || *number == 0) return std::nullopt;
    } else if (words[i] == "--rules" && has_value) {
      arguments.rules = words[++i];
    } else if (arguments.folder.empty() && !words[i].starts_with("--")) {
      arguments.folder = words[i];
    } else {
      return std::nullopt;
    }
  }
  return arguments.folder.empty() ? std::nullopt : std::optional(arguments);
}

struct Answer {
  double seconds = 0;
  std::uint64_t events = 0, findings = 0;
};

Result<Answer> run_once(const std::filesystem::path& file, const RuleSet& rules, unsigned threads) {
  ScanOptions options;
  options.evidence.paths = {file.string()};
  options.evidence.threads = threads;
  const auto begin = std::chrono::steady_clock::now();
  TOCSIN_TRY(const auto result, scan(options, rules, nullptr));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return Answer{.seconds = took.count(), .events = result->summary().events, .findings = result->summary().findings};
}

class Bench {
 public:
  Bench(const BenchEvidence& evidence, const RuleSet& rules, const Arguments& arguments)
      : evidence_(evidence), rules_(rules), arguments_(arguments) {}

  // False where an answer is wrong.
  Result<bool> run(const std::filesystem::path& file) {
    bool right = true;
    std::optional<std::uint64_t> findings;
    if (!arguments_.rules) findings = evidence_.planted;
    const unsigned all = std::max(1U, std::thread::hardware_concurrency());
    for (const unsigned threads : all > 1 ? std::vector<unsigned>{1, all} : std::vector<unsigned>{1}) {
      double best = 0;
      for (std::uint64_t i = 0; i < arguments_.repeat; ++i) {
        TOCSIN_TRY(const Answer answer, run_once(file, rules_, threads));
        right = check(file, answer, findings.value_or(answer.findings)) && right;
        findings = findings.value_or(answer.findings);
        best = i == 0 ? answer.seconds : std::min(best, answer.seconds);
      }
      print(file, threads, best, *findings);
    }
    return right;
  }

 private:
  [[nodiscard]] bool check(const std::filesystem::path& file, const Answer& answer, std::uint64_t findings) const {
    if (answer.events == evidence_.events && answer.findings == findings) return true;
    fmt::print(stderr, "scan_bench: {}: {} events and {} findings, expected {} and {}\n", file.string(), answer.events,
               answer.findings, evidence_.events, findings);
    return false;
  }

  void print(const std::filesystem::path& file, unsigned threads, double seconds, std::uint64_t findings) const {
    const double megabytes = static_cast<double>(std::filesystem::file_size(file)) / 1e6;
    fmt::print(
        "{:<14} {:>5} rules {:>2} threads {:>8.1f} MB {:>8.3f} s {:>8.1f} MB/s {:>10.0f} events/s {:>8} findings\n",
        file.filename().string(), rules_.rules().size(), threads, megabytes, seconds, megabytes / seconds,
        static_cast<double>(evidence_.events) / seconds, findings);
  }

  const BenchEvidence& evidence_;
  const RuleSet& rules_;
  const Arguments& arguments_;
};

Result<bool> run(const Arguments& arguments) {
  TOCSIN_TRY(const BenchEvidence evidence, make_bench_evidence(arguments.folder, arguments.events));
  RuleSetOptions options;
  options.paths = {evidence.rule.string()};
  if (arguments.rules) options.paths.push_back(*arguments.rules);
  TOCSIN_TRY(const RuleSet rules, RuleSet::load(options));
  Bench bench(evidence, rules, arguments);
  TOCSIN_TRY(const bool evtx, bench.run(evidence.evtx));
  TOCSIN_TRY(const bool ndjson, bench.run(evidence.ndjson));
  return evtx && ndjson;
}

}  // namespace
}  // namespace tocsin::bench

int main(int argc, char** argv) {
  const auto arguments = tocsin::bench::parse({argv + 1, argv + argc});
  if (!arguments) {
    fmt::print(stderr, "usage: scan_bench FOLDER [--events N] [--repeat N] [--rules PATH]\n");
    return 2;
  }
  const auto right = tocsin::bench::run(*arguments);
  if (!right) {
    fmt::print(stderr, "scan_bench: {}: {}\n", right.error().place, right.error().message);
    return 2;
  }
  return *right ? 0 : 1;
}
