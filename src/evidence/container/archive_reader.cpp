#include "evidence/container/archive_reader.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

#include "base/cursor.hpp"
#include "base/hash.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kStreamBlock = 262144, kSeekBlock = 65536, kTarBlock = 512;
constexpr unsigned kMaxTroublesInARow = 100;  // headers that fail one after the other: the container is given up
// Headers of a zip that are read again, in all, to go on behind damaged members. Each costs a block.
constexpr std::uint64_t kMaxPassedOver = 1'000'000;

// libarchive converts names to the character set of the locale. With UTF-8 it does so by itself and keeps bytes that it
// does not understand; with others it would load iconv modules. Only this thread's locale is touched.
class Utf8Locale {
 public:
  Utf8Locale() : previous_(::uselocale(utf8())) {}
  ~Utf8Locale() { ::uselocale(previous_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  static locale_t utf8() {
    static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", static_cast<locale_t>(nullptr));
    return locale;  // null where the system lacks it: then the process's locale stays in force
  }

 private:
  locale_t previous_;
};

// libarchive ends the program ("Fatal Internal Error: No memory") where a name cannot be converted and errno happens to
// be ENOMEM: left over, for instance, from an allocation that a hostile header made fail long before.
void forget_errno() {
  errno = 0;
}

// How many members the end of a zip's list says there are (APPNOTE 4.3.16). libarchive stops at the first entry that it
// cannot read and calls that the end. 0: no such end, or the number stands elsewhere (ZIP64).
std::uint64_t members_listed(ByteSource& source) {
  constexpr std::size_t kEnd = 22, kLongestComment = 65'535, kMembers = 10;
  const std::uint64_t size = source.size().value_or(0);
  std::vector<std::byte> tail(static_cast<std::size_t>(std::min<std::uint64_t>(size, kEnd + kLongestComment)));
  const Result<std::size_t> got = source.read_at(size - tail.size(), tail);
  if (!got || *got != tail.size() || tail.size() < kEnd) return 0;
  const std::size_t at = as_text(tail).rfind("PK\x05\x06", tail.size() - kEnd);
  if (at == std::string_view::npos) return 0;
  const auto members = base::load_le<std::uint16_t>(tail, at + kMembers);
  return members == 0xFFFF ? 0 : members;
}

struct ArchiveCloser {
  void operator()(archive* handle) const { ::archive_read_free(handle); }
};

}  // namespace

struct ArchiveReader::State {
  ContainerKind kind;
  HashingStream* stream = nullptr;  // either this
  ByteSource* source = nullptr;     // or this
  std::uint64_t position = 0;       // in `source`
  std::uint64_t consumed = 0;
  std::vector<std::byte> buffer;
  std::optional<Error> source_error;
  std::vector<std::string> passwords;

  std::unique_ptr<archive, ArchiveCloser> handle;
  archive_entry* entry = nullptr;
  bool opened = false, fatal = false, size_known = false;
  unsigned troubles = 0;
  Trouble trouble;

  // A zip's list of members is as good behind a damaged member as before; libarchive's handle is not, so another one
  // takes over there.
  std::uint64_t headers = 0, passed_over = 0;  // headers given out; read again
  bool broken = false;                         // the handle is of no more use

  // A zip whose list of members is damaged is read from the beginning as a stream; what was given out is left out.
  bool without_list = false;
  std::unordered_multiset<std::uint64_t> given;  // hashes of names
  bool ended = false;                            // tar: its end was told
  bool zeros_at_end = false;                     // tar: the bytes read last are those that end one
  bool between_headers = false;                  // tar: behind a damaged header, which was told

  // The block that libarchive handed out last, and how far the member has been read.
  ByteView block;
  std::uint64_t block_offset = 0, member_position = 0;
  bool member_ended = false;
  std::optional<Trouble> member_warning;

  bool enable();
  bool open();
  void fail_with(Trouble what, bool ends_all);
  void note_failure(int code);
  [[nodiscard]] bool can_reopen() const;
  bool reopen();
  Next look_from_the_beginning(const std::string& why);
  Next without_header(int code);
  Next read_header(ArchiveMember& member);
  void describe(ArchiveMember& member);
  bool next_block();
  std::size_t copy_out(std::span<std::byte> out);

  static la_ssize_t on_read(archive* handle, void* self, const void** out);
  static la_int64_t on_skip(archive* handle, void* self, la_int64_t request);
  static la_int64_t on_seek(archive* handle, void* self, la_int64_t offset, int whence);
};

la_ssize_t ArchiveReader::State::on_read(archive* handle, void* self, const void** out) {
  State& state = *static_cast<State*>(self);
  Result<std::size_t> got =
      state.source != nullptr ? state.source->read_at(state.position, state.buffer) : state.stream->read(state.buffer);
  if (!got) {
    ::archive_set_error(handle, EIO, "%s", got.error().message.c_str());
    state.source_error = std::move(got).error();
    return ARCHIVE_FATAL;
  }
  state.position += *got;
  state.consumed += *got;
  if (state.kind == ContainerKind::tar && *got > 0) {
    const std::span<const std::byte> tail = std::span(state.buffer).first(*got).last(std::min(*got, kTarBlock));
    state.zeros_at_end = std::ranges::all_of(tail, [](std::byte byte) { return byte == std::byte{0}; });
  }
  *out = state.buffer.data();
  return static_cast<la_ssize_t>(*got);
}

la_int64_t ArchiveReader::State::on_skip(archive* /*handle*/, void* self, la_int64_t request) {
  State& state = *static_cast<State*>(self);
  if (state.source == nullptr || request <= 0) return 0;
  const std::uint64_t size = state.source->size().value_or(state.position);
  const std::uint64_t left = size > state.position ? size - state.position : 0;
  const std::uint64_t step = std::min(left, static_cast<std::uint64_t>(request));
  state.position += step;
  return static_cast<la_int64_t>(step);
}

la_int64_t ArchiveReader::State::on_seek(archive* /*handle*/, void* self, la_int64_t offset, int whence) {
  State& state = *static_cast<State*>(self);
  const auto size = static_cast<la_int64_t>(state.source->size().value_or(0));
  la_int64_t base = 0;
  if (whence == SEEK_CUR) base = static_cast<la_int64_t>(state.position);
  if (whence == SEEK_END) base = size;
  la_int64_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0 || target > size) return ARCHIVE_FATAL;
  state.position = static_cast<std::uint64_t>(target);
  return target;
}

// The explicit list: each kind enables itself and nothing else. libarchive answers ARCHIVE_WARN where it would start a
// program for lack of a library; such a build is refused.
bool ArchiveReader::State::enable() {
  archive* a = handle.get();
  int code = ARCHIVE_OK;
  switch (kind) {
    case ContainerKind::zip:
      code = ::archive_read_support_format_zip_streamable(a);
      if (source != nullptr && !without_list && code == ARCHIVE_OK)
        code = ::archive_read_support_format_zip_seekable(a);
      break;
    case ContainerKind::tar:
      code = ::archive_read_support_format_tar(a);
      if (code == ARCHIVE_OK) code = ::archive_read_set_options(a, "tar:read_concatenated_archives=1");
      break;
    case ContainerKind::seven_zip:
      code = ::archive_read_support_format_7zip(a);
      break;
    case ContainerKind::gzip:
      code = ::archive_read_support_filter_gzip(a);
      break;
    case ContainerKind::bzip2:
      code = ::archive_read_support_filter_bzip2(a);
      break;
    case ContainerKind::xz:
      code = ::archive_read_support_filter_xz(a);
      break;
    case ContainerKind::zstd:
      code = ::archive_read_support_filter_zstd(a);
      break;
  }
  if (is_compression(kind) && code == ARCHIVE_OK) {
    code = std::min(::archive_read_support_format_raw(a), ::archive_read_support_format_empty(a));
  }
  return code == ARCHIVE_OK;
}

bool ArchiveReader::State::open() {
  opened = true;
  handle.reset(::archive_read_new());
  if (!handle || !enable()) {
    fail_with(
        {"container_method", "this build of libarchive cannot read " + std::string(to_string(kind)) + " by itself",
         "extract it with `7z x` and scan the folder"},
        true);
    return false;
  }
  for (const std::string& password : passwords) ::archive_read_add_passphrase(handle.get(), password.c_str());
  buffer.resize(source != nullptr ? kSeekBlock : kStreamBlock);
  ::archive_read_set_callback_data(handle.get(), this);
  ::archive_read_set_read_callback(handle.get(), on_read);
  if (source != nullptr) {
    ::archive_read_set_skip_callback(handle.get(), on_skip);
    ::archive_read_set_seek_callback(handle.get(), on_seek);
  }
  forget_errno();
  const int code = ::archive_read_open1(handle.get());
  if (code < ARCHIVE_WARN) note_failure(ARCHIVE_FATAL);
  return code >= ARCHIVE_WARN;
}

void ArchiveReader::State::fail_with(Trouble what, bool ends_all) {
  trouble = std::move(what);
  fatal = fatal || ends_all || ++troubles > kMaxTroublesInARow;
}

void ArchiveReader::State::note_failure(int code) {
  const char* words = ::archive_error_string(handle.get());
  Trouble what = classify_trouble(words != nullptr ? words : "");
  if (source_error) {
    what = {"container_cut_short", "the container's own bytes end early: " + source_error->message, source_error->hint};
  }
  broken = code == ARCHIVE_FATAL && can_reopen();
  fail_with(std::move(what), code == ARCHIVE_FATAL && !broken);
}

bool ArchiveReader::State::can_reopen() const {
  return kind == ContainerKind::zip && source != nullptr && !without_list && entry != nullptr && !source_error &&
         passed_over + headers <= kMaxPassedOver;
}

// Opens the container again and goes to where the last handle broke: behind the header given out last.
bool ArchiveReader::State::reopen() {
  broken = false;
  const std::uint64_t consumed_before = consumed;
  position = 0;
  bool there = open();
  for (std::uint64_t i = 0; there && i < headers; ++i, ++passed_over) {
    forget_errno();
    there = ::archive_read_next_header(handle.get(), &entry) >= ARCHIVE_WARN;
  }
  consumed = consumed_before;
  fatal = fatal || !there;
  return there;
}

MemberReader::Next ArchiveReader::State::look_from_the_beginning(const std::string& why) {
  trouble = {"container_damaged",
             "the list of members cannot be read (" + why + "); members are looked for from the beginning",
             "get an undamaged copy, or repair it (`zip -FF`) and scan the folder"};
  without_list = true;
  position = 0;
  return open() ? Next::trouble : Next::fatal;
}

// What it means that there is no next header.
MemberReader::Next ArchiveReader::State::without_header(int code) {
  if (code == ARCHIVE_EOF) {
    if (kind == ContainerKind::zip && source != nullptr && !without_list && headers < members_listed(*source)) {
      return look_from_the_beginning("it ends before its last member");
    }
    if (kind != ContainerKind::tar || zeros_at_end || source_error) return Next::end;
    ended = true;
    trouble = {
        "container_damaged",
        "expected blocks of zeros at the end of the tar, found none: it may have been cut off between two members",
        "compare its size with the original's"};
    return Next::trouble;
  }
  const char* words = ::archive_error_string(handle.get());
  if (code == ARCHIVE_RETRY && kind == ContainerKind::tar) {
    // libarchive looks at every block that follows. One anomaly for all of them.
    trouble = {};
    if (!between_headers) {
      trouble = {"container_damaged",
                 "expected the header of a member, found other bytes (" +
                     std::string(words != nullptr ? words : "unknown error") + "); reading goes on at the next header",
                 "get an undamaged copy"};
    }
    between_headers = true;
    return Next::trouble;
  }
  if (code == ARCHIVE_FATAL && kind == ContainerKind::zip && source != nullptr && !without_list && !source_error) {
    return look_from_the_beginning(words != nullptr ? words : "unknown error");
  }
  note_failure(code);
  return fatal ? Next::fatal : Next::trouble;
}

void ArchiveReader::State::describe(ArchiveMember& member) {
  forget_errno();
  const char* name = ::archive_entry_pathname(entry);
  if (name == nullptr) name = ::archive_entry_pathname_utf8(entry);
  member.name = name != nullptr && !is_compression(kind) ? name : "";
  const auto type = ::archive_entry_filetype(entry);
  const bool linked = ::archive_entry_hardlink(entry) != nullptr;
  if (type == AE_IFDIR) {
    member.type = ArchiveMember::Type::folder;
  } else {
    member.type = (type == AE_IFREG || type == 0) && !linked ? ArchiveMember::Type::file : ArchiveMember::Type::other;
  }
  member.encrypted = ::archive_entry_is_data_encrypted(entry) != 0;
  size_known = ::archive_entry_size_is_set(entry) != 0;
  member.size.reset();
  if (size_known) member.size = static_cast<std::uint64_t>(std::max<la_int64_t>(0, ::archive_entry_size(entry)));
}

MemberReader::Next ArchiveReader::State::read_header(ArchiveMember& member) {
  const Utf8Locale locale;
  if (ended) return Next::end;
  if (!opened && !open()) return Next::fatal;
  if (broken && !reopen()) return Next::fatal;
  for (;;) {
    forget_errno();
    const int code = ::archive_read_next_header(handle.get(), &entry);
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return without_header(code);
    troubles = 0;
    between_headers = false;
    describe(member);
    if (kind != ContainerKind::zip || source == nullptr) return Next::member;
    const std::uint64_t hash = base::fnv1a(member.name);
    if (!without_list) {
      ++headers;
      given.insert(hash);
      return Next::member;
    }
    const auto found = given.find(hash);
    if (found == given.end()) return Next::member;
    given.erase(found);
  }
}

// Asks libarchive for the next block of the member. False at its end and on failure (trouble is set then).
bool ArchiveReader::State::next_block() {
  const void* data = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  forget_errno();
  const int code = ::archive_read_data_block(handle.get(), &data, &size, &offset);
  if (code == ARCHIVE_EOF) {
    member_ended = true;
    return false;
  }
  if (code == ARCHIVE_WARN) {
    const char* words = ::archive_error_string(handle.get());
    member_warning = classify_trouble(words != nullptr ? words : "");
  } else if (code != ARCHIVE_OK) {
    note_failure(code);
    return false;
  }
  if (offset < 0 || static_cast<std::uint64_t>(offset) < member_position) {
    fail_with(classify_trouble("blocks of a member overlap"), true);
    return false;
  }
  block = ByteView(static_cast<const std::byte*>(data), size);
  block_offset = static_cast<std::uint64_t>(offset);
  return true;
}

// Takes from the current block, or zeros where it begins behind a hole (sparse tar members).
std::size_t ArchiveReader::State::copy_out(std::span<std::byte> out) {
  std::size_t count = 0;
  if (block_offset > member_position) {
    count = static_cast<std::size_t>(std::min<std::uint64_t>(block_offset - member_position, out.size()));
    std::memset(out.data(), 0, count);
  } else {
    count = std::min(out.size(), block.size());
    std::memcpy(out.data(), block.data(), count);
    block = block.subspan(count);
    block_offset += count;
  }
  member_position += count;
  return count;
}

ArchiveReader::ArchiveReader(ContainerKind kind, HashingStream& stream) : state_(std::make_unique<State>()) {
  state_->kind = kind;
  state_->stream = &stream;
}

ArchiveReader::ArchiveReader(ContainerKind kind, ByteSource& source) : state_(std::make_unique<State>()) {
  assert(source.seekable());
  state_->kind = kind;
  state_->source = &source;
}

ArchiveReader::~ArchiveReader() = default;

void ArchiveReader::use_passwords(std::span<const std::string> passwords) {
  assert(!state_->opened);
  state_->passwords.assign(passwords.begin(), passwords.end());
}

MemberReader::Next ArchiveReader::next(ArchiveMember& member) {
  State& s = *state_;
  s.block = {};
  s.block_offset = s.member_position = 0;
  s.member_ended = false;
  s.member_warning.reset();
  if (s.fatal) return Next::fatal;
  return s.read_header(member);
}

std::optional<std::size_t> ArchiveReader::read(std::span<std::byte> out) {
  State& s = *state_;
  assert(!out.empty());
  while (s.block.empty() && s.block_offset <= s.member_position) {
    if (s.member_ended) break;
    if (s.fatal || !s.next_block()) {
      if (!s.member_ended) return std::nullopt;
    }
  }
  if (!s.block.empty() || s.block_offset > s.member_position) return s.copy_out(out);
  if (!s.member_warning) return std::size_t{0};
  s.trouble = *std::exchange(s.member_warning, std::nullopt);
  return std::nullopt;
}

const Trouble& ArchiveReader::trouble() const {
  return state_->trouble;
}
bool ArchiveReader::is_fatal() const {
  return state_->fatal;
}
bool ArchiveReader::can_skip() const {
  return state_->kind == ContainerKind::zip && state_->source != nullptr && !state_->without_list && state_->size_known;
}
std::uint64_t ArchiveReader::consumed() const {
  return state_->consumed;
}

void prepare_archive_reading() {
  static_cast<void>(Utf8Locale::utf8());
}

}  // namespace tocsin::evidence
