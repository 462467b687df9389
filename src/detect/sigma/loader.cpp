#include "detect/sigma/loader.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/builtin_files.hpp"
#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "detect/sigma/problems.hpp"
#include "detect/sigma/suggest.hpp"

namespace tocsin::sigma {

namespace {

constexpr std::size_t kMaxFileSize = std::size_t{8} << 20;
constexpr std::size_t kFilesAtOnce = 1024;   // whose texts and trees are held before they are taken
constexpr std::size_t kFilesForThread = 16;  // fewer are not worth a thread
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

// A file, read and parsed on any thread.
struct ReadFile {
  std::string name;
  Result<std::string> text;
  std::string sha256;
  ParsedFile parsed;
};

ReadFile read(std::string name, Result<std::string> text) {
  ReadFile file{std::move(name), std::move(text), {}, {}};
  if (!file.text) return file;
  file.sha256 = base::sha256_hex(*file.text);
  file.parsed = parse_rules(*file.text, file.name, file.sha256);
  return file;
}

// In their order, by as many threads as there are processors.
std::vector<ReadFile> read_all(std::span<const RuleFiles::File> files) {
  std::vector<ReadFile> out(files.size());
  base::in_parallel(files.size(), kFilesForThread, [&](std::size_t i) {
    out[i] = read(files[i].shown, base::read_file(files[i].path, "rule file", kMaxFileSize));
  });
  return out;
}

class Loader {
 public:
  explicit Loader(const RuleSelection& selection) : selection_(selection) {}

  Result<LoadedRules> run(const std::vector<std::string>& paths) {
    if (paths.empty()) {
      builtin();
      return finish();
    }
    TOCSIN_TRY(out_.inputs, find_rule_files(paths, selection_, out_.problems));
    const std::vector<RuleFiles::File>& files = out_.inputs.files;
    for (std::size_t first = 0; first < files.size(); first += kFilesAtOnce) {
      const auto some = std::span(files).subspan(first, std::min(kFilesAtOnce, files.size() - first));
      std::vector<ReadFile> read = read_all(some);
      for (std::size_t i = 0; i < some.size(); ++i) TOCSIN_CHECK(take(some[i], read[i], paths));
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
        add(read("rules/" + std::string(file.name), std::string(file.text)));
      }
    }
  }

  void unreadable(const std::string& shown, const Error& error) {
    out_.inputs.complete = false;
    out_.sha256.emplace_back();
    RuleProblem& problem = out_.problems.emplace_back();
    problem.code = code::kUnreadable;
    problem.file = shown;
    problem.message = error.message;
    problem.help = error.hint;
    ++out_.counts.rejected;
  }

  Result<void> take(const RuleFiles::File& file, ReadFile& read, const std::vector<std::string>& paths) {
    if (read.text) {
      add(std::move(read));
    } else if (std::ranges::find(paths, file.path) != paths.end()) {
      return std::unexpected(std::move(read.text).error());
    } else {
      unreadable(file.shown, read.text.error());
    }
    return {};
  }

  void add(ReadFile file) {
    const std::string_view text = *file.text;
    ++out_.counts.files;
    hash_.update(fmt::format("{}:{}{}:", file.name.size(), file.name, text.size()));
    hash_.update(text);
    out_.counts.not_rules += file.parsed.not_rules;
    out_.counts.rejected += file.parsed.rejected;
    std::ranges::move(file.parsed.problems, std::back_inserter(out_.problems));
    for (Rule& rule : file.parsed.rules) take(rule, text);
    out_.sha256.push_back(std::move(file.sha256));
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
