#include "detect/sigma/rule_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/sigma/problems.hpp"

namespace tocsin::sigma {

namespace {

namespace fs = std::filesystem;

constexpr int kMaxFolderDepth = 64;

// "rules/windows" -> "windows", "rules/" -> "rules", "." -> "".
std::string own_name(const fs::path& path) {
  fs::path name = path.lexically_normal();
  if (!name.has_filename()) name = name.parent_path();
  const std::string text = name.filename().string();
  return text == "." || text == ".." ? std::string() : text;
}

class Walk {
 public:
  Walk(const RuleSelection& selection, std::vector<RuleProblem>& problems)
      : selection_(selection), problems_(problems) {}

  Result<void> add(const std::string& argument) {
    std::error_code error;
    const fs::file_status status = fs::status(argument, error);
    if (error || !fs::exists(status)) {
      return fail(
          error == std::errc::permission_denied ? ErrorCode::permission : ErrorCode::not_found,
          fmt::format("cannot open the rules: {}", error ? error.message() : std::string("no such file or folder")),
          argument, "check the spelling; rules are a file, or a folder with all below it");
    }
    if (!fs::is_directory(status)) {
      file(own_name(argument), argument);
      return {};
    }
    return folder(argument);
  }

  RuleFiles take() {
    std::vector<RuleFiles::File>& files = out_.files;
    std::ranges::sort(files, {}, [](const RuleFiles::File& one) { return std::tie(one.shown, one.path); });
    const auto same = std::ranges::unique(files, {}, &RuleFiles::File::path);
    files.erase(same.begin(), same.end());
    return std::move(out_);
  }

 private:
  void file(std::string shown, std::string path) {
    const auto stamp = base::stamp_of(path, base::FileKind::file);
    out_.complete = out_.complete && stamp.has_value();
    out_.files.push_back({std::move(shown), std::move(path), stamp.value_or(base::FileStamp())});
  }
  void note_folder(const std::string& path) {
    const auto stamp = base::stamp_of(path, base::FileKind::folder);
    out_.complete = out_.complete && stamp.has_value();
    out_.folders.push_back({path, stamp.value_or(base::FileStamp())});
  }

  Result<void> folder(const std::string& argument) {
    note_folder(argument);
    std::error_code error;
    fs::recursive_directory_iterator at(argument, error);
    if (error) {
      return fail(error == std::errc::permission_denied ? ErrorCode::permission : ErrorCode::io,
                  fmt::format("cannot open the folder of rules: {}", error.message()), argument);
    }
    const std::string name = own_name(argument);
    for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
      if (error) break;
      entry(at, argument, name);
    }
    if (error) unreadable(argument, error);
    return {};
  }

  void entry(fs::recursive_directory_iterator& at, const std::string& argument, const std::string& name) {
    std::error_code error;
    const fs::path& path = at->path();
    if (at->is_directory(error)) {
      if (at.depth() >= kMaxFolderDepth || leaves_out(path.filename().string())) at.disable_recursion_pending();
      if (access_denied(path)) {
        at.disable_recursion_pending();
        unreadable(path.string(), std::make_error_code(std::errc::permission_denied));
      }
      if (at.recursion_pending()) note_folder(path.string());
      return;
    }
    if (!is_rule_file(path.native())) return;
    if (!at->is_regular_file(error)) {
      out_.complete = false;  // what a link points to may become a file
      return;
    }
    const std::string below = path.lexically_relative(argument).generic_string();
    file(name.empty() ? below : name + '/' + below, path.string());
  }

  static bool access_denied(const fs::path& folder) {
    std::error_code error;
    const fs::directory_iterator probe(folder, error);
    return static_cast<bool>(error);
  }

  [[nodiscard]] bool leaves_out(const std::string& folder) const {
    if (folder.starts_with("deprecated")) return !selection_.deprecated;
    if (folder.starts_with("unsupported")) return !selection_.unsupported;
    return folder.starts_with('.');
  }

  void unreadable(const std::string& path, const std::error_code& error) {
    out_.complete = false;
    RuleProblem& problem = problems_.emplace_back();
    problem.severity = RuleProblem::Severity::warning;
    problem.code = code::kUnreadable;
    problem.file = path;
    problem.message = fmt::format("this folder cannot be read: {}", error.message());
    problem.help = "rules in it are missing from the set";
  }

  const RuleSelection& selection_;
  std::vector<RuleProblem>& problems_;
  RuleFiles out_;
};

}  // namespace

bool is_rule_file(std::string_view name) {
  std::string extension = fs::path(name).extension().string();
  std::ranges::transform(extension, extension.begin(), base::fold_ascii);
  return extension == ".yml" || extension == ".yaml";
}

Result<RuleFiles> find_rule_files(const std::vector<std::string>& paths, const RuleSelection& selection,
                                  std::vector<RuleProblem>& problems) {
  Walk walk(selection, problems);
  for (const std::string& path : paths) TOCSIN_CHECK(walk.add(path));
  return walk.take();
}

}  // namespace tocsin::sigma
