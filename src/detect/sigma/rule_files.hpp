// Which files are rules: the walk through the files and folders that were named, and what it depends on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"
#include "tocsin/ruleset.hpp"

#include "base/file_stamp.hpp"

namespace tocsin::sigma {

// Stamps were taken before anything was read, so that a later change cannot have been read already.
struct RuleFiles {
  struct File {
    std::string shown;  // from the argument's own name on
    std::string path;
    base::FileStamp stamp;
    bool operator==(const File&) const = default;
  };
  struct Folder {
    std::string path;
    base::FileStamp stamp;
    bool operator==(const Folder&) const = default;
  };
  std::vector<File> files;      // by name shown, then path; each path once
  std::vector<Folder> folders;  // whose lists of names the files depend on, in the order of the walk
  // Stamps and names say all that the files depend on: everything could be looked at, and nothing was a file or folder
  // of no kind that a stamp is for (a pipe, a link to nothing).
  bool complete = true;
};
// A path that cannot be opened is an error, a folder below that cannot be read a problem.
[[nodiscard]] Result<RuleFiles> find_rule_files(const std::vector<std::string>& paths, const RuleSelection& selection,
                                                std::vector<RuleProblem>& problems);
// By its extension: .yml, .yaml.
[[nodiscard]] bool is_rule_file(std::string_view name);

}  // namespace tocsin::sigma
