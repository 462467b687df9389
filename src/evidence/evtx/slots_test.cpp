// The fast way (slots) against the slow one (the rendered tree): every field of every record, by name, by value and by
// id. On makers' samples always, on the corpus where it is present.
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/evtx/chunk.hpp"
#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/loose_fields.hpp"
#include "evidence/evtx/reading_testing.hpp"
#include "evidence/evtx/record_event.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::evidence::evtx {
namespace {

using makers::EvtxWriter;
namespace samples = makers::samples;
using testing_reading::SeenValue;

// Compares in every record of one file.
class Comparer : public EventSink {
 public:
  explicit Comparer(const model::FieldTable& fields) : fields_(fields) {}

  bool on_event(const model::Event& event) override {
    ++events;
    const auto& record = dynamic_cast<const RecordEvent&>(event);
    compare_values(record);
    compare_ids(record);
    compare_json(record);
    return !::testing::Test::HasFailure();
  }
  void on_anomaly(Anomaly) override {}
  std::size_t events = 0, odd = 0;

 private:
  void compare_values(const RecordEvent& record) {
    odd += record.slots().odd() ? 1 : 0;
    const ByteView chunk = record.slots().chunk();
    const std::size_t at = static_cast<std::size_t>(record.head().raw.data() - chunk.data());
    TemplateTable templates(&fields_);
    templates.begin_chunk(chunk);
    Arena arena;
    Expander expander;
    Nodes tree;
    FieldWalker walker;
    std::vector<LooseField> loose;
    const auto damage =
        expander.expand(chunk, at + kRecordHeaderSize, at + record.head().raw.size() - 4, templates, arena, tree);
    ASSERT_FALSE(damage);
    collect_loose_fields(tree, &fields_, walker, arena, loose);
    std::vector<SeenValue> slow, fast;
    for (const LooseField& field : loose) {
      if (field.value.kind == model::Value::Kind::null) continue;
      slow.push_back({std::string(field.path), field.value.kind, std::string(field.value.text)});
    }
    record.each_value([&](std::string_view path, const model::Value& value) {
      fast.push_back({std::string(path), value.kind, std::string(value.text)});
    });
    ASSERT_EQ(fast, slow) << "record " << record.head().place.record;
  }

  void compare_json(const RecordEvent& record) {
    std::string fast, slow;
    record.append_json(fast);
    record.append_json_of_tree(slow);
    ASSERT_EQ(fast, slow) << "record " << record.head().place.record;
  }

  void compare_ids(const RecordEvent& record) {
    std::map<std::string, std::vector<SeenValue>> by_name;
    record.each_field([&](std::string_view name, const model::Value& value) {
      by_name[std::string(name)].push_back({std::string(name), value.kind, std::string(value.text)});
    });
    for (model::FieldId id = 0; id < fields_.size(); ++id) {
      const std::string name(fields_.name(id));
      std::vector<SeenValue> got;
      for (const model::Value& value : record.get(id)) got.push_back({name, value.kind, std::string(value.text)});
      const auto expected = by_name.find(name);
      ASSERT_EQ(got, expected == by_name.end() ? std::vector<SeenValue>() : expected->second);
      ASSERT_EQ(record.event_field(id).empty(), got.empty());
    }
  }

  const model::FieldTable& fields_;
};

// All names that occur in the file, each second one: readers meet names that no rule asks for, too.
void intern_names(std::string_view file, model::FieldTable& fields) {
  std::set<std::string> names;
  testing_reading::Reading reading;
  testing_reading::read_into(reading, file);
  for (const auto& event : reading.events) {
    for (const SeenValue& field : event.fields) names.insert(field.name);
  }
  std::size_t count = 0;
  for (const std::string& name : names) {
    if (count++ % 2 == 0) fields.intern(name);
  }
  fields.intern("NeverThere");
}

struct Counts {
  std::size_t events = 0, odd = 0;
};
Counts compare(std::string_view file) {
  model::FieldTable fields;
  intern_names(file, fields);
  Comparer comparer(fields);
  ReadOptions options;
  options.fields = &fields;
  testing_reading::read_into(comparer, file, options);
  return {comparer.events, comparer.odd};
}

TEST(Slots, AgreeWithTheRenderedTreeOnSamples) {
  for (const makers::EvtxOptions& options : std::vector<makers::EvtxOptions>{{},
                                                                             {.shape = {.exported = true}},
                                                                             {.shape = {.literal_provider = true}},
                                                                             {.shape = {.without_templates = true}}}) {
    EvtxWriter writer(options);
    for (auto& spec : samples::all()) writer.add(std::move(spec));
    writer.add_raw({99, {}}, samples::odd_tokens(99));
    EXPECT_EQ(compare(writer.finish()).events, samples::all().size() + 1);
  }
}

TEST(Slots, AgreeOnArraysAndNestedTrees) {
  namespace make = makers::value;
  EvtxWriter writer;
  makers::EventSpec spec = samples::logon();
  spec.data.clear();
  spec.set("Numbers", make::array({make::u32(1), make::u32(2)}));
  spec.set("One", make::array({make::u32(1)}));
  spec.set("Texts", make::array({make::string("a"), make::string(""), make::string("c")}));
  spec.data.push_back({"", make::array({make::string("x"), make::string("y")}), {}});
  writer.add(spec);
  makers::EventSpec user = samples::log_cleared();
  user.user_data = {{"Outer",
                     {{"kind", make::u32(3)}},
                     std::nullopt,
                     {{"Inner", {}, make::array({make::u8(1), make::u8(2)}), {}},
                      {"Both", {{"a", make::string("v")}}, make::array({make::u8(1), make::u8(2)}), {}}}}};
  writer.add(user);
  const Counts counts = compare(writer.finish());
  EXPECT_EQ(counts.events, 2U);
  EXPECT_GE(counts.odd, 1U);
}

TEST(SlotsOnCorpus, AgreeWithTheRenderedTreeEverywhere) {
  const auto corpus = testing_support::corpus_dir();
  if (!corpus) GTEST_SKIP() << testing_support::kNoCorpus;
  Counts all;
  for (const char* folder : {"evtx-attack-samples", "evtx-live-samples", "sigma-regression"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*corpus / folder)) {
      if (entry.path().extension() != ".evtx") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string file((std::istreambuf_iterator<char>(in)), {});
      const Counts counts = compare(file);
      ASSERT_FALSE(HasFailure()) << entry.path();
      all.events += counts.events;
      all.odd += counts.odd;
    }
  }
  EXPECT_GE(all.events, 19'000U);
  RecordProperty("odd_records", static_cast<int>(all.odd));
}

}  // namespace
}  // namespace tocsin::evidence::evtx
