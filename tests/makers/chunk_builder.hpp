// One EVTX chunk under construction: 65,536 bytes with a string table, a template table and records. Names and template
// definitions are written where they are first used and referred to afterwards; hash chains point downwards, as
// Windows writes them. A record that does not fit is taken back whole.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "tocsin/event.hpp"

#include "tests/makers/binxml_tree.hpp"

namespace tocsin::makers {

constexpr std::size_t kChunkSize = 65536;
constexpr std::size_t kChunkHeaderSize = 512;

struct RecordHead {
  std::uint64_t id = 0;
  Timestamp written;
};

class ChunkBuilder {
 public:
  ChunkBuilder();
  // False: no room; the chunk is as before.
  [[nodiscard]] bool add(const RecordHead& head, const Fragment& body);
  // Records added from now on lie behind the free offset: slack, as an older use of the chunk leaves it.
  void begin_slack();
  [[nodiscard]] bool empty() const { return records_ == 0; }
  [[nodiscard]] std::uint64_t last_id() const { return last_id_; }
  // The whole chunk. `first_number` is the position of its first record in the log; `checksums` false: both stored as
  // zero, with the flag that says so.
  [[nodiscard]] std::string finish(std::uint64_t first_number, bool checksums) const;

 private:
  struct Mark;
  [[nodiscard]] Mark mark() const;
  void take_back(const Mark& mark);

  void write_fragment(const Fragment& fragment);
  void write_instance(const Instance& instance);
  void write_definition(const Template& definition);
  void write_values(const std::vector<SlotValue>& values);
  void write_element(const Element& element, bool in_template);
  void write_attributes(const Element& element);
  void write_content(const Content& content, bool in_template);
  void write_units(std::string_view utf8);
  void write_name(const std::string& name);
  [[nodiscard]] std::uint32_t at() const { return static_cast<std::uint32_t>(bytes_.size()); }
  template <class T>
  void put(T number) {
    append_le(bytes_, number);
  }

  std::string bytes_;  // from the chunk's first byte on, so that its size is the chunk offset
  std::unordered_map<std::string, std::uint32_t> names_;
  std::vector<std::string> name_order_;
  std::map<GuidBytes, std::uint32_t> definitions_;
  std::vector<GuidBytes> definition_order_;
  std::array<std::uint32_t, 64> string_buckets_{};
  std::array<std::uint32_t, 32> template_buckets_{};
  std::uint64_t records_ = 0, first_id_ = 0, last_id_ = 0;
  std::uint32_t last_record_ = 0;
  std::uint32_t slack_at_ = 0;                    // 0: none
  std::array<std::uint32_t, 64> live_strings_{};  // the tables as they were where the slack began
  std::array<std::uint32_t, 32> live_templates_{};
};

// The name hash of EVTX string tables; also over a GUID's words for template buckets (version 3.1).
[[nodiscard]] std::uint32_t name_hash(std::u16string_view units);
// Computes both checksums of a chunk anew, after a test has changed it.
void seal_chunk(std::string& chunk);

}  // namespace tocsin::makers
