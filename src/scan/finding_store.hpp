// Collects findings in any order, numbers equal ones, gives them ids and walks them in canonical order. Memory is
// bounded: both steps are external sorts.
//
// Finding id: the first 128 bits of SHA-256 over the rule's id, the SHA-256 of each involved record's own bytes, and
// the occurrence number among findings for which these are equal, counted in canonical order. A position is no part of
// it, so a copy of a log that was moved or renamed gives the same ids.
// Findings that tell of one thing twice are linked (same_events.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"
#include "tocsin/sink.hpp"

#include "base/external_sort.hpp"
#include "base/hash.hpp"
#include "scan/same_events.hpp"

namespace tocsin::scanning {

// Whether the id of a finding of this rule on these records, as one of its first `copies` occurrences, begins so.
[[nodiscard]] bool may_be_id(std::string_view rule_id, std::span<const base::Sha256::Digest> records,
                             std::uint64_t copies, std::string_view prefix);

// What a finding's id is made of beside its occurrence number, and the id.
[[nodiscard]] std::string finding_identity(std::string_view rule_id, std::span<const base::Sha256::Digest> records);
[[nodiscard]] std::string finding_id(std::string_view identity, std::uint64_t occurrence);

class FindingStore {
 public:
  static constexpr std::size_t kIdDigits = 32;
  [[nodiscard]] static Result<FindingStore> make(std::size_t budget = base::ExternalSort::kDefaultBudget);
  // `place_key` orders findings; `encoded` is what encode_finding gave, its id still empty.
  [[nodiscard]] Result<void> add(std::string_view rule_id, std::span<const base::Sha256::Digest> records,
                                 std::string_view place_key, std::string_view encoded, const Sameness& sameness = {});
  // Numbers, links and orders. REQUIRES: once, after the last add.
  [[nodiscard]] Result<void> finish();
  [[nodiscard]] std::uint64_t size() const { return by_identity_.size(); }
  // Findings that are linked to an earlier one (Finding::same_as), by rule. After `finish`.
  [[nodiscard]] const std::map<std::uint32_t, std::uint64_t>& linked() const { return linked_; }
  // What is visited is the visitor's to change; it lives until the visitor returns.
  using Visitor = std::function<Result<void>(Finding&)>;
  [[nodiscard]] Result<void> each(const Visitor& visit) const;

 private:
  FindingStore(base::ExternalSort by_identity, base::ExternalSort by_place, SameEvents same)
      : by_identity_(std::move(by_identity)), by_place_(std::move(by_place)), same_(std::move(same)) {}
  base::ExternalSort by_identity_;
  base::ExternalSort by_place_;  // findings, and behind each that is linked what it is linked to
  SameEvents same_;
  std::map<std::uint32_t, std::uint64_t> linked_;
};

}  // namespace tocsin::scanning
