#include "api/rule_freshness.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/file_stamp.hpp"
#include "base/hash.hpp"
#include "base/read_file.hpp"
#include "detect/sigma/rule_files.hpp"

namespace tocsin {
namespace {

using base::FileKind;
using base::FileStamp;
using sigma::RuleFiles;
using sigma::SetSources;

class Check {
 public:
  Check(const SetSources& then, const RuleSetOptions& options) : then_(then), now_(then), options_(options) {
    now_.began = base::stamp_time();
  }

  Freshness run() {
    if (!folders()) return {std::move(changed_), {}};
    for (std::size_t i = 0; i < now_.files.files.size(); ++i) {
      RuleFiles::File& file = now_.files.files[i];
      if (!same(file.path, then_.files.files[i].stamp, then_.sha256[i], file.stamp)) return {std::move(changed_), {}};
    }
    for (SetSources::Other& other : now_.others) {
      if (!same(other.path, FileStamp(other.stamp), other.sha256, other.stamp)) return {std::move(changed_), {}};
    }
    if (!doubted_ || !settled_) return {};
    return {{}, std::move(now_)};
  }

 private:
  bool gone(const std::string& path) {
    changed_ = fmt::format("{} is gone, or can no longer be looked at", path);
    return false;
  }

  // A stamp that is as it was, and was old enough to be trusted.
  [[nodiscard]] bool trusted(const FileStamp& then, const FileStamp& now) const {
    return then == now && base::is_settled(then, then_.began);
  }
  void doubt(const FileStamp& stamp) {
    doubted_ = true;
    settled_ = settled_ && base::is_settled(stamp, now_.began);
  }

  bool folders() {
    bool all = true;
    for (const RuleFiles::Folder& folder : then_.files.folders) {
      const auto stamp = base::stamp_of(folder.path, FileKind::folder);
      if (!stamp) return gone(folder.path);
      all = all && trusted(folder.stamp, *stamp);
    }
    return all || walk();
  }

  bool walk() {
    std::vector<RuleProblem> problems;
    auto found = sigma::find_rule_files(options_.paths, options_.selection, problems);
    const auto same_file = [](const RuleFiles::File& a, const RuleFiles::File& b) {
      return a.shown == b.shown && a.path == b.path;
    };
    if (!found || !found->complete || !std::ranges::equal(found->files, then_.files.files, same_file)) {
      changed_ = "rule files were added, removed or renamed";
      return false;
    }
    now_.files = std::move(*found);
    for (const RuleFiles::Folder& folder : now_.files.folders) doubt(folder.stamp);
    return true;
  }

  bool same(const std::string& path, const FileStamp& then, const std::string& sha256, FileStamp& now) {
    const auto stamp = base::stamp_of(path, FileKind::file);
    if (!stamp) return gone(path);
    if (trusted(then, *stamp)) return true;
    now = *stamp;
    doubt(*stamp);
    // The size is the cheaper question.
    if (stamp->size == then.size) {
      const auto text = base::read_file(path, "rule file");
      if (text && base::sha256_hex(*text) == sha256) return true;
    }
    changed_ = fmt::format("{} was changed", path);
    return false;
  }

  const SetSources& then_;
  SetSources now_;
  const RuleSetOptions& options_;
  std::string changed_;
  bool doubted_ = false, settled_ = true;
};

}  // namespace

Freshness check_freshness(const SetSources& then, const RuleSetOptions& options) {
  return Check(then, options).run();
}

}  // namespace tocsin
