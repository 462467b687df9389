// make_fuzz_corpora OUT_DIR: writes every seed to OUT_DIR/<target>/<name>.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "tests/makers/fuzz_corpora.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: make_fuzz_corpora OUT_DIR\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  for (const auto& seed : tocsin::makers::all_seeds()) {
    std::error_code error;
    std::filesystem::create_directories(folder / seed.target, error);
    std::ofstream out(folder / seed.target / seed.name, std::ios::binary);
    out.write(seed.bytes.data(), static_cast<std::streamsize>(seed.bytes.size()));
    if (!out.flush().good()) {
      fmt::print(stderr, "make_fuzz_corpora: cannot write {}\n", (folder / seed.target / seed.name).string());
      return 2;
    }
  }
  return 0;
}
