// Follows what is handed in while it is written, like `tail -F`: files that grow, rotation by renaming and by copying
// and truncating, and new files in folders. Each generation of a file is a source of its own: a renamed file is read to
// its end and keeps its hash.
//
// Looks by stat (decision 0021). One thread; the visitor is called from poll() and finish().
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"

#include "evidence/follow/tail.hpp"
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
  // A renamed or removed file is left when it got nothing more for so long; what looks like a copy of one that was read
  // is looked at when it has been left alone for so long.
  static constexpr std::chrono::seconds kQuiet{5};
  static constexpr std::chrono::seconds kCopied{2};
  static constexpr std::size_t kMaxRefused = 1'000'000;  // names that are not asked about again
  static constexpr std::size_t kMaxFinished = 256;       // generations that a copy is compared with

  // REQUIRES: all outlive it.
  Follower(const EvidenceOptions& evidence, const ReadOptions& read, FollowVisitor& visitor);
  ~Follower();
  // Errors: a path that is not there or cannot be followed.
  [[nodiscard]] Result<void> begin();
  // Looks at everything once. False: the visitor wants no more.
  [[nodiscard]] bool poll();
  void finish();

 private:
  struct Log;
  using FileId = std::pair<std::uint64_t, std::uint64_t>;  // device, inode
  // A generation as its copies have it.
  struct Finished {
    std::uint64_t head = 0, size = 0;
    std::string sha256;
  };
  [[nodiscard]] static FileId id_of(const base::FileStamp& stamp) { return {stamp.device, stamp.inode}; }

  [[nodiscard]] Result<void> look_for_files(bool first);
  [[nodiscard]] Result<void> add(const std::string& path, const std::string& real_path, bool first, bool named);
  [[nodiscard]] bool look_at(Log& log);
  [[nodiscard]] bool read(Log& log);
  [[nodiscard]] bool recognise(Log& log);
  [[nodiscard]] bool is_copy(Log& log, ByteView head);
  void refuse(const Log& log, std::string_view why, std::string_view remedy);
  void leave(Log& log, bool ended);
  void end_generation(Log& log, bool ended);

  const EvidenceOptions& evidence_;
  const ReadOptions& read_;
  FollowVisitor& visitor_;
  std::map<FileId, std::unique_ptr<Log>> logs_;
  std::set<std::string> paths_;  // all that were met
  std::set<FileId> listed_;      // in the last look for files
  std::set<std::pair<FileId, std::string>> refused_;
  std::deque<Finished> finished_;
  bool going_ = true;
};

}  // namespace tocsin::evidence
