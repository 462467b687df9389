// One pass over the evidence in search of one event to explain: named by the user, or the one behind a finding's id.
// Events that may be it are explained while their bytes are in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"

#include "base/hash.hpp"
#include "scan/finding_store.hpp"
#include "scan/hygiene.hpp"
#include "scan/pipeline.hpp"
#include "scan/scan.hpp"
#include "scan/script_blocks.hpp"
#include "scan/source_book.hpp"

namespace tocsin::scanning {

// Which event: a source and a record in it. `path` is a whole path, or its end behind a '/'.
struct EventName {
  std::string path, container;  // container: only where `exact`
  bool exact = false;           // `path` and `container` are the source's own, nothing shorter
  std::uint64_t record = 0;
  std::optional<std::uint64_t> offset;  // where given it decides, not the record's number

  // "SOURCE:RECORD" or "SOURCE:RECORD@OFFSET".
  [[nodiscard]] static Result<EventName> parse(std::string_view text);
  // How well a source is named: 0 not at all, 1 by the end of its path or by its container's, 2 in full.
  [[nodiscard]] int rank(const SourceContext& source) const;
  [[nodiscard]] bool is(const Place& place) const { return offset ? place.offset == *offset : place.record == record; }
};

// An event that was explained. `explanation.source.index` is the walk's ordinal.
struct Candidate {
  int rank = 0;
  Explanation explanation;
};

struct Search {
  static constexpr std::uint32_t kNoRule = 0xFFFFFFFF;
  const ScanInputs* inputs = nullptr;
  // Either an event and the rule to explain it with (kNoRule: the event alone, and only its source is read),
  std::optional<EventName> event;
  std::uint32_t rule = 0;
  // or the beginning of a finding's id: then every event is judged, each hit noted in the store, and the logs watched.
  std::string finding_id;
};

struct SearchUnitOutput final : UnitOutput {
  struct Noted {
    std::uint32_t rule = 0;
    base::Sha256::Digest record{};
    std::string place_key;
    Place place;
  };
  std::vector<Candidate> candidates;
  std::vector<Noted> noted;
  std::vector<EncodedPart> parts;
  LogWatch watch;
};

class SearchCollector final : public Collector {
 public:
  // Of events as well named as the best one; further ones are only counted.
  static constexpr std::size_t kMaxCandidates = 64;

  SearchCollector(const Search& search, ScriptBlocks& blocks, FindingStore& findings)
      : search_(search), blocks_(blocks), findings_(findings) {}
  Result<void> begin_source(const SourceContext& source, bool recognised) override;
  Result<void> unit(const SourceContext& source, std::unique_ptr<UnitOutput> output) override;
  Result<void> anomaly(const SourceContext* source, Anomaly anomaly) override {
    if (source != nullptr) hygiene_.damage(*source, anomaly);
    return {};
  }
  Result<void> end_source(const SourceContext& source, const SourceInfo& identity) override;
  Result<void> container(const SourceInfo& identity) override;

  [[nodiscard]] const SourceContext& source(std::uint32_t ordinal) const { return contexts_[ordinal]; }
  [[nodiscard]] std::vector<Candidate>& candidates() { return candidates_; }
  [[nodiscard]] std::uint64_t candidates_seen() const { return seen_; }
  [[nodiscard]] const SourceBook& book() const { return book_; }
  [[nodiscard]] const HygieneBook& hygiene() const { return hygiene_; }

 private:
  void offer(Candidate candidate);

  const Search& search_;
  ScriptBlocks& blocks_;
  FindingStore& findings_;
  SourceBook book_;
  HygieneBook hygiene_;
  std::vector<SourceContext> contexts_;
  std::vector<Candidate> candidates_;
  std::uint64_t seen_ = 0;
};

// Fills what an explanation says of the event itself; `event` need not live on.
void describe_event(const model::Event& event, std::uint32_t source, Explanation& out);

// Reads all evidence once. An interruption is an error.
[[nodiscard]] Result<PipelineResult> run_search(const Search& search, SearchCollector& collector);

}  // namespace tocsin::scanning
