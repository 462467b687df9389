// For tests: containers made in memory, through libarchive's writer or byte by byte where that is too polite.
#pragma once

#include <cassert>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

#include "base/hash.hpp"
#include "evidence/inputs_testing.hpp"
#include "evidence/inputs_walk.hpp"

namespace tocsin::evidence::testing_inputs {

// Bytes that do not compress, the same each time.
inline std::string noise(std::size_t size, std::uint32_t state = 12345) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

using Members = std::vector<std::pair<std::string, std::string>>;

inline la_ssize_t append_to_string(archive*, void* out, const void* bytes, std::size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

// `format`: one of libarchive's archive_write_set_format_*; `setup` may add filters and options.
inline std::string make_archive(int (*format)(archive*), const Members& members,
                                const std::function<void(archive*)>& setup = {}) {
  std::string out;
  archive* writer = archive_write_new();
  format(writer);
  archive_write_set_bytes_per_block(writer, 0);
  if (setup) setup(writer);
  [[maybe_unused]] const int opened = archive_write_open(writer, &out, nullptr, append_to_string, nullptr);
  assert(opened == ARCHIVE_OK);
  for (const auto& [name, bytes] : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_copy_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, name.ends_with('/') ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    archive_write_header(writer, entry);
    archive_write_data(writer, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_write_free(writer);
  return out;
}

inline std::string make_zip(const Members& members) {
  return make_archive(archive_write_set_format_zip, members);
}
inline std::string make_tar(const Members& members) {
  return make_archive(archive_write_set_format_gnutar, members);
}
inline std::string make_7z(const Members& members) {
  return make_archive(archive_write_set_format_7zip, members);
}
inline std::string compress(int (*filter)(archive*), const std::string& bytes) {
  return make_archive(archive_write_set_format_raw, {{"data", bytes}}, [&](archive* writer) { filter(writer); });
}
inline std::string gzip(const std::string& bytes) {
  return compress(archive_write_add_filter_gzip, bytes);
}

inline std::string little(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
  return out;
}

// A zip of stored members, written by hand: any name, method and flags, whatever they claim.
struct RawMember {
  std::string name, bytes;
  unsigned method = 0, flags = 0;
  std::uint32_t crc_mask = 0;
};
inline std::string make_raw_zip(const std::vector<RawMember>& members) {
  std::string out, central;
  for (const RawMember& member : members) {
    const std::uint32_t crc = base::crc32(as_bytes(member.bytes)) ^ member.crc_mask;
    const std::string common = little(20, 2) + little(member.flags, 2) + little(member.method, 2) + little(0, 4) +
                               little(crc, 4) + little(member.bytes.size(), 4) + little(member.bytes.size(), 4) +
                               little(member.name.size(), 2) + little(0, 2);
    central += "PK\x01\x02" + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) +
               little(out.size(), 4) + member.name;
    out += "PK\x03\x04" + common + member.name + member.bytes;
  }
  const std::size_t at = out.size();
  return out + central + "PK\x05\x06" + little(0, 4) + little(members.size(), 2) + little(members.size(), 2) +
         little(central.size(), 4) + little(at, 4) + little(0, 2);
}

// Opens every input as the same bytes.
class MemoryOpener final : public InputOpener {
 public:
  explicit MemoryOpener(std::string_view bytes, bool seekable = true) : bytes_(bytes), seekable_(seekable) {}
  [[nodiscard]] Result<std::unique_ptr<InputSource>> open(const PlannedInput&) override {
    return std::make_unique<MemorySource>(as_bytes(bytes_), seekable_);
  }

 private:
  std::string_view bytes_;
  bool seekable_;
};

inline RecordingVisitor walk_bytes(std::string_view bytes, const std::string& name, const ContainerLimits& limits = {},
                                   bool seekable = true) {
  InputPlan plan;
  plan.inputs.push_back({name, name, bytes.size(), true});
  MemoryOpener opener(bytes, seekable);
  RecordingVisitor visitor;
  walk_inputs(plan, visitor, nullptr, opener, limits);
  return visitor;
}

}  // namespace tocsin::evidence::testing_inputs
