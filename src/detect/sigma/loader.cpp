#include "detect/sigma/loader.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "base/builtin_files.hpp"
#include "base/hash.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "detect/sigma/problems.hpp"
#include "detect/sigma/suggest.hpp"

namespace tocsin::sigma {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileSize = std::size_t{8} << 20;
constexpr int kMaxFolderDepth = 64;

bool is_rule_file(const fs::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), base::fold_ascii);
  return extension == ".yml" || extension == ".yaml";
}

struct FoundFile {
  std::string shown;  // from the argument's own name on
  std::string path;
};

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
          argument);
    }
    if (!fs::is_directory(status)) {
      files_.push_back({own_name(argument), argument});
      return {};
    }
    return folder(argument);
  }

  std::vector<FoundFile> take() {
    std::ranges::sort(files_, [](const FoundFile& a, const FoundFile& b) {
      return std::tie(a.shown, a.path) < std::tie(b.shown, b.path);
    });
    const auto same =
        std::ranges::unique(files_, [](const FoundFile& a, const FoundFile& b) { return a.path == b.path; });
    files_.erase(same.begin(), same.end());
    return std::move(files_);
  }

 private:
  Result<void> folder(const std::string& argument) {
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
      return;
    }
    if (!at->is_regular_file(error) || !is_rule_file(path)) return;
    const std::string below = path.lexically_relative(argument).generic_string();
    files_.push_back({name.empty() ? below : name + '/' + below, path.string()});
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
    RuleProblem& problem = problems_.emplace_back();
    problem.severity = RuleProblem::Severity::warning;
    problem.code = code::kUnreadable;
    problem.file = path;
    problem.message = fmt::format("this folder cannot be read: {}", error.message());
    problem.help = "rules in it are missing from the set";
  }

  const RuleSelection& selection_;
  std::vector<RuleProblem>& problems_;
  std::vector<FoundFile> files_;
};

bool tag_matches(std::string_view wanted, std::string_view tag) {
  if (base::equal_fold(wanted, tag)) return true;
  // A technique also means its parts.
  return tag.size() > wanted.size() && tag[wanted.size()] == '.' &&
         base::equal_fold(wanted, tag.substr(0, wanted.size()));
}

bool is_named(const RuleInfo& info, const std::string& name) {
  return base::equal_fold(name, info.id) || (!info.name.empty() && name == info.name);
}

bool names(const std::vector<std::string>& list, const RuleInfo& info) {
  return std::ranges::any_of(list, [&](const std::string& name) { return is_named(info, name); });
}

bool selected(const RuleInfo& info, const RuleSelection& selection) {
  if (selection.minimum_level && info.level < *selection.minimum_level) return false;
  if (selection.statuses.empty()) {
    if (info.status == RuleStatus::deprecated && !selection.deprecated) return false;
    if (info.status == RuleStatus::unsupported && !selection.unsupported) return false;
  } else if (std::ranges::find(selection.statuses, info.status) == selection.statuses.end()) {
    return false;
  }
  const auto has_tag = [&](const std::string& wanted) {
    return std::ranges::any_of(info.tags, [&](const std::string& tag) { return tag_matches(wanted, tag); });
  };
  if (!selection.tags.empty() && std::ranges::none_of(selection.tags, has_tag)) return false;
  if (!selection.include.empty() && !names(selection.include, info)) return false;
  return !names(selection.exclude, info);
}

class Loader {
 public:
  explicit Loader(const RuleSelection& selection) : selection_(selection) {}

  Result<LoadedRules> run(const std::vector<std::string>& paths) {
    if (paths.empty()) {
      builtin();
      return finish();
    }
    Walk walk(selection_, out_.problems);
    for (const std::string& path : paths) TOCSIN_CHECK(walk.add(path));
    for (const FoundFile& file : walk.take()) {
      auto text = base::read_file(file.path, "rule file", kMaxFileSize);
      if (text) {
        add(file.shown, *text);
      } else if (std::ranges::find(paths, file.path) != paths.end()) {
        return std::unexpected(std::move(text).error());
      } else {
        unreadable(file.shown, text.error());
      }
    }
    return finish();
  }

 private:
  void builtin() {
    for (const base::BuiltinFile& file : base::builtin_files()) {
      // Rules lie in folders of their product; log sources, shapes and tables are data of other kinds.
      const bool data = file.name.starts_with("logsources/") || file.name.starts_with("shapes/") ||
                        file.name.find('/') == std::string_view::npos;
      if (!data && is_rule_file(file.name)) {
        add("rules/" + std::string(file.name), file.text);
      }
    }
  }

  void unreadable(const std::string& shown, const Error& error) {
    RuleProblem& problem = out_.problems.emplace_back();
    problem.code = code::kUnreadable;
    problem.file = shown;
    problem.message = error.message;
    problem.help = error.hint;
    ++out_.counts.rejected;
  }

  void add(const std::string& name, std::string_view text) {
    ++out_.counts.files;
    hash_.update(fmt::format("{}:{}{}:", name.size(), name, text.size()));
    hash_.update(text);
    ParsedFile parsed = parse_rules(text, name, base::sha256_hex(text));
    out_.counts.not_rules += parsed.not_rules;
    out_.counts.rejected += parsed.rejected;
    std::ranges::move(parsed.problems, std::back_inserter(out_.problems));
    for (Rule& rule : parsed.rules) take(rule, text);
  }

  void take(Rule& rule, std::string_view text) {
    note_names(rule.info);
    const auto [first, fresh] = by_id_.emplace(rule.info.id, Seen{rule.info.file, rule.info.line, rule.info.sha256});
    if (!fresh) {
      if (first->second.sha256 != rule.info.sha256 || first->second.line != rule.info.line) {
        duplicate(rule, text, first->second);
        ++out_.counts.rejected;
      } else {
        ++out_.counts.not_selected;
      }
      return;
    }
    if (!selected(rule.info, selection_)) {
      ++out_.counts.not_selected;
      return;
    }
    ++out_.counts.loaded;
    if (rule.not_evaluated != CoverageReason::none) ++out_.counts.not_evaluated;
    out_.rules.push_back(std::move(rule));
  }

  struct Seen {
    std::string file;
    std::uint32_t line = 0;
    std::string sha256;
  };

  void duplicate(const Rule& rule, std::string_view text, const Seen& first) {
    Problems problems(text, rule.info.file, out_.problems);
    problems.set_rule(rule.info.id);
    const Where where = rule.id_line != 0 ? Where{rule.id_line, rule.id_column, rule.id_column_end}
                                          : problems.whole_line(rule.info.line);
    problems.error(code::kDuplicateId, where, fmt::format("the id `{}` is taken by another rule", rule.info.id),
                   "this rule is left out",
                   fmt::format("the first one is in {}:{}; give this one an id of its own", first.file, first.line));
  }

  // What --include and --exclude may name.
  void note_names(const RuleInfo& info) {
    for (const bool include : {true, false}) {
      for (const std::string& name : include ? selection_.include : selection_.exclude) {
        if (is_named(info, name)) named_.insert(name);
      }
    }
    if (!info.name.empty()) rule_names_.insert(info.name);
  }

  void unknown_names() {
    std::vector<std::string_view> known;
    for (const auto& [id, seen] : by_id_) known.push_back(id);
    known.insert(known.end(), rule_names_.begin(), rule_names_.end());
    for (const bool include : {true, false}) {
      for (const std::string& name : include ? selection_.include : selection_.exclude) {
        if (!named_.contains(name))
          out_.unknown_names.push_back({include, name, std::string(nearest_word(name, known))});
      }
    }
  }

  LoadedRules finish() {
    unknown_names();
    std::ranges::sort(out_.rules, [](const Rule& a, const Rule& b) {
      return std::tie(a.info.id, a.info.file, a.info.line) < std::tie(b.info.id, b.info.file, b.info.line);
    });
    out_.hash = hash_.hex();
    return std::move(out_);
  }

  const RuleSelection& selection_;
  LoadedRules out_;
  base::Sha256 hash_;
  std::map<std::string, Seen> by_id_;
  std::set<std::string> rule_names_, named_;  // of all rules; those of the selection that some rule has
};

}  // namespace

Result<LoadedRules> load_rules(const std::vector<std::string>& paths, const RuleSelection& selection) {
  return Loader(selection).run(paths);
}

}  // namespace tocsin::sigma
