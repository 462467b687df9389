#include "base/program_id.hpp"

#include <cstring>
#include <string_view>

#include <elf.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/auxv.h>

#include "base/file_stamp.hpp"
#include "base/hash.hpp"

namespace tocsin::base {
namespace {

constexpr std::string_view kGnu{"GNU\0", 4};  // a note's name has its end with it

std::size_t padded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

// The build id among the notes of one segment; empty where there is none.
std::string_view build_id(std::string_view notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) head;
    std::memcpy(&head, notes.data(), sizeof head);
    const std::size_t name = sizeof head, value = name + padded(head.n_namesz);
    if (value + padded(head.n_descsz) > notes.size()) return {};
    if (head.n_type == NT_GNU_BUILD_ID && notes.substr(name, head.n_namesz) == kGnu) {
      return notes.substr(value, head.n_descsz);
    }
    notes.remove_prefix(value + padded(head.n_descsz));
  }
  return {};
}

std::string id_of(const dl_phdr_info& object) {
  for (unsigned i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // The loader gives addresses as numbers.
    const auto* at = reinterpret_cast<const char*>(object.dlpi_addr + segment.p_vaddr);  // NOLINT(*-int-to-ptr)
    const std::string_view id = build_id({at, segment.p_memsz});
    if (!id.empty()) return std::string(id);
  }
  std::string name = *object.dlpi_name == '\0' ? "/proc/self/exe" : object.dlpi_name;
  const auto stamp = stamp_of(name, FileKind::file);
  if (!stamp) return name;
  return fmt::format("{} {} {} {} {}", stamp->device, stamp->inode, stamp->size, stamp->modified, stamp->changed);
}

int add(dl_phdr_info* object, std::size_t, void* hash) {
  if (object->dlpi_addr == getauxval(AT_SYSINFO_EHDR)) return 0;  // the kernel's own page
  const std::string id = id_of(*object);
  static_cast<Sha256*>(hash)->update(fmt::format("{}:{}", id.size(), id));
  return 0;
}

}  // namespace

const std::string& program_id() {
  static const std::string kId = [] {
    Sha256 hash;
    dl_iterate_phdr(add, &hash);
    return hash.hex();
  }();
  return kId;
}

}  // namespace tocsin::base
