#include "scan/finding_store.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/codec.hpp"
#include "base/text.hpp"
#include "scan/finding_codec.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kIdBytes = FindingStore::kIdDigits / 2;

std::string digest_text(const base::Sha256::Digest& digest) {
  return std::string(as_text(digest));
}

base::Sha256::Digest identity_of(std::string_view rule_id, std::span<const base::Sha256::Digest> records) {
  base::Sha256 hash;
  hash.update(std::string_view("tocsin finding 1\0", 17));
  hash.update(rule_id);
  hash.update(std::string_view("\0", 1));
  for (const base::Sha256::Digest& record : records) hash.update(ByteView(record));
  return hash.digest();
}

std::string finding_id(std::string_view identity, std::uint64_t occurrence) {
  base::Sha256 hash;
  hash.update(identity);
  char number[8];
  for (int i = 0; i < 8; ++i) number[i] = static_cast<char>(occurrence >> (8 * i));
  hash.update(std::string_view(number, sizeof number));
  const base::Sha256::Digest digest = hash.digest();
  return base::hex(ByteView(digest).first(kIdBytes));
}

}  // namespace

bool may_be_id(std::string_view rule_id, std::span<const base::Sha256::Digest> records, std::uint64_t copies,
               std::string_view prefix) {
  const std::string identity = digest_text(identity_of(rule_id, records));
  for (std::uint64_t i = 0; i < copies; ++i) {
    if (finding_id(identity, i).starts_with(prefix)) return true;
  }
  return false;
}

Result<FindingStore> FindingStore::make(std::size_t budget) {
  TOCSIN_TRY(base::ExternalSort by_identity, base::ExternalSort::make(budget));
  TOCSIN_TRY(base::ExternalSort by_place, base::ExternalSort::make(budget));
  return FindingStore(std::move(by_identity), std::move(by_place));
}

Result<void> FindingStore::add(std::string_view rule_id, std::span<const base::Sha256::Digest> records,
                               std::string_view place_key, std::string_view encoded) {
  // Equal identities come together, in canonical order of their places.
  std::string key = digest_text(identity_of(rule_id, records));
  key += place_key;
  append_ordered(key, rule_id);
  return by_identity_.add(key, encoded);
}

Result<void> FindingStore::finish() {
  std::string last;
  std::uint64_t occurrence = 0;
  constexpr std::size_t kDigest = sizeof(base::Sha256::Digest);
  return by_identity_.each([&](std::string_view key, std::string_view encoded) -> Result<void> {
    const std::string_view identity = key.substr(0, kDigest);
    occurrence = identity == last ? occurrence + 1 : 0;
    last = identity;
    Finding finding = decode_finding(encoded);
    finding.id = finding_id(identity, occurrence);
    return by_place_.add(key.substr(kDigest), encode_finding(finding));
  });
}

Result<void> FindingStore::each(const ResultView::Visitor<Finding>& visit) const {
  return by_place_.each([&](std::string_view, std::string_view encoded) { return visit(decode_finding(encoded)); });
}

}  // namespace tocsin::scanning
