// The text of tocsin.toml, read by toml++ and checked against the table of flags.
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "config.hpp"
#include "flags.hpp"
#include "suggest.hpp"

namespace tocsin::cli {
namespace {

constexpr std::string_view kProfiles = "profiles";

// Where one value stands, for messages; and where its paths start from.
struct Context {
  std::string path;
  std::string home;
};

std::string place_of(const Context& context, const toml::source_region& region) {
  return fmt::format("{}:{}:{}", context.path, region.begin.line, region.begin.column);
}

std::unexpected<Error> wrong(const Context& context, const toml::source_region& region, std::string message,
                             std::string hint = {}) {
  return fail(ErrorCode::malformed, std::move(message), place_of(context, region), std::move(hint));
}

// "rules check" is the section [rules-check].
std::string section_name(const CommandInfo& info) {
  std::string name(info.name);
  std::ranges::replace(name, ' ', '-');
  return name;
}

// A path in the file starts from the file's folder: the working folder is another one each time.
std::string whole_path(const Context& context, std::string_view value) {
  if (value.starts_with("~/") && !context.home.empty()) return context.home + std::string(value.substr(1));
  if (value.empty() || value == "-" || value.front() == '/') return std::string(value);
  return std::filesystem::path(context.path).parent_path() / value;
}

std::string with_whole_path(const Context& context, const Flag& flag, std::string_view value) {
  if (!takes_path(flag)) return std::string(value);
  const std::size_t equals = flag.value.find('=') == std::string_view::npos ? std::string_view::npos : value.find('=');
  if (equals == std::string_view::npos) return whole_path(context, value);
  return std::string(value.substr(0, equals + 1)) + whole_path(context, value.substr(equals + 1));
}

std::string_view kind_of(const toml::node& node) {
  if (node.is_string()) return "a text";
  if (node.is_integer()) return "a number";
  if (node.is_boolean()) return "true or false";
  if (node.is_array()) return "a list";
  return node.is_table() ? "a section" : "a value of another kind";
}

Result<std::string> one_value(const Context& context, const Flag& flag, const toml::node& node) {
  if (const auto* text = node.as_string()) return with_whole_path(context, flag, text->get());
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  return wrong(context, node.source(),
               fmt::format("expected a text or a number for {}, found {}", flag.name.substr(2), kind_of(node)));
}

Result<ConfigValue> value_of(const Context& context, const Flag& flag, const toml::node& node) {
  ConfigValue out;
  out.place = place_of(context, node.source());
  if (flag.value.empty()) {
    const auto* on = node.as_boolean();
    if (on == nullptr) {
      return wrong(context, node.source(),
                   fmt::format("expected true or false for {}, found {}", flag.name.substr(2), kind_of(node)));
    }
    if (on->get()) out.values.emplace_back();
    return out;
  }
  if (const auto* list = node.as_array(); list != nullptr && flag.repeatable) {
    for (const toml::node& item : *list) {
      TOCSIN_TRY(std::string value, one_value(context, flag, item));
      out.values.push_back(std::move(value));
    }
    return out;
  }
  TOCSIN_TRY(std::string value, one_value(context, flag, node));
  out.values.push_back(std::move(value));
  return out;
}

const Flag* find_flag(std::string_view key, const CommandInfo* info) {
  for (const Flag& flag : flags()) {
    const bool fits = flag.name.substr(2) == key && (info == nullptr || has(flag, info->command));
    if (fits && flag.name != "--config" && flag.name != "--no-config") return &flag;
  }
  return nullptr;
}

std::unexpected<Error> unknown(const Context& context, const toml::key& key, const CommandInfo* info) {
  std::vector<std::string> names;
  for (const Flag& flag : flags()) {
    if (find_flag(flag.name.substr(2), info) == &flag) names.emplace_back(flag.name.substr(2));
  }
  if (info == nullptr) {
    for (const CommandInfo& command : commands()) names.push_back(section_name(command));
    names.emplace_back(kProfiles);
  }
  const std::string text(key.str());
  const std::string_view near = nearest(text, std::vector<std::string_view>(names.begin(), names.end()));
  const std::string where = info == nullptr ? std::string() : fmt::format(" in [{}]", section_name(*info));
  return wrong(
      context, key.source(),
      find_flag(text, nullptr) == nullptr ? fmt::format("unknown key '{}'{}", visible_text(text), where)
                                          : fmt::format("`tocsin {}` has no flag --{}", info->name, text),
      near.empty() ? "keys are the names of flags without the dashes" : fmt::format("did you mean '{}'?", near));
}

// What a flag says of its values is said here, with the place, also for commands that do not run now.
Result<void> check_values(const Config& config, const Flag& flag, const ConfigValue& value) {
  Options unused;
  unused.user_profiles = config.profiles;
  for (const std::string& one : value.values) {
    if (auto taken = flag.apply(unused, one); !taken) {
      Error error = std::move(taken).error();
      error.message = fmt::format("{}: {}", flag.name.substr(2), error.message);
      error.place = value.place;
      return std::unexpected(std::move(error));
    }
  }
  return {};
}

using Values = std::map<std::string, ConfigValue, std::less<>>;

Result<void> take_section(const Context& context, const toml::table& table, const CommandInfo& info, Config& config) {
  Values& values = config.by_command[info.command];
  for (auto&& [key, node] : table) {
    const Flag* const flag = find_flag(key.str(), &info);
    if (flag == nullptr) return unknown(context, key, &info);
    TOCSIN_TRY(ConfigValue value, value_of(context, *flag, node));
    TOCSIN_CHECK(check_values(config, *flag, value));
    values[std::string(flag->name)] = std::move(value);
  }
  return {};
}

const CommandInfo* section_of(std::string_view key) {
  for (const CommandInfo& info : commands()) {
    if (section_name(info) == key) return &info;
  }
  return nullptr;
}

// [profiles.NAME] with columns = ["host", "Computer=host", "event.Image"].
Result<ColumnProfile> take_profile(const Context& context, const toml::key& name, const toml::node& node) {
  ColumnProfile out{std::string(name.str()), {}};
  if (parse_profile(out.name) ||
      std::ranges::find(column_profiles(), out.name, &ColumnProfile::name) != column_profiles().end()) {
    return wrong(context, name.source(), fmt::format("the profile '{}' is built in", out.name), "choose another name");
  }
  const toml::table* const table = node.as_table();
  const toml::array* const columns = table == nullptr ? nullptr : table->get_as<toml::array>("columns");
  if (columns == nullptr || columns->empty() || table->size() != 1) {
    return wrong(context, node.source(),
                 fmt::format("expected a list `columns` in [profiles.{}], and nothing else", out.name));
  }
  for (const toml::node& item : *columns) {
    const auto* text = item.as_string();
    if (text == nullptr) {
      return wrong(context, item.source(), fmt::format("expected a text for a column, found {}", kind_of(item)));
    }
    auto column = parse_column(text->get());
    if (!column) return wrong(context, item.source(), column.error().message, column.error().hint);
    out.columns.push_back(std::move(*column));
  }
  return out;
}

Result<void> take_profiles(const Context& context, const toml::table& table, Config& config) {
  const toml::node* const node = table.get(kProfiles);
  if (node == nullptr) return {};
  const toml::table* const profiles = node->as_table();
  if (profiles == nullptr) {
    return wrong(context, node->source(), fmt::format("expected sections [profiles.NAME], found {}", kind_of(*node)));
  }
  for (auto&& [name, profile] : *profiles) {
    TOCSIN_TRY(ColumnProfile taken, take_profile(context, name, profile));
    config.profiles.push_back(std::move(taken));
  }
  return {};
}

Result<void> take_all(const Context& context, const toml::table& table, Config& config) {
  TOCSIN_CHECK(take_profiles(context, table, config));  // first: the key `profile` may name one of them
  for (auto&& [key, node] : table) {
    if (key.str() == kProfiles) continue;
    const CommandInfo* const info = section_of(key.str());
    if (const auto* section = node.as_table(); info != nullptr && section != nullptr) {
      TOCSIN_CHECK(take_section(context, *section, *info, config));
      continue;
    }
    const Flag* const flag = find_flag(key.str(), nullptr);
    if (flag == nullptr) return unknown(context, key, nullptr);
    TOCSIN_TRY(ConfigValue value, value_of(context, *flag, node));
    TOCSIN_CHECK(check_values(config, *flag, value));
    config.all[std::string(flag->name)] = std::move(value);
  }
  return {};
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& path, const Environment& environment) {
  const Context context{path, environment("HOME").value_or("")};
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    return wrong(context, parsed.error().source(),
                 fmt::format("this is no TOML: {}", visible_text(parsed.error().description())));
  }
  Config config;
  config.file = path;
  TOCSIN_CHECK(take_all(context, parsed.table(), config));
  return config;
}

}  // namespace tocsin::cli
