// plan_inputs: from arguments to a list of files in canonical order. Looks at names and kinds only, opens no file.
#include <algorithm>
#include <compare>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "evidence/inputs.hpp"
#include "evidence/inputs_glob.hpp"
#include "evidence/inputs_labels.hpp"
#include "evidence/inputs_lister.hpp"
#include "evidence/sentence.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kMaxInputs = 5'000'000;  // files; about 1.5 GB of names
constexpr std::size_t kMaxPathBytes = 4095;    // PATH_MAX less its NUL; bounds the depth of folders as well

using FileId = std::pair<std::uint64_t, std::uint64_t>;  // device, inode

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

std::string joined(const std::string& folder, const std::string& name) {
  if (folder.empty()) return name;
  return folder.back() == '/' ? folder + name : folder + '/' + name;
}

class Planner {
 public:
  Planner(const EvidenceOptions& options, Lister& lister) : options_(options), lister_(lister) {}
  InputPlan run();

 private:
  struct Folder {
    std::string path, real_path;
    bool named_by_user = false;
  };
  void sort_failed();
  void collect_argument(const std::string& typed);
  void add_argument(const std::string& typed, FileFacts facts);
  void label_arguments();
  void take(const Argument& argument);
  void walk(Folder root);
  void list_folder(const Folder& folder, std::vector<Folder>& below);
  void look_at(const Folder& folder, const std::string& name, std::vector<Folder>& below);
  void sort_out(Folder entry, const FileFacts& facts, std::vector<Folder>& below);
  void add_input(std::string path, std::string real_path, const FileFacts& facts, bool named_by_user);
  void add_anomaly(std::string path, std::string code, std::string message, std::string remedy);

  const EvidenceOptions& options_;
  Lister& lister_;
  InputPlan plan_;
  std::vector<Argument> arguments_;
  std::set<std::string> absolutes_;
  std::set<FileId> folders_;             // walked already: no loops, and no folder twice
  std::map<FileId, std::size_t> files_;  // taken already, with their position in the plan
  bool full_ = false;
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
  const std::vector<std::string> matches = expand_glob(typed, lister_);
  if (matches.empty()) {
    plan_.failed.push_back({ErrorCode::not_found, "nothing matches the pattern", typed,
                            "check the pattern; * does not cross a '/', but folders are walked in full"});
  }
  for (const std::string& match : matches) {
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
    add_input(argument.label, argument.typed, argument.facts, true);
    return;
  }
  if (argument.facts.inode != 0 && !folders_.insert({argument.facts.device, argument.facts.inode}).second) {
    plan_.notes.push_back(argument.label + ": this folder was reached before, not walked again");
    return;
  }
  walk({argument.label, argument.typed, true});
}

void Planner::walk(Folder root) {
  std::vector<Folder> stack;
  stack.push_back(std::move(root));
  std::vector<Folder> below;
  while (!stack.empty() && !full_) {
    const Folder folder = std::move(stack.back());
    stack.pop_back();
    below.clear();
    list_folder(folder, below);
    std::move(below.rbegin(), below.rend(), std::back_inserter(stack));
  }
}

void Planner::list_folder(const Folder& folder, std::vector<Folder>& below) {
  Lister::Listing listing = lister_.list(folder.real_path);
  if (listing.error && folder.named_by_user) {
    plan_.failed.push_back(std::move(*listing.error));
  } else if (listing.error) {
    add_anomaly(folder.path, "folder_unreadable", listing.error->message + "; what could not be listed was not read",
                listing.error->hint);
  }
  std::sort(listing.names.begin(), listing.names.end());
  for (const std::string& name : listing.names) {
    if (full_) return;
    look_at(folder, name, below);
  }
}

void Planner::look_at(const Folder& folder, const std::string& name, std::vector<Folder>& below) {
  Folder entry{joined(folder.path, name), joined(folder.real_path, name), false};
  if (entry.real_path.size() > kMaxPathBytes) {
    add_anomaly(entry.path, "path_too_long",
                "the path is longer than " + std::to_string(kMaxPathBytes) + " bytes; it was not read",
                "scan a folder further down, or move the evidence nearer to the root");
    return;
  }
  Result<FileFacts> facts = lister_.look(entry.real_path, false);
  if (facts && facts->kind == FileFacts::Kind::symlink) {
    if (!options_.follow_symlinks) {
      plan_.skipped_symlinks.push_back(std::move(entry.path));
      return;
    }
    facts = lister_.look(entry.real_path, true);
  }
  if (!facts) {
    add_anomaly(entry.path, "file_unreadable", facts.error().message + "; it was not read", facts.error().hint);
    return;
  }
  sort_out(std::move(entry), *facts, below);
}

void Planner::sort_out(Folder entry, const FileFacts& facts, std::vector<Folder>& below) {
  switch (facts.kind) {
    case FileFacts::Kind::file:
      add_input(std::move(entry.path), std::move(entry.real_path), facts, false);
      return;
    case FileFacts::Kind::folder:
      if (facts.inode != 0 && !folders_.insert({facts.device, facts.inode}).second) {
        plan_.notes.push_back(entry.path + ": this folder was reached before, not walked again");
      } else {
        below.push_back(std::move(entry));
      }
      return;
    case FileFacts::Kind::symlink:
    case FileFacts::Kind::pipe:
    case FileFacts::Kind::other:
      plan_.notes.push_back(entry.path + ": a special file, not read");
      return;
  }
}

void Planner::add_input(std::string path, std::string real_path, const FileFacts& facts, bool named_by_user) {
  if (facts.inode != 0) {
    const auto [place, fresh] = files_.try_emplace({facts.device, facts.inode}, plan_.inputs.size());
    if (!fresh) {
      PlannedInput& first = plan_.inputs[place->second];
      first.named_by_user = first.named_by_user || named_by_user;
      plan_.notes.push_back(path + ": the same file as " + first.path + ", read once");
      return;
    }
  }
  if (plan_.inputs.size() >= kMaxInputs) {
    full_ = true;
    add_anomaly(std::move(path), "too_many_files",
                "more than " + std::to_string(kMaxInputs) + " files; this one and what follows were not read",
                "scan the folders one by one");
    return;
  }
  plan_.total_bytes += facts.size;
  plan_.inputs.push_back({std::move(path), std::move(real_path), facts.size, named_by_user});
}

void Planner::add_anomaly(std::string path, std::string code, std::string message, std::string remedy) {
  Anomaly anomaly;
  anomaly.path = std::move(path);
  anomaly.code = std::move(code);
  anomaly.message = as_sentence(std::move(message));
  anomaly.remedy = as_sentence(std::move(remedy));
  plan_.anomalies.push_back(std::move(anomaly));
}

InputPlan Planner::run() {
  for (const std::string& path : options_.paths) collect_argument(path);
  label_arguments();
  for (const Argument& argument : arguments_) {
    if (full_) break;
    take(argument);
  }
  sort_failed();
  std::sort(plan_.inputs.begin(), plan_.inputs.end(),
            [](const PlannedInput& a, const PlannedInput& b) { return a.path < b.path; });
  std::sort(plan_.anomalies.begin(), plan_.anomalies.end(),
            [](const Anomaly& a, const Anomaly& b) { return std::tie(a.path, a.code) < std::tie(b.path, b.code); });
  std::sort(plan_.skipped_symlinks.begin(), plan_.skipped_symlinks.end());
  std::sort(plan_.notes.begin(), plan_.notes.end());
  return std::move(plan_);
}

}  // namespace

InputPlan plan_inputs(const EvidenceOptions& options, Lister& lister) {
  return Planner(options, lister).run();
}
InputPlan plan_inputs(const EvidenceOptions& options) {
  return plan_inputs(options, system_lister());
}

}  // namespace tocsin::evidence
