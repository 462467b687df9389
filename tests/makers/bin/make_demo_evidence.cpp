// make_demo_evidence OUT_DIR [SCENARIO.yml [SEED]]: writes the evidence of a scenario (docs/makers.md), by default the
// demo's, with the scenario's own seed or another.
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "tests/makers/outputs.hpp"

namespace {

using tocsin::Result;
namespace makers = tocsin::makers;

Result<void> run(const std::filesystem::path& folder, const std::filesystem::path& scenario_file,
                 std::optional<std::uint64_t> seed) {
  const std::filesystem::path catalogue_file = scenario_file.parent_path() / "catalogue.yml";
  TOCSIN_TRY(const std::string catalogue_text, makers::read_text_file(catalogue_file));
  TOCSIN_TRY(const auto catalogue, makers::Catalogue::load(catalogue_text, catalogue_file.filename().string()));
  TOCSIN_TRY(const std::string text, makers::read_text_file(scenario_file));
  TOCSIN_TRY(auto scenario, makers::Scenario::load(text, scenario_file.filename().string(), catalogue));
  if (seed) scenario.set_seed(*seed);
  TOCSIN_TRY(const auto written, makers::write_outputs(scenario, folder));
  for (const auto& file : written) fmt::print("{:>10}  {}\n", file.bytes, file.file);
  return {};
}

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<std::uint64_t> seed = argc == 4 ? read_number(argv[3]) : std::nullopt;
  if (argc < 2 || argc > 4 || (argc == 4 && !seed)) {
    fmt::print(stderr, "usage: make_demo_evidence OUT_DIR [SCENARIO.yml [SEED]], where SEED is a number\n");
    return 2;
  }
  const std::filesystem::path scenario =
      argc >= 3 ? std::filesystem::path(argv[2]) : std::filesystem::path(TOCSIN_SCENARIOS) / "university.yml";
  if (const auto done = run(argv[1], scenario, seed); !done) {
    fmt::print(stderr, "make_demo_evidence: {}: {}\n", done.error().place, done.error().message);
    return 2;
  }
  return 0;
}
