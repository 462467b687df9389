// make_writer_samples OUT_DIR: the sample events in every shape the EVTX writer knows, NAME.evtx with the JSON that a
// reader should give for it in NAME.expected.jsonl. For tests/makers/compare_with_evtx.py.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "tests/makers/evtx_json.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"

namespace {

using tocsin::makers::EventSpec;
using tocsin::makers::EvtxOptions;
using tocsin::makers::EvtxWriter;

bool save(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return out.good();
}

bool make(const std::filesystem::path& folder, const std::string& name, const EvtxOptions& options, int rounds) {
  EvtxWriter writer(options);
  std::string expected;
  std::uint64_t id = options.first_record_id;
  for (int round = 0; round < rounds; ++round) {
    for (EventSpec spec : tocsin::makers::samples::all()) {
      spec.record_id = id++;
      spec.time.ticks += round * 864'000'000LL;
      expected += tocsin::makers::evtx_json(spec) + "\n";
      writer.add(std::move(spec));
    }
  }
  return save(folder / (name + ".evtx"), writer.finish()) && save(folder / (name + ".expected.jsonl"), expected);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: make_writer_samples OUT_DIR\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const bool done = make(folder, "exported", {.shape = {.exported = true}}, 1) &&
                    make(folder, "live", {.dirty = true, .stale_chunk_count = 1, .first_record_id = 70'001}, 20) &&
                    make(folder, "literal", {.shape = {.literal_provider = true}, .minor_version = 2}, 3) &&
                    make(folder, "no_checksums", {.checksums = false}, 1);
  if (!done) fmt::print(stderr, "make_writer_samples: cannot write below {}\n", folder.string());
  return done ? 0 : 2;
}
