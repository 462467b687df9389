#include "bench/fleet/fleet.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/fleet/fleet_event.hpp"
#include "bench/fleet/fleet_files.hpp"
#include "tests/makers/catalogue.hpp"
#include "tests/makers/outputs.hpp"

namespace tocsin::bench {
namespace {

using makers::Random;

constexpr std::uint64_t kTurn = 512;  // events of one machine before it is the next one's turn
constexpr std::string_view kPlantedKind = "sysmon_1";
constexpr std::string_view kFirstDay = "2021-07-05T00:00:00Z";

std::string file_name(std::string channel) {
  for (std::size_t at = 0; (at = channel.find('/', at)) != std::string::npos;) channel.replace(at, 1, "%4");
  return channel + ".evtx";
}

class Machine {
 public:
  Machine(std::string name, const FleetOptions& options, const std::filesystem::path& folder, Timestamp begin)
      : name_(std::move(name)),
        random_(options.seed, name_),
        options_(options),
        folder_(options.evtx ? folder / name_ : folder),
        time_(begin) {}

  Result<void> load(const makers::YamlView& node, const makers::Catalogue& catalogue) {
    std::error_code ignored;  // told when the first file cannot be written
    std::filesystem::create_directories(folder_, ignored);
    makers::Variables variables{{"host.name", name_}};
    for (const char* key : {"computer", "domain", "ip"}) variables[fmt::format("host.{}", key)] = node[key].text();
    const makers::Pools pools;
    makers::Expander expander(pools, variables, random_);
    expander.set_time(time_);
    makers::EventRequest request;
    for (const auto& [kind, weight] : node["events"].members()) {
      request.kind = kind;
      TOCSIN_TRY(const makers::EventSpec spec, catalogue.make(request, expander));
      events_.emplace_back(spec, templates_, false);
      limits_.push_back((limits_.empty() ? 0 : limits_.back()) + weight.number());
    }
    request.kind = kPlantedKind;
    TOCSIN_TRY(const makers::EventSpec spec, catalogue.make(request, expander));
    planted_ = std::make_unique<FleetEvent>(spec, templates_, true);
    if (!options_.evtx) lines_ = std::make_unique<NdjsonFile>(folder_ / (name_ + ".ndjson"));
    if (limits_.empty() || limits_.back() == 0) return fail(ErrorCode::malformed, "a machine without events", name_);
    return {};
  }

  void turn(FleetSummary& summary) {
    for (std::uint64_t i = 0; i < kTurn; ++i) {
      const bool planted = random_.next() % 1'000'000 < options_.planted;
      const std::uint64_t drawn = random_.next() % limits_.back();
      const auto kind = std::ranges::upper_bound(limits_, drawn) - limits_.begin();
      write(planted ? *planted_ : events_[static_cast<std::size_t>(kind)]);
      summary.planted += planted ? 1 : 0;
    }
    summary.events += kTurn;
  }

  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t sum = lines_ ? lines_->bytes() : 0;
    for (const auto& [channel, file] : logs_) sum += file.bytes();
    return sum;
  }

  Result<std::uint64_t> finish() {
    if (lines_) TOCSIN_CHECK(lines_->finish());
    for (auto& [channel, file] : logs_) TOCSIN_CHECK(file.finish());
    return logs_.size() + (lines_ ? 1 : 0);
  }

 private:
  void write(FleetEvent& event) {
    time_.ticks += static_cast<std::int64_t>(random_.next() % 2'000'000);  // ten a second
    if (lines_) {
      event.next(++ids_[event.channel()], time_, random_);
      event.append_json(lines_->block());
      return lines_->flush();
    }
    EvtxFile& log = logs_.try_emplace(event.channel(), folder_ / file_name(event.channel())).first->second;
    event.next(log.next_id(), time_, random_);
    log.add(time_, event.body());
  }

  std::string name_;
  Random random_;
  const FleetOptions& options_;
  std::filesystem::path folder_;
  Timestamp time_;
  makers::EventTemplates templates_;
  std::vector<FleetEvent> events_;
  std::vector<std::uint64_t> limits_;  // running sums of the weights
  std::unique_ptr<FleetEvent> planted_;
  std::map<std::string, EvtxFile> logs_;
  std::map<std::string, std::uint64_t> ids_;
  std::unique_ptr<NdjsonFile> lines_;
};

}  // namespace

Result<FleetSummary> write_fleet(const std::filesystem::path& folder, const FleetOptions& options) {
  TOCSIN_TRY(const std::string catalogue_text, makers::read_text_file(options.catalogue));
  TOCSIN_TRY(const auto catalogue, makers::Catalogue::load(catalogue_text, options.catalogue.filename().string()));
  TOCSIN_TRY(const std::string text, makers::read_text_file(options.machines));
  TOCSIN_TRY(const auto document, makers::parse_one_document(text, options.machines.filename().string()));
  const Timestamp begin = parse_time(kFirstDay).value_or(Timestamp{});
  std::vector<std::unique_ptr<Machine>> machines;
  for (const auto& [name, node] : makers::YamlView(document)["roles"].members()) {
    machines.push_back(std::make_unique<Machine>(name, options, folder, begin));
    TOCSIN_CHECK(machines.back()->load(node, catalogue));
  }
  if (machines.empty()) return fail(ErrorCode::malformed, "no roles", options.machines.string());
  FleetSummary summary;
  for (std::size_t turn = 0; summary.bytes < options.bytes; ++turn) {
    machines[turn % machines.size()]->turn(summary);
    if (turn % machines.size() != machines.size() - 1) continue;
    summary.bytes = 0;
    for (const auto& machine : machines) summary.bytes += machine->bytes();
  }
  for (const auto& machine : machines) {
    TOCSIN_TRY(const std::uint64_t files, machine->finish());
    summary.files += files;
  }
  return summary;
}

}  // namespace tocsin::bench
