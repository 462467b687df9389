// make_fleet OUT_DIR [--format evtx|ndjson] [--megabytes N] [--seed N] [--planted PER_MILLION]: evidence of the fleet
// of fleet.yml. Prints one JSON object: files, events, planted, bytes. Equal arguments, equal bytes.
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "bench/fleet/fleet.hpp"

namespace {

using tocsin::bench::FleetOptions;

constexpr std::uint64_t kMostMegabytes = 1'000'000;

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

bool set(FleetOptions& options, std::string_view flag, std::string_view value) {
  if (flag == "--format") {
    options.evtx = value == "evtx";
    return value == "evtx" || value == "ndjson";
  }
  if (flag == "--seed") return read_number(value, options.seed);
  if (flag == "--planted") return read_number(value, options.planted) && options.planted <= 1'000'000;
  if (flag != "--megabytes" || !read_number(value, options.bytes) || options.bytes > kMostMegabytes) return false;
  options.bytes *= 1'000'000;
  return true;
}

std::optional<FleetOptions> parse(const std::vector<std::string_view>& words) {
  FleetOptions options;
  options.machines = std::string(TOCSIN_BENCH_FLEET) + "/fleet.yml";
  options.catalogue = std::string(TOCSIN_SCENARIOS) + "/catalogue.yml";
  if (words.size() % 2 != 1) return std::nullopt;
  for (std::size_t i = 1; i < words.size(); i += 2) {
    if (!set(options, words[i], words[i + 1])) return std::nullopt;
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  const auto options = words.empty() ? std::nullopt : parse(words);
  if (!options) {
    fmt::print(stderr,
               "usage: make_fleet OUT_DIR [--format evtx|ndjson] [--megabytes N] [--seed N] "
               "[--planted PER_MILLION]\n");
    return 2;
  }
  const auto written = tocsin::bench::write_fleet(words[0], *options);
  if (!written) {
    fmt::print(stderr, "make_fleet: {}: {}\n", written.error().place, written.error().message);
    return 2;
  }
  fmt::print("{{\"files\":{},\"events\":{},\"planted\":{},\"bytes\":{}}}\n", written->files, written->events,
             written->planted, written->bytes);
  return 0;
}
