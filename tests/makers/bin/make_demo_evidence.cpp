// make_demo_evidence OUT_DIR [SCENARIO.yml]: writes the evidence of a scenario (docs/makers.md), by default the demo's.
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "tests/makers/outputs.hpp"

namespace {

using tocsin::Result;
namespace makers = tocsin::makers;

Result<void> run(const std::filesystem::path& folder, const std::filesystem::path& scenario_file) {
  const std::filesystem::path catalogue_file = scenario_file.parent_path() / "catalogue.yml";
  TOCSIN_TRY(const std::string catalogue_text, makers::read_text_file(catalogue_file));
  TOCSIN_TRY(const auto catalogue, makers::Catalogue::load(catalogue_text, catalogue_file.filename().string()));
  TOCSIN_TRY(const std::string text, makers::read_text_file(scenario_file));
  TOCSIN_TRY(const auto scenario, makers::Scenario::load(text, scenario_file.filename().string(), catalogue));
  TOCSIN_TRY(const auto written, makers::write_outputs(scenario, folder));
  for (const auto& file : written) fmt::print("{:>10}  {}\n", file.bytes, file.file);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    fmt::print(stderr, "usage: make_demo_evidence OUT_DIR [SCENARIO.yml]\n");
    return 2;
  }
  const std::filesystem::path scenario =
      argc == 3 ? std::filesystem::path(argv[2]) : std::filesystem::path(TOCSIN_SCENARIOS) / "university.yml";
  if (const auto done = run(argv[1], scenario); !done) {
    fmt::print(stderr, "make_demo_evidence: {}: {}\n", done.error().place, done.error().message);
    return 2;
  }
  return 0;
}
