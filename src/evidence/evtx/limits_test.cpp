// Hostile records: each budget is reached, told as an anomaly, and costs only that record.
#include "evidence/evtx/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/evtx/reading_testing.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::evidence::evtx {
namespace {

using makers::Element;
using makers::EvtxWriter;
using makers::Fragment;
using makers::Instance;
using makers::SlotValue;
namespace make = makers::value;
namespace samples = makers::samples;
namespace xml = makers::xml;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_reading::read_file;
using testing_reading::Reading;

// The record between two sound ones.
Reading read_between(const Fragment& body) {
  EvtxWriter writer;
  writer.add(samples::logon());
  writer.add_raw({2, *parse_time("2021-07-13T02:14:07Z")}, body);
  auto last = samples::logon();
  last.record_id = 3;
  writer.add(last);
  return read_file(writer.finish());
}

Fragment instance_of(Element root, std::vector<SlotValue> values) {
  Fragment fragment;
  fragment.instances.push_back(Instance{xml::make_template(std::move(root)), std::move(values)});
  return fragment;
}

void expect_limit(const Reading& reading) {
  EXPECT_THAT(reading.events, SizeIs(2));
  EXPECT_THAT(reading.codes(), ElementsAre("evtx_limit"));
}

TEST(Limits, ValuesInsideEachOther) {
  const auto nested = [](int depth) {
    Fragment fragment = instance_of(xml::leaf("Leaf", xml::text("deep")), {});
    for (int i = 0; i < depth; ++i) {
      fragment = instance_of(xml::leaf("Event", xml::optional_slot(0, makers::ValueType::binxml)),
                             {SlotValue{{}, {fragment}}});
    }
    return fragment;
  };
  const Reading fits = read_between(nested(static_cast<int>(kMaxNesting) - 1));
  EXPECT_THAT(fits.codes(), IsEmpty());
  ASSERT_THAT(fits.events, SizeIs(3));
  EXPECT_THAT(fits.events[1].json, HasSubstr(R"("Leaf":"deep")"));
  expect_limit(read_between(nested(static_cast<int>(kMaxNesting) + 1)));
}

TEST(Limits, ElementsInsideEachOther) {
  const auto nested = [](std::size_t depth) {
    Element element = xml::leaf("Leaf", xml::text("deep"));
    for (std::size_t i = 1; i < depth; ++i) element = xml::leaf("E", xml::element(std::move(element)));
    Fragment fragment;
    fragment.elements.push_back(std::move(element));
    return fragment;
  };
  EXPECT_THAT(read_between(nested(kMaxElementDepth)).codes(), IsEmpty());
  expect_limit(read_between(nested(kMaxElementDepth + 1)));
}

// 600 bytes that would be hundreds of megabytes: one value used many times over.
TEST(Limits, OneValueManyTimes) {
  Element root{.name = "Event"};
  for (int i = 0; i < 2000; ++i) {
    Element data = xml::leaf("D", xml::slot(0, makers::ValueType::string));
    root.content.push_back(xml::element(std::move(data)));
  }
  expect_limit(read_between(instance_of(root, {SlotValue{make::string(std::string(10'000, 'x')), {}}})));
}

TEST(Limits, ArraysThatMultiply) {
  Element data{.name = "D"};
  std::vector<SlotValue> values;
  const std::vector<makers::Value> items(16, make::u8(1));
  for (std::uint16_t i = 0; i < 6; ++i) {
    data.content.push_back(xml::slot(i, makers::ValueType::u8));
    values.push_back({make::array(items), {}});
  }
  Element root{.name = "Event"};
  root.content.push_back(xml::element(std::move(data)));
  expect_limit(read_between(instance_of(root, values)));
}

TEST(Limits, TwoSmallArraysDoMultiply) {
  Element data{.name = "D"};
  data.attributes.push_back({"a", {xml::slot(0, makers::ValueType::u8)}});
  data.content.push_back(xml::slot(1, makers::ValueType::u8));
  Element root{.name = "Event"};
  root.content.push_back(xml::element(std::move(data)));
  const Reading reading = read_between(instance_of(
      root, {{make::array({make::u8(1), make::u8(2)}), {}}, {make::array({make::u8(3), make::u8(4)}), {}}}));
  ASSERT_THAT(reading.events, SizeIs(3));
  EXPECT_EQ(reading.events[1].xml, R"(<Event><D a="1">3</D><D a="1">4</D><D a="2">3</D><D a="2">4</D></Event>)");
}

TEST(Limits, AnomaliesOfOneChunk) {
  EvtxWriter writer;
  Fragment broken;  // a record without any event in it
  for (int i = 0; i < 1000; ++i) writer.add_raw({static_cast<std::uint64_t>(i), {}}, broken);
  const Reading reading = read_file(writer.finish());
  EXPECT_THAT(reading.anomalies, SizeIs(kMaxAnomaliesPerChunk + 1));
  EXPECT_EQ(reading.anomalies.back().code, "evtx_too_many_anomalies");
  EXPECT_THAT(reading.anomalies.back().message, HasSubstr("found 1000"));
}

TEST(Limits, SeveralRootsAreAllKeptAndTold) {
  Fragment two;
  two.elements.push_back(xml::leaf("Event", xml::text("first")));
  two.elements.push_back(xml::leaf("Event", xml::text("second")));
  const Reading reading = read_between(two);
  ASSERT_THAT(reading.events, SizeIs(3));
  EXPECT_EQ(reading.events[1].json, R"({"Event":"first","Event_1":"second"})");
  EXPECT_THAT(reading.codes(), ElementsAre("evtx_record_roots"));
}

}  // namespace
}  // namespace tocsin::evidence::evtx
