#include "evidence_guard.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;

struct Target {
  std::string shown;                  // as the user wrote it
  fs::path real;                      // without links
  std::optional<struct stat> status;  // where it exists already
};

std::optional<struct stat> status_of(const fs::path& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 ? std::optional(status) : std::nullopt;
}

std::optional<Target> target_of(const Options& options) {
  std::error_code ignored;
  Target target;
  if (!options.output.empty()) {
    target.shown = options.output;
    target.real = fs::weakly_canonical(fs::absolute(options.output, ignored), ignored);
  } else {
    struct stat status{};
    if (fstat(STDOUT_FILENO, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    target.shown = "standard output";
    target.real = fs::read_symlink("/proc/self/fd/1", ignored);
  }
  target.status = status_of(target.real);
  return target;
}

// What a shell would have made of a pattern; the path itself where nothing matches.
std::vector<std::string> expanded(const std::string& path) {
  if (status_of(path) || path.find_first_of("*?[") == std::string::npos) return {path};
  glob_t found{};
  std::vector<std::string> out;
  if (glob(path.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) out.emplace_back(found.gl_pathv[i]);
  }
  globfree(&found);
  return out;
}

bool is_below(const fs::path& inner, const fs::path& folder) {
  const fs::path relative = inner.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

std::unexpected<Error> refuse(const Target& target, std::string_view why, const std::string& input) {
  return fail(ErrorCode::conflict, fmt::format("the output {} {}", why, visible_text(input)), target.shown,
              "evidence is never written: put the output somewhere else");
}

Result<void> check_evidence(const Target& target, const std::string& input) {
  const auto status = status_of(input);
  if (!status) return {};
  if (target.status && target.status->st_dev == status->st_dev && target.status->st_ino == status->st_ino) {
    return refuse(target, "is the input", input);
  }
  std::error_code ignored;
  if (S_ISDIR(status->st_mode) && is_below(target.real, fs::canonical(input, ignored))) {
    return refuse(target, "lies inside the evidence", input);
  }
  return {};
}

// Rules and other inputs: an existing file among them must not be replaced.
Result<void> check_other(const Target& target, const std::string& input) {
  const auto status = status_of(input);
  if (!status || !target.status) return {};
  if (target.status->st_dev == status->st_dev && target.status->st_ino == status->st_ino) {
    return refuse(target, "is the input", input);
  }
  std::error_code ignored;
  if (S_ISDIR(status->st_mode) && is_below(target.real, fs::canonical(input, ignored))) {
    return refuse(target, "would replace a file of", input);
  }
  return {};
}

}  // namespace

bool lies_in_evidence(const Options& options, const std::string& path) {
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(path, ignored);
  for (const std::string& evidence : options.evidence.paths) {
    if (evidence == "-") continue;
    for (const std::string& input : expanded(evidence)) {
      if (is_below(real, fs::canonical(input, ignored))) return true;
    }
  }
  return false;
}

Result<void> check_output(const Options& options) {
  const std::optional<Target> target = target_of(options);
  if (!target) return {};
  for (const std::string& path : options.evidence.paths) {
    if (path == "-") continue;
    for (const std::string& input : expanded(path)) TOCSIN_CHECK(check_evidence(*target, input));
  }
  if (options.output.empty()) return {};  // what the shell redirects over a rule is gone already
  std::vector<std::string> others = options.rules.paths;
  others.insert(others.end(), options.rules.log_source_files.begin(), options.rules.log_source_files.end());
  others.insert(others.end(), options.evidence.mapping_files.begin(), options.evidence.mapping_files.end());
  for (const auto& placeholder : options.rules.placeholders) others.push_back(placeholder.file);
  if (!options.results.empty()) others.push_back(options.results);
  for (const std::string& input : others) TOCSIN_CHECK(check_other(*target, input));
  return {};
}

bool is_there(const std::string& path) {
  return path == "-" || std::ranges::any_of(expanded(path), [](const auto& one) { return status_of(one).has_value(); });
}

}  // namespace tocsin::cli
