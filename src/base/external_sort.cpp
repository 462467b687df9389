#include "base/external_sort.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace tocsin::base {
namespace {

// Of each run while they are merged: together they keep to the budget, down to a size below which reading is slow.
constexpr std::size_t kReadBlock = std::size_t{64} << 10, kLeastReadBlock = std::size_t{4} << 10;
constexpr std::size_t kArenaBlock = std::size_t{256} << 10;

Error io_error(const char* what) {
  return {ErrorCode::io, std::string(what) + ": " + std::strerror(errno), "scratch file",
          "free space in the folder that TMPDIR names, or let TMPDIR name another one"};
}

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return std::unexpected(io_error("cannot write"));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

void append_u32(std::string& out, std::uint32_t value) {
  out.append(reinterpret_cast<const char*>(&value), 4);
}

}  // namespace

// Bytes that stay where they are until all are given back. Blocks are kept for what comes after, those of single large
// records are not.
class BlockArena {
 public:
  const char* add(std::string_view first, std::string_view second) {
    char* const at = room(first.size() + second.size());
    std::ranges::copy(first, at);
    std::ranges::copy(second, at + first.size());
    size_ += first.size() + second.size();
    return at;
  }
  void clear() {
    large_.clear();
    block_ = used_ = size_ = 0;
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  char* room(std::size_t size) {
    if (size > kArenaBlock) return large_.emplace_back(std::make_unique_for_overwrite<char[]>(size)).get();
    if (kArenaBlock - used_ < size) {
      size_ += kArenaBlock - used_;  // what is left of it is memory too
      ++block_;
      used_ = 0;
    }
    if (block_ == blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<char[]>(kArenaBlock));
    char* const at = blocks_[block_].get() + used_;
    used_ += size;
    return at;
  }
  std::vector<std::unique_ptr<char[]>> blocks_, large_;
  std::size_t block_ = 0, used_ = 0, size_ = 0;
};

// In memory a record is its key and payload back to back in `arena`; on disk {u32 key size, u32 payload size, bytes}.
struct ExternalSort::State {
  struct Record {
    const char* at;
    std::uint32_t key_size, payload_size;
  };
  struct Run {
    std::uint64_t begin, end;
  };
  int fd = -1;
  std::size_t budget = kDefaultBudget;
  BlockArena arena;
  mutable std::vector<Record> records;
  mutable bool sorted = true;
  std::vector<Run> runs;
  std::uint64_t written = 0, count = 0;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (fd >= 0) ::close(fd);
  }
  [[nodiscard]] std::string_view key(const Record& r) const { return {r.at, r.key_size}; }
  [[nodiscard]] std::string_view payload(const Record& r) const { return {r.at + r.key_size, r.payload_size}; }
  void sort() const {
    if (!sorted) {
      std::ranges::stable_sort(records, [this](const Record& a, const Record& b) { return key(a) < key(b); });
    }
    sorted = true;
  }
  Result<void> spill();
};

Result<void> ExternalSort::State::spill() {
  sort();
  const std::uint64_t begin = written;
  std::string block;
  for (const Record& record : records) {
    append_u32(block, record.key_size);
    append_u32(block, record.payload_size);
    block += key(record);
    block += payload(record);
    if (block.size() >= (std::size_t{1} << 20)) {
      TOCSIN_CHECK(write_all(fd, block));
      written += block.size();
      block.clear();
    }
  }
  TOCSIN_CHECK(write_all(fd, block));
  written += block.size();
  runs.push_back({begin, written});
  records.clear();
  arena.clear();
  sorted = true;
  return {};
}

namespace {

// Reads one run record by record through a small buffer.
class RunReader {
 public:
  RunReader(int fd, std::uint64_t begin, std::uint64_t end, std::size_t block)
      : fd_(fd), at_(begin), end_(end), block_(block) {}
  [[nodiscard]] std::string_view key() const { return {buffer_.data() + used_ + 8, key_size_}; }
  [[nodiscard]] std::string_view payload() const { return {buffer_.data() + used_ + 8 + key_size_, payload_size_}; }
  // Moves to the next record. False at the run's end.
  Result<bool> next() {
    used_ += size_;
    size_ = 0;
    if (at_ == end_ && used_ == buffer_.size()) return false;
    TOCSIN_CHECK(need(8));
    std::memcpy(&key_size_, buffer_.data() + used_, 4);
    std::memcpy(&payload_size_, buffer_.data() + used_ + 4, 4);
    size_ = std::size_t{8} + key_size_ + payload_size_;
    TOCSIN_CHECK(need(size_));
    return true;
  }

 private:
  Result<void> need(std::size_t size) {
    if (buffer_.size() - used_ >= size) return {};
    buffer_.erase(0, used_);
    used_ = 0;
    const std::size_t have = buffer_.size();
    const std::size_t want =
        static_cast<std::size_t>(std::min<std::uint64_t>(std::max(size - have, block_), end_ - at_));
    buffer_.resize(have + want);
    for (std::size_t got = 0; got < want;) {
      const ssize_t n = ::pread(fd_, buffer_.data() + have + got, want - got, static_cast<off_t>(at_));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return std::unexpected(io_error("cannot read"));
      got += static_cast<std::size_t>(n);
      at_ += static_cast<std::uint64_t>(n);
    }
    if (buffer_.size() < size) return std::unexpected(io_error("the scratch file ends early"));
    return {};
  }
  int fd_;
  std::uint64_t at_, end_;
  std::size_t block_;
  std::string buffer_;
  std::size_t used_ = 0, size_ = 0;
  std::uint32_t key_size_ = 0, payload_size_ = 0;
};

}  // namespace

ExternalSort::ExternalSort(std::unique_ptr<State> state) : state_(std::move(state)) {}
ExternalSort::ExternalSort(ExternalSort&&) noexcept = default;
ExternalSort& ExternalSort::operator=(ExternalSort&&) noexcept = default;
ExternalSort::~ExternalSort() = default;

Result<ExternalSort> ExternalSort::make(std::size_t budget) {
  const char* const folder = std::getenv("TMPDIR");
  std::string path = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/tocsin-XXXXXX";
  auto state = std::make_unique<State>();
  state->budget = budget;
  state->fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (state->fd < 0) {
    Error error = io_error("cannot make a scratch file");
    error.place = path;
    return std::unexpected(std::move(error));
  }
  ::unlink(path.c_str());
  return ExternalSort(std::move(state));
}

Result<void> ExternalSort::add(std::string_view key, std::string_view payload) {
  State& s = *state_;
  if (key.size() + payload.size() > UINT32_MAX) return fail(ErrorCode::limit, "a record over 4 GiB cannot be sorted");
  const std::size_t bytes =
      s.arena.size() + key.size() + payload.size() + (s.records.size() + 1) * sizeof(State::Record);
  if (!s.records.empty() && bytes > s.budget) TOCSIN_CHECK(s.spill());
  s.records.push_back(
      {s.arena.add(key, payload), static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(payload.size())});
  s.sorted = false;
  ++s.count;
  return {};
}

std::uint64_t ExternalSort::size() const {
  return state_->count;
}
std::size_t ExternalSort::spilled_runs() const {
  return state_->runs.size();
}

Result<void> ExternalSort::each(const Visitor& visit) const {
  const State& s = *state_;
  s.sort();
  std::vector<RunReader> readers;
  readers.reserve(s.runs.size());
  const std::size_t block = std::clamp(s.budget / (s.runs.size() + 1), kLeastReadBlock, kReadBlock);
  for (const State::Run& run : s.runs) readers.emplace_back(s.fd, run.begin, run.end, block);
  // Smallest key first; equal keys in the order of addition, which is the order of the runs, memory last.
  const auto later = [&](std::size_t a, std::size_t b) {
    const auto order = readers[a].key() <=> readers[b].key();
    return order != 0 ? order > 0 : a > b;
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> heap(later);
  for (std::size_t i = 0; i < readers.size(); ++i) {
    TOCSIN_TRY(const bool more, readers[i].next());
    if (more) heap.push(i);
  }
  std::size_t next = 0;
  while (!heap.empty() || next < s.records.size()) {
    if (!heap.empty() && (next == s.records.size() || readers[heap.top()].key() <= s.key(s.records[next]))) {
      const std::size_t i = heap.top();
      heap.pop();
      TOCSIN_CHECK(visit(readers[i].key(), readers[i].payload()));
      TOCSIN_TRY(const bool more, readers[i].next());
      if (more) heap.push(i);
    } else {
      TOCSIN_CHECK(visit(s.key(s.records[next]), s.payload(s.records[next])));
      ++next;
    }
  }
  return {};
}

}  // namespace tocsin::base
