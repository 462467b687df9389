#include "detect/sigma/blob.hpp"

#include <type_traits>
#include <utility>

namespace tocsin::sigma {

namespace {

constexpr std::size_t kTables = 23;

struct Section {
  std::uint64_t offset = 0, count = 0;
};

class Writer {
 public:
  explicit Writer(std::vector<std::byte>& out) : out_(out) { out_.resize(kTables * sizeof(Section)); }

  template <class T>
  void add(const std::vector<T>& table) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kBlobAlignment);
    out_.resize((out_.size() + kBlobAlignment - 1) / kBlobAlignment * kBlobAlignment);
    const Section section{out_.size(), table.size()};
    std::memcpy(out_.data() + next_ * sizeof(Section), &section, sizeof section);
    ++next_;
    const std::size_t size = table.size() * sizeof(T);
    out_.resize(out_.size() + size);
    if (size != 0) std::memcpy(out_.data() + section.offset, table.data(), size);
  }

 private:
  std::vector<std::byte>& out_;
  std::size_t next_ = 0;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  // False, and an empty table, where it does not lie within the bytes.
  template <class T>
  bool take(std::span<const T>& table) {
    table = {};
    if (bytes_.size() < kTables * sizeof(Section)) return false;
    Section section;
    std::memcpy(&section, bytes_.data() + next_ * sizeof(Section), sizeof section);
    ++next_;
    if (section.offset % kBlobAlignment != 0 || section.offset > bytes_.size()) return false;
    if (section.count > (bytes_.size() - section.offset) / sizeof(T)) return false;
    table = {reinterpret_cast<const T*>(bytes_.data() + section.offset), section.count};
    return true;
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t next_ = 0;
};

// One order for writing and reading.
template <class Tables, class Visit>
void each_table(Tables& tables, Visit visit) {
  visit(tables.gates);
  visit(tables.constraints);
  visit(tables.operands);
  visit(tables.patterns);
  visit(tables.forms);
  visit(tables.parts);
  visit(tables.networks);
  visit(tables.predicates);
  visit(tables.wakes);
  visit(tables.value_indexes);
  visit(tables.literals);
  visit(tables.items);
  visit(tables.instances);
  visit(tables.rules);
  visit(tables.nodes);
  visit(tables.selections);
  visit(tables.alternatives);
  visit(tables.slots);
  visit(tables.texts);
  visit(tables.event_ids);
  visit(tables.words);
}

}  // namespace

bool Blob::take_tables() {
  Reader reader(bytes_);
  bool good = true;
  each_table(*this, [&](auto& table) { good = reader.take(table) && good; });
  std::span<const char32_t> code_table;
  std::span<const char> char_table;
  good = reader.take(code_table) && good;
  good = reader.take(char_table) && good;
  codes = {code_table.data(), code_table.size()};
  chars = {char_table.data(), char_table.size()};
  return good;
}

Blob Blob::seal(const BlobTables& tables) {
  const auto bytes = std::make_shared<std::vector<std::byte>>();
  Writer writer(*bytes);
  each_table(tables, [&](const auto& table) { writer.add(table); });
  writer.add(tables.codes);
  writer.add(tables.chars);
  Blob blob;
  blob.bytes_ = *bytes;
  blob.owner_ = bytes;
  static_cast<void>(blob.take_tables());
  return blob;
}

std::optional<Blob> Blob::open(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kBlobAlignment != 0) return std::nullopt;
  Blob blob;
  blob.bytes_ = bytes;
  blob.owner_ = std::move(owner);
  if (!blob.take_tables()) return std::nullopt;
  return blob;
}

}  // namespace tocsin::sigma
