#include "scan/finding_store.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "base/codec.hpp"
#include "base/text.hpp"
#include "scan/finding_codec.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kIdBytes = FindingStore::kIdDigits / 2;
constexpr std::size_t kSameBudget = std::size_t{8} << 20;  // rows of some hundred bytes
const std::string kFinding = "F", kLink = "L";             // what a row by place is

void encode_sameness(base::Encoder& out, const Sameness& same) {
  out.text(same.record);
  out.text(same.happening);
  out.text(same.log);
  out.number(same.within);
}

Sameness decode_sameness(base::Decoder& in) {
  Sameness same;
  same.record = in.text();
  same.happening = in.text();
  same.log = in.text();
  same.within = in.number_as<std::uint32_t>();
  return same;
}

std::string digest_text(const base::Sha256::Digest& digest) {
  return std::string(as_text(digest));
}

}  // namespace

std::string finding_identity(std::string_view rule_id, std::span<const base::Sha256::Digest> records) {
  base::Sha256 hash;
  hash.update(std::string_view("tocsin finding 1\0", 17));
  hash.update(rule_id);
  hash.update(std::string_view("\0", 1));
  for (const base::Sha256::Digest& record : records) hash.update(ByteView(record));
  return digest_text(hash.digest());
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

bool may_be_id(std::string_view rule_id, std::span<const base::Sha256::Digest> records, std::uint64_t copies,
               std::string_view prefix) {
  const std::string identity = finding_identity(rule_id, records);
  for (std::uint64_t i = 0; i < copies; ++i) {
    if (finding_id(identity, i).starts_with(prefix)) return true;
  }
  return false;
}

Result<FindingStore> FindingStore::make(std::size_t budget) {
  TOCSIN_TRY(base::ExternalSort by_identity, base::ExternalSort::make(budget));
  TOCSIN_TRY(base::ExternalSort by_place, base::ExternalSort::make(budget));
  TOCSIN_TRY(SameEvents same, SameEvents::make(std::min(budget, kSameBudget)));
  return FindingStore(std::move(by_identity), std::move(by_place), std::move(same));
}

Result<void> FindingStore::add(std::string_view rule_id, std::span<const base::Sha256::Digest> records,
                               std::string_view place_key, std::string_view encoded, const Sameness& sameness) {
  // Equal identities come together, in canonical order of their places.
  std::string key = finding_identity(rule_id, records);
  key += place_key;
  append_ordered(key, rule_id);
  std::string payload;
  base::Encoder out(payload);
  out.text(rule_id);
  encode_sameness(out, sameness);
  out.text(encoded);
  return by_identity_.add(key, payload);
}

Result<void> FindingStore::finish() {
  std::string last, row;
  std::uint64_t occurrence = 0;
  constexpr std::size_t kDigest = sizeof(base::Sha256::Digest);
  TOCSIN_CHECK(by_identity_.each([&](std::string_view key, std::string_view payload) -> Result<void> {
    const std::string_view identity = key.substr(0, kDigest);
    occurrence = identity == last ? occurrence + 1 : 0;
    last = identity;
    base::Decoder in(payload);
    const std::string_view rule_id = in.text();
    const Sameness sameness = decode_sameness(in);
    const std::string_view encoded = in.text();
    const FindingHead head = decode_finding_head(encoded);
    const std::string id = finding_id(identity, occurrence);
    const std::string_view place = key.substr(kDigest);
    TOCSIN_CHECK(same_.add({id, place, rule_id, head.rule, head.time, &sameness}));
    row = kFinding;
    append_with_id(row, encoded, id);
    return by_place_.add(place, row);
  }));
  return same_.each([&](std::string_view place, std::uint32_t rule, std::string_view same_as) {
    ++linked_[rule];
    return by_place_.add(place, kLink + std::string(same_as));
  });
}

Result<void> FindingStore::each(const Visitor& visit) const {
  std::optional<Finding> waiting;
  TOCSIN_CHECK(by_place_.each([&](std::string_view, std::string_view row) -> Result<void> {
    if (row.front() == kLink.front()) {  // equal keys come in the order in which they were added
      waiting->same_as = row.substr(1);
      return {};
    }
    if (waiting) TOCSIN_CHECK(visit(*waiting));
    waiting = decode_finding(row.substr(1));
    return {};
  }));
  return waiting ? visit(*waiting) : Result<void>();
}

}  // namespace tocsin::scanning
