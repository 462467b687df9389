#include "api/rule_cache.hpp"

#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "api/rule_freshness.hpp"
#include "base/codec.hpp"
#include "base/hash.hpp"
#include "base/private_folder.hpp"
#include "base/program_id.hpp"

namespace tocsin {
namespace {

constexpr std::string_view kSuffix = ".rules";
constexpr std::size_t kNameDigits = 32;

// A path as it was written, which results show, and what it means in this working folder.
void put_path(base::Encoder& out, const std::string& path) {
  std::error_code ignored;
  out.text(path);
  out.text(std::filesystem::absolute(path, ignored).native());
}

std::string hash_of(const RuleSetOptions& options) {
  std::string bytes;
  base::Encoder out(bytes);
  for (const auto* paths : {&options.paths, &options.log_source_files}) {
    out.number(paths->size());
    for (const std::string& path : *paths) put_path(out, path);
  }
  out.number(options.placeholders.size());
  for (const RuleSetOptions::Placeholder& placeholder : options.placeholders) {
    out.text(placeholder.name);
    put_path(out, placeholder.file);
  }
  const RuleSelection& selection = options.selection;
  out.optional(selection.minimum_level ? std::optional<std::int64_t>(static_cast<int>(*selection.minimum_level))
                                       : std::nullopt);
  out.number(selection.statuses.size());
  for (const RuleStatus status : selection.statuses) out.number(static_cast<std::uint64_t>(status));
  for (const auto* list : {&selection.tags, &selection.include, &selection.exclude}) out.texts(*list);
  out.flag(selection.deprecated);
  out.flag(selection.unsupported);
  return base::sha256_hex(bytes);
}

std::string name_of(std::string_view options_hash) {
  return std::string(options_hash.substr(0, kNameDigits)) + std::string(kSuffix);
}

}  // namespace

std::string rule_cache_name(const RuleSetOptions& options) {
  return name_of(hash_of(options));
}

Result<void> keep_rule_cache(const std::string& folder, const std::string& name, std::string_view bytes) {
  using base::PrivateFolder;
  TOCSIN_TRY(const PrivateFolder opened, PrivateFolder::open(folder, PrivateFolder::Missing::is_made));
  TOCSIN_CHECK(opened.write(name, bytes));
  opened.prune(kSuffix, kMaxCacheFiles, kMaxCacheBytes);
  return {};
}

Result<RuleCacheState> look_at_rule_cache(const std::string& folder) {
  using base::PrivateFolder;
  TOCSIN_TRY(const PrivateFolder opened, PrivateFolder::open(folder, PrivateFolder::Missing::is_error));
  RuleCacheState state;
  for (const PrivateFolder::Entry& entry : opened.list(kSuffix)) {
    ++state.files;
    state.bytes += entry.size;
  }
  return state;
}

RuleCacheFile::RuleCacheFile(const RuleSetOptions& options) : options_(options) {
  if (options.cache.folder.empty()) return;
  key_ = {base::program_id(), hash_of(options)};
  use_.file = options.cache.folder + '/' + name_of(key_.options);
}

std::optional<sigma::LoadedSet> RuleCacheFile::take() {
  if (use_.file.empty()) return std::nullopt;
  auto set = read();
  use_.taken = set.has_value();
  if (use_.taken) use_.not_taken.clear();
  return set;
}

std::optional<sigma::LoadedSet> RuleCacheFile::read() {
  using base::PrivateFolder;
  const auto folder = PrivateFolder::open(options_.cache.folder, PrivateFolder::Missing::is_error);
  auto file = folder ? folder->read(name_of(key_.options), kMaxCacheFile) : std::unexpected(folder.error());
  if (!file) {
    use_.not_taken = file.error().code == ErrorCode::not_found
                         ? std::string("it is not there yet")
                         : fmt::format("{}: {}", file.error().place, file.error().message);
    return std::nullopt;
  }
  const std::string_view bytes = file->view();
  use_.bytes = bytes.size();
  const auto opened = sigma::SetFile::open(bytes, std::shared_ptr<const char[]>(std::move(file->bytes)), key_);
  if (!opened) {
    use_.not_taken = opened.error();
    return std::nullopt;
  }
  // Side by side: the one waits for the file system, the other works.
  Freshness fresh;
  const auto look = [&] { fresh = check_freshness(opened->sources(), options_); };
  std::jthread check;
  try {
    check = std::jthread(look);
  } catch (const std::system_error&) {  // no more threads for this user
    look();
  }
  auto set = opened->set();
  if (check.joinable()) check.join();
  if (!fresh.changed.empty()) {
    use_.not_taken = fresh.changed;
    return std::nullopt;
  }
  if (!set) {
    use_.not_taken = "its tables do not hold together";
    return std::nullopt;
  }
  if (fresh.restamped) write(sigma::encode_set_file(*set, *fresh.restamped, key_));
  return set;
}

void RuleCacheFile::keep(const sigma::LoadedSet& set, const sigma::SetSources& sources, bool complete) {
  if (use_.file.empty()) return;
  if (!complete) {
    use_.not_kept = "something that was named cannot be read, or is no file that could be seen to change";
    return;
  }
  const std::string bytes = sigma::encode_set_file(set, sources, key_);
  if (bytes.size() > kMaxCacheFile) {
    use_.not_kept = fmt::format("expected at most {} bytes, found {}", kMaxCacheFile, bytes.size());
    return;
  }
  write(bytes);
}

void RuleCacheFile::write(std::string_view bytes) {
  use_.bytes = bytes.size();
  told_ = true;
  const Result<void> written = options_.cache.keep
                                   ? options_.cache.keep(bytes)
                                   : keep_rule_cache(options_.cache.folder, name_of(key_.options), bytes);
  use_.kept = written.has_value();
  if (!written) use_.not_kept = fmt::format("{}: {}", written.error().place, written.error().message);
}

RuleCacheUse RuleCacheFile::finish() {
  if (options_.cache.keep && !told_ && !use_.file.empty()) {
    if (const Result<void> ended = options_.cache.keep({}); !ended) use_.not_kept = ended.error().message;
  }
  told_ = true;
  return std::move(use_);
}

}  // namespace tocsin
