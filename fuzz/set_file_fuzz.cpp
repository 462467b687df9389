// Compiled rules on disk: whatever the bytes, with a checksum that is right, either they are refused or the set can be
// judged with, described and explained. Inputs are programs of edits to a good file, which need not be stored: each six
// bytes say where, how and with what.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "base/hash.hpp"
#include "detect/sigma/rule_bench.hpp"
#include "detect/sigma/set_exercise.hpp"
#include "detect/sigma/set_file.hpp"

namespace {

using tocsin::sigma::encode_set_file;
using tocsin::sigma::LoadedSet;
using tocsin::sigma::SetFile;
using tocsin::sigma::SetKey;
using tocsin::sigma::SetSources;

const SetKey& key() {
  static const SetKey kKey{tocsin::base::sha256_hex("program"), tocsin::base::sha256_hex("options")};
  return kKey;
}

const std::string& good_file() {
  static const std::string kBytes = [] {
    auto compiled = tocsin::sigma::testing::compile(tocsin::sigma::testing::rule_text(
        "a:\n    - Image|endswith: ['\\cmd.exe', '*x?y*']\n      Line|contains|all: [one, two]\n    - Pid: [42, 4.5]\n"
        "b:\n    Ip|cidr: '10.0.0.0/8'\nc:\n    Line|re: 'foo[0-9]+(bar|baz)'\n    Size|gte: 100\nd:\n    - keyword\n"
        "e:\n    Hashes: null\n    Other|exists: true\n    Line|fieldref: Other\n"
        "condition: (a and not b) or 2 of them"));
    const LoadedSet set{std::move(compiled.set), std::move(compiled.problems), {}, {}, "hash"};
    SetSources sources;
    sources.files.files.push_back({"a.yml", "/a.yml", {}});
    sources.sha256.emplace_back(64, '0');
    return encode_set_file(set, sources, key());
  }();
  return kBytes;
}

std::string edited(const std::uint8_t* data, std::size_t size) {
  std::string bytes = good_file();
  for (; size >= 6; data += 6, size -= 6) {
    const std::size_t at = (std::size_t{data[0]} << 8U | data[1]) * 4 % bytes.size();
    std::uint32_t word = 0;
    const std::size_t width = std::min<std::size_t>(4, bytes.size() - at);
    std::memcpy(&word, bytes.data() + at, width);
    const std::uint32_t value = data[3] | std::uint32_t{data[4]} << 8U | std::uint32_t{data[5]} << 24U;
    switch (data[2] % 4) {
      case 0:
        word = value;
        break;
      case 1:
        word += value;
        break;
      case 2:
        word ^= value;
        break;
      default:
        std::memcpy(&word, good_file().data() + value % (good_file().size() - 4), 4);
    }
    std::memcpy(bytes.data() + at, &word, width);
  }
  return bytes;
}

void use(std::string_view bytes) {
  const std::shared_ptr<char[]> copy(new char[bytes.size()]);
  std::ranges::copy(bytes, copy.get());
  const auto file = SetFile::open({copy.get(), bytes.size()}, copy, key());
  if (!file) return;
  if (const auto set = file->set()) tocsin::sigma::testing::exercise(set->compiled);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  use({reinterpret_cast<const char*>(data), size});
  std::string bytes = edited(data, size);
  tocsin::sigma::repair_checksum(bytes);
  use(bytes);
  return 0;
}
