#include "scan/explain_pass.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "scan/event_filter.hpp"
#include "scan/finding_codec.hpp"

namespace tocsin::scanning {
namespace {

// Copies of a log among the evidence give equal records; an id among the first so many of them is known at sight.
constexpr std::uint64_t kCopies = 32;
// Of an id: with fewer digits too many events would be explained for nothing.
constexpr std::size_t kTellingDigits = 6;

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

class SearchWorker final : public Worker, public evidence::EventSink {
 public:
  explicit SearchWorker(const Search& search) : search_(search), inputs_(*search.inputs), judge_(*inputs_.rules) {}
  std::unique_ptr<UnitOutput> read(const SourceContext& source, const evidence::Unit& unit,
                                   evidence::UnitReader& reader) override {
    source_ = &source;
    rank_ = search_.event ? search_.event->rank(source) : 0;
    output_ = std::make_unique<SearchUnitOutput>();
    if (rank_ > 0 || !search_.event || search_.rule != Search::kNoRule) reader.read(unit, *this);
    return std::move(output_);
  }
  bool on_event(const model::Event& event) override {
    ++output_->events;
    if (!search_.event) output_->watch.add(event.head());
    const bool judged = search_.event || in_reach(event.head(), inputs_.options->evidence);
    if (judged && judge_.is_part(event)) {
      auto part = encode_part(event, *source_, inputs_.rules->fields(), {.json = true, .raw = true});
      if (part) output_->parts.push_back(std::move(*part));
    }
    if (!search_.event) {
      if (judged) note_hits(event);
    } else if (rank_ > 0 && search_.event->is(event.head().place)) {
      explain(event, search_.rule);
    }
    return true;
  }
  void on_anomaly(Anomaly anomaly) override { output_->anomalies.add(std::move(anomaly)); }

 private:
  void note_hits(const model::Event& event) {
    hits_.clear();
    judge_.judge(event, hits_);
    if (hits_.empty()) return;
    const base::Sha256::Digest record = base::sha256(event.head().raw);
    const std::string place = place_key(*source_, event.head().place.offset);
    for (const sigma::Hit& hit : hits_) {
      output_->noted.push_back({hit.rule, record, place, event.head().place});
      const std::string& id = search_.finding_id;
      const std::string& rule = inputs_.rules->rules()[hit.rule].id;
      if (id.size() >= kTellingDigits && may_be_id(rule, {&record, 1}, kCopies, id)) explain(event, hit.rule);
    }
  }
  void explain(const model::Event& event, std::uint32_t rule) {
    if (output_->candidates.size() >= SearchCollector::kMaxCandidates) return;
    Candidate& found = output_->candidates.emplace_back();
    found.rank = rank_;
    if (rule != Search::kNoRule) judge_.explain(event, rule, found.explanation);
    describe_event(event, source_->ordinal, found.explanation);
  }

  const Search& search_;
  const ScanInputs& inputs_;
  sigma::Judge judge_;
  std::vector<sigma::Hit> hits_;
  const SourceContext* source_ = nullptr;
  int rank_ = 0;
  std::unique_ptr<SearchUnitOutput> output_;
};

}  // namespace

Result<EventName> EventName::parse(std::string_view text) {
  EventName name;
  const std::size_t colon = text.rfind(':');
  const std::string_view place = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const std::size_t at = place.find('@');
  const std::optional<std::uint64_t> record = number_of(place.substr(0, at));
  if (at != std::string_view::npos) name.offset = number_of(place.substr(at + 1));
  if (!record || colon == 0 || (at != std::string_view::npos && !name.offset)) {
    return fail(ErrorCode::invalid_argument, fmt::format("--event {} is not SOURCE:RECORD", text), "--event",
                "for example --event Logs/Security.evtx:4711");
  }
  name.record = *record;
  name.path = text.substr(0, colon);
  return name;
}

int EventName::rank(const SourceContext& source) const {
  if (exact) return source.path == path && source.container == container ? 2 : 0;
  const std::string shown = shown_name(source.path, source.container);
  if (shown == path) return 2;
  for (const std::string& whole : {source.path, shown}) {
    if (whole == path) return 1;
    if (whole.ends_with(path) && whole[whole.size() - path.size() - 1] == '/') return 1;
  }
  return 0;
}

Result<void> SearchCollector::begin_source(const SourceContext& source, bool recognised) {
  book_.begin(source, recognised);
  hygiene_.begin_source(source);
  contexts_.push_back(source);
  return {};
}

Result<void> SearchCollector::unit(const SourceContext& source, std::unique_ptr<UnitOutput> output) {
  auto& found = static_cast<SearchUnitOutput&>(*output);
  hygiene_.unit(source, std::move(found.watch));
  for (const Anomaly& anomaly : found.anomalies.all()) hygiene_.damage(source, anomaly);
  for (Candidate& candidate : found.candidates) offer(std::move(candidate));
  for (const EncodedPart& part : found.parts) TOCSIN_CHECK(blocks_.add(part));
  for (const SearchUnitOutput::Noted& noted : found.noted) {
    Finding finding;
    finding.rule = noted.rule;
    finding.source = source.ordinal;
    finding.place = noted.place;
    const std::string& rule = search_.inputs->rules->rules()[noted.rule].id;
    TOCSIN_CHECK(findings_.add(rule, {&noted.record, 1}, noted.place_key, encode_finding(finding)));
  }
  return {};
}

Result<void> SearchCollector::end_source(const SourceContext& source, const SourceInfo& identity) {
  book_.end(source.ordinal, identity);
  return {};
}

Result<void> SearchCollector::container(const SourceInfo& identity) {
  book_.container(identity);
  return {};
}

void SearchCollector::offer(Candidate candidate) {
  if (!candidates_.empty() && candidate.rank < candidates_.front().rank) return;
  if (!candidates_.empty() && candidate.rank > candidates_.front().rank) {
    candidates_.clear();
    seen_ = 0;
  }
  ++seen_;
  if (candidates_.size() < kMaxCandidates) candidates_.push_back(std::move(candidate));
}

void describe_event(const model::Event& event, std::uint32_t source, Explanation& out) {
  const model::EventHead& head = event.head();
  out.source.index = source;
  out.place = head.place;
  out.time = head.time;
  out.computer = head.computer;
  out.channel = head.channel;
  out.provider = head.provider;
  out.event_id = head.event_id;
  event.append_json(out.event_json);
  out.raw = as_text(head.raw);
}

Result<PipelineResult> run_search(const Search& search, SearchCollector& collector) {
  PipelineOptions pipeline = pipeline_options(*search.inputs, collector);
  pipeline.make_worker = [&](unsigned) { return std::make_unique<SearchWorker>(search); };
  TOCSIN_TRY(PipelineResult run, run_pipeline(pipeline));
  if (run.interrupted) return fail(ErrorCode::interrupted, "interrupted before the event was found");
  return run;
}

}  // namespace tocsin::scanning
