#include "scan/logons.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/external_sort.hpp"
#include "base/text.hpp"
#include "scan/finding_codec.hpp"
#include "scan/logon_event.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kMaxRows = 20'000;  // accounts, types, sources … told apart; beyond, events are only counted
constexpr std::size_t kMaxReasons = 16;   // of a row; beyond, failures are counted without a reason
constexpr std::string_view kOtherReasons = "other reasons";

struct LogonUnit final : ReadingUnit {
  struct Entry {
    std::string key, event;
  };
  std::vector<Entry> entries;
};

// Events of one session follow each other in time; two copies of one record follow each other at once.
std::string key_of(const LogonEvent& event, const SourceContext& source, const Place& place) {
  std::string key;
  append_ordered(key, base::fold(event.host));
  append_ordered(key, event.session);
  const std::int64_t ticks = event.time ? event.time->ticks : 0;
  append_ordered(key, static_cast<std::uint64_t>(ticks) ^ (std::uint64_t{1} << 63));
  // A log-on comes before the privileges that it was given at the same instant, and those before its end.
  append_ordered(key, static_cast<std::uint64_t>(event.what == LogonEvent::What::logoff ? 1 : 0));
  append_ordered(key, static_cast<std::uint64_t>(event.event_id));
  append_ordered(key, event.record_id);
  return key + place_key(source, place.offset);
}

class LogonWorker final : public ReadingWorker {
 public:
  LogonWorker(const EvidenceOptions& options, const LogonReader& reader) : ReadingWorker(options), reader_(reader) {}

 private:
  std::unique_ptr<ReadingUnit> make_unit(const SourceContext& source, const evidence::Unit&) override {
    source_ = &source;
    auto made = std::make_unique<LogonUnit>();
    unit_ = made.get();
    return made;
  }
  void look_at(const model::Event& event, bool wanted) override {
    if (!wanted) return;
    const std::optional<LogonEvent> logon = reader_.read(event);
    if (logon) unit_->entries.push_back({key_of(*logon, *source_, event.head().place), logon->encode()});
  }

  const LogonReader& reader_;
  const SourceContext* source_ = nullptr;
  LogonUnit* unit_ = nullptr;
};

class LogonCollector final : public ReadingCollector {
 public:
  explicit LogonCollector(base::ExternalSort& sort) : sort_(sort) {}

 private:
  Result<void> take(const SourceContext&, ReadingUnit& unit) override {
    for (const auto& entry : static_cast<LogonUnit&>(unit).entries) TOCSIN_CHECK(sort_.add(entry.key, entry.event));
    return {};
  }
  base::ExternalSort& sort_;
};

// Sums up events in the order of the sort.
class Summing {
 public:
  void add(LogonEvent event) {
    if (is_copy(event)) {
      ++repeated_;
      return;
    }
    switch (event.what) {
      case LogonEvent::What::success:
        succeeded(event);
        break;
      case LogonEvent::What::failure:
        failed(event);
        break;
      case LogonEvent::What::privileges:
        if (Logons::Row* row = session_row(event)) ++row->privileged;
        break;
      case LogonEvent::What::logoff:
        ended(event);
        break;
    }
    last_ = std::move(event);
  }

  void fill(Logons& logons) {
    for (auto& [key, row] : rows_) {
      row.system = is_system_account(row.account) && !row.unusual;
      logons.rows.push_back(std::move(row));
    }
    std::ranges::stable_sort(logons.rows, [](const Logons::Row& a, const Logons::Row& b) {
      return std::tuple(a.kind, b.failures, b.successes) < std::tuple(b.kind, a.failures, a.successes);
    });
    logons.repeated = repeated_;
    logons.not_told_apart = not_told_apart_;
  }

 private:
  // The same record in two files: an archived log and the log, a shadow copy.
  [[nodiscard]] bool is_copy(const LogonEvent& event) const {
    if (!last_ || event.record_id.empty() || !event.time) return false;
    const auto same = [](const LogonEvent& one) {
      return std::tie(one.record_id, one.time, one.event_id, one.session, one.account, one.source, one.type);
    };
    return same(event) == same(*last_) && base::equal_fold(event.host, last_->host);
  }

  Logons::Row* row_of(const LogonEvent& event) {
    std::string key(1, static_cast<char>(event.kind));
    for (const std::string* part :
         {&event.account, &event.type, &event.source, &event.package, &event.by, &event.to, &event.host}) {
      append_ordered(key, base::fold(*part));
    }
    auto at = rows_.find(key);
    if (at == rows_.end()) {
      if (rows_.size() >= kMaxRows) {
        ++not_told_apart_;
        return nullptr;
      }
      at = rows_.emplace(std::move(key), Logons::Row()).first;
      Logons::Row& row = at->second;
      std::tie(row.kind, row.account, row.type, row.source, row.package, row.by, row.to, row.host) =
          std::tie(event.kind, event.account, event.type, event.source, event.package, event.by, event.to, event.host);
      // No computer sits at a keyboard: such a row is worth a look whatever the account is called.
      row.unusual = event.account.ends_with('$') && event.kind == Logons::Kind::logon &&
                    (event.type == logon_type_name("2") || event.type == logon_type_name("7") ||
                     event.type == logon_type_name("10"));
    }
    return &at->second;
  }

  static void note_time(Logons::Row& row, const std::optional<Timestamp>& time) {
    if (!time) return;
    if (!row.first || *time < *row.first) row.first = time;
    if (!row.last || *time > *row.last) row.last = time;
  }

  void succeeded(const LogonEvent& event) {
    Logons::Row* row = row_of(event);
    if (!event.session.empty()) {
      open_ = {event.host, event.session, event.time, row, false};
    }
    if (row == nullptr) return;
    ++row->successes;
    note_time(*row, event.time);
  }

  void failed(const LogonEvent& event) {
    Logons::Row* row = row_of(event);
    if (row == nullptr) return;
    ++row->failures;
    note_time(*row, event.time);
    const bool known = row->reasons.contains(event.reason) || row->reasons.size() < kMaxReasons;
    ++row->reasons[known ? event.reason : std::string(kOtherReasons)];
  }

  // The row of the log-on that the event's session began with; null where that is not in the evidence.
  Logons::Row* session_row(const LogonEvent& event) {
    const bool same = open_.row != nullptr && !event.session.empty() && event.session == open_.session &&
                      base::equal_fold(event.host, open_.host);
    return same ? open_.row : nullptr;
  }

  void ended(const LogonEvent& event) {
    if (event.kind == Logons::Kind::remote_desktop) {
      if (Logons::Row* row = row_of(event)) ++row->ended, note_time(*row, event.time);
      return;
    }
    Logons::Row* row = session_row(event);
    if (row == nullptr || open_.ended) return;
    open_.ended = true;  // 4647 and 4634 may both tell of it
    ++row->ended;
    if (open_.begin && event.time) row->longest = std::max(row->longest, event.time->ticks - open_.begin->ticks);
  }

  struct Session {
    std::string host, session;
    std::optional<Timestamp> begin;
    Logons::Row* row = nullptr;  // map's nodes stay where they are
    bool ended = false;
  };
  std::map<std::string, Logons::Row> rows_;
  Session open_;
  std::optional<LogonEvent> last_;
  std::uint64_t repeated_ = 0, not_told_apart_ = 0;
};

}  // namespace

Result<Logons> run_logons(const ReadingInputs& inputs) {
  TOCSIN_TRY(base::ExternalSort sort, base::ExternalSort::make());
  model::FieldTable fields;
  const LogonReader reader(fields);
  ReadingInputs reading = inputs;
  reading.fields = &fields;
  LogonCollector collector(sort);
  Logons logons;
  TOCSIN_CHECK(run_reading(
      reading, [&] { return std::make_unique<LogonWorker>(*inputs.evidence, reader); }, collector, logons.reading));
  Summing summing;
  TOCSIN_CHECK(sort.each([&](std::string_view, std::string_view bytes) -> Result<void> {
    summing.add(LogonEvent::decode(bytes));
    return {};
  }));
  summing.fill(logons);
  return logons;
}

}  // namespace tocsin::scanning
