#include "tests/makers/outputs.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "tests/makers/evtx_damage.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/gzip.hpp"
#include "tests/makers/json_lines.hpp"

namespace tocsin::makers {
namespace {

constexpr std::size_t kZeroedBytes = 600;

bool one_of(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

bool belongs(const Output& output, const TimedEvent& event) {
  const Timestamp time = event.spec.time;
  if (!one_of(output.hosts, event.host) || !one_of(output.channels, event.spec.channel)) return false;
  if ((output.from && time < *output.from) || (output.to && time >= *output.to)) return false;
  return std::ranges::none_of(output.lost, [&](const auto& hole) { return hole.first <= time && time < hole.second; });
}

Result<void> harm(std::string& file, const Output::Damage& damage) {
  if (damage.chunk >= damage::chunk_count(file)) {
    return fail(ErrorCode::malformed,
                fmt::format("damage to chunk {}, of which there are {}", damage.chunk, damage::chunk_count(file)));
  }
  if (damage.kind == "zeroed") {
    damage::zero_range(file, damage::record_offset(file, damage.chunk, damage.record), kZeroedBytes);
  } else if (damage.kind == "checksum") {
    damage::break_records_checksum(file, damage.chunk);
  } else if (damage.kind == "stale_header") {
    damage::set_header_counts(file, static_cast<std::uint16_t>(damage.chunk), 1);
  } else {
    return fail(ErrorCode::malformed, fmt::format("no kind of damage \"{}\"", damage.kind));
  }
  return {};
}

Result<std::string> render_evtx(const Output& output, const std::vector<TimedEvent>& events) {
  EvtxWriter writer({.shape = {.exported = output.exported}, .dirty = output.dirty});
  for (const TimedEvent& event : events) {
    if (belongs(output, event)) writer.add(event.spec);
  }
  std::string file = writer.finish();
  for (const Output::Damage& damage : output.damage) TOCSIN_CHECK(harm(file, damage));
  return file;
}

std::string render_winlogbeat(const Output& output, const std::vector<TimedEvent>& events) {
  std::string lines;
  for (const TimedEvent& event : events) {
    if (belongs(output, event)) lines += winlogbeat_json(event.spec) + "\n";
  }
  return output.file.ends_with(".gz") ? gzip(lines) : lines;
}

Result<void> write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.flush();
  if (!out.good()) return fail(ErrorCode::io, "cannot write", path.string(), "is there room, and may you write there?");
  return {};
}

}  // namespace

Result<std::string> render_output(const Output& output, const std::vector<TimedEvent>& events) {
  if (output.format == "evtx") return render_evtx(output, events);
  if (output.format == "winlogbeat") return render_winlogbeat(output, events);
  return fail(ErrorCode::malformed, fmt::format("no output format \"{}\"", output.format), output.file);
}

Result<std::vector<WrittenFile>> write_outputs(const Scenario& scenario, const std::filesystem::path& folder,
                                               bool with_story) {
  TOCSIN_TRY(const std::vector<TimedEvent> events, scenario.events(with_story));
  std::vector<WrittenFile> written;
  for (const Output& output : scenario.outputs()) {
    TOCSIN_TRY(const std::string bytes, render_output(output, events));
    TOCSIN_CHECK(write_file(folder / output.file, bytes));
    written.push_back({output.file, bytes.size()});
  }
  return written;
}

Result<std::string> read_text_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in.good() && !in.eof()) return fail(ErrorCode::io, "cannot read", path.string());
  return text;
}

}  // namespace tocsin::makers
