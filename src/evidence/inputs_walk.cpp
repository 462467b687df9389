#include "evidence/inputs_walk.hpp"

#include <algorithm>
#include <ranges>
#include <span>
#include <string_view>
#include <utility>

#include "evidence/container/archive_reader.hpp"
#include "evidence/container/container_walk.hpp"
#include "evidence/sentence.hpp"
#include "evidence/sparse_leaf.hpp"

namespace tocsin::evidence {
namespace {

class SystemOpener final : public InputOpener {
 public:
  explicit SystemOpener(const std::atomic<bool>* stop) : stop_(stop) {}
  Result<std::unique_ptr<InputSource>> open(const PlannedInput& input) override {
    return open_file_source(input.real_path, input.named_by_user, stop_);
  }

 private:
  const std::atomic<bool>* stop_;
};

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// A format that is a folder has few files; in a folder with more, a reader sees the first of them.
constexpr std::size_t kMaxSiblings = 1024;

// Names of the planned inputs of one folder, kept while the walk stays in it.
class Siblings {
 public:
  explicit Siblings(const PlannedInputs& inputs) : inputs_(inputs) {}
  // `path`: of a planned input.
  std::span<const std::string> of(std::string_view path);
  [[nodiscard]] std::optional<PlannedInput> find(std::string_view path) const {
    const std::size_t at = seek(0, path);
    if (at == inputs_.size() || inputs_.path(at) != path) return std::nullopt;
    return inputs_[at];
  }

 private:
  // The first input from `from` on whose path is not before `path`.
  [[nodiscard]] std::size_t seek(std::size_t from, std::string_view path) const {
    const auto rest = std::views::iota(from, inputs_.size());
    return from + static_cast<std::size_t>(
                      std::ranges::partition_point(rest, [&](std::size_t i) { return inputs_.path(i) < path; }) -
                      rest.begin());
  }

  const PlannedInputs& inputs_;
  std::string folder_;
  bool known_ = false;
  std::vector<std::string> names_;
};

std::span<const std::string> Siblings::of(std::string_view path) {
  const std::string_view folder = folder_of(path);
  if (known_ && folder == folder_) return names_;
  known_ = true;
  folder_ = folder;
  names_.clear();
  const std::string prefix = folder.empty() ? std::string() : folder_ + '/';
  std::size_t at = seek(0, prefix);
  while (at != inputs_.size() && names_.size() < kMaxSiblings) {
    const std::string one = inputs_.path(at);
    if (!one.starts_with(prefix)) break;
    const std::size_t slash = one.find('/', prefix.size());
    if (slash == std::string::npos) {
      names_.push_back(one.substr(prefix.size()));
      ++at;
    } else {
      at = seek(at, one.substr(0, slash) + static_cast<char>('/' + 1));  // past the whole subfolder
    }
  }
  return names_;
}

class Walker {
 public:
  Walker(const InputPlan& plan, InputVisitor& visitor, const std::atomic<bool>* stop, InputOpener& opener,
         const ContainerLimits& limits, std::span<const std::string> passwords)
      : plan_(plan),
        opener_(opener),
        limits_(limits),
        siblings_(plan.inputs),
        state_{.visitor = visitor,
               .stop = stop,
               .passwords = passwords,
               .most_hole_bytes = limits.hole_bytes,
               .hole_bytes_left = limits.hole_bytes_in_all} {}
  void run();

 private:
  void walk_input(std::size_t index);
  void walk_leaf(const OpenInput& open);
  [[nodiscard]] std::optional<std::optional<SparseIndex>> sparse_index(const PlannedInput& input);
  void walk_into(ContainerKind kind, const OpenInput& open);
  void note_unread_container(const OpenInput& open);
  [[nodiscard]] static bool is_whole(const OpenInput& open, const ReadOutcome& outcome);
  void report(const OpenInput& open, const ReadOutcome& outcome);
  void report_unopened(const PlannedInput& input, Error error);

  const InputPlan& plan_;
  InputOpener& opener_;
  const ContainerLimits& limits_;
  Siblings siblings_;
  WalkState state_;
};

void Walker::run() {
  prepare_archive_reading();
  Result<base::ScratchFile> scratch = base::ScratchFile::make();
  if (scratch) {
    state_.scratch = &*scratch;
  } else {
    state_.visitor.on_debug("no scratch file: " + scratch.error().message);
  }
  for (std::size_t i = 0; i < plan_.inputs.size() && !state_.should_stop(); ++i) walk_input(i);
  state_.scratch = nullptr;
}

void Walker::walk_input(std::size_t index) {
  const PlannedInput input = plan_.inputs[index];
  Result<std::unique_ptr<InputSource>> source = opener_.open(input);
  if (!source) {
    report_unopened(input, std::move(source).error());
    return;
  }
  HashingStream stream(**source, plan_.hash);
  const std::optional<ContainerKind> kind = recognise_container(stream.head());
  if (const Error* error = stream.unreadable()) {
    report_unopened(input, *error);
    return;
  }
  if (kind) {
    walk_into(*kind, {input, **source, stream});
    return;
  }
  walk_leaf({input, **source, stream});
}

// What lies beside `input` as the index of its holes: nothing; a file that is none (for lack of reading it); or one.
std::optional<std::optional<SparseIndex>> Walker::sparse_index(const PlannedInput& input) {
  const std::optional<PlannedInput> beside = siblings_.find(input.path + std::string(kSparseIndexEnding));
  if (!beside || beside->size == 0) return std::nullopt;
  const Result<std::unique_ptr<InputSource>> source = opener_.open(*beside);
  if (!source || !(*source)->seekable()) return std::nullopt;
  std::string text(std::min<std::uint64_t>(beside->size, kMaxSparseIndexBytes + 1), '\0');
  const Result<std::size_t> got = (*source)->read_at(0, std::as_writable_bytes(std::span(text)));
  if (!got) return std::nullopt;
  text.resize(*got);
  if (!is_sparse_index(text)) return std::nullopt;
  return read_sparse_index(text);
}

void Walker::walk_leaf(const OpenInput& open) {
  const auto holes = sparse_index(open.input);
  SparseLeaf filled(state_, open.stream, holes ? &*holes : nullptr, open.source.size());
  Sample sample;
  sample.head = filled.head();
  sample.whole = filled.head_is_whole();
  sample.path = open.input.path;
  sample.siblings = siblings_.of(open.input.path);
  if (sample.head.empty() && sample.whole) state_.visitor.on_debug(open.input.path + ": empty");
  InputVisitor::Leaf leaf;
  leaf.input = &open.input;
  leaf.size = open.source.size();
  leaf.sample = sample;
  const bool feed = state_.visitor.begin(leaf);
  note_unread_container(open);
  if (Anomaly note = filled.note(); !note.code.empty()) {
    note.path = open.input.path;
    state_.visitor.on_anomaly(std::move(note));
  }
  const ReadOutcome outcome = filled.feed(open.input, feed);
  report(open, outcome);
  state_.visitor.end(make_identity(open.input, {}, open.stream, is_whole(open, outcome)));
}

void Walker::walk_into(ContainerKind kind, const OpenInput& open) {
  state_.visitor.on_debug(open.input.path + ": a container (" + std::string(to_string(kind)) + "), walked");
  const ReadOutcome outcome = walk_container(state_, open, kind, limits_);
  report(open, outcome);
  SourceInfo identity = make_identity(open.input, {}, open.stream, is_whole(open, outcome));
  identity.format = to_string(kind);
  state_.visitor.on_container(identity);
}

void Walker::note_unread_container(const OpenInput& open) {
  const std::string_view name = unread_container(open.stream.head());
  if (name.empty()) return;
  Anomaly anomaly;
  anomaly.path = open.input.path;
  anomaly.code = "container_unsupported";
  anomaly.message = as_sentence(std::string(name) + " is not read; what it holds was not checked");
  anomaly.remedy = as_sentence(std::string(instead_of_reading(name)));
  state_.visitor.on_anomaly(std::move(anomaly));
}

// Whether the hash is of all that the source has.
bool Walker::is_whole(const OpenInput& open, const ReadOutcome& outcome) {
  return outcome.complete && !open.source.open_ended() && open.stream.position() == open.source.size();
}

// Damage of the source itself, where there was any.
void Walker::report(const OpenInput& open, const ReadOutcome& outcome) {
  const auto& [input, source, stream] = open;
  Anomaly anomaly;
  anomaly.path = input.path;
  anomaly.offset = stream.position();
  const std::uint64_t size = source.size().value_or(0);
  anomaly.skipped = size > stream.position() ? size - stream.position() : 0;
  if (outcome.error) {
    anomaly.code = "read_error";
    anomaly.message = as_sentence(outcome.error->message + "; what lies before this offset was read");
    anomaly.remedy =
        as_sentence(outcome.error->hint.empty() ? "copy the evidence again and scan the copy" : outcome.error->hint);
    state_.visitor.on_anomaly(std::move(anomaly));
  } else if (outcome.complete && anomaly.skipped > 0) {
    anomaly.code = "file_shrank";
    anomaly.message =
        as_sentence("expected " + std::to_string(size) + " bytes as when the file was opened, found its end at " +
                    std::to_string(stream.position()));
    anomaly.remedy = as_sentence("scan a copy that nobody writes to");
    state_.visitor.on_anomaly(std::move(anomaly));
  } else if (outcome.complete && source.open_ended() && source.size()) {
    state_.visitor.on_debug(input.path + ": grew while it was read; read up to the size that it had at first");
  }
}

void Walker::report_unopened(const PlannedInput& input, Error error) {
  if (error.code == ErrorCode::interrupted) {
    state_.stopped = true;
    return;
  }
  state_.visitor.on_debug(input.path + ": not read: " + error.message);
  if (input.named_by_user) {
    state_.visitor.on_failed(std::move(error));
    return;
  }
  Anomaly anomaly;
  anomaly.path = input.path;
  anomaly.code = "file_unreadable";
  anomaly.message = as_sentence(error.message + "; it was not read");
  anomaly.remedy = as_sentence(error.hint);
  anomaly.skipped = input.size;
  state_.visitor.on_anomaly(std::move(anomaly));
}

constexpr std::uint64_t kToTheEnd = ~std::uint64_t{0};

template <class Feed>
ReadOutcome read_on(WalkState& state, HashingStream& stream, std::uint64_t left, Feed feed) {
  ReadOutcome outcome;
  while (left > 0 && !state.should_stop()) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, state.block.size()));
    Result<std::size_t> got = stream.read(std::span(state.block).first(most));
    if (!got) {
      if (got.error().code == ErrorCode::interrupted) {
        state.stopped = true;
      } else {
        outcome.error = std::move(got).error();
      }
      return outcome;
    }
    if (*got == 0) {
      outcome.complete = true;
      return outcome;
    }
    left -= *got;
    if (!feed(ByteView(state.block).first(*got))) state.stopped = true;
  }
  return outcome;
}

}  // namespace

ReadOutcome feed_leaf(WalkState& state, const PlannedInput& input, HashingStream& stream, bool feed) {
  if (!feed) return drain(state, input, stream);
  return feed_up_to(state, stream, kToTheEnd);
}

ReadOutcome feed_up_to(WalkState& state, HashingStream& stream, std::uint64_t bytes) {
  return read_on(state, stream, bytes, [&](ByteView block) { return state.visitor.feed(block); });
}

ReadOutcome drain(WalkState& state, const PlannedInput& input, HashingStream& stream) {
  return read_on(state, stream, kToTheEnd, [&](ByteView block) {
    state.visitor.on_aside(input, block.size(), false);
    return true;
  });
}

SourceInfo make_identity(const PlannedInput& input, std::string container, const HashingStream& stream, bool whole) {
  SourceInfo identity;
  identity.path = input.path;
  identity.container = std::move(container);
  identity.size = stream.position();
  if (!stream.hashes()) {
    identity.no_hash = kHashNotWanted;
  } else if (whole) {
    identity.sha256 = stream.sha256();
  } else {
    identity.sha256_prefix = stream.sha256();
    identity.sha256_prefix_length = stream.position();
  }
  return identity;
}

void walk_inputs(const InputPlan& plan, InputVisitor& visitor, const std::atomic<bool>* stop, InputOpener& opener,
                 const ContainerLimits& limits, std::span<const std::string> passwords) {
  Walker(plan, visitor, stop, opener, limits, passwords).run();
}

void walk_inputs(const InputPlan& plan, InputVisitor& visitor, const std::atomic<bool>* stop,
                 std::span<const std::string> passwords) {
  SystemOpener opener(stop);
  walk_inputs(plan, visitor, stop, opener, {}, passwords);
}

}  // namespace tocsin::evidence
