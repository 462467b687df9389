// tocsin/ruleset.hpp: from files to a compiled set.
#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "tocsin/ruleset.hpp"

#include "api/rule_cache.hpp"
#include "api/rule_set_impl.hpp"
#include "base/file_stamp.hpp"
#include "base/hash.hpp"
#include "base/read_file.hpp"
#include "base/text.hpp"
#include "detect/sigma/evidence_class.hpp"
#include "detect/sigma/loader.hpp"
#include "detect/sigma/log_source.hpp"
#include "detect/sigma/suggest.hpp"
#include "detect/sigma/words.hpp"
#include "scan/hygiene.hpp"
#include "scan/known_events.hpp"

namespace tocsin {
namespace {

// What a set is made from, noted while it is read.
class Sources {
 public:
  Sources() { noted_.began = base::stamp_time(); }

  Result<std::string> read(const std::string& path, const std::string& what) {
    const auto stamp = base::stamp_of(path, base::FileKind::file);
    TOCSIN_TRY(std::string text, base::read_file(path, what));
    complete_ = complete_ && stamp.has_value();
    if (stamp) noted_.others.push_back({path, *stamp, base::sha256_hex(text)});
    return text;
  }
  void take(sigma::LoadedRules& loaded) {
    complete_ = complete_ && loaded.inputs.complete;
    noted_.files = std::move(loaded.inputs);
    noted_.sha256 = std::move(loaded.sha256);
    noted_.sha256.resize(noted_.files.files.size());  // none for the files that are built in
  }
  [[nodiscard]] const sigma::SetSources& noted() const { return noted_; }
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  sigma::SetSources noted_;
  bool complete_ = true;
};

Result<sigma::LogSources> load_log_sources(const RuleSetOptions& options, Sources& sources,
                                           std::vector<RuleProblem>& problems) {
  std::vector<sigma::LogSources::File> files = sigma::builtin_log_source_files();
  for (const std::string& path : options.log_source_files) {
    TOCSIN_TRY(std::string text, sources.read(path, "log-source file"));
    files.push_back({path, std::move(text)});
  }
  return sigma::LogSources::load(files, problems);
}

// One value a line; blank lines and lines that begin with # are left out.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = base::trim(text.substr(0, end));
    if (!line.empty() && line.front() != '#') lines.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

Result<sigma::Placeholders> load_placeholders(const RuleSetOptions& options, Sources& sources) {
  sigma::Placeholders placeholders;
  for (const RuleSetOptions::Placeholder& placeholder : options.placeholders) {
    TOCSIN_TRY(const std::string text, sources.read(placeholder.file, "placeholder file"));
    std::vector<std::string> values = lines_of(text);
    if (values.empty()) {
      return fail(ErrorCode::malformed, fmt::format("the placeholder file for %{}% holds no value", placeholder.name),
                  placeholder.file, "write one value a line");
    }
    std::vector<std::string>& all = placeholders[placeholder.name];
    all.insert(all.end(), values.begin(), values.end());
  }
  return placeholders;
}

// Everything that decides what is found: rules, log sources, placeholder values, which rules were selected.
std::string hash_of(const sigma::LoadedRules& loaded, const sigma::LogSources& log_sources,
                    const sigma::Placeholders& placeholders) {
  base::Sha256 hash;
  hash.update(loaded.hash);
  hash.update(log_sources.hash());
  for (const auto& [name, values] : placeholders) {
    hash.update(fmt::format("%{}%{}\n", name, values.size()));
    for (const std::string& value : values) hash.update(value + "\n");
  }
  for (const sigma::Rule& rule : loaded.rules) hash.update(rule.info.id + "\n");
  return hash.hex();
}

Result<sigma::LoadedSet> compile(const RuleSetOptions& options, Sources& sources) {
  std::vector<RuleProblem> problems;
  TOCSIN_TRY(const sigma::LogSources log_sources, load_log_sources(options, sources, problems));
  TOCSIN_TRY(const sigma::Placeholders placeholders, load_placeholders(options, sources));
  TOCSIN_TRY(sigma::LoadedRules loaded, sigma::load_rules(options.paths, options.selection));
  sources.take(loaded);
  problems.insert(problems.end(), loaded.problems.begin(), loaded.problems.end());
  const sigma::EvidenceClasses classes = sigma::EvidenceClasses::builtin();
  for (sigma::Rule& rule : loaded.rules) rule.info.evidence_class = classes.class_of(rule.info);
  std::string hash = hash_of(loaded, log_sources, placeholders);
  sigma::CompiledSet compiled =
      sigma::CompiledSet::compile(std::move(loaded.rules), log_sources, placeholders, problems);
  RuleSet::Counts counts = loaded.counts;
  counts.rejected += compiled.rejected();
  counts.loaded -= std::min(counts.loaded, compiled.rejected());
  std::ranges::stable_sort(problems, {}, [](const RuleProblem& p) { return std::tie(p.file, p.line, p.column); });
  return sigma::LoadedSet{std::move(compiled), std::move(problems), counts, std::move(loaded.unknown_names),
                          std::move(hash)};
}

}  // namespace

RuleSet::RuleSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
RuleSet::~RuleSet() = default;

Result<RuleSet> RuleSet::load(const RuleSetOptions& options) {
  RuleCacheFile cache(options);
  std::optional<sigma::LoadedSet> set = cache.take();
  if (!set) {
    Sources sources;
    TOCSIN_TRY(set, compile(options, sources));
    cache.keep(*set, sources.noted(), sources.complete());
  }
  return RuleSet(std::make_unique<Impl>(Impl{std::move(*set), cache.finish()}));
}

const std::vector<RuleInfo>& RuleSet::rules() const {
  return impl_->compiled.rules();
}
const std::vector<RuleProblem>& RuleSet::problems() const {
  return impl_->problems;
}
const std::vector<RuleSet::UnknownName>& RuleSet::unknown_names() const {
  return impl_->unknown_names;
}
const RuleSet::Counts& RuleSet::counts() const {
  return impl_->counts;
}
const RuleCacheUse& RuleSet::cache_use() const {
  return impl_->cache;
}
const std::string& RuleSet::hash() const {
  return impl_->hash;
}

const std::vector<Setting>& RuleSet::settings() const {
  return impl_->compiled.settings();
}
std::vector<std::uint32_t> RuleSet::settings_for(std::uint32_t rule) const {
  return impl_->compiled.settings_for(rule);
}

namespace {

// What was likely meant: a name with a slip of the pen, the beginning of an id or name, or words of a title.
std::string near_rules(const std::vector<RuleInfo>& all, std::string_view wanted) {
  constexpr std::size_t kShown = 3, kShortest = 3;
  std::vector<std::string_view> names;
  for (const RuleInfo& rule : all) names.push_back(rule.name);
  for (const RuleInfo& rule : scanning::hygiene_rules()) names.push_back(rule.name);
  std::erase(names, std::string_view());
  if (const std::string_view name = sigma::nearest_word(wanted, names); !name.empty()) {
    return fmt::format("did you mean {}?", name);
  }
  std::string hint;
  std::size_t found = 0;
  const std::string word = base::fold(wanted);
  for (const RuleInfo& rule : all) {
    const bool holds = wanted.size() >= kShortest && (rule.id.starts_with(wanted) || rule.name.starts_with(wanted) ||
                                                      base::fold(rule.title).find(word) != std::string::npos);
    if (!holds || ++found > kShown) continue;
    hint += fmt::format("{}{} ({})", hint.empty() ? "did you mean " : ", ", rule.id, rule.title);
  }
  if (hint.empty()) return "`tocsin rules list` shows the ids";
  return found > kShown ? fmt::format("{}, or one of {} more? `tocsin rules list` shows all", hint, found - kShown)
                        : hint + "?";
}

Result<std::uint32_t> find_rule(const std::vector<RuleInfo>& all, std::string_view id) {
  const auto found = std::ranges::find_if(all, [&](const RuleInfo& rule) { return rule.id == id || rule.name == id; });
  if (found == all.end()) {
    return fail(ErrorCode::not_found, fmt::format("no rule {} is loaded", id), std::string(id), near_rules(all, id));
  }
  return static_cast<std::uint32_t>(found - all.begin());
}

}  // namespace

const std::vector<RuleInfo>& log_hygiene_rules() {
  static const std::vector<RuleInfo> kRules(scanning::hygiene_rules().begin(), scanning::hygiene_rules().end());
  return kRules;
}

Result<std::string> RuleSet::describe(std::string_view id) const {
  if (const auto kind = scanning::find_hygiene_rule(id)) return scanning::describe_hygiene(*kind);
  TOCSIN_TRY(const std::uint32_t rule, find_rule(rules(), id));
  return impl_->compiled.describe(rule);
}

Result<RuleWords> RuleSet::in_words(std::string_view id) const {
  if (const auto kind = scanning::find_hygiene_rule(id)) return scanning::hygiene_in_words(*kind);
  TOCSIN_TRY(const std::uint32_t rule, find_rule(rules(), id));
  RuleWords words = sigma::rule_in_words(impl_->compiled, rule);
  for (RuleWords::Log& log : words.logs) {
    const std::string channel = log.channels.empty() ? std::string() : log.channels.front();
    const std::string provider = log.providers.empty() ? std::string() : log.providers.front();
    for (const std::int64_t event : log.event_ids) {
      log.event_names.emplace_back(scanning::KnownEvents::builtin().name(channel, provider, event));
    }
  }
  for (const std::uint32_t setting : settings_for(rule)) words.settings.push_back(settings().at(setting));
  return words;
}

}  // namespace tocsin
