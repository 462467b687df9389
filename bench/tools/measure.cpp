// measure REPORT COMMAND [ARGUMENT...]: runs the command with this program's own standard streams and writes to the
// file REPORT, as one JSON object, what the kernel counted for it: wall, user and system seconds, peak resident memory,
// exit status, and the resident memory over time.
//
// A program of its own because the kernel hands the peak of the process that starts a command down to the command:
// started from an interpreter, a small tool would seem as large as the interpreter. This one has about 3 MB.
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr std::size_t kMaxSamples = 512;  // then every second one is dropped and the interval doubled
constexpr std::chrono::nanoseconds kFirstInterval = std::chrono::milliseconds(10);

struct Sample {
  double seconds = 0;
  std::uint64_t bytes = 0;
};

// Resident bytes of the process; 0 where it has ended.
std::uint64_t resident(pid_t process) {
  const std::string path = "/proc/" + std::to_string(process) + "/statm";
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return 0;
  unsigned long long size = 0;
  unsigned long long pages = 0;
  const int read = std::fscanf(file, "%llu %llu", &size, &pages);
  std::fclose(file);
  return read == 2 ? pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

class Samples {
 public:
  void add(double seconds, std::uint64_t bytes) {
    if (bytes != 0) samples_.push_back({seconds, bytes});
    if (samples_.size() < kMaxSamples) return;
    for (std::size_t i = 0; i < samples_.size() / 2; ++i) samples_[i] = samples_[2 * i];
    samples_.resize(samples_.size() / 2);
    interval_ *= 2;
  }
  [[nodiscard]] std::chrono::nanoseconds interval() const { return interval_; }
  [[nodiscard]] const std::vector<Sample>& all() const { return samples_; }

 private:
  std::vector<Sample> samples_;
  std::chrono::nanoseconds interval_ = kFirstInterval;
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

struct Outcome {
  double wall = 0;
  int status = 0;
  rusage usage{};
};

using Clock = std::chrono::steady_clock;

Outcome wait_for(pid_t process, Clock::time_point begin, Samples& samples, const sigset_t& ended) {
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  Outcome outcome;
  while (wait4(process, &outcome.status, WNOHANG, &outcome.usage) == 0) {
    samples.add(elapsed(), resident(process));
    const auto interval = samples.interval().count();
    const timespec pause{.tv_sec = interval / 1'000'000'000, .tv_nsec = interval % 1'000'000'000};
    sigtimedwait(&ended, nullptr, &pause);
  }
  outcome.wall = elapsed();
  return outcome;
}

bool report(const char* path, const Outcome& outcome, const Samples& samples) {
  std::FILE* file = std::fopen(path, "we");
  if (file == nullptr) return false;
  const int status = WIFEXITED(outcome.status) ? WEXITSTATUS(outcome.status) : 128 + WTERMSIG(outcome.status);
  std::fprintf(file, R"({"wall":%.6f,"user":%.6f,"system":%.6f,"peak":%lld,"status":%d,"samples":[)", outcome.wall,
               seconds(outcome.usage.ru_utime), seconds(outcome.usage.ru_stime),
               static_cast<long long>(outcome.usage.ru_maxrss) * 1024, status);
  const char* comma = "";
  for (const Sample& sample : samples.all()) {
    std::fprintf(file, "%s[%.3f,%llu]", comma, sample.seconds, static_cast<unsigned long long>(sample.bytes));
    comma = ",";
  }
  std::fprintf(file, "]}\n");
  return std::fclose(file) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: measure REPORT COMMAND [ARGUMENT...]\n");
    return 2;
  }
  sigset_t ended;
  sigset_t before;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  sigprocmask(SIG_BLOCK, &ended, &before);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &before);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t process = 0;
  const auto begin = Clock::now();
  const int error = posix_spawnp(&process, argv[2], nullptr, &attributes, argv + 2, environ);
  if (error != 0) {
    std::fprintf(stderr, "measure: %s: %s\n", argv[2], std::strerror(error));
    return 2;
  }
  Samples samples;
  const Outcome outcome = wait_for(process, begin, samples, ended);
  if (!report(argv[1], outcome, samples)) {
    std::fprintf(stderr, "measure: %s: %s\n", argv[1], std::strerror(errno));
    return 2;
  }
  return 0;
}
