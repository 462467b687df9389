#include "detect/sigma/blob.hpp"

#include <type_traits>

namespace tocsin::sigma {

namespace {

constexpr std::size_t kAlignment = 8;
constexpr std::size_t kTables = 23;

struct Section {
  std::uint64_t offset = 0, count = 0;
};

class Writer {
 public:
  explicit Writer(std::vector<std::byte>& out) : out_(out) { out_.resize(kTables * sizeof(Section)); }

  template <class T>
  void add(const std::vector<T>& table) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kAlignment);
    out_.resize((out_.size() + kAlignment - 1) / kAlignment * kAlignment);
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

  template <class T>
  void take(std::span<const T>& table) {
    Section section;
    std::memcpy(&section, bytes_.data() + next_ * sizeof(Section), sizeof section);
    ++next_;
    table = {reinterpret_cast<const T*>(bytes_.data() + section.offset), section.count};
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

Blob Blob::seal(const BlobTables& tables) {
  Blob blob;
  Writer writer(blob.bytes_);
  each_table(tables, [&](const auto& table) { writer.add(table); });
  writer.add(tables.codes);
  writer.add(tables.chars);
  Reader reader(blob.bytes_);
  each_table(blob, [&](auto& table) { reader.take(table); });
  std::span<const char32_t> codes;
  std::span<const char> chars;
  reader.take(codes);
  reader.take(chars);
  blob.codes = {codes.data(), codes.size()};
  blob.chars = {chars.data(), chars.size()};
  return blob;
}

}  // namespace tocsin::sigma
