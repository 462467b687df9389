#include "scan/same_events.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/codec.hpp"
#include "scan/finding_codec.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::int64_t kTicksPerSecond = 10'000'000;
// Of one happening; hostile logs can repeat one as often as they like.
constexpr std::size_t kMaxGroup = 4096;

struct Row {
  std::size_t key = 0;  // bytes of the sort key that say what is the same
  std::string id, place, record, log;
  std::uint32_t rule = 0, within = 0;
  std::int64_t ticks = 0;
};

std::string encode(const Row& row) {
  std::string bytes;
  base::Encoder out(bytes);
  out.number(row.key);
  out.text(row.id);
  out.text(row.place);
  out.text(row.record);
  out.text(row.log);
  out.number(row.rule);
  out.number(row.within);
  out.number(static_cast<std::uint64_t>(row.ticks));
  return bytes;
}

Row decode(std::string_view bytes) {
  base::Decoder in(bytes);
  Row row;
  row.key = in.number();
  row.id = in.text();
  row.place = in.text();
  row.record = in.text();
  row.log = in.text();
  row.rule = in.number_as<std::uint32_t>();
  row.within = in.number_as<std::uint32_t>();
  row.ticks = static_cast<std::int64_t>(in.number());
  return row;
}

// The findings of one key, in order of time: cut where one lies too late, or where a log tells of another record.
class Group {
 public:
  explicit Group(const SameEvents::Visitor& visit) : visit_(visit) {}

  Result<void> take(std::string_view key, Row row) {
    if (key != key_ || !fits(row)) {
      TOCSIN_CHECK(end());
      key_ = key;
    }
    rows_.push_back(std::move(row));
    return {};
  }

  Result<void> end() {
    if (rows_.size() > 1) {
      const auto first = std::ranges::min_element(rows_, {}, &Row::place);
      for (const Row& row : rows_) {
        if (&row != &*first) TOCSIN_CHECK(visit_(row.place, row.rule, first->id));
      }
    }
    rows_.clear();
    return {};
  }

 private:
  [[nodiscard]] bool fits(const Row& row) const {
    if (rows_.empty()) return true;
    if (rows_.size() >= kMaxGroup) return false;
    if (row.within == 0) return true;  // the key is the record itself
    if (row.ticks - rows_.front().ticks > std::int64_t{row.within} * kTicksPerSecond) return false;
    return std::ranges::none_of(rows_, [&](const Row& other) {
      return other.log == row.log && (other.record.empty() || other.record != row.record);
    });
  }

  const SameEvents::Visitor& visit_;
  std::string key_;
  std::vector<Row> rows_;
};

}  // namespace

Result<SameEvents> SameEvents::make(std::size_t budget) {
  TOCSIN_TRY(base::ExternalSort members, base::ExternalSort::make(budget));
  return SameEvents(std::move(members));
}

Result<void> SameEvents::add(const Member& member) {
  const Sameness& same = *member.sameness;
  const bool happens = !same.happening.empty() && member.time;
  if (!happens && same.record.empty()) return {};
  std::string key;
  append_ordered(key, member.rule_id);
  append_ordered(key, happens ? "happening" : "record");
  append_ordered(key, happens ? same.happening : same.record);
  const Row row{key.size(),  std::string(member.id),    std::string(member.place),           same.record, same.log,
                member.rule, happens ? same.within : 0, member.time ? member.time->ticks : 0};
  // Times before 1601 sort last; they are nobody's.
  append_ordered(key, static_cast<std::uint64_t>(row.ticks));
  append_ordered(key, member.place);
  return members_.add(key, encode(row));
}

Result<void> SameEvents::each(const Visitor& visit) const {
  Group group(visit);
  TOCSIN_CHECK(members_.each([&](std::string_view key, std::string_view payload) {
    Row row = decode(payload);
    key = key.substr(0, row.key);
    return group.take(key, std::move(row));
  }));
  return group.end();
}

}  // namespace tocsin::scanning
