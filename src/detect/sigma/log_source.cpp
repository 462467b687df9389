#include "detect/sigma/log_source.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "base/builtin_files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "detect/sigma/log_source_file.hpp"

namespace tocsin::sigma {
namespace {

constexpr std::string_view kBuiltinFolder = "logsources/";

bool same_key(const LogSources::Entry& a, const LogSources::Entry& b) {
  return base::equal_ascii(a.product, b.product) && base::equal_ascii(a.category, b.category) &&
         base::equal_ascii(a.service, b.service);
}

template <class T, class Same>
void replace_or_add(std::vector<T>& all, T item, Same same_item) {
  const auto old = std::ranges::find_if(all, [&](const T& other) { return same_item(other, item); });
  if (old == all.end()) {
    all.push_back(std::move(item));
  } else {
    *old = std::move(item);
  }
}

// What is allowed by both lists, where an empty list allows everything; nothing where that leaves no value.
template <class T, class Equal>
std::optional<std::vector<T>> intersect(const std::vector<T>& a, const std::vector<T>& b, Equal equal) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  std::vector<T> both;
  for (const T& x : a) {
    if (std::ranges::any_of(b, [&](const T& y) { return equal(x, y); })) both.push_back(x);
  }
  if (both.empty()) return std::nullopt;
  return both;
}

// Of two variants' own categories, services or products: the one that is set; nothing where they differ.
std::optional<std::string> agree(const std::string& a, const std::string& b) {
  if (a.empty()) return b;
  if (b.empty() || base::equal_ascii(a, b)) return a;
  return std::nullopt;
}

// Some logs are told by their JSON shape, which names a service or category, others by channel and provider: no event
// is of both kinds.
bool of_different_kinds(const Variant& a, const Variant& b) {
  const auto by_shape = [](const Variant& variant) { return !variant.category.empty() || !variant.service.empty(); };
  const auto by_channel = [](const Variant& variant) {
    return !variant.channels.empty() || !variant.providers.empty();
  };
  return (by_shape(a) && !by_shape(b) && by_channel(b)) || (by_shape(b) && !by_shape(a) && by_channel(a));
}

// True where no event can hold both lists: they want different values of one field.
bool contradict(const std::vector<Constraint>& a, const std::vector<Constraint>& b) {
  return std::ranges::any_of(a, [&](const Constraint& x) {
    return std::ranges::any_of(b, [&](const Constraint& y) {
      return x.field == y.field && !intersect(x.values, y.values, base::equal_ascii);
    });
  });
}

// The events that are of both variants; the category's names come first where both map a field.
std::optional<Variant> intersect(const Variant& category, const Variant& service) {
  if (of_different_kinds(category, service) || contradict(category.constraints, service.constraints))
    return std::nullopt;
  const auto product = agree(category.product, service.product);
  const auto own_category = agree(category.category, service.category);
  const auto own_service = agree(category.service, service.service);
  const auto channels = intersect(category.channels, service.channels, base::equal_ascii);
  const auto providers = intersect(category.providers, service.providers, base::equal_ascii);
  const auto ids = intersect(category.event_ids, service.event_ids, std::equal_to<std::int64_t>());
  if (!product || !own_category || !own_service || !channels || !providers || !ids) return std::nullopt;
  Variant both = category;
  both.product = *product;
  both.category = *own_category;
  both.service = *own_service;
  both.channels = *channels;
  both.providers = *providers;
  both.event_ids = *ids;
  both.constraints.insert(both.constraints.end(), service.constraints.begin(), service.constraints.end());
  for (const FieldSource& field : service.fields) {
    const bool mapped = std::ranges::any_of(
        both.fields, [&](const FieldSource& other) { return other.rule_field == field.rule_field; });
    if (!mapped) both.fields.push_back(field);
  }
  both.assemble_script_blocks = category.assemble_script_blocks || service.assemble_script_blocks;
  return both;
}

std::vector<Variant> intersect(const std::vector<Variant>& categories, const std::vector<Variant>& services) {
  std::vector<Variant> both;
  for (const Variant& category : categories) {
    for (const Variant& service : services) {
      if (auto variant = intersect(category, service)) both.push_back(*std::move(variant));
    }
  }
  return both;
}

// Variants of several products or services may have the same name.
void make_names_unique(std::vector<Variant>& variants) {
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const auto taken = [&](const std::string& name) {
      return std::ranges::any_of(variants.begin(), variants.begin() + static_cast<std::ptrdiff_t>(i),
                                 [&](const Variant& other) { return other.name == name; });
    };
    if (!taken(variants[i].name)) continue;
    const std::string stem =
        variants[i].product.empty() ? variants[i].name : variants[i].product + "-" + variants[i].name;
    std::string name = stem;
    for (int n = 2; taken(name); ++n) name = fmt::format("{}-{}", stem, n);
    variants[i].name = name;
  }
}

std::string shown(const LogSource& logsource) {
  std::string text;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", key, value);
  };
  add("product", logsource.product);
  add("category", logsource.category);
  add("service", logsource.service);
  return text.empty() ? "no log source at all" : text;
}

std::string in_words(const LogSource& logsource, const std::vector<Variant>& variants, const std::string& note) {
  if (variants.empty()) {
    return note.empty() ? fmt::format("no reader gives events of {}", shown(logsource))
                        : fmt::format("no reader gives events of {}: {}", shown(logsource), note);
  }
  std::string names;
  for (const Variant& variant : variants) names += (names.empty() ? "" : ", ") + variant.name;
  return names;
}

}  // namespace

std::vector<LogSources::File> builtin_log_source_files() {
  std::vector<LogSources::File> files;
  for (const base::BuiltinFile& file : base::builtin_files(kBuiltinFolder)) {
    files.push_back({std::string(file.name), std::string(file.text)});
  }
  return files;
}

LogSources LogSources::load(const std::vector<File>& files, std::vector<RuleProblem>& problems) {
  LogSources sources;
  base::Sha256 hash;
  for (const File& file : files) {
    hash.update(fmt::format("{} {}\n", file.name.size(), file.text.size()));
    hash.update(file.name);
    hash.update(file.text);
    LogSourceFile parsed = parse_log_source_file(file.name, file.text, problems);
    for (Entry& entry : parsed.entries) replace_or_add(sources.entries_, std::move(entry), same_key);
    for (Setting& setting : parsed.settings) {
      replace_or_add(sources.settings_, std::move(setting),
                     [](const Setting& a, const Setting& b) { return a.id == b.id; });
    }
  }
  sources.hash_ = hash.hex();
  return sources;
}

Resolution LogSources::resolve(const LogSource& logsource) const {
  const bool product_alone = logsource.category.empty() && logsource.service.empty();
  std::vector<Variant> categories, services;
  std::string note;
  for (const Entry& entry : entries_) {
    const bool any_entry_product = entry.product.empty();
    if (!logsource.product.empty() && !any_entry_product && !base::equal_ascii(entry.product, logsource.product))
      continue;
    const bool by_category = !entry.category.empty() && base::equal_ascii(entry.category, logsource.category);
    const bool by_service = !entry.service.empty() && base::equal_ascii(entry.service, logsource.service);
    const bool by_product = product_alone && entry.category.empty() && entry.service.empty() &&
                            base::equal_ascii(entry.product, logsource.product);
    if (!by_category && !by_service && !by_product) continue;
    if (note.empty()) note = entry.note;
    for (const Variant& variant : entry.variants) {
      if (!logsource.product.empty() && !agree(variant.product, logsource.product)) continue;
      (by_service ? services : categories).push_back(variant);
    }
  }
  Resolution resolution;
  if (logsource.service.empty()) {
    resolution.variants = std::move(categories);
  } else if (logsource.category.empty()) {
    resolution.variants = std::move(services);
  } else {
    resolution.variants = intersect(categories, services);
  }
  make_names_unique(resolution.variants);
  resolution.detail = in_words(logsource, resolution.variants, note);
  return resolution;
}

}  // namespace tocsin::sigma
