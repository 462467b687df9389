#include "scan/live_findings.hpp"

#include <utility>

#include "scan/finding_codec.hpp"
#include "scan/finding_store.hpp"

namespace tocsin::scanning {

LiveFindings::LiveFindings(std::vector<RuleInfo> rules, const std::vector<Setting>& settings, std::string rule_set_hash,
                           FindingSink& sink)
    : rules_(std::move(rules)), settings_(settings), sink_(sink) {
  summary_.rule_set_hash = std::move(rule_set_hash);
}

void LiveFindings::begin_source(const SourceContext& source) {
  SourceInfo& info = sources_.emplace_back();
  info.index = source.ordinal;
  info.path = source.path;
  info.format = source.format;
  info.no_hash = "the file is still written to";
}

std::uint64_t LiveFindings::occurrence(const std::string& identity) {
  const auto [at, fresh] = met_.emplace(identity, 0);
  if (!fresh) return ++at->second;
  order_.push_back(identity);
  if (order_.size() > kRemembered) {
    met_.erase(order_.front());
    order_.pop_front();
  }
  return 0;
}

Result<void> LiveFindings::tell(std::string_view rule_id, std::span<const base::Sha256::Digest> records,
                                std::string_view encoded) {
  Finding finding = decode_finding(encoded);
  const std::string identity = finding_identity(rule_id, records);
  finding.id = finding_id(identity, occurrence(identity));
  return sink_.on_finding(*this, finding);
}

}  // namespace tocsin::scanning
