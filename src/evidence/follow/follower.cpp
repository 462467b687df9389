#include "evidence/follow/follower.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "evidence/follow/chunk_tail.hpp"
#include "evidence/follow/followable.hpp"
#include "evidence/follow/text_tail.hpp"
#include "evidence/sentence.hpp"
#include "evidence/trouble.hpp"

namespace tocsin::evidence {

// One file, by its inode: it keeps its log when it is renamed.
struct Follower::Log {
  Log(LiveFile opened, const PlannedInput& input)
      : file(std::move(opened)), path(input.path), real_path(input.real_path) {}
  LiveFile file;
  std::string path, real_path;  // as shown; where it is now
  std::unique_ptr<Tail> tail;   // null: not known yet what it is
  FollowVisitor::Source source = 0;
  base::FileStamp seen;                      // when it was read last
  Clock::time_point changed = Clock::now();  // when it was last seen to be another
  bool may_be_copy = false;                  // it came while others were followed
  std::string head;                          // as FinishedLogs knows it

  [[nodiscard]] bool is_quiet() const { return Clock::now() - changed > kQuiet; }
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

std::vector<std::byte> head_of(const LiveFile& file, std::size_t size) {
  std::vector<std::byte> bytes(size);
  bytes.resize(file.read_at(0, bytes).value_or(0));
  return bytes;
}

}  // namespace

Follower::Follower(const EvidenceOptions& evidence, const ReadOptions& read, FollowVisitor& visitor,
                   const std::atomic<bool>* stop)
    : evidence_(evidence), read_(read), visitor_(visitor), stop_(stop), enough_([stop] {
        return stop != nullptr && stop->load(std::memory_order_relaxed);
      }) {}
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
  const InputPlan plan = plan_inputs(evidence_, stop_);
  if (first && !plan.failed.empty()) return std::unexpected(plan.failed.front());
  tell_trouble(plan);
  listed_.clear();
  ++look_;
  for (const PlannedInput& input : plan.inputs) {
    if (enough_()) return {};
    TOCSIN_CHECK(add(input, first));
  }
  std::erase_if(passed_, [&](const auto& one) { return one.second.look != look_; });
  return {};
}

// What planning has to say comes at each look: it is told once. A named file that is away for a moment is rotated.
void Follower::tell_trouble(const InputPlan& plan) {
  for (const Anomaly& anomaly : plan.anomalies) {
    if (told_.size() < kMaxTold && told_.insert(anomaly.path + '\n' + anomaly.message).second)
      visitor_.anomaly(anomaly);
  }
  std::map<std::string, Clock::time_point> missing;
  const auto now = Clock::now();
  for (const Error& error : plan.failed) {
    const auto before = missing_.find(error.place);
    const auto since = missing.emplace(error.place, before == missing_.end() ? now : before->second).first->second;
    if (now - since < kQuiet || !told_.insert(error.place + "\naway").second) continue;
    Anomaly anomaly =
        make_anomaly("not_followed", as_sentence(error.message), "it is followed when it is there again", 0);
    anomaly.path = error.place;
    visitor_.anomaly(std::move(anomaly));
  }
  missing_ = std::move(missing);
}

Result<void> Follower::add(const PlannedInput& input, bool first) {
  const bool must = first && input.named_by_user;
  const auto stamp = base::stamp_of(input.real_path, base::FileKind::file);
  if (!stamp && !must) return {};  // gone since it was listed
  const FileId id = stamp ? id_of(*stamp) : FileId{};
  if (const auto known = logs_.find(id); known != logs_.end()) {
    if (listed_.insert(id).second) known->second->real_path = input.real_path;
    return {};
  }
  const auto passed = passed_.find(id);
  if (passed != passed_.end() && passed->second.stamp == stamp) {
    passed->second.look = look_;
    if (!passed->second.again || Clock::now() < *passed->second.again) return {};
  }
  Result<LiveFile> file = LiveFile::open(input.real_path);
  if (!file && must) return std::unexpected(std::move(file).error());
  if (!file) {
    Passed& one = passed_.try_emplace(id).first->second;
    if (one.look == 0) one.may_be_copy = !first;
    one.stamp = *stamp, one.look = look_, one.again = Clock::now() + kTryAgain;
    tell_once(one, input.path, std::move(file).error());
    return {};
  }
  auto log = std::make_unique<Log>(std::move(*file), input);
  log->may_be_copy = passed != passed_.end() ? passed->second.may_be_copy : !first;
  const FileId opened = id_of(log->file.stamp());
  listed_.insert(opened);
  TOCSIN_TRY(const bool begun, begin_log(*log, must));
  if (!begun) return {};
  passed_.erase(opened);
  logs_.emplace(opened, std::move(log));
  return {};
}

// False: it is not followed now. Errors: only where it `must` be.
Result<bool> Follower::begin_log(Log& log, bool must) {
  log.seen = log.file.stamp();
  const std::vector<std::byte> head = head_of(log.file, kSampleBytes);
  const Followable is = look_at_beginning(head, log.path);
  if (is.kind == Followable::Kind::no) {
    Error error{ErrorCode::unsupported, is.why, log.path, is.remedy};
    if (must) return std::unexpected(std::move(error));
    tell_once(pass(log), log.path, std::move(error));
    return false;
  }
  if (is.kind == Followable::Kind::unknown) return pass(log), false;
  std::uint64_t before = 0;
  if (log.may_be_copy && is.found.format != "evtx") {
    const std::optional<std::uint64_t> size = read_before(log, head);
    if (!size || *size == log.seen.size) {
      Passed& passed = pass(log);
      if (!size) passed.again = Clock::now();
      return false;
    }
    before = *size;
  }
  if (is.found.format == "evtx") {
    log.tail = std::make_unique<ChunkTail>(log.file);
  } else {
    Sample sample;
    sample.head = is.sample;
    sample.path = log.path;
    auto text =
        std::make_unique<TextTail>(log.file, all_readers()[is.reader]->make_cutter(sample, read_), evidence_.hash);
    if (before > 0 && !text->pass(before, enough_)) {
      pass(log).again = Clock::now();
      return false;
    }
    log.tail = std::move(text);
  }
  visitor_.debug(fmt::format("{}: followed from byte {} as {} ({})", log.path, before, is.found.format, is.found.why));
  log.source = visitor_.begin(log.path, is.reader, is.found.format);
  log.seen = {};  // nothing is read yet
  return true;
}

// Copied and truncated, or moved away and brought back: how many of the first bytes were read already. What only begins
// alike is compared when it is whole: nullopt.
std::optional<std::uint64_t> Follower::read_before(const Log& log, ByteView head) {
  bool of_live = false, is_short = finished_.has_longer(head, log.seen.size);
  for (const auto& [id, other] : logs_) {
    if (!FinishedLogs::are_alike(head, other->head)) continue;
    of_live = true;
    is_short = is_short || other->tail->position() > log.seen.size;
  }
  if (!of_live && !finished_.has_alike(head)) return 0;
  if (is_short && !has_waited(log, false)) return std::nullopt;
  if (of_live && !has_waited(log, true)) return std::nullopt;
  return finished_.read_before(log.file, head, enough_);
}

bool Follower::has_waited(const Log& log, bool whole) const {
  const auto passed = passed_.find(id_of(log.seen));
  if (passed == passed_.end()) return false;
  const auto now = Clock::now();
  return (whole && passed->second.stamp == log.seen && now - passed->second.since > kCopied) ||
         now - passed->second.met > kCopying;
}

Follower::Passed& Follower::pass(const Log& log) {
  Passed& passed = passed_.try_emplace(id_of(log.seen)).first->second;
  if (passed.stamp != log.seen) passed.since = Clock::now();
  passed.stamp = log.seen;
  passed.again = std::nullopt;
  passed.may_be_copy = log.may_be_copy;
  passed.look = look_;
  return passed;
}

void Follower::tell_once(Passed& passed, const std::string& path, Error why) {
  if (passed.told) return;
  passed.told = true;
  Anomaly anomaly = make_anomaly("not_followed", as_sentence(why.message), why.hint, 0);
  anomaly.path = path;
  visitor_.debug(fmt::format("{}: not followed: {}", path, why.message));
  visitor_.anomaly(std::move(anomaly));
}

bool Follower::poll() {
  if (!look_for_files(false)) return false;
  for (auto at = logs_.begin(); at != logs_.end() && going_ && !enough_();) {
    Log& log = *at->second;
    const bool gone = has_lost_name(log.file.stamp(), log.real_path);
    going_ = look_at(log);
    if (log.tail != nullptr && gone && log.is_quiet() && !enough_()) leave(log, true);
    at = log.tail == nullptr ? logs_.erase(at) : std::next(at);
  }
  return going_;
}

// Without a tail afterwards: it is not followed any more.
bool Follower::look_at(Log& log) {
  const base::FileStamp stamp = log.file.stamp();
  const bool same = stamp == log.seen;
  if (!same) log.changed = Clock::now();
  if (same && !log.tail->waits() && !log.tail->failed()) return true;
  if (!same && log.tail->is_rewritten()) {
    visitor_.anomaly(
        log.source, make_anomaly("file_rewritten",
                                 fmt::format("Expected the file to go on behind byte {}, found it truncated or written "
                                             "anew; it was read from its beginning as another source.",
                                             log.tail->position()),
                                 "what was written between the last look and then is lost where no copy of it is "
                                 "followed too: rotate by renaming",
                                 log.tail->position()));
    LogSink sink(visitor_, log.source, *log.tail);
    log.tail->cut_off(sink);
    end_generation(log, false);
    log.may_be_copy = false;
    if (!begin_log(log, false).value_or(false)) return true;
  }
  log.seen = stamp;
  if (log.head.size() < FinishedLogs::kHeadBytes) {
    log.head = std::string(as_text(head_of(log.file, FinishedLogs::kHeadBytes)));
  }
  LogSink sink(visitor_, log.source, *log.tail);
  return log.tail->read_on(sink, enough_);
}

// Nothing more comes, or nobody wants it: the last line is read as it is.
void Follower::leave(Log& log, bool ended) {
  LogSink sink(visitor_, log.source, *log.tail);
  log.tail->finish(sink, enough_);
  end_generation(log, ended && !log.tail->failed() && log.tail->position() == log.file.stamp().size);
}

void Follower::end_generation(Log& log, bool ended) {
  SourceInfo info;
  info.path = log.path;
  log.tail->identify(info, ended);
  info.grown_to = log.tail->position();
  log.head.resize(std::min<std::uint64_t>(log.head.size(), info.size));
  finished_.add(std::exchange(log.head, {}), info.size, log.tail->digest());
  if (!evidence_.hash && info.no_hash.empty()) info.no_hash = kHashNotWanted;
  visitor_.end(log.source, info);
  log.tail.reset();
}

void Follower::finish() {
  enough_ = [end = Clock::now() + kAtTheEnd] { return Clock::now() > end; };
  for (const auto& [id, log] : logs_) {
    if (going_) {
      leave(*log, has_lost_name(log->file.stamp(), log->real_path) && log->is_quiet());
    } else {
      end_generation(*log, false);
    }
  }
  logs_.clear();
}

}  // namespace tocsin::evidence
