#include "evidence/container/sparse_members.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/cursor.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::uint64_t kMaxListBytes = std::uint64_t{64} << 20;  // of the zip's list of members that are searched

// Whether the list of members, at the zip's end (APPNOTE 4.3.12, 4.3.16), has a name that ends so.
bool lists_indexes(ByteSource& zip) {
  constexpr std::size_t kEnd = 22, kLongestComment = 65'535, kListSize = 12;
  const std::uint64_t size = zip.size().value_or(0);
  std::vector<std::byte> tail(static_cast<std::size_t>(std::min<std::uint64_t>(size, kEnd + kLongestComment)));
  Result<std::size_t> got = zip.read_at(size - tail.size(), tail);
  if (!got || *got != tail.size() || tail.size() < kEnd) return false;
  const std::size_t at = as_text(tail).rfind("PK\x05\x06", tail.size() - kEnd);
  if (at == std::string_view::npos) return false;
  const std::uint64_t behind = size - tail.size() + at;  // the list ends here, or a little before
  const std::uint64_t list = base::load_le<std::uint32_t>(tail, at + kListSize);
  std::vector<std::byte> names(static_cast<std::size_t>(std::min({list, behind, kMaxListBytes})));
  got = zip.read_at(behind - names.size(), names);
  return got && as_text(ByteView(names).first(*got)).find(kSparseIndexEnding) != std::string_view::npos;
}

// The whole member, or nothing where it is no index's size or cannot be read.
std::optional<std::string> read_member(MemberReader& reader, std::size_t most) {
  std::string text;
  std::vector<std::byte> block(std::size_t{64} << 10);
  while (true) {
    const std::optional<std::size_t> got = reader.read(block);
    if (!got || text.size() + *got > most) return std::nullopt;
    if (*got == 0) return text;
    text += as_text(ByteView(block).first(*got));
  }
}

}  // namespace

SparseIndexes sparse_members(ByteSource& zip, std::uint64_t most_members,
                             const std::function<std::unique_ptr<MemberReader>()>& open) {
  SparseIndexes found;
  if (!lists_indexes(zip)) return found;
  const std::unique_ptr<MemberReader> reader = open();
  ArchiveMember member;
  std::size_t left = kMaxIndexBytesOfZip;
  for (std::uint64_t i = 0; i < most_members && reader->next(member) == MemberReader::Next::member; ++i) {
    const std::string_view name = member.name;
    const bool named = name.ends_with(kSparseIndexEnding) && member.type == ArchiveMember::Type::file;
    if (!named || member.size.value_or(0) > kMaxSparseIndexBytes) continue;
    const std::optional<std::string> text = read_member(*reader, std::min(left, kMaxSparseIndexBytes));
    if (!text) {
      if (reader->is_fatal()) break;
      continue;
    }
    left -= text->size();
    if (!is_sparse_index(*text)) continue;
    found.emplace(name.substr(0, name.size() - kSparseIndexEnding.size()), read_sparse_index(*text));
  }
  return found;
}

}  // namespace tocsin::evidence
