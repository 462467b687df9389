#include "evidence/follow/follower.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "base/quick_hash.hpp"
#include "evidence/container/kind.hpp"
#include "evidence/follow/chunk_tail.hpp"
#include "evidence/follow/text_tail.hpp"
#include "evidence/inputs.hpp"
#include "evidence/sentence.hpp"
#include "evidence/trouble.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kHeadBytes = 256;  // by which a copy is suspected

// A whole line, or so much that there is no need of one.
bool is_enough(ByteView head) {
  return head.size() >= kSampleBytes || as_text(head).starts_with("ElfFile") ||
         as_text(head).find('\n') != std::string_view::npos;
}

// Why a format cannot be followed; empty: it can.
std::string_view not_followable(std::string_view format) {
  if (format == "json.array" || format == "json.envelope") return "one JSON document, which is whole only at its end";
  return {};
}

}  // namespace

// One file, by its inode: it keeps its log when it is renamed.
struct Follower::Log {
  Log(LiveFile opened, std::string shown) : file(std::move(opened)), path(std::move(shown)) {}
  LiveFile file;
  std::string path, real_path;  // as shown; where it is now
  std::unique_ptr<Tail> tail;   // null: not known yet what it is
  FollowVisitor::Source source = 0;
  base::FileStamp seen;                      // when it was read last
  Clock::time_point changed = Clock::now();  // when it was last seen to be another
  Clock::time_point met = Clock::now();
  bool may_be_copy = false;  // it came while others were followed
  bool gone = false;         // its name is another file's, or nobody's
  std::uint64_t head = 0;
};

namespace {

// Gives a log's units and anomalies to the visitor.
class LogSink final : public UnitSink {
 public:
  LogSink(FollowVisitor& visitor, FollowVisitor::Source source, const Tail& tail)
      : visitor_(visitor), source_(source), tail_(tail) {}
  bool on_unit(Unit unit) override {
    const std::uint64_t end = unit.offset + unit.bytes.size();
    return visitor_.unit(source_, std::move(unit), std::max(tail_.position(), end));
  }
  void on_anomaly(Anomaly anomaly) override { visitor_.anomaly(source_, std::move(anomaly)); }

 private:
  FollowVisitor& visitor_;
  FollowVisitor::Source source_;
  const Tail& tail_;
};

}  // namespace

Follower::Follower(const EvidenceOptions& evidence, const ReadOptions& read, FollowVisitor& visitor)
    : evidence_(evidence), read_(read), visitor_(visitor) {}
Follower::~Follower() = default;

Result<void> Follower::begin() {
  for (const std::string& path : evidence_.paths) {
    if (path != "-") continue;
    return fail(ErrorCode::unsupported, "standard input cannot be followed: it is read to its end without --follow",
                "-", "name the file that is written to");
  }
  return look_for_files(true);
}

Result<void> Follower::look_for_files(bool first) {
  const InputPlan plan = plan_inputs(evidence_);
  if (first && !plan.failed.empty()) return std::unexpected(plan.failed.front());
  listed_.clear();
  for (const PlannedInput& input : plan.inputs) {
    TOCSIN_CHECK(add(input.path, input.real_path, first, input.named_by_user));
  }
  return {};
}

Result<void> Follower::add(const std::string& path, const std::string& real_path, bool first, bool named) {
  const auto stamp = base::stamp_of(real_path, base::FileKind::file);
  const FileId id = stamp ? id_of(*stamp) : FileId{};
  if (stamp && refused_.contains({id, real_path})) return {};
  if (const auto known = logs_.find(id); stamp && known != logs_.end()) {
    if (listed_.insert(id).second) known->second->real_path = real_path;
    return {};
  }
  Result<LiveFile> file = LiveFile::open(real_path);
  if (!file && first && named) return std::unexpected(std::move(file).error());
  if (!file) {
    if (stamp && refused_.size() < kMaxRefused && refused_.emplace(id, real_path).second) {
      Anomaly anomaly = make_anomaly("not_followed", as_sentence(file.error().message), file.error().hint, 0);
      anomaly.path = path;
      visitor_.anomaly(std::move(anomaly));
    }
    return {};
  }
  auto log = std::make_unique<Log>(std::move(*file), path);
  log->real_path = real_path;
  log->may_be_copy = paths_.insert(path).second && !first;  // a copy has a new name
  const FileId opened = id_of(log->file.stamp());
  listed_.insert(opened);
  if (first && named) {
    std::array<std::byte, 512> head{};
    const std::size_t got = log->file.read_at(0, head).value_or(0);
    if (const auto kind = recognise_container(ByteView(head).first(got))) {
      return fail(ErrorCode::unsupported,
                  fmt::format("an archive ({}) cannot be followed: it is whole only at its end", to_string(*kind)),
                  path, "scan it without --follow");
    }
  }
  logs_.emplace(opened, std::move(log));
  return {};
}

bool Follower::poll() {
  if (!look_for_files(false)) return false;
  for (auto at = logs_.begin(); at != logs_.end() && going_;) {
    Log& log = *at->second;
    const auto name = base::stamp_of(log.real_path, base::FileKind::file);
    log.gone = !name || id_of(*name) != at->first;
    going_ = look_at(log);
    const bool quiet = Clock::now() - log.changed > kQuiet;
    if (log.gone && quiet) {
      leave(log, true);
      at = logs_.erase(at);
    } else if (refused_.contains({at->first, log.real_path})) {
      at = logs_.erase(at);
    } else {
      ++at;
    }
  }
  return going_;
}

bool Follower::look_at(Log& log) {
  const base::FileStamp stamp = log.file.stamp();
  const bool same = stamp == log.seen;
  if (!same) log.changed = Clock::now();
  if (log.tail == nullptr) return recognise(log);
  if (same && !log.tail->waits()) return true;
  if (!same && log.tail->is_rewritten()) {
    visitor_.anomaly(
        log.source, make_anomaly("file_rewritten",
                                 fmt::format("Expected the file to go on behind byte {}, found it truncated or written "
                                             "anew; it was read from its beginning as another source.",
                                             log.tail->position()),
                                 "what was written between the last look and then is lost: rotate by renaming, or look "
                                 "into the rotated copy",
                                 log.tail->position()));
    end_generation(log, false);
    return recognise(log);
  }
  log.seen = stamp;
  return read(log);
}

bool Follower::read(Log& log) {
  LogSink sink(visitor_, log.source, *log.tail);
  return log.tail->read_on(sink);
}

bool Follower::recognise(Log& log) {
  log.seen = log.file.stamp();
  if (log.seen.size == 0) return true;
  std::vector<std::byte> bytes(kSampleBytes);
  bytes.resize(log.file.read_at(0, bytes).value_or(0));
  ByteView head(bytes);
  if (const auto kind = recognise_container(head.first(std::min<std::size_t>(head.size(), 512)))) {
    refuse(log, fmt::format("An archive ({}) cannot be followed: it is whole only at its end.", to_string(*kind)),
           "scan it without --follow");
    return true;
  }
  if (!is_enough(head)) return true;
  if (is_copy(log, head)) return true;
  if (head.size() < kSampleBytes && !as_text(head).starts_with("ElfFile")) {
    head = head.first(as_text(head).rfind('\n') + 1);
  }
  Sample sample;
  sample.head = head;
  sample.path = log.path;
  const auto readers = all_readers();
  std::size_t reader = 0;
  Recognition best;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    Recognition found = readers[i]->recognise(sample);
    if (found.confidence > best.confidence) best = std::move(found), reader = i;
  }
  if (best.confidence == 0) {
    if (bytes.size() == kSampleBytes)
      refuse(log, "No reader knows this content; it was not read.",
             "`tocsin formats --why FILE` says what it begins as");
    return true;
  }
  if (const std::string_view why = not_followable(best.format); !why.empty()) {
    refuse(log, fmt::format("It is {}; it was not followed.", why), "scan it when it is written");
    return true;
  }
  visitor_.debug(fmt::format("{}: followed as {} ({})", log.path, best.format, best.why));
  log.source = visitor_.begin(log.path, reader, best.format);
  log.may_be_copy = false;
  log.head = base::key_hash(as_text(bytes).substr(0, kHeadBytes));
  if (best.format == "evtx") {
    log.tail = std::make_unique<ChunkTail>(log.file);
  } else {
    log.tail = std::make_unique<TextTail>(log.file, readers[reader]->make_cutter(sample, read_), evidence_.hash);
  }
  return read(log);
}

// Copied and truncated: the copy of a generation that was read, which lies in a followed folder, tells nothing new.
// It is left when its bytes are those of one; what only begins like one waits until it is whole.
bool Follower::is_copy(Log& log, ByteView head) {
  if (!log.may_be_copy) return false;
  const std::uint64_t hash = base::key_hash(as_text(head).substr(0, kHeadBytes));
  const bool of_live = std::ranges::any_of(
      logs_, [&](const auto& other) { return other.second->tail != nullptr && other.second->head == hash; });
  const bool of_finished = std::ranges::any_of(finished_, [&](const Finished& one) { return one.head == hash; });
  if (!of_live && !of_finished) return false;
  const auto now = Clock::now();
  if (now - log.changed < kCopied && now - log.met < kQuiet) return true;
  log.may_be_copy = false;
  base::Sha256 sum;
  std::vector<std::byte> block(std::size_t{1} << 18);
  for (std::uint64_t at = 0;;) {
    const std::size_t got = log.file.read_at(at, block).value_or(0);
    if (got == 0) break;
    sum.update(ByteView(block).first(got));
    at += got;
  }
  const std::string sha256 = sum.hex();
  const bool read_before = std::ranges::any_of(finished_, [&](const Finished& one) { return one.sha256 == sha256; });
  if (!read_before) return false;
  visitor_.debug(fmt::format("{}: a copy of what was read already, left", log.path));
  if (refused_.size() < kMaxRefused) refused_.emplace(id_of(log.file.stamp()), log.real_path);
  return true;
}

void Follower::refuse(const Log& log, std::string_view why, std::string_view remedy) {
  visitor_.debug(fmt::format("{}: not followed: {}", log.path, why));
  if (refused_.size() < kMaxRefused) refused_.emplace(id_of(log.file.stamp()), log.real_path);
  Anomaly anomaly = make_anomaly("not_followed", std::string(why), remedy, 0);
  anomaly.path = log.path;
  visitor_.anomaly(std::move(anomaly));
}

// Nothing more comes, or nobody wants it: the last line is read as it is.
void Follower::leave(Log& log, bool ended) {
  if (log.tail == nullptr) return;
  LogSink sink(visitor_, log.source, *log.tail);
  log.tail->finish(sink);
  end_generation(log, ended);
}

void Follower::end_generation(Log& log, bool ended) {
  SourceInfo info;
  info.path = log.path;
  log.tail->identify(info, ended);
  info.grown_to = log.tail->position();
  const std::string& sha256 = info.sha256.empty() ? info.sha256_prefix : info.sha256;
  if (!sha256.empty()) {
    finished_.push_back({log.head, info.size, sha256});
    if (finished_.size() > kMaxFinished) finished_.pop_front();
  }
  if (!evidence_.hash && info.no_hash.empty()) info.no_hash = kHashNotWanted;
  visitor_.end(log.source, info);
  log.tail.reset();
}

void Follower::finish() {
  for (const auto& [id, log] : logs_) {
    if (going_) {
      leave(*log, log->gone);
    } else if (log->tail != nullptr) {
      end_generation(*log, false);
    }
  }
  logs_.clear();
}

}  // namespace tocsin::evidence
