#include "scan/known_events.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/builtin_files.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::string_view kBuiltinName = "windows-events.yml";

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

class KnownEventsFile {
 public:
  KnownEventsFile(const base::YamlDocument& document, KnownEvents& out) : document_(document), out_(out) {}

  Result<void> read() {
    TOCSIN_CHECK(each_of("names", [this](std::uint32_t entry) { return names(entry); }));
    return each_of("expected", [this](std::uint32_t entry) { return expected(entry); });
  }

 private:
  using Node = base::YamlNode;
  [[nodiscard]] Error wrong(const Node& node, std::string_view what) const {
    return {ErrorCode::malformed,
            fmt::format("expected {}", what),
            fmt::format("{}:{}:{}", kBuiltinName, node.begin.line, node.begin.column),
            {}};
  }
  template <class Visit>
  Result<void> each_of(std::string_view key, const Visit& visit) {
    const std::uint32_t list = document_.find(document_.root, key);
    if (list == base::YamlDocument::kAbsent) return {};
    if (document_.at(list).kind != Node::Kind::sequence) return std::unexpected(wrong(document_.at(list), "a list"));
    for (const std::uint32_t entry : document_.at(list).children) {
      if (document_.at(entry).kind != Node::Kind::mapping) {
        return std::unexpected(wrong(document_.at(entry), "a mapping"));
      }
      TOCSIN_CHECK(visit(entry));
    }
    return {};
  }
  [[nodiscard]] std::string text(std::uint32_t entry, std::string_view key) const {
    const std::uint32_t value = document_.find(entry, key);
    return value == base::YamlDocument::kAbsent ? std::string() : document_.at(value).text;
  }

  Result<void> names(std::uint32_t entry) {
    std::string key = base::fold(text(entry, "channel"));
    if (const std::string provider = text(entry, "provider"); !provider.empty()) {
      key.push_back('\0');
      key += base::fold(provider);
    }
    const std::uint32_t events = document_.find(entry, "events");
    if (key.empty() || events == base::YamlDocument::kAbsent || document_.at(events).kind != Node::Kind::mapping) {
      return std::unexpected(wrong(document_.at(entry), "`channel` and a mapping `events`"));
    }
    const std::vector<std::uint32_t>& all = document_.at(events).children;
    for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
      const auto id = number_of(document_.at(all[i]).text);
      if (!id) return std::unexpected(wrong(document_.at(all[i]), "an event id"));
      if (!out_.names_.emplace(std::pair(key, *id), document_.at(all[i + 1]).text).second) {
        return std::unexpected(wrong(document_.at(all[i]), "each event id once"));
      }
    }
    return {};
  }

  Result<void> expected(std::uint32_t entry) {
    KnownEvents::Expected& one = out_.expected_.emplace_back();
    one.what = text(entry, "what");
    one.means = text(entry, "means");
    one.shown_channel = text(entry, "channel");
    one.channel = base::fold(one.shown_channel);
    one.only_with = base::fold(text(entry, "only-with"));
    if (one.what.empty() || one.means.empty() || one.channel.empty()) {
      return std::unexpected(wrong(document_.at(entry), "`what`, `channel` and `means`"));
    }
    const std::uint32_t events = document_.find(entry, "events");
    if (events == base::YamlDocument::kAbsent) return {};
    for (const std::uint32_t event : document_.at(events).children) {
      const auto id = number_of(document_.at(event).text);
      if (!id) return std::unexpected(wrong(document_.at(event), "an event id"));
      one.event_ids.push_back(*id);
    }
    return {};
  }

  const base::YamlDocument& document_;
  KnownEvents& out_;
};

Result<KnownEvents> KnownEvents::parse(std::string_view text) {
  const base::YamlResult yaml = base::parse_yaml(text);
  if (yaml.failed || yaml.documents.empty()) {
    return fail(ErrorCode::malformed, fmt::format("expected YAML, found: {}", yaml.message),
                fmt::format("{}:{}:{}", kBuiltinName, yaml.where.line, yaml.where.column));
  }
  KnownEvents events;
  TOCSIN_CHECK(KnownEventsFile(yaml.documents.front(), events).read());
  return events;
}

const KnownEvents& KnownEvents::builtin() {
  static const KnownEvents events = [] {
    const auto files = base::builtin_files();
    const auto file = std::ranges::find(files, kBuiltinName, &base::BuiltinFile::name);
    assert(file != files.end());
    Result<KnownEvents> parsed = parse(file->text);
    assert(parsed);  // tested beside this
    return std::move(*parsed);
  }();
  return events;
}

std::string_view KnownEvents::name(std::string_view channel, std::string_view provider, std::int64_t event_id) const {
  std::string key = base::fold(channel);
  if (const auto found = names_.find(std::pair(key, event_id)); found != names_.end()) return found->second;
  key.push_back('\0');
  key += base::fold(provider);
  const auto found = names_.find(std::pair(std::move(key), event_id));
  return found == names_.end() ? std::string_view() : found->second;
}

}  // namespace tocsin::scanning
