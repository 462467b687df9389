#include "scan/metrics.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "scan/enable.hpp"
#include "scan/known_events.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kMaxGroups = 50'000;  // host, channel, provider and id; beyond, events are only counted
constexpr std::size_t kMaxDays = 50'000;
constexpr std::size_t kMaxHosts = 10'000;  // that are asked what they lack
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::int64_t kDay = std::int64_t{86'400} * 10'000'000;

// Of one name: counts and times.
struct Sum {
  std::uint64_t events = 0;
  std::optional<Timestamp> first, last;

  void add(const Sum& other) {
    events += other.events;
    if (other.first && (!first || *other.first < *first)) first = other.first;
    if (other.last && (!last || *other.last > *last)) last = other.last;
  }
  void add(const std::optional<Timestamp>& time) {
    ++events;
    if (!time || time->ticks == 0) return;
    if (!first || *time < *first) first = time;
    if (!last || *time > *last) last = time;
  }
};

// Events of one host, channel, provider and id.
struct Group {
  std::string host, channel, provider;
  std::optional<std::int64_t> event_id;
  bool windows = false;
  Sum wanted;  // inside the filters
};

// What a host was seen to have: the channels and event ids that are asked about.
struct Presence {
  std::string host;  // as first written
  std::set<std::string, std::less<>> channels;
  std::set<std::pair<std::string, std::int64_t>> events;
};

std::string lower(std::string_view name) {
  return base::fold(name.substr(0, kMaxNameBytes));
}

void append_key(std::string& key, std::string_view name) {
  for (const char c : name.substr(0, kMaxNameBytes)) key.push_back(base::fold_ascii(c));
  key.push_back('\0');
}

struct MetricsUnit final : ReadingUnit {
  std::map<std::string, Group, std::less<>> groups;
  std::map<std::int64_t, std::uint64_t> days;
};

class MetricsWorker final : public ReadingWorker {
 public:
  explicit MetricsWorker(const EvidenceOptions& options) : ReadingWorker(options) {}

 private:
  std::unique_ptr<ReadingUnit> make_unit(const SourceContext&, const evidence::Unit&) override {
    auto made = std::make_unique<MetricsUnit>();
    unit_ = made.get();
    return made;
  }
  void look_at(const model::Event& event, bool wanted) override {
    const model::EventHead& head = event.head();
    key_.clear();
    for (const std::string_view name : {head.computer, head.channel, head.provider}) append_key(key_, name);
    if (head.event_id) key_ += std::to_string(*head.event_id);
    auto at = unit_->groups.find(key_);
    if (at == unit_->groups.end()) at = unit_->groups.emplace(key_, group_of(head)).first;
    if (!wanted) return;
    at->second.wanted.add(head.time);
    if (head.time && head.time->ticks > 0) ++unit_->days[head.time->ticks / kDay];
  }
  static Group group_of(const model::EventHead& head) {
    Group group;
    group.host = head.computer.substr(0, kMaxNameBytes);
    group.channel = head.channel.substr(0, kMaxNameBytes);
    group.provider = head.provider.substr(0, kMaxNameBytes);
    group.event_id = head.event_id;
    group.windows = head.product == "windows";
    return group;
  }

  MetricsUnit* unit_ = nullptr;
  std::string key_;
};

class MetricsCollector final : public ReadingCollector {
 public:
  void fill_answer(Metrics& metrics) const {
    metrics.channels = rows([](const Group& group, Metrics::Row& row) {
      row.channel = group.channel;
      return group.channel;
    });
    metrics.event_ids = rows([](const Group& group, Metrics::Row& row) {
      row.channel = group.channel;
      row.provider = group.provider;
      row.event_id = group.event_id;
      if (row.event_id) row.name = KnownEvents::builtin().name(row.channel, row.provider, *row.event_id);
      return group.channel + '\0' + group.provider + '\0' + (group.event_id ? std::to_string(*group.event_id) : "");
    });
    metrics.hosts = rows([](const Group& group, Metrics::Row& row) {
      row.host = group.host;
      return base::fold(group.host);
    });
    for (const auto& [day, events] : days_) {
      Metrics::Row& row = metrics.days.emplace_back();
      row.first = Timestamp{day * kDay};
      row.events = events;
    }
    metrics.missing = missing();
    name_settings(metrics, builtin_settings(), [&](std::string_view host, std::string_view channel, std::int64_t id) {
      const auto found = hosts_.find(lower(host));
      return found != hosts_.end() && found->second.events.contains(std::pair(lower(channel), id));
    });
    metrics.not_told_apart = not_told_apart_;
  }

 private:
  Result<void> take(const SourceContext&, ReadingUnit& unit) override {
    auto& counted = static_cast<MetricsUnit&>(unit);
    for (auto& [key, group] : counted.groups) {
      note_presence(group);
      const auto at = groups_.find(key);
      if (at != groups_.end()) {
        at->second.wanted.add(group.wanted);
      } else if (groups_.size() < kMaxGroups) {
        groups_.emplace(key, std::move(group));
      } else {
        not_told_apart_ += group.wanted.events;
      }
    }
    for (const auto& [day, events] : counted.days) {
      if (days_.contains(day) || days_.size() < kMaxDays) days_[day] += events;
    }
    return {};
  }

  void note_presence(const Group& group) {
    if (!group.windows || group.host.empty()) return;
    const std::string name = lower(group.host);
    if (hosts_.size() >= kMaxHosts && !hosts_.contains(name)) return;
    Presence& host = hosts_[name];
    if (host.host.empty()) host.host = group.host;
    const std::string channel = lower(group.channel);
    for (const KnownEvents::Expected& one : KnownEvents::builtin().expected()) {
      if (one.only_with == channel) host.channels.insert(channel);
      if (one.channel != channel) continue;
      host.channels.insert(channel);
    }
    if (group.event_id && asked_.contains(std::pair(channel, *group.event_id))) {
      host.events.emplace(channel, *group.event_id);
    }
  }

  template <class Name>
  std::vector<Metrics::Row> rows(const Name& name) const {
    std::map<std::string, std::pair<Metrics::Row, Sum>> sums;
    for (const auto& [key, group] : groups_) {
      if (group.wanted.events == 0) continue;
      Metrics::Row row;
      const std::string same = name(group, row);
      auto& [kept, sum] = sums.try_emplace(same, row, Sum()).first->second;
      sum.add(group.wanted);
    }
    std::vector<Metrics::Row> out;
    for (auto& [key, pair] : sums) {
      Metrics::Row& row = out.emplace_back(std::move(pair.first));
      row.events = pair.second.events;
      row.first = pair.second.first;
      row.last = pair.second.last;
    }
    std::ranges::stable_sort(out, std::ranges::greater(), &Metrics::Row::events);
    return out;
  }

  std::vector<Metrics::Missing> missing() const {
    std::vector<Metrics::Missing> out;
    for (const KnownEvents::Expected& one : KnownEvents::builtin().expected()) {
      Metrics::Missing lack{one.what, one.means, one.shown_channel, one.event_ids, {}, {}, {}, {}, {}};
      for (const auto& [name, host] : hosts_) {
        if (!one.only_with.empty() && !host.channels.contains(one.only_with)) continue;
        if (!host.channels.contains(one.channel)) {
          lack.without_channel.push_back(host.host);
        } else if (!one.event_ids.empty() && std::ranges::none_of(one.event_ids, [&](std::int64_t id) {
                     return host.events.contains(std::pair(one.channel, id));
                   })) {
          lack.without_events.push_back(host.host);
        }
      }
      if (!lack.without_channel.empty() || !lack.without_events.empty()) out.push_back(std::move(lack));
    }
    return out;
  }

  // Which events are asked about: those a host should have, and those that the same settings give.
  static std::set<std::pair<std::string, std::int64_t>> asked_events() {
    std::set<std::pair<std::string, std::int64_t>> out;
    for (const KnownEvents::Expected& one : KnownEvents::builtin().expected()) {
      for (const std::int64_t id : one.event_ids) out.emplace(one.channel, id);
    }
    for (const Setting& setting : builtin_settings()) {
      for (const std::string& channel : setting.channels) {
        for (const std::int64_t id : setting.event_ids) out.emplace(lower(channel), id);
      }
    }
    return out;
  }

  std::set<std::pair<std::string, std::int64_t>> asked_ = asked_events();
  std::map<std::string, Group, std::less<>> groups_;
  std::map<std::int64_t, std::uint64_t> days_;
  std::map<std::string, Presence, std::less<>> hosts_;  // by name in lower case
  std::uint64_t not_told_apart_ = 0;
};

}  // namespace

Result<Metrics> run_metrics(const ReadingInputs& inputs) {
  MetricsCollector collector;
  Metrics metrics;
  TOCSIN_CHECK(run_reading(
      inputs, [&] { return std::make_unique<MetricsWorker>(*inputs.evidence); }, collector, metrics.reading));
  collector.fill_answer(metrics);
  return metrics;
}

}  // namespace tocsin::scanning
