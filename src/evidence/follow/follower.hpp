// Follows what is handed in while it is written, like `tail -F`: files that grow, rotation by renaming and by copying
// and truncating, and new files in folders. Each generation of a file is a source of its own: a renamed file is read to
// its end and keeps its hash.
//
// Looks by stat (decision 0021). One thread; the visitor is called from poll() and finish().
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"

#include "evidence/follow/finished_logs.hpp"
#include "evidence/follow/tail.hpp"
#include "evidence/inputs.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence {

class FollowVisitor {
 public:
  using Source = std::uint32_t;  // the visitor's own
  virtual ~FollowVisitor() = default;
  [[nodiscard]] virtual Source begin(const std::string& path, std::size_t reader, const std::string& format) = 0;
  // `read_to`: bytes of the file before this were read. False: stop.
  [[nodiscard]] virtual bool unit(Source source, Unit unit, std::uint64_t read_to) = 0;
  virtual void anomaly(Source source, Anomaly anomaly) = 0;
  virtual void anomaly(Anomaly anomaly) = 0;  // of a path that became no source
  virtual void end(Source source, const SourceInfo& identity) = 0;
  virtual void debug(std::string line) = 0;
};

class Follower {
 public:
  using Clock = std::chrono::steady_clock;
  // A renamed or removed file is left when it got nothing more for so long.
  static constexpr std::chrono::seconds kQuiet{5};
  // What looks like a copy of what was read is compared with it when it has been left alone for so long; what is
  // shorter yet, or goes on growing, after kCopying.
  static constexpr std::chrono::seconds kCopied{2};
  static constexpr std::chrono::minutes kCopying{2};
  static constexpr std::chrono::seconds kTryAgain{3};  // a file that cannot be opened
  static constexpr std::chrono::seconds kAtTheEnd{3};  // for what was written between the last look and the stop
  static constexpr std::size_t kMaxTold = 10'000;      // anomalies of planning, which come at each look for files

  // `stop`: a look ends soon after it was set. REQUIRES: all outlive it.
  Follower(const EvidenceOptions& evidence, const ReadOptions& read, FollowVisitor& visitor,
           const std::atomic<bool>* stop = nullptr);
  ~Follower();
  // Errors: a path that is not there or cannot be followed.
  [[nodiscard]] Result<void> begin();
  // Looks at everything once. False: the visitor wants no more.
  [[nodiscard]] bool poll();
  void finish();

 private:
  struct Log;
  using FileId = std::pair<std::uint64_t, std::uint64_t>;  // device, inode
  // A file that is not followed, as it was when it was looked at; held open no longer.
  struct Passed {
    base::FileStamp stamp;
    Clock::time_point met = Clock::now(), since = Clock::now();  // first seen; first seen as it is
    std::optional<Clock::time_point> again;                      // also where it stays as it is
    bool may_be_copy = false, told = false;
    std::uint64_t look = 0;  // the last one that found it
  };
  [[nodiscard]] static FileId id_of(const base::FileStamp& stamp) { return {stamp.device, stamp.inode}; }

  [[nodiscard]] Result<void> look_for_files(bool first);
  void tell_trouble(const InputPlan& plan);
  [[nodiscard]] Result<void> add(const PlannedInput& input, bool first);
  [[nodiscard]] Result<bool> begin_log(Log& log, bool must);
  [[nodiscard]] std::optional<std::uint64_t> read_before(const Log& log, ByteView head);
  [[nodiscard]] bool has_waited(const Log& log, bool whole) const;
  Passed& pass(const Log& log);
  void tell_once(Passed& passed, const std::string& path, Error why);
  [[nodiscard]] bool look_at(Log& log);
  void leave(Log& log, bool ended);
  void end_generation(Log& log, bool ended);

  const EvidenceOptions& evidence_;
  const ReadOptions& read_;
  FollowVisitor& visitor_;
  const std::atomic<bool>* stop_;
  Tail::Enough enough_;
  std::map<FileId, std::unique_ptr<Log>> logs_;
  std::map<FileId, Passed> passed_;
  std::set<FileId> listed_;                           // in the last look for files
  std::set<std::string> told_;                        // anomalies of planning
  std::map<std::string, Clock::time_point> missing_;  // named files that are not there, since when
  FinishedLogs finished_;
  std::uint64_t look_ = 0;
  bool going_ = true;
};

}  // namespace tocsin::evidence
