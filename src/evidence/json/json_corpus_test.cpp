// Public samples: the same events as EVTX and as JSON give the same fields, and large exports are read without a miss.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "evidence/evtx/reader.hpp"
#include "evidence/inputs.hpp"
#include "evidence/json/json_testing.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::evidence {
namespace {

namespace fs = std::filesystem;
using testing_support::corpus_dir;
using testing_support::kNoCorpus;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> files_below(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

using Fields = std::vector<std::pair<std::string, std::string>>;  // names and values in order

// Older writers leave out the braces of GUIDs, write them in capitals, cut times to six digits, and trim values.
std::string normal(std::string_view text) {
  std::string out;
  for (const char c : base::trim(text)) out.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  if (out.size() == 38 && out.front() == '{' && out.back() == '}') out = out.substr(1, 36);
  if (out.size() == 28 && out[10] == 't' && out.back() == 'z') out.erase(26, 1);
  while (out.size() > 21 && out.size() < 28 && out[10] == 't' && out[out.size() - 2] == '0' && out.back() == 'z') {
    out.erase(out.size() - 2, 1);
  }
  return out;
}

class EvtxFields final : public EventSink, public UnitSink {
 public:
  explicit EvtxFields(const ReadOptions& options) : reader_(evtx::evtx_reader().make_unit_reader(options)) {}
  void on_anomaly(Anomaly) override {}
  bool on_unit(Unit unit) override {
    reader_->read(unit, *this);
    return true;
  }
  bool on_event(const model::Event& event) override {
    Fields fields;
    event.each_field([&](std::string_view name, const model::Value& value) { fields.emplace_back(name, value.text); });
    events.push_back(std::move(fields));
    times.push_back(event.head().time);
    return true;
  }
  std::vector<Fields> events;
  std::vector<std::optional<Timestamp>> times;

 private:
  std::unique_ptr<UnitReader> reader_;
};

std::map<std::string, std::vector<std::string>> by_name(const Fields& fields) {
  std::map<std::string, std::vector<std::string>> grouped;
  for (const auto& [name, value] : fields) grouped[name].push_back(normal(value));
  return grouped;
}

std::string differences(const Fields& json, const Fields& evtx) {
  auto a = by_name(json), b = by_name(evtx);
  std::set<std::string> names;
  for (const auto& side : {a, b}) {
    for (const auto& [name, values] : side) names.insert(name);
  }
  std::string text;
  for (const std::string& name : names) {
    if (a.contains(name) == b.contains(name) && a[name] == b[name]) continue;
    text += name + ": JSON";
    for (const std::string& value : a[name]) text += " [" + value + "]";
    text += " EVTX";
    for (const std::string& value : b[name]) text += " [" + value + "]";
    text += "\n";
  }
  return text;
}

TEST(JsonCorpusTest, RegressionEventsHaveTheFieldsOfTheirTwins) {
  const auto folder = corpus_dir("sigma-regression");
  if (!folder) GTEST_SKIP() << kNoCorpus;
  std::size_t compared = 0;
  for (const fs::path& path : files_below(*folder, ".json")) {
    fs::path twin = path;
    twin.replace_extension(".evtx");
    if (!fs::exists(twin)) continue;
    const std::string bytes = read_text(twin);
    EvtxFields evtx({});
    Sample sample{as_bytes(bytes).first(std::min(bytes.size(), kSampleBytes)), false, {}, {}};
    const auto cutter = evtx::evtx_reader().make_cutter(sample, {});
    (void)cutter->feed(as_bytes(bytes), evtx);
    cutter->finish(evtx);
    const json_testing::Seen seen = json_testing::read_json(read_text(path));
    EXPECT_TRUE(seen.anomalies.empty()) << path << ": " << seen.anomalies.front().code;
    ASSERT_EQ(seen.events.size(), evtx.events.size()) << path;
    for (std::size_t i = 0; i < seen.events.size(); ++i) {
      EXPECT_EQ(differences(seen.events[i].names, evtx.events[i]), "") << path << " record " << i;
      EXPECT_TRUE(seen.events[i].time.has_value()) << path;
      ++compared;
    }
  }
  EXPECT_GT(compared, 100U);
}

// What a scan would see of the archives: every member that is JSON is read whole.
class ZipVisitor final : public InputVisitor {
 public:
  struct Member {
    std::string name, format;
    std::size_t events = 0, without_time = 0, lines = 0;
    std::map<std::string, std::size_t> shapes;
    std::vector<Anomaly> anomalies;
  };
  bool begin(const Leaf& leaf) override {
    members.emplace_back();
    members.back().name = leaf.container;
    const Recognition found = json_reader().recognise(leaf.sample);
    members.back().format = found.format;
    if (found.confidence == 0) return false;
    sink_ = std::make_unique<Sink>(members.back());
    cutter_ = json_reader().make_cutter(leaf.sample, {});
    return true;
  }
  bool feed(ByteView block) override {
    members.back().lines += static_cast<std::size_t>(std::ranges::count(as_text(block), '\n'));
    return cutter_->feed(block, *sink_);
  }
  void end(const SourceInfo&) override {
    if (cutter_) cutter_->finish(*sink_);
    cutter_.reset();
  }
  void on_container(const SourceInfo&) override {}
  void on_anomaly(Anomaly anomaly) override { ADD_FAILURE() << anomaly.path << ": " << anomaly.message; }
  void on_failed(Error error) override { ADD_FAILURE() << error.place << ": " << error.message; }
  void on_debug(std::string) override {}
  std::vector<Member> members;

 private:
  class Sink final : public EventSink, public UnitSink {
   public:
    explicit Sink(Member& member) : member_(member), reader_(json_reader().make_unit_reader({})) {}
    void on_anomaly(Anomaly anomaly) override { member_.anomalies.push_back(std::move(anomaly)); }
    bool on_unit(Unit unit) override {
      reader_->read(unit, *this);
      return true;
    }
    bool on_event(const model::Event& event) override {
      ++member_.events;
      ++member_.shapes[std::string(event.head().shape)];
      if (!event.head().time) ++member_.without_time;
      return true;
    }

   private:
    Member& member_;
    std::unique_ptr<UnitReader> reader_;
  };
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<Cutter> cutter_;
};

TEST(JsonCorpusTest, ExportsOfAttackSimulationsAreReadWhole) {
  const auto folder = corpus_dir("windows-json");
  if (!folder) GTEST_SKIP() << kNoCorpus;
  EvidenceOptions options;
  options.paths = {(*folder / "atomic").string()};
  ZipVisitor visitor;
  walk_inputs(plan_inputs(options), visitor, nullptr);
  std::size_t read = 0;
  for (const ZipVisitor::Member& member : visitor.members) {
    const bool text =
        member.name.ends_with(".log") || member.name.ends_with(".csv") || member.name.contains("__MACOSX");
    EXPECT_EQ(member.format, text ? "" : "json.ndjson") << member.name;
    if (text) continue;
    ++read;
    EXPECT_TRUE(member.anomalies.empty())
        << member.name << ": " << member.anomalies.front().code << " at " << member.anomalies.front().offset;
    EXPECT_GE(member.events, member.lines) << member.name;
    EXPECT_LE(member.events, member.lines + 1) << member.name;
    EXPECT_EQ(member.without_time, 0U) << member.name;
    ASSERT_EQ(member.shapes.size(), 1U) << member.name;
    const bool aws = member.name.starts_with("ec2_");
    EXPECT_EQ(member.shapes.begin()->first, aws ? "cloudtrail" : "flat_windows") << member.name;
  }
  EXPECT_GT(read, 50U);
}

}  // namespace
}  // namespace tocsin::evidence
