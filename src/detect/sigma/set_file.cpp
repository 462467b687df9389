#include "detect/sigma/set_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.hpp"
#include "base/codec.hpp"
#include "detect/sigma/blob.hpp"
#include "detect/sigma/compiled_file.hpp"

namespace tocsin::sigma {

namespace {

using base::Decoder;
using base::Encoder;

constexpr std::array<char, 8> kMagic{'T', 'O', 'C', 'S', 'I', 'N', 'R', 'S'};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kByteOrder = 0x01020304;
constexpr std::size_t kHexDigits = 64;
using Hex = std::array<char, kHexDigits>;

struct Section {
  std::uint64_t offset = 0, size = 0;
};

struct Head {
  std::array<char, 8> magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint32_t byte_order = kByteOrder;
  std::uint64_t size = 0;      // of the file
  std::uint64_t checksum = 0;  // of all that follows
  Hex program{}, options{};
  Section sources, rest, blob;
};
constexpr std::size_t kChecked = offsetof(Head, program);
static_assert(std::is_trivially_copyable_v<Head> && sizeof(Head) % kBlobAlignment == 0 && kChecked == 32);

Hex hex(std::string_view text) {
  Hex out{};
  std::copy_n(text.begin(), std::min(text.size(), out.size()), out.begin());
  return out;
}

void put(Encoder& out, const base::FileStamp& stamp) {
  for (const std::uint64_t number : {stamp.device, stamp.inode, stamp.size}) out.number(number);
  for (const std::int64_t number : {stamp.modified, stamp.changed}) out.signed_number(number);
}
void take(Decoder& in, base::FileStamp& stamp) {
  for (std::uint64_t* number : {&stamp.device, &stamp.inode, &stamp.size}) *number = in.number();
  for (std::int64_t* number : {&stamp.modified, &stamp.changed}) *number = in.signed_number();
}

void put(Encoder& out, const SetSources& sources) {
  out.signed_number(sources.began);
  out.number(sources.files.files.size());
  for (std::size_t i = 0; i < sources.files.files.size(); ++i) {
    const RuleFiles::File& file = sources.files.files[i];
    out.text(file.shown);
    out.text(file.path);
    put(out, file.stamp);
    out.text(sources.sha256[i]);
  }
  out.number(sources.files.folders.size());
  for (const RuleFiles::Folder& folder : sources.files.folders) {
    out.text(folder.path);
    put(out, folder.stamp);
  }
  out.number(sources.others.size());
  for (const SetSources::Other& other : sources.others) {
    out.text(other.path);
    put(out, other.stamp);
    out.text(other.sha256);
  }
}

void take(Decoder& in, SetSources& sources) {
  sources.began = in.signed_number();
  in.repeat([&] {
    RuleFiles::File& file = sources.files.files.emplace_back();
    file.shown = in.text();
    file.path = in.text();
    take(in, file.stamp);
    sources.sha256.emplace_back(in.text());
  });
  in.repeat([&] {
    RuleFiles::Folder& folder = sources.files.folders.emplace_back();
    folder.path = in.text();
    take(in, folder.stamp);
  });
  in.repeat([&] {
    SetSources::Other& other = sources.others.emplace_back();
    other.path = in.text();
    take(in, other.stamp);
    other.sha256 = in.text();
  });
}

template <class Counts, class Visit>
void each_count(Counts& counts, Visit visit) {
  for (auto* count : {&counts.files, &counts.loaded, &counts.rejected, &counts.not_rules, &counts.not_selected,
                      &counts.not_evaluated}) {
    visit(*count);
  }
}

std::string encode_rest(const LoadedSet& set) {
  std::string bytes;
  Encoder out(bytes);
  out.text(set.hash);
  each_count(set.counts, [&](std::uint64_t count) { out.number(count); });
  out.number(set.unknown_names.size());
  for (const RuleSet::UnknownName& name : set.unknown_names) {
    out.flag(name.include);
    out.text(name.name);
    out.text(name.nearest);
  }
  encode_problems(set.problems, out);
  encode_beside(set.compiled, out);
  return bytes;
}

void pad(std::string& bytes) {
  bytes.resize((bytes.size() + kBlobAlignment - 1) / kBlobAlignment * kBlobAlignment);
}

// Nothing where it does not lie within the bytes.
std::optional<std::string_view> part(std::string_view bytes, const Section& section) {
  if (section.offset > bytes.size() || section.size > bytes.size() - section.offset) return std::nullopt;
  return bytes.substr(section.offset, section.size);
}

// What speaks against the file; empty where nothing does.
std::string objection(const Head& head, std::string_view bytes, const SetKey& key) {
  if (head.magic != kMagic) return "this is no compiled rule set";
  if (head.byte_order != kByteOrder) return "it was written by a machine of the other byte order";
  if (head.version != kVersion) return fmt::format("expected version {}, found {}", kVersion, head.version);
  if (head.size != bytes.size()) return fmt::format("expected {} bytes, found {}", head.size, bytes.size());
  if (head.checksum != base::xxh64(bytes.substr(kChecked))) return "the checksum is wrong";
  if (head.program != hex(key.program)) return "it was written by another build, or with other libraries";
  if (head.options != hex(key.options)) return "other rules were asked for";
  return {};
}

}  // namespace

std::string encode_set_file(const LoadedSet& set, const SetSources& sources, const SetKey& key) {
  Head head;
  head.program = hex(key.program);
  head.options = hex(key.options);
  std::string source_bytes;
  Encoder out(source_bytes);
  put(out, sources);
  const std::string rest = encode_rest(set);
  const auto blob = blob_bytes(set.compiled);
  std::string bytes;
  bytes.reserve(sizeof head + source_bytes.size() + rest.size() + blob.size() + 3 * kBlobAlignment);
  bytes.resize(sizeof head);
  const auto add = [&bytes](std::string_view some) {
    pad(bytes);
    const Section section{bytes.size(), some.size()};
    bytes += some;
    return section;
  };
  head.sources = add(source_bytes);
  head.rest = add(rest);
  head.blob = add({reinterpret_cast<const char*>(blob.data()), blob.size()});
  head.size = bytes.size();
  std::memcpy(bytes.data(), &head, sizeof head);
  repair_checksum(bytes);
  return bytes;
}

void repair_checksum(std::string& bytes) {
  const std::uint64_t checksum = base::xxh64(std::string_view(bytes).substr(kChecked));
  std::memcpy(bytes.data() + offsetof(Head, checksum), &checksum, sizeof checksum);
}

std::expected<SetFile, std::string> SetFile::open(std::string_view bytes, std::shared_ptr<const void> owner,
                                                  const SetKey& key) {
  Head head;
  if (bytes.size() < sizeof head) {
    return std::unexpected(fmt::format("expected at least {} bytes, found {}", sizeof head, bytes.size()));
  }
  std::memcpy(&head, bytes.data(), sizeof head);
  if (std::string wrong = objection(head, bytes, key); !wrong.empty()) return std::unexpected(std::move(wrong));
  const auto sources = part(bytes, head.sources), rest = part(bytes, head.rest), blob = part(bytes, head.blob);
  if (!sources || !rest || !blob) return std::unexpected("a part of it lies behind its end");
  SetFile file;
  Decoder in(*sources);
  take(in, file.sources_);
  if (!in.ok()) return std::unexpected("the list of its sources is damaged");
  file.rest_ = *rest;
  file.blob_ = *blob;
  file.owner_ = std::move(owner);
  return file;
}

std::optional<LoadedSet> SetFile::set() const {
  Decoder in(rest_);
  std::string hash(in.text());
  RuleSet::Counts counts;
  each_count(counts, [&](std::uint64_t& count) { count = in.number(); });
  std::vector<RuleSet::UnknownName> unknown_names;
  in.repeat([&] {
    RuleSet::UnknownName& name = unknown_names.emplace_back();
    name.include = in.flag();
    name.name = in.text();
    name.nearest = in.text();
  });
  std::vector<RuleProblem> problems = decode_problems(in);
  auto compiled = decode_set(in, {reinterpret_cast<const std::byte*>(blob_.data()), blob_.size()}, owner_);
  if (!compiled) return std::nullopt;
  return LoadedSet{std::move(*compiled), std::move(problems), counts, std::move(unknown_names), std::move(hash)};
}

}  // namespace tocsin::sigma
