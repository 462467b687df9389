#include "evidence/container/container_walk.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "evidence/container/archive_reader.hpp"
#include "evidence/container/gzip_reader.hpp"
#include "evidence/container/level.hpp"
#include "evidence/sentence.hpp"
#include "evidence/sparse_leaf.hpp"

namespace tocsin::evidence {
namespace {

bool wants_to_seek(ContainerKind kind) {
  return kind == ContainerKind::zip || kind == ContainerKind::seven_zip;
}

class ContainerWalker {
 public:
  ContainerWalker(WalkState& state, const OpenInput& open, const ContainerLimits& limits)
      : state_(state), open_(open), limits_(limits) {}
  ReadOutcome run(ContainerKind kind);

 private:
  using Next = MemberReader::Next;

  void push_input(ContainerKind kind);
  void step();
  void visit(const ArchiveMember& member);
  [[nodiscard]] bool wanted(const ArchiveMember& member, const std::string& path);
  void visit_file(const ArchiveMember& member, const std::string& path, std::unique_ptr<Member> file);
  void visit_leaf(const ArchiveMember& member, const std::string& path, Member& file);
  void visit_container(ContainerKind kind, const std::string& path, std::unique_ptr<Member> file);
  template <class Source>
  [[nodiscard]] std::unique_ptr<ArchiveReader> archive_reader(ContainerKind kind, Source& source) const {
    auto reader = std::make_unique<ArchiveReader>(kind, source);
    reader->use_passwords(state_.passwords);
    return reader;
  }
  template <class Source>
  void note_holes(Level& level, Source& source) const {
    if (level.kind != ContainerKind::zip) return;
    level.holes = sparse_members(source, limits_.input_entries,
                                 [&]() -> std::unique_ptr<MemberReader> { return archive_reader(level.kind, source); });
  }
  [[nodiscard]] bool make_readable(Level& level);
  [[nodiscard]] bool hold(Level& level);
  [[nodiscard]] bool read_on(Level& level, ByteView pending, const Error& why);
  [[nodiscard]] Trouble explained(const ArchiveMember& member, Trouble trouble) const;
  void refuse_container(ContainerKind kind, const std::string& path, Member& file, Trouble trouble);
  void after_member(Level& level, const Member& file);
  void finish_top();
  void report(const std::string& path, Trouble trouble, std::uint64_t offset);
  [[nodiscard]] std::string shown(const std::string& path) const;

  WalkState& state_;
  const OpenInput& open_;
  const ContainerLimits& limits_;
  InputUsage usage_;
  std::vector<std::unique_ptr<Level>> levels_;
  bool abandoned_ = false;  // a budget of the whole input is used up
  ReadOutcome outcome_;
};

std::string ContainerWalker::shown(const std::string& path) const {
  return path.empty() ? open_.input.path : open_.input.path + "!/" + path;
}

void ContainerWalker::report(const std::string& path, Trouble trouble, std::uint64_t offset) {
  Anomaly anomaly;
  anomaly.path = shown(path);
  anomaly.code = std::move(trouble.code);
  anomaly.message = as_sentence(std::move(trouble.message));
  anomaly.remedy = as_sentence(std::move(trouble.remedy));
  anomaly.offset = offset;
  state_.visitor.on_anomaly(std::move(anomaly));
}

void ContainerWalker::push_input(ContainerKind kind) {
  auto level = std::make_unique<Level>();
  level->kind = kind;
  level->stream = &open_.stream;
  level->lone_name = name_of_compressed(kind, open_.stream.head(), open_.input.path);
  usage_.stream = &open_.stream;
  if (wants_to_seek(kind) && open_.source.seekable()) {
    level->reader = archive_reader(kind, open_.source);
    note_holes(*level, open_.source);
  } else if (!make_readable(*level)) {
    outcome_ = drain(state_, open_.input, open_.stream);
    return;
  }
  levels_.push_back(std::move(level));
}

// Gives a level that is a stream its reader. False: it cannot be read, which is said.
bool ContainerWalker::make_readable(Level& level) {
  if (level.kind == ContainerKind::gzip) {
    level.reader = std::make_unique<GzipReader>(*level.stream);
    return true;
  }
  if (!wants_to_seek(level.kind)) {
    level.reader = archive_reader(level.kind, *level.stream);
    return true;
  }
  return hold(level);
}

// Zip and 7z keep the list of their members at their end: their bytes are held before they are read.
bool ContainerWalker::hold(Level& level) {
  level.held = std::make_unique<HeldBytes>(state_.scratch, limits_, usage_);
  while (!state_.should_stop()) {
    const Result<std::size_t> got = level.stream->read(state_.block);
    if (!got) {
      // The error comes again: in the middle of a zip that is read on, else when the level is finished.
      if (level.kind == ContainerKind::zip) return read_on(level, {}, got.error());
      break;
    }
    if (*got == 0) break;
    const ByteView block = ByteView(state_.block).first(*got);
    if (const Result<void> kept = level.held->append(block); !kept) return read_on(level, block, kept.error());
    state_.visitor.on_aside(open_.input, block.size(), true);
  }
  if (level.held->on_disk()) {
    state_.visitor.on_debug(shown(level.path) + ": " + std::to_string(*level.held->size()) +
                            " bytes held in a scratch file, to be read in any order");
  }
  level.reader = archive_reader(level.kind, *level.held);
  note_holes(level, *level.held);
  return true;
}

// Not all of it can be held. A zip can be read as a stream as well, with what its members say of themselves.
bool ContainerWalker::read_on(Level& level, ByteView pending, const Error& why) {
  if (level.kind != ContainerKind::zip) {
    report(level.path,
           {"container_not_seekable",
            "a " + std::string(to_string(level.kind)) + " inside a stream must be held to be read (" + why.message +
                "); its members were not read",
            why.hint.empty() ? "extract it and scan the folder" : why.hint},
           0);
    level.close();
    return false;
  }
  state_.visitor.on_debug(shown(level.path) + ": read as a stream: " + why.message);
  level.resumed = std::make_unique<ResumedStream>(*level.held, std::vector<std::byte>(pending.begin(), pending.end()),
                                                  *level.stream);
  level.resumed_stream = std::make_unique<HashingStream>(*level.resumed, false);  // its bytes were hashed already
  level.reader = archive_reader(level.kind, *level.resumed_stream);
  return true;
}

void ContainerWalker::step() {
  Level& level = *levels_.back();
  ArchiveMember member;
  switch (level.reader->next(member)) {
    case Next::member:
      visit(member);
      return;
    case Next::trouble:
      if (!level.reader->trouble().code.empty()) report(level.path, level.reader->trouble(), level.reader->consumed());
      return;
    case Next::fatal:
      if (!level.reader->trouble().code.empty()) report(level.path, level.reader->trouble(), level.reader->consumed());
      finish_top();
      return;
    case Next::end:
      finish_top();
      return;
  }
}

void ContainerWalker::visit(const ArchiveMember& member) {
  Level& level = *levels_.back();
  if (++usage_.entries > limits_.input_entries) {
    report(level.path,
           {"container_entries",
            "more than " + std::to_string(limits_.input_entries) + " members; this one and what follows were not read",
            "extract it and scan the folders one by one"},
           level.reader->consumed());
    abandoned_ = true;
    return;
  }
  if (member.type == ArchiveMember::Type::folder) return;
  const MemberNames::Name name = level.names.next(is_compression(level.kind) ? level.lone_name : member.name);
  const std::string path = join_container(level.path, name.text);
  if (name.shortened) {
    report(path,
           {"container_name_too_long",
            "a name of " + std::to_string(member.name.size()) + " bytes was cut to " +
                std::to_string(kMaxMemberNameBytes) + " and a part of its hash; the member was read",
            {}},
           0);
  }
  if (!wanted(member, path)) return;
  visit_file(member, path, std::make_unique<Member>(*level.reader, limits_, usage_, open_.stream.hashes()));
}

// What trouble with an encrypted member means for the user.
Trouble ContainerWalker::explained(const ArchiveMember& member, Trouble trouble) const {
  if (!member.encrypted) return trouble;
  if (trouble.code != "container_encrypted") {
    trouble.message += "; the member is encrypted, and a wrong password can look like this";
  } else if (levels_.back()->kind != ContainerKind::zip) {
    trouble.message = "the member is encrypted, which is read in zip only; it was not read";
    trouble.remedy = "extract it with its password (`7z x`) and scan the folder";
  } else if (state_.passwords.empty()) {
    trouble.message = "the member is encrypted; it was not read";
    trouble.remedy = "give its password: --archive-password FILE, or --archive-password - to be asked for it";
  } else {
    trouble.message = "the member is encrypted, and no password that was given fits (" +
                      std::to_string(state_.passwords.size()) + " tried); it was not read";
    trouble.remedy = "check what --archive-password names: one password a line, without blanks around it";
  }
  return trouble;
}

bool ContainerWalker::wanted(const ArchiveMember& member, const std::string& path) {
  if (member.type == ArchiveMember::Type::other) {
    state_.visitor.on_debug(shown(path) + ": a link or special file inside a container, not read");
    return false;
  }
  if (member.encrypted && (state_.passwords.empty() || levels_.back()->kind != ContainerKind::zip)) {
    report(path, explained(member, {"container_encrypted", {}, {}}), 0);
    return false;
  }
  return true;
}

void ContainerWalker::visit_file(const ArchiveMember& member, const std::string& path, std::unique_ptr<Member> file) {
  const ByteView head = file->stream.head();
  if (head.empty() && !file->stream.head_is_whole()) {
    report(path, explained(member, file->source.trouble()), 0);
    after_member(*levels_.back(), *file);
    return;
  }
  if (const std::optional<ContainerKind> kind = recognise_container(head)) {
    visit_container(*kind, path, std::move(file));
    return;
  }
  visit_leaf(member, path, *file);
  after_member(*levels_.back(), *file);
}

void ContainerWalker::visit_leaf(const ArchiveMember& member, const std::string& path, Member& file) {
  const SparseIndexes& holes = levels_.back()->holes;
  const auto index = holes.find(member.name);
  SparseLeaf filled(state_, file.stream, index != holes.end() ? &index->second : nullptr, member.size);
  InputVisitor::Leaf leaf;
  leaf.input = &open_.input;
  leaf.container = path;
  leaf.size = member.size;
  leaf.sample.head = filled.head();
  leaf.sample.whole = filled.head_is_whole();
  leaf.sample.path = path;
  const bool feed = state_.visitor.begin(leaf);
  if (const std::string_view unread = unread_container(leaf.sample.head); !unread.empty()) {
    report(path,
           {"container_unsupported", std::string(unread) + " is not read; what it holds was not checked",
            std::string(instead_of_reading(unread))},
           0);
  }
  if (const Anomaly& note = filled.note(); !note.code.empty()) report(path, {note.code, note.message, note.remedy}, 0);
  const ReadOutcome outcome = filled.feed(open_.input, feed);
  if (outcome.error) report(path, explained(member, file.source.trouble()), file.stream.position());
  state_.visitor.end(make_identity(open_.input, path, file.stream, outcome.complete));
}

void ContainerWalker::visit_container(ContainerKind kind, const std::string& path, std::unique_ptr<Member> file) {
  if (levels_.size() >= limits_.nesting) {
    refuse_container(kind, path, *file,
                     {"container_nesting",
                      "containers are opened " + std::to_string(limits_.nesting) +
                          " deep, this one lies deeper; its members were not read",
                      "extract it and scan the folder"});
    return;
  }
  auto level = std::make_unique<Level>();
  level->kind = kind;
  level->path = path;
  level->outer = std::move(file);
  level->stream = &level->outer->stream;
  level->lone_name = name_of_compressed(kind, level->stream->head(), path);
  const bool readable = make_readable(*level);
  levels_.push_back(std::move(level));
  if (!readable) finish_top();
}

void ContainerWalker::refuse_container(ContainerKind kind, const std::string& path, Member& file, Trouble trouble) {
  report(path, std::move(trouble), 0);
  const ReadOutcome outcome = drain(state_, open_.input, file.stream);
  if (outcome.error) report(path, file.source.trouble(), file.stream.position());
  SourceInfo identity = make_identity(open_.input, path, file.stream, outcome.complete);
  identity.format = to_string(kind);
  state_.visitor.on_container(identity);
  after_member(*levels_.back(), file);
}

// What the end of a member means for its container.
void ContainerWalker::after_member(Level& level, const Member& file) {
  if (usage_.over_expansion(limits_)) abandoned_ = true;
  // The rest of a bomb would have to be decompressed to be left out.
  const bool costly = file.source.over_budget() && !level.reader->can_skip();
  if ((costly || level.reader->is_fatal()) && !abandoned_) finish_top();
}

void ContainerWalker::finish_top() {
  // Popped first, freed last: the level reads from what it owns and from the one below.
  const std::unique_ptr<Level> level = std::move(levels_.back());
  levels_.pop_back();
  level->close();
  if (level->outer == nullptr) {
    outcome_ = drain(state_, open_.input, open_.stream);
    return;
  }
  ReadOutcome outcome;
  if (!abandoned_) outcome = drain(state_, open_.input, *level->stream);
  if (outcome.error) report(level->path, level->outer->source.trouble(), level->stream->position());
  SourceInfo identity = make_identity(open_.input, level->path, *level->stream, outcome.complete);
  identity.format = to_string(level->kind);
  state_.visitor.on_container(identity);
  if (!levels_.empty()) after_member(*levels_.back(), *level->outer);
}

ReadOutcome ContainerWalker::run(ContainerKind kind) {
  push_input(kind);
  while (!levels_.empty() && !abandoned_ && !state_.should_stop()) step();
  while (!levels_.empty()) finish_top();
  return outcome_;
}

}  // namespace

ReadOutcome walk_container(WalkState& state, const OpenInput& open, ContainerKind kind, const ContainerLimits& limits) {
  return ContainerWalker(state, open, limits).run(kind);
}

}  // namespace tocsin::evidence
