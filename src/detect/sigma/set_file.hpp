// The file of a compiled rule set: all that loading gives, and what it was made from, so that the next run can see
// whether it still holds (docs/formats/compiled-rules.md, "On disk").
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/ruleset.hpp"

#include "base/file_stamp.hpp"
#include "detect/sigma/compiled_set.hpp"
#include "detect/sigma/rule_files.hpp"

namespace tocsin::sigma {

// What loading gives.
struct LoadedSet {
  CompiledSet compiled;
  std::vector<RuleProblem> problems;
  RuleSet::Counts counts;
  std::vector<RuleSet::UnknownName> unknown_names;
  std::string hash;
};

// What it was made from.
struct SetSources {
  std::int64_t began = 0;           // base::stamp_time() before anything was looked at
  RuleFiles files;                  // rule files and their folders
  std::vector<std::string> sha256;  // of each rule file, 64 hex digits
  struct Other {
    std::string path;  // a file of log sources, of values for a placeholder
    base::FileStamp stamp;
    std::string sha256;
  };
  std::vector<Other> others;
};

// Who made it (base::program_id()), and what was asked for: 64 hex digits each.
struct SetKey {
  std::string program, options;
};

[[nodiscard]] std::string encode_set_file(const LoadedSet& set, const SetSources& sources, const SetKey& key);

class SetFile {
 public:
  // Head, checksum and key are looked at; the sources are read. The error says what is wrong: "the checksum is wrong".
  // `owner` keeps the bytes alive, which begin at a multiple of kBlobAlignment.
  [[nodiscard]] static std::expected<SetFile, std::string> open(std::string_view bytes,
                                                                std::shared_ptr<const void> owner, const SetKey& key);
  [[nodiscard]] const SetSources& sources() const { return sources_; }
  // Nothing where the tables do not hold together. The set keeps the bytes alive.
  [[nodiscard]] std::optional<LoadedSet> set() const;

 private:
  SetFile() = default;
  SetSources sources_;
  std::string_view rest_, blob_;
  std::shared_ptr<const void> owner_;
};

// The checksum that the bytes should have, and does; for tests and fuzzing. REQUIRES: no fewer than 32 bytes.
void repair_checksum(std::string& bytes);

}  // namespace tocsin::sigma
