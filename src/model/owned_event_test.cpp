#include "model/owned_event.hpp"

#include <gtest/gtest.h>

namespace tocsin::model {
namespace {

TEST(OwnedEvent, KeepsAHeadOfItsOwn) {
  FieldTable table;
  std::string channel = "Security";
  std::string raw = "bytes";
  EventHead head;
  head.channel = channel;
  head.event_id = 4688;
  head.raw = as_bytes(raw);
  const OwnedEvent event(head, {}, table);
  channel = "XXXXXXXX";
  raw = "-----";
  EXPECT_EQ(event.head().channel, "Security");
  EXPECT_EQ(as_text(event.head().raw), "bytes");
  EXPECT_EQ(event.head().event_id, 4688);
}

TEST(OwnedEvent, GroupsRepeatedNamesAndLeavesUnknownOnesToWalks) {
  FieldTable table;
  const FieldId data = table.intern("Data");
  const FieldId image = table.intern("Image");
  const FieldId absent = table.intern("Absent");
  const OwnedEvent event({},
                         {{.name = "Data", .path = "Event.EventData.Data", .text = "one"},
                          {.name = "Image", .kind = Value::Kind::null},
                          {.name = "Data", .text = "two"},
                          {.name = "Unknown", .kind = Value::Kind::integer, .text = "7"},
                          {.path = "only a value", .text = "three"}},
                         table);
  ASSERT_EQ(event.get(data).size(), 2U);
  EXPECT_EQ(event.get(data)[1].text, "two");
  EXPECT_EQ(event.event_field(data), "Event.EventData.Data");
  ASSERT_EQ(event.get(image).size(), 1U);
  EXPECT_EQ(event.get(image)[0].kind, Value::Kind::null);
  EXPECT_TRUE(event.get(absent).empty());
  EXPECT_TRUE(event.get(99).empty());
  std::string values;
  event.each_value([&](std::string_view path, const Value& value) {
    values.append(path).append("=").append(value.text).append(";");
  });
  EXPECT_EQ(values, "Event.EventData.Data=one;Image=;Data=two;Unknown=7;only a value=three;");
  std::string names;
  event.each_field([&](std::string_view name, const Value&) { names.append(name).append(";"); });
  EXPECT_EQ(names, "Data;Image;Data;Unknown;");
}

TEST(OwnedEvent, RendersJson) {
  FieldTable table;
  OwnedEvent event({},
                   {{.name = "A", .text = "x"},
                    {.name = "B", .kind = Value::Kind::integer, .text = "1"},
                    {.name = "A", .kind = Value::Kind::null}},
                   table);
  std::string json;
  event.append_json(json);
  EXPECT_EQ(json, R"({"A":["x",null],"B":1})");
  event.set_json("{}");
  json.clear();
  event.append_json(json);
  EXPECT_EQ(json, "{}");
}

}  // namespace
}  // namespace tocsin::model
