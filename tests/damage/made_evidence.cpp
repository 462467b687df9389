#include "tests/damage/made_evidence.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "evidence/container/archive_testing.hpp"
#include "tests/makers/evtx_json.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/gzip.hpp"
#include "tests/makers/json_lines.hpp"
#include "tests/makers/outputs.hpp"
#include "tests/makers/rule_cases.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::damage {
namespace {

namespace inputs = evidence::testing_inputs;
using Specs = std::vector<makers::EventSpec>;

// A compressor looks ahead: a member may end so much later in the whole than in the archive that ends with it.
constexpr std::size_t kLookahead = 16384;
constexpr std::size_t kListEntry = 46, kListVersion = 4;  // an entry of a zip's list, without its name; its signature
constexpr std::size_t kLocalHeader = 30;                  // of a zip's member, without its name and extra fields

Result<Specs> events_of_cases(std::size_t share) {
  const auto root = testing_support::source_dir() / "tests";
  TOCSIN_TRY(const std::string words, makers::read_text_file(root / "makers/scenarios/catalogue.yml"));
  TOCSIN_TRY(const auto catalogue, makers::Catalogue::load(words, "catalogue.yml"));
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(root / "rules")) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  Specs specs;
  for (std::size_t i = 0; i < files.size(); i += share) {
    TOCSIN_TRY(const auto cases, makers::read_rule_cases(files[i], catalogue));
    for (const makers::RuleCase& one : cases) specs.insert(specs.end(), one.events.begin(), one.events.end());
  }
  for (std::size_t i = 0; i < specs.size(); ++i) specs[i].record_id = i + 1;
  return specs;
}

std::string event_log(const Specs& specs, bool exported) {
  makers::EvtxWriter writer({.shape = {.exported = exported}});
  for (const makers::EventSpec& spec : specs) writer.add(spec);
  return writer.finish();
}

std::string lines(const Specs& specs, std::string (*write)(const makers::EventSpec&)) {
  std::string text;
  for (const makers::EventSpec& spec : specs) text += write(spec) + "\n";
  return text;
}

std::string array(const Specs& specs) {
  std::string text = "[";
  for (const makers::EventSpec& spec : specs) text += (text.size() > 1 ? ",\n" : "\n") + makers::flat_json(spec);
  return text + "\n]\n";
}

std::vector<MemberSpan> spans_in_zip(const std::string& bytes, const inputs::Members& members) {
  std::vector<MemberSpan> spans;
  for (const auto& [name, content] : members) {
    // libarchive gives a local header up that it cannot read, and what follows with it.
    const std::size_t at = bytes.find(name) - kLocalHeader;
    const auto extra = static_cast<unsigned char>(bytes[at + kLocalHeader - 2]);
    spans.push_back({name, at, 0, at + kLocalHeader + name.size() + extra});
  }
  for (std::size_t i = 0; i < spans.size(); ++i) {
    spans[i].end = i + 1 < spans.size() ? spans[i + 1].begin : bytes.find("PK\x01\x02", spans[i].begin);
    const std::size_t entry = bytes.rfind(spans[i].container) - kListEntry;
    spans[i].listed = entry + kListVersion;
    spans[i].listed_end = entry + kListEntry;
  }
  return spans;
}

std::vector<MemberSpan> spans_in_tar(const inputs::Members& members) {
  std::vector<MemberSpan> spans;
  std::size_t at = 0;
  for (const auto& [name, content] : members) {
    const std::size_t size = 512 + (content.size() + 511) / 512 * 512;
    spans.push_back({name, at, at + size, 0});
    at += size;
  }
  return spans;
}

// Where the packed streams of a 7z end and its list of members begins.
std::size_t packed_end(const std::string& bytes) {
  std::size_t offset = 0;
  for (int i = 7; i >= 0; --i)
    offset = offset << 8U | static_cast<unsigned char>(bytes[12 + static_cast<std::size_t>(i)]);
  return 32 + offset;
}

Evidence seven_zip(const inputs::Members& members) {
  std::vector<MemberSpan> spans;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const inputs::Members first(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    spans.push_back({members[i].first, 32, packed_end(inputs::make_7z(first)) + kLookahead, 0});
  }
  std::string bytes = inputs::make_7z(members);
  const std::size_t end = packed_end(bytes);
  return {"made.7z", std::move(bytes), keep_members_before(std::move(spans), 32, end)};
}

void add_containers(const Specs& specs, std::vector<Evidence>& all) {
  const std::size_t part = specs.size() / 4;
  const auto piece = [&](std::size_t i) {
    return Specs(specs.begin() + static_cast<std::ptrdiff_t>(i * part),
                 specs.begin() + static_cast<std::ptrdiff_t>((i + 1) * part));
  };
  const inputs::Members members{{"first.evtx", event_log(piece(0), false)},
                                {"second.ndjson", lines(piece(1), makers::winlogbeat_json)},
                                {"third.evtx", event_log(piece(2), true)},
                                {"fourth.ndjson", lines(piece(3), makers::evtx_json)}};
  std::string zip = inputs::make_zip(members);
  auto spans = spans_in_zip(zip, members);
  all.push_back({"made.zip", std::move(zip), keep_members(std::move(spans), false)});
  all.push_back({"made.tar", inputs::make_tar(members), keep_members(spans_in_tar(members), true)});
  all.push_back(seven_zip(members));
  for (const auto& [name, content] : {members[0], members[3]}) {
    std::string bytes = makers::gzip(content);
    MustKeep keep = keep_gzip(bytes, name.ends_with("evtx") ? keep_event_log() : keep_lines());
    all.push_back({name + ".gz", std::move(bytes), std::move(keep)});
  }
}

}  // namespace

Result<std::vector<Evidence>> made_evidence(std::size_t share) {
  TOCSIN_TRY(const Specs specs, events_of_cases(share));
  std::vector<Evidence> all;
  all.push_back({"live.evtx", event_log(specs, false), keep_event_log()});
  all.push_back({"exported.evtx", event_log(specs, true), keep_event_log()});
  all.push_back({"dump.ndjson", lines(specs, makers::evtx_json), keep_lines()});
  all.push_back({"winlogbeat.ndjson", lines(specs, makers::winlogbeat_json), keep_lines()});
  all.push_back({"array.json", array(specs), keep_values_before()});
  add_containers(specs, all);
  return all;
}

}  // namespace tocsin::damage
