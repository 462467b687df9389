#include "scan/search.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/external_sort.hpp"
#include "base/text.hpp"
#include "scan/finding_codec.hpp"
#include "scan/reading.hpp"
#include "scan/search_query.hpp"
#include "scan/unmet.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kMaxSpans = 100'000;  // of time around hits, over all hosts
constexpr std::size_t kOutlineValues = 10, kOutlineBytes = 200;
constexpr std::size_t kMaxEventJson = std::size_t{1} << 20;

// Per host the spans of time around hits, by begin, without overlap.
struct Spans {
  struct Span {
    std::int64_t from = 0, to = 0;
  };
  std::map<std::string, std::vector<Span>, std::less<>> by_host;
  std::size_t count = 0;

  // REQUIRES: called in order of time. Once there are too many spans, the last one of the host grows instead.
  void add(const std::string& host, std::int64_t time, std::int64_t around) {
    constexpr std::int64_t kEdge = std::numeric_limits<std::int64_t>::max() / 4;
    time = std::clamp(time, -kEdge, kEdge);
    around = std::min(around, kEdge);
    std::vector<Span>& spans = by_host[base::fold(host)];
    if (!spans.empty() && time - around <= spans.back().to) {
      spans.back().to = time + around;
    } else if (count < kMaxSpans) {
      spans.push_back({time - around, time + around});
      ++count;
    }
  }
  [[nodiscard]] bool holds(std::string_view host, Timestamp time) const {
    const auto found = by_host.find(base::fold(host));
    if (found == by_host.end()) return false;
    const auto& spans = found->second;
    const auto behind = std::ranges::upper_bound(spans, time.ticks, {}, &Span::from);
    return behind != spans.begin() && time.ticks <= std::prev(behind)->to;
  }
};

struct SearchUnit final : ReadingUnit {
  struct Hit {
    std::string key, finding;
  };
  std::vector<Hit> hits;
};

// By time, events without one last; then by place.
std::string key_of(const SourceContext& source, const model::EventHead& head, bool by_host) {
  std::string key;
  if (by_host) append_ordered(key, base::fold(head.computer));
  const std::uint64_t time =
      head.time ? static_cast<std::uint64_t>(head.time->ticks) ^ (std::uint64_t{1} << 63) : ~std::uint64_t{0};
  append_ordered(key, time);
  return key + place_key(source, head.place.offset);
}

bool is_number_of_things(std::string_view name) {
  return name.ends_with("Guid") || name.ends_with("Sid") || name.ends_with("LogonId");
}

// The event's first own values as "Name: value". What every event has, or what only numbers things, is left out.
std::vector<std::string> outline(const model::Event& event) {
  static constexpr std::array<std::string_view, 15> kLeftOut{
      "EventID",  "Version", "Level",    "Task",       "Opcode", "Keywords",        "EventRecordID", "Channel",
      "Computer", "UtcTime", "RuleName", "Qualifiers", "Binary", "EventSourceName", "Message"};
  static constexpr std::array<std::string_view, 6> kPrefixes{"Provider_",    "EventID_",   "TimeCreated_",
                                                             "Correlation_", "Execution_", "Security_"};
  std::vector<std::string> values;
  event.each_field([&](std::string_view name, const model::Value& value) {
    if (values.size() >= kOutlineValues || value.text.empty() || value.text == "-") return;
    if (std::ranges::find(kLeftOut, name) != kLeftOut.end() || is_number_of_things(name)) return;
    if (std::ranges::any_of(kPrefixes, [&](std::string_view prefix) { return name.starts_with(prefix); })) return;
    values.push_back(std::string(name.substr(0, kOutlineBytes)) + ": " +
                     std::string(value.text.substr(0, kOutlineBytes)));
  });
  return values;
}

// What all workers saw of the names that the patterns use.
struct SharedWatch {
  explicit SharedWatch(const SearchQuery& query) : seen(query.conditions().size()), watch(query, seen) {}
  std::mutex mutex;
  PatternWatch::Seen seen;
  PatternWatch watch;
};

class SearchWorker final : public ReadingWorker {
 public:
  // `spans` null: hits only. Else also what lies inside the spans, by host.
  SearchWorker(const SearchOptions& options, const SearchQuery& query, const Spans* spans, SharedWatch& shared)
      : ReadingWorker(options.evidence),
        query_(query),
        matcher_(query),
        watch_(query, shared.seen),
        shared_(shared),
        spans_(spans),
        full_(options.full_events) {}
  void finish() override {
    const std::scoped_lock lock(shared_.mutex);
    shared_.watch.merge(watch_);
  }

 private:
  std::unique_ptr<ReadingUnit> make_unit(const SourceContext& source, const evidence::Unit& unit) override {
    source_ = &source;
    possible_ = query_.may_be_in(source.format, unit.bytes);
    // A record of JSON stands alone; one of EVTX takes text from its chunk.
    each_ = possible_ && source.format.starts_with("json");
    auto made = std::make_unique<SearchUnit>();
    unit_ = made.get();
    return made;
  }
  void look_at(const model::Event& event, bool wanted) override {
    if (!wanted) return;
    watch_.look_at(event);
    const model::EventHead& head = event.head();
    const bool near = spans_ != nullptr && head.time && spans_->holds(head.computer, *head.time);
    if (spans_ != nullptr && !near && head.time) return;
    const bool hit = may_be_hit(event) && matcher_.match(event, matches_);
    if (!hit && !near) return;
    if (!hit) matches_.clear();
    unit_->findings += hit ? 1 : 0;
    Finding found;
    found.source = source_->ordinal;
    found.place = head.place;
    found.time = head.time;
    found.computer = head.computer;
    found.channel = head.channel;
    found.provider = head.provider;
    found.event_id = head.event_id;
    found.matches = std::move(matches_);
    found.notes = outline(event);
    if (full_) event.append_json(found.event_json);
    if (found.event_json.size() > kMaxEventJson) found.event_json.clear();
    unit_->hits.push_back({key_of(*source_, head, spans_ != nullptr), encode_finding(found)});
  }

  [[nodiscard]] bool may_be_hit(const model::Event& event) {
    return possible_ && (!each_ || query_.may_be_in(source_->format, event.head().raw));
  }

  const SearchQuery& query_;
  SearchMatcher matcher_;
  PatternWatch watch_;
  SharedWatch& shared_;
  const Spans* spans_;
  bool full_ = false, possible_ = true, each_ = false;
  const SourceContext* source_ = nullptr;
  SearchUnit* unit_ = nullptr;
  std::vector<Match> matches_;
};

class SearchCollector final : public ReadingCollector {
 public:
  explicit SearchCollector(base::ExternalSort& sort) : sort_(sort) {}

 private:
  Result<void> take(const SourceContext&, ReadingUnit& unit) override {
    for (const SearchUnit::Hit& hit : static_cast<SearchUnit&>(unit).hits)
      TOCSIN_CHECK(sort_.add(hit.key, hit.finding));
    return {};
  }
  base::ExternalSort& sort_;
};

constexpr std::string_view kEnough = "enough";  // ends a walk; never leaves this file

class SearchOutcome final : public SearchResult {
 public:
  explicit SearchOutcome(base::ExternalSort sort) : sort_(std::move(sort)) {}
  const Reading& reading() const override { return reading_; }
  std::uint64_t hits() const override { return hits_; }
  Result<void> each_hit(const ResultView::Visitor<Finding>& visit) const override {
    std::uint64_t left = most_ == 0 ? std::numeric_limits<std::uint64_t>::max() : most_;
    const Result<void> walked = sort_.each([&](std::string_view, std::string_view bytes) -> Result<void> {
      if (left == 0) return fail(ErrorCode::limit, std::string(kEnough));
      --left;
      Finding found = decode_finding(bytes);
      found.source = index_of_.empty() ? found.source : index_of_[found.source];
      return visit(found);
    });
    if (!walked && walked.error().code == ErrorCode::limit && walked.error().message == kEnough) return {};
    return walked;
  }

  base::ExternalSort sort_;
  Reading reading_;
  std::vector<std::uint32_t> index_of_;
  std::uint64_t hits_ = 0, most_ = 0;
};

struct Pass {
  const SearchOptions& options;
  const SearchQuery& query;
  const evidence::ShapeSet* shapes;
  ProgressSink* progress;
};

Result<std::unique_ptr<SearchOutcome>> read_once(const Pass& pass, const Spans* spans) {
  TOCSIN_TRY(base::ExternalSort sort, base::ExternalSort::make());
  auto outcome = std::make_unique<SearchOutcome>(std::move(sort));
  SearchCollector collector(outcome->sort_);
  ReadingInputs inputs;
  inputs.evidence = &pass.options.evidence;
  inputs.shapes = pass.shapes;
  inputs.stop = pass.options.stop;
  inputs.progress = pass.progress;
  SharedWatch shared(pass.query);
  TOCSIN_CHECK(run_reading(
      inputs, [&] { return std::make_unique<SearchWorker>(pass.options, pass.query, spans, shared); }, collector,
      outcome->reading_, &outcome->index_of_));
  if (outcome->reading_.events > 0) {
    std::ranges::move(shared.watch.unmet(), std::back_inserter(outcome->reading_.unmet_filters));
  }
  outcome->hits_ = outcome->sort_.size();
  return outcome;
}

Result<void> check_twice(const SearchOptions& options) {
  if (std::ranges::find(options.evidence.paths, "-") == options.evidence.paths.end()) return {};
  return fail(ErrorCode::invalid_argument, "what is near a hit cannot be found in standard input: it is read only once",
              "-", "write it to a file first, or search without --context");
}

}  // namespace

Result<std::unique_ptr<SearchResult>> run_search(const SearchOptions& options, const evidence::ShapeSet* shapes,
                                                 ProgressSink* progress) {
  TOCSIN_TRY(const SearchQuery query, SearchQuery::make(options));
  if (options.around) TOCSIN_CHECK(check_twice(options));
  const Pass pass{options, query, shapes, progress};
  TOCSIN_TRY(std::unique_ptr<SearchOutcome> first, read_once(pass, nullptr));
  first->most_ = options.most;
  if (!options.around || first->hits_ == 0 || first->reading_.interrupted) return first;
  // A hit's neighbours may have been read before it, and in another file: all is read a second time.
  Spans spans;
  TOCSIN_CHECK(first->each_hit([&](const Finding& hit) -> Result<void> {
    if (hit.time) spans.add(hit.computer, hit.time->ticks, *options.around);
    return {};
  }));
  TOCSIN_TRY(std::unique_ptr<SearchOutcome> second, read_once(pass, &spans));
  second->hits_ = first->hits_;
  return second;
}

}  // namespace tocsin::scanning
