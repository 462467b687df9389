// main of a fuzz target where libFuzzer is not linked: runs every file of the folders and files named as arguments,
// then the same bytes damaged in ways that are the same on every run. Ends with 1 where there was no input at all: a
// corpus that went missing must not look like a pass. A crash, a sanitizer's report or CTest's time limit is the
// failure.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// Damaged copies per input, and the bytes in all that they may cost: large inputs get fewer.
constexpr std::size_t kCopies = 200;
constexpr std::size_t kBytesPerInput = 8U << 20U;

using Bytes = std::vector<std::uint8_t>;

class Random {  // xorshift64*, seeded by a constant: failures repeat
 public:
  std::size_t below(std::size_t limit) {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return static_cast<std::size_t>((state_ * 0x2545F4914F6CDD1DULL) >> 32U) % limit;
  }

 private:
  std::uint64_t state_ = 0x9E3779B97F4A7C15ULL;
};

std::vector<std::filesystem::path> files_below(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_regular_file(path)) return {path};
  if (!std::filesystem::is_directory(path)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

Bytes read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return {text.begin(), text.end()};
}

// One of: a byte replaced, a bit turned, the tail cut off, a run zeroed, a run copied elsewhere.
void damage(Bytes& bytes, Random& random) {
  if (bytes.empty()) return;
  const std::size_t at = random.below(bytes.size());
  const std::size_t run = std::min<std::size_t>(1 + random.below(16), bytes.size() - at);
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  switch (random.below(5)) {
    case 0:
      *begin = static_cast<std::uint8_t>(random.below(256));
      break;
    case 1:
      *begin = static_cast<std::uint8_t>(*begin ^ (1U << random.below(8)));
      break;
    case 2:
      bytes.resize(at);
      break;
    case 3:
      std::fill_n(begin, run, std::uint8_t{0});
      break;
    default: {
      const Bytes piece(begin, begin + static_cast<std::ptrdiff_t>(run));
      std::ranges::copy(piece, bytes.begin() + static_cast<std::ptrdiff_t>(random.below(bytes.size() - run + 1)));
    }
  }
}

void run(const Bytes& bytes) {
  // A buffer of exactly this size, so that a read behind its end is seen.
  const Bytes exact(bytes.begin(), bytes.end());
  (void)LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

}  // namespace

int main(int argc, char** argv) {
  Random random;
  std::size_t inputs = 0;
  std::size_t copies = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& file : files_below(argv[i])) {
      const Bytes original = read(file);
      std::fprintf(stderr, "%s\n", file.c_str());
      run(original);
      ++inputs;
      const std::size_t affordable = std::min(kCopies, kBytesPerInput / std::max<std::size_t>(original.size(), 1));
      for (std::size_t copy = 0; copy < affordable; ++copy, ++copies) {
        Bytes bytes = original;
        for (std::size_t times = 1 + random.below(4); times > 0; --times) damage(bytes, random);
        run(bytes);
      }
    }
  }
  std::printf("%zu inputs, %zu damaged copies\n", inputs, copies);
  if (inputs > 0) return 0;
  std::fprintf(stderr, "no input: the corpus is missing\n");
  return 1;
}
