#include "tests/damage/campaign.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "detect/sigma/loader.hpp"
#include "tests/makers/random.hpp"

namespace tocsin::damage {
namespace {

constexpr std::size_t kShown = 40;                         // failures told in full
constexpr std::size_t kTaskVariants = 50;                  // what a thread takes at a time
constexpr std::size_t kReadInFullEvery = 97;               // variants: units are not taken from the sound evidence
constexpr std::size_t kWindow = 4096;                      // the changed bytes of a variant lie within so many
constexpr std::size_t kChunk = 65536, kFileHeader = 4096;  // of event logs
constexpr auto kHang = std::chrono::seconds(120);
// A record or anomaly takes some bytes; containers expand, but no further than they did when sound.
constexpr std::uint64_t kFewestBytes = 2, kFreeWork = 1000;
constexpr std::uint64_t kFreeBytes = 1U << 20U, kExpansion = 4;

struct Job {
  const Evidence* evidence = nullptr;
  Outcome sound;
  std::size_t cuts = 0, variants = 0;
};

Variant make_variant(const Job& job, std::size_t number, const CampaignOptions& options) {
  Variant variant;
  if (number < job.cuts) {
    variant.cut = (number + 1) * options.cut_every;
    return variant;
  }
  const std::size_t size = job.evidence->bytes.size();
  makers::Random random(number, job.evidence->name);
  const std::size_t at = random.between(0, size - 1);
  variant.changed.push_back(at);
  for (std::uint64_t more = random.between(0, 3); more > 0; --more) {
    variant.changed.push_back(random.between(at, std::min(size - 1, at + kWindow)));
  }
  std::ranges::sort(variant.changed);
  const auto repeated = std::ranges::unique(variant.changed);
  variant.changed.erase(repeated.begin(), repeated.end());
  return variant;
}

std::string damaged(const Job& job, const Variant& variant, std::size_t number) {
  std::string bytes = job.evidence->bytes.substr(0, variant.cut);
  makers::Random random(number, job.evidence->name + " values");
  for (const std::size_t at : variant.changed) {
    bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ random.between(1, 255));
  }
  return bytes;
}

std::string describe(const Job& job, const Variant& variant, std::size_t number) {
  std::string text = fmt::format("{} variant {}: ", job.evidence->name, number);
  if (variant.is_cut()) return text + fmt::format("cut at {}", variant.cut);
  text += "changed at";
  for (const std::size_t at : variant.changed) text += fmt::format(" {}", at);
  return text;
}

// What was said of the sources as a whole, and as what they were read.
std::string first_anomaly(const Outcome& outcome) {
  std::string text;
  for (const Source& source : outcome.sources) text += fmt::format("{}: {}; ", source.container, source.format);
  if (outcome.anomalies.empty()) return text + "no anomaly of the source as a whole";
  return text + outcome.anomalies.front().code + ": " + outcome.anomalies.front().message;
}

// What each thread is at, so that a variant that does not end can be named.
class Watch {
 public:
  explicit Watch(unsigned threads) : at_(threads), watcher_([this](const std::stop_token& stop) { watch(stop); }) {}
  void begin(unsigned thread, std::string what) {
    const std::scoped_lock lock(mutex_);
    at_[thread] = {std::move(what), std::chrono::steady_clock::now()};
  }
  void end(unsigned thread) {
    const std::scoped_lock lock(mutex_);
    at_[thread].what.clear();
  }

 private:
  struct At {
    std::string what;
    std::chrono::steady_clock::time_point since;
  };
  void watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      changed_.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
      for (const At& at : at_) {
        if (at.what.empty() || std::chrono::steady_clock::now() - at.since < kHang) continue;
        std::fprintf(stderr, "reading does not end: %s\n", at.what.c_str());
        std::abort();
      }
    }
  }
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<At> at_;
  std::jthread watcher_;
};

class Campaign {
 public:
  Campaign(const std::vector<Evidence>& evidence, const sigma::CompiledSet& rules, const CampaignOptions& options)
      : rules_(rules), options_(options), watch_(options.threads) {
    Reading reading(rules);
    for (const Evidence& one : evidence) {
      Job& job = jobs_.emplace_back();
      job.evidence = &one;
      job.sound = reading.read(as_bytes(one.bytes), one.name, nullptr);
      job.cuts = (one.bytes.size() - 1) / options.cut_every;
      job.variants = job.cuts + options.changes;
      report_.records += job.sound.records;
      report_.findings += job.sound.findings;
      report_.variants += job.variants;
      for (std::size_t from = 0; from < job.variants; from += kTaskVariants) {
        tasks_.push_back({jobs_.size() - 1, from, std::min(from + kTaskVariants, job.variants)});
      }
    }
  }

  Report run() {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < options_.threads; ++i) threads.emplace_back([this, i] { work(i); });
    for (std::thread& thread : threads) thread.join();
    return std::move(report_);
  }

 private:
  struct Task {
    std::size_t job = 0, from = 0, to = 0;
  };
  struct Tally {
    std::uint64_t kept = 0, units = 0;
  };

  void work(unsigned thread) {
    Reading reading(rules_);
    Tally tally;
    for (std::size_t next = next_++; next < tasks_.size(); next = next_++) {
      const Task& task = tasks_[next];
      const Job& job = jobs_[task.job];
      for (std::size_t number = task.from; number < task.to; ++number) {
        const Variant variant = make_variant(job, number, options_);
        watch_.begin(thread, describe(job, variant, number));
        check(job, variant, number, reading, tally);
        watch_.end(thread);
      }
    }
    const std::scoped_lock lock(mutex_);
    report_.kept += tally.kept;
    report_.units_read += tally.units;
  }

  void check(const Job& job, const Variant& variant, std::size_t number, Reading& reading, Tally& tally) {
    const std::string bytes = damaged(job, variant, number);
    const Outcome outcome = reading.read(as_bytes(bytes), job.evidence->name, &job.sound);
    tally.units += outcome.read_again;
    if (outcome.bytes > kFreeBytes + kExpansion * job.sound.bytes) {
      failed(job, variant, number, fmt::format("{} bytes were read, {} when sound", outcome.bytes, job.sound.bytes));
    }
    const std::uint64_t work = outcome.records + outcome.unit_anomalies + outcome.anomalies.size();
    if (work > kFreeWork + outcome.bytes / kFewestBytes) {
      failed(job, variant, number, fmt::format("{} records and anomalies in {} bytes", work, outcome.bytes));
    }
    for (const Source& source : job.sound.sources) check_source(job, variant, number, source, outcome, tally);
    check_told(job, variant, number, outcome);
    if (number % kReadInFullEvery != 0) return;
    const Outcome full = reading.read(as_bytes(bytes), job.evidence->name, nullptr);
    if (full.records != outcome.records || full.findings != outcome.findings ||
        full.unit_anomalies != outcome.unit_anomalies) {
      failed(job, variant, number, "a unit gave something else when it was read again");
    }
  }

  // Between two lines of JSON, or two chunks of a log whose header is older than they are.
  static bool leaves_no_trace(const Job& job, std::size_t cut) {
    const bool stale = std::ranges::any_of(job.sound.anomalies, [](const Anomaly& anomaly) {
      return anomaly.code == "evtx_file_dirty" || anomaly.code == "evtx_chunks_beyond_count";
    });
    return job.evidence->bytes[cut - 1] == '\n' || (stale && cut % kChunk == kFileHeader);
  }

  // Records may only be missing where something is said.
  void check_told(const Job& job, const Variant& variant, std::size_t number, const Outcome& outcome) {
    if (outcome.records >= job.sound.records) return;
    const auto said = [](const Outcome& one) { return one.anomalies.size() + one.unit_anomalies; };
    const bool unknown =
        std::ranges::any_of(outcome.sources, [](const Source& source) { return source.format.empty(); });
    if (said(outcome) > said(job.sound) || unknown) return;
    if (variant.is_cut() && leaves_no_trace(job, variant.cut)) return;
    failed(job, variant, number,
           fmt::format("{} of {} records are missing, and nothing is said", job.sound.records - outcome.records,
                       job.sound.records));
  }

  void check_source(const Job& job, const Variant& variant, std::size_t number, const Source& sound,
                    const Outcome& outcome, Tally& tally) {
    std::unordered_set<const Piece*> untouched;
    std::vector<const Record*> found;
    for (const Source& source : outcome.sources) {
      if (source.container != sound.container) continue;
      for (const auto& piece : source.pieces) {
        untouched.insert(piece.get());
        for (const Record& record : piece->records) found.push_back(&record);
      }
    }
    const auto begin = [](const Record* record) { return record->begin; };
    std::ranges::stable_sort(found, {}, begin);
    for (const auto& piece : sound.pieces) {
      const bool as_it_was = untouched.contains(piece.get());
      for (const Record& record : piece->records) {
        if (!job.evidence->must_keep(sound, record, variant)) continue;
        tally.kept += record.rules.size();
        if (as_it_was) continue;
        const auto same = std::ranges::equal_range(found, record.begin, {}, begin);
        if (std::ranges::any_of(same, [&](const Record* other) { return other->rules == record.rules; })) continue;
        failed(job, variant, number,
               fmt::format("{} record {} at {} to {} ({} findings) is {} [{}]", sound.container, record.number,
                           record.begin, record.end, record.rules.size(), same.empty() ? "lost" : "judged otherwise",
                           first_anomaly(outcome)));
        return;  // one for each source says enough
      }
    }
  }

  void failed(const Job& job, const Variant& variant, std::size_t number, const std::string& how) {
    const std::scoped_lock lock(mutex_);
    ++report_.failed;
    if (report_.failures.size() < kShown) report_.failures.push_back(describe(job, variant, number) + ": " + how);
  }

  const sigma::CompiledSet& rules_;
  const CampaignOptions options_;
  Watch watch_;
  std::vector<Job> jobs_;
  std::vector<Task> tasks_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  Report report_;
};

}  // namespace

bool Variant::changes(std::size_t begin, std::size_t end) const {
  return std::ranges::any_of(changed, [&](std::size_t at) { return at >= begin && at < end; });
}

Report run_campaign(const std::vector<Evidence>& evidence, const sigma::CompiledSet& rules,
                    const CampaignOptions& options) {
  return Campaign(evidence, rules, options).run();
}

std::string describe(const Report& report) {
  return fmt::format(
      "{} variants of {} records with {} findings; {} units were read again, {} times a finding had to stay and did\n",
      report.variants, report.records, report.findings, report.units_read, report.kept);
}

sigma::CompiledSet own_rules() {
  std::vector<RuleProblem> problems;
  const auto log_sources = sigma::LogSources::load(sigma::builtin_log_source_files(), problems);
  auto loaded = sigma::load_rules({}, {});
  return sigma::CompiledSet::compile(loaded ? std::move(loaded->rules) : std::vector<sigma::Rule>(), log_sources, {},
                                     problems);
}

}  // namespace tocsin::damage
