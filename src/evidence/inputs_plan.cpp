// plan_inputs: from arguments to a list of files in canonical order. Looks at names and kinds only, opens no file.
#include <algorithm>
#include <atomic>
#include <compare>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "evidence/inputs.hpp"
#include "evidence/inputs_glob.hpp"
#include "evidence/inputs_labels.hpp"
#include "evidence/inputs_lister.hpp"
#include "evidence/plan_report.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kMaxPathBytes = 4095;  // PATH_MAX less its NUL; bounds the depth of folders as well

using FileId = PlannedInputs::FileId;

struct Argument {
  std::string typed;     // to open
  std::string absolute;  // to name
  std::string label;
  FileFacts facts;
  [[nodiscard]] bool is_folder() const { return facts.kind == FileFacts::Kind::folder; }
  // Outer folders first, so that a file reached by several arguments keeps its longest story. Order of arguments,
  // spelling and working folder play no part.
  [[nodiscard]] auto key() const {
    return std::tuple(!is_folder(), std::count(absolute.begin(), absolute.end(), '/'), std::string_view(label),
                      std::string_view(absolute));
  }
};

// What the paths of a folder's files begin with.
std::string prefix_of(const std::string& folder) {
  return folder.empty() || folder.back() == '/' ? folder : folder + '/';
}
std::string joined(const std::string& folder, std::string_view name) {
  return prefix_of(folder).append(name);
}

class Planner {
 public:
  Planner(const EvidenceOptions& options, Lister& lister, const PlanLimits& limits, const std::atomic<bool>* stop)
      : options_(options), lister_(lister), limits_(limits), stop_(stop), report_(limits) {}
  InputPlan run();

 private:
  struct Folder {
    std::string path, real_path;
    bool named_by_user = false;
  };
  // A name in a folder that is being listed.
  struct Entry {
    const Folder& folder;
    std::string_view name;
    std::uint64_t position;  // in the plan's names
    [[nodiscard]] std::string path() const { return joined(folder.path, name); }
  };
  void sort_failed();
  void collect_argument(const std::string& typed);
  void add_argument(const std::string& typed, FileFacts facts);
  void label_arguments();
  void take(const Argument& argument);
  void take_file(const Argument& argument);
  void walk(Folder root);
  void list_folder(const Folder& folder, std::vector<Folder>& below);
  void tell_listing(const Folder& folder, std::optional<Error> error, const FolderNames& names);
  void look_at(const Entry& entry, std::vector<Folder>& below);
  void sort_out(const Entry& entry, const FileFacts& facts, std::vector<Folder>& below);
  void add_input(const Entry& entry, const FileFacts& facts);
  void add_folder(const Entry& entry, const FileFacts& facts, std::vector<Folder>& below);
  [[nodiscard]] bool is_taken(const std::string& path, FileId id, bool named_by_user);
  void finish();
  [[nodiscard]] bool ended() const { return full_ || (stop_ != nullptr && stop_->load(std::memory_order_relaxed)); }
  // Where a limit ended the planning: what was met there.
  void end_at(std::string path, std::string what) {
    full_ = true, full_path_ = std::move(path), full_what_ = std::move(what);
  }

  const EvidenceOptions& options_;
  Lister& lister_;
  const PlanLimits& limits_;
  const std::atomic<bool>* stop_;
  InputPlan plan_;
  PlanReport report_;
  std::vector<Argument> arguments_;
  std::set<std::string> absolutes_;
  std::set<FileId> folders_;             // walked already: no loops, and no folder twice
  std::optional<std::uint32_t> folder_;  // of the plan's inputs, once the folder has one
  bool full_ = false;
  std::string full_path_, full_what_;
  std::uint64_t names_left_ = 0, folders_left_ = 0, folders_met_ = 0;
};

void Planner::sort_failed() {
  const auto key = [](const Error& error) { return std::tie(error.place, error.message); };
  std::sort(plan_.failed.begin(), plan_.failed.end(), [&](const Error& a, const Error& b) { return key(a) < key(b); });
  const auto repeats = std::unique(plan_.failed.begin(), plan_.failed.end(),
                                   [&](const Error& a, const Error& b) { return key(a) == key(b); });
  plan_.failed.erase(repeats, plan_.failed.end());
}

void Planner::collect_argument(const std::string& typed) {
  if (typed.empty()) {
    plan_.failed.push_back({ErrorCode::invalid_argument, "expected a path, found an empty argument", "''",
                            "name a file, a folder, or - for standard input"});
    return;
  }
  if (typed == "-") {
    FileFacts facts;
    facts.kind = FileFacts::Kind::pipe;
    add_argument(typed, facts);
    return;
  }
  Result<FileFacts> facts = lister_.look(typed, true);  // a link that the user names is followed
  if (facts) {
    add_argument(typed, *facts);
    return;
  }
  if (facts.error().code != ErrorCode::not_found || !has_glob_characters(typed)) {
    plan_.failed.push_back(std::move(facts).error());
    return;
  }
  Result<std::vector<std::string>> matches = expand_glob(typed, lister_, limits_.pattern_paths);
  if (!matches) {
    plan_.failed.push_back(std::move(matches).error());
    return;
  }
  if (matches->empty()) {
    plan_.failed.push_back({ErrorCode::not_found, "nothing matches the pattern", typed,
                            "check the pattern; * does not cross a '/', but folders are walked in full"});
  }
  for (const std::string& match : *matches) {
    if (Result<FileFacts> found = lister_.look(match, true)) {
      add_argument(match, *found);
    } else {
      plan_.failed.push_back(std::move(found).error());
    }
  }
}

void Planner::add_argument(const std::string& typed, FileFacts facts) {
  if (facts.kind == FileFacts::Kind::other) {
    plan_.failed.push_back({ErrorCode::unsupported, "expected a file, a folder or a pipe, found a device or socket",
                            typed, "copy the evidence into a file and scan that"});
    return;
  }
  // Standard input goes by a name that no parent can be added to, so that it stays "-" beside a file called "-".
  std::string absolute = typed == "-" ? "/-" : normalised_absolute(typed, lister_.working_folder());
  if (!absolutes_.insert(absolute).second) return;
  arguments_.push_back({typed, std::move(absolute), {}, facts});
}

void Planner::label_arguments() {
  std::vector<std::string> absolutes;
  absolutes.reserve(arguments_.size());
  for (const Argument& argument : arguments_) absolutes.push_back(argument.absolute);
  std::vector<std::string> labels = make_labels(absolutes);
  for (std::size_t i = 0; i < labels.size(); ++i) arguments_[i].label = std::move(labels[i]);
  std::sort(arguments_.begin(), arguments_.end(),
            [](const Argument& a, const Argument& b) { return a.key() < b.key(); });
}

void Planner::take(const Argument& argument) {
  if (!argument.is_folder()) {
    take_file(argument);
  } else if (argument.facts.inode != 0 && !folders_.insert({argument.facts.device, argument.facts.inode}).second) {
    report_.note(argument.label + ": this folder was reached before, not walked again");
  } else {
    walk({argument.label, argument.typed, true});
  }
}

void Planner::take_file(const Argument& argument) {
  const FileId id{argument.facts.device, argument.facts.inode};
  if (is_taken(argument.label, id, true)) return;
  if (plan_.inputs.size() >= limits_.files) return end_at(argument.label, "files");
  plan_.total_bytes += argument.facts.size;
  PlannedInputs& inputs = plan_.inputs;
  inputs.add(inputs.add_folder(argument.label, argument.typed), inputs.names().add({}), argument.facts.size, id);
  inputs.set_named_by_user(inputs.size() - 1);
}

void Planner::walk(Folder root) {
  std::vector<Folder> stack;
  stack.push_back(std::move(root));
  std::vector<Folder> below;
  while (!stack.empty() && !ended()) {
    const Folder folder = std::move(stack.back());
    stack.pop_back();
    below.clear();
    list_folder(folder, below);
    std::move(below.rbegin(), below.rend(), std::back_inserter(stack));
  }
  folders_left_ += stack.size();
}

void Planner::list_folder(const Folder& folder, std::vector<Folder>& below) {
  NameArena& arena = plan_.inputs.names();
  const std::uint64_t mark = arena.mark();
  const std::size_t files = plan_.inputs.size();
  FolderNames names(arena, limits_.names, limits_.name_bytes);
  std::optional<Error> error = lister_.list(folder.real_path, [&](std::string_view name) {
    names.add(name.substr(0, kMaxPathBytes + 1));  // one byte more than can be opened, which is told
    return !ended();
  });
  names.sort();
  tell_listing(folder, std::move(error), names);
  folder_.reset();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (ended()) {
      names_left_ += names.size() - i;
      break;
    }
    look_at({folder, names[i], names.position(i)}, below);
  }
  if (plan_.inputs.size() == files) arena.rewind(mark);
}

void Planner::tell_listing(const Folder& folder, std::optional<Error> error, const FolderNames& names) {
  if (error && folder.named_by_user) {
    plan_.failed.push_back(std::move(*error));
  } else if (error) {
    report_.anomaly(folder.path, "folder_unreadable", error->message + "; what could not be listed was not read",
                    error->hint);
  }
  if (names.left_out() == 0) return;
  report_.anomaly(folder.path, "too_many_files",
                  "expected at most " + std::to_string(limits_.names) + " names in a folder, or " +
                      std::to_string(limits_.name_bytes) + " bytes of names, found " +
                      std::to_string(names.size() + names.left_out()) + "; " + std::to_string(names.left_out()) +
                      " of them, from '" + names.first_left_out() + "' on in the order of bytes, were not read",
                  "move them into several folders and scan these one by one");
}

void Planner::look_at(const Entry& entry, std::vector<Folder>& below) {
  const std::string real_path = joined(entry.folder.real_path, entry.name);
  if (real_path.size() > kMaxPathBytes) {
    report_.anomaly(entry.path(), "path_too_long",
                    "the path is longer than " + std::to_string(kMaxPathBytes) + " bytes; it was not read",
                    "scan a folder further down, or move the evidence nearer to the root");
    return;
  }
  Result<FileFacts> facts = lister_.look(real_path, false);
  if (facts && facts->kind == FileFacts::Kind::symlink) {
    if (!options_.follow_symlinks) {
      report_.skipped_link(entry.path());
      return;
    }
    facts = lister_.look(real_path, true);
  }
  if (!facts) {
    report_.anomaly(entry.path(), "file_unreadable", facts.error().message + "; it was not read", facts.error().hint);
    return;
  }
  sort_out(entry, *facts, below);
}

void Planner::sort_out(const Entry& entry, const FileFacts& facts, std::vector<Folder>& below) {
  switch (facts.kind) {
    case FileFacts::Kind::file:
      add_input(entry, facts);
      return;
    case FileFacts::Kind::folder:
      add_folder(entry, facts, below);
      return;
    case FileFacts::Kind::symlink:
    case FileFacts::Kind::pipe:
    case FileFacts::Kind::other:
      report_.note(entry.path() + ": a special file, not read");
      return;
  }
}

void Planner::add_folder(const Entry& entry, const FileFacts& facts, std::vector<Folder>& below) {
  if (facts.inode != 0 && !folders_.insert({facts.device, facts.inode}).second) {
    report_.note(entry.path() + ": this folder was reached before, not walked again");
  } else if (++folders_met_ > limits_.folders) {
    end_at(entry.path(), "folders");
  } else {
    below.push_back({entry.path(), joined(entry.folder.real_path, entry.name), false});
  }
}

// Whether the plan has the file already; `path` makes the note.
bool Planner::is_taken(const std::string& path, FileId id, bool named_by_user) {
  const std::size_t first = plan_.inputs.find(id);
  if (first == plan_.inputs.size()) return false;
  if (named_by_user) plan_.inputs.set_named_by_user(first);
  report_.note(path + ": the same file as " + plan_.inputs.path(first) + ", read once");
  return true;
}

void Planner::add_input(const Entry& entry, const FileFacts& facts) {
  const FileId id{facts.device, facts.inode};
  if (plan_.inputs.find(id) != plan_.inputs.size()) {
    static_cast<void>(is_taken(entry.path(), id, false));
    return;
  }
  if (plan_.inputs.size() >= limits_.files) return end_at(entry.path(), "files");
  if (!folder_) folder_ = plan_.inputs.add_folder(prefix_of(entry.folder.path), prefix_of(entry.folder.real_path));
  plan_.total_bytes += facts.size;
  plan_.inputs.add(*folder_, entry.position, facts.size, id);
}

// What a limit left out, and the order of everything.
void Planner::finish() {
  if (full_) {
    const std::size_t most = full_what_ == "files" ? limits_.files : limits_.folders;
    report_.anomaly(full_path_, "too_many_files",
                    "expected at most " + std::to_string(most) + ' ' + full_what_ +
                        ", found more; not read are this one, " + std::to_string(names_left_) +
                        " names behind it in its folder, and " + std::to_string(folders_left_) +
                        " more folders and paths with all that they hold",
                    "scan the folders one by one");
  }
  sort_failed();
  plan_.inputs.sort();
  report_.finish(plan_);
}

InputPlan Planner::run() {
  plan_.hash = options_.hash;
  for (const std::string& path : options_.paths) collect_argument(path);
  label_arguments();
  for (const Argument& argument : arguments_) {
    if (ended()) {
      ++folders_left_;
    } else {
      take(argument);
    }
  }
  finish();
  return std::move(plan_);
}

}  // namespace

InputPlan plan_inputs(const EvidenceOptions& options, Lister& lister, const PlanLimits& limits,
                      const std::atomic<bool>* stop) {
  return Planner(options, lister, limits, stop).run();
}
InputPlan plan_inputs(const EvidenceOptions& options, const std::atomic<bool>* stop) {
  return plan_inputs(options, system_lister(), {}, stop);
}

}  // namespace tocsin::evidence
