// How records lie in a source: lines, values, lists, envelopes, encodings, damage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/json/json_testing.hpp"
#include "evidence/json/units.hpp"

namespace tocsin::evidence {
namespace {

using json_testing::codes;
using json_testing::raws;
using json_testing::read_json;
using json_testing::Seen;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
class JsonReaderTest : public ::testing::Test, protected json_testing::JsonFixture {};

TEST_F(JsonReaderTest, LinesHavePlaces) {
  const std::string text = "{\"EventID\":1,\"Channel\":\"A\"}\r\n\n{\"EventID\":\"2\",\"Channel\":\"B\"}\n";
  const Seen seen = read_json(text, options);
  EXPECT_EQ(seen.format, "json.ndjson");
  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_EQ(seen.events[0].shape, "flat_windows");
  EXPECT_EQ(seen.events[1].event_id, 2);
  EXPECT_EQ(seen.events[1].place.kind, PlaceKind::line);
  EXPECT_EQ(seen.events[1].place.record, 3U);
  EXPECT_EQ(seen.events[1].place.offset, 30U);
  EXPECT_EQ(seen.events[1].place.length, 29U);
  EXPECT_EQ(text.substr(30, 29), seen.events[1].raw);
}

TEST_F(JsonReaderTest, TenThousandLevelsCostTheirRecord) {
  const std::string deep = "{\"a\":" + std::string(10'000, '[') + std::string(10'000, ']') + "}";
  const Seen seen = read_json("{\"a\":1}\n" + deep + "\n{\"a\":3}\n", options);
  EXPECT_THAT(raws(seen), ElementsAre("{\"a\":1}", "{\"a\":3}"));
  ASSERT_THAT(codes(seen), ElementsAre("json_too_deep"));
  EXPECT_EQ(seen.anomalies[0].offset, 8U + 5U + 511U);  // the first bracket too many
}

TEST_F(JsonReaderTest, ADamagedLineCostsOnlyThatLine) {
  const Seen seen = read_json("{\"a\":1}\n{\"a\":tru}\n{\"a\":\"x\n{\"a\":4}\n{\"a\":[1,}\n{\"a\":6}", options);
  EXPECT_THAT(raws(seen), ElementsAre("{\"a\":1}", "{\"a\":4}", "{\"a\":6}"));
  EXPECT_THAT(codes(seen), ElementsAre("json_syntax", "json_truncated", "json_syntax"));
  EXPECT_EQ(seen.anomalies[0].offset, 13U);
  EXPECT_EQ(seen.anomalies[0].skipped, 9U);
  EXPECT_EQ(seen.anomalies[0].message,
            "A record is not JSON: expected true, false or null, found 't'. It was not read.");
}

TEST_F(JsonReaderTest, DamageWhereNobodyLooksIsFound) {
  for (const std::string_view bad : {"01", "1.", "tru", "[1,]", "{\"y\"}", "\"\\", "-", "1e", "{,}", "nul"}) {
    const std::string text = "{\"a\":1}\n{\"a\":1,\"x\":{\"deep\":[" + std::string(bad) + "]}}\n{\"a\":2}\n";
    const Seen seen = read_json(text, options);
    EXPECT_EQ(seen.events.size(), 2U) << bad;
    EXPECT_EQ(seen.anomalies.size(), 1U) << bad;
  }
}

TEST_F(JsonReaderTest, AFirstLineThatIsDamagedHidesNoOthers) {
  const Seen seen = read_json("te\":1}\n{\"a\":1}\n{\"a\":2}\n", options);
  EXPECT_EQ(seen.format, "json.ndjson");
  EXPECT_THAT(raws(seen), ElementsAre("{\"a\":1}", "{\"a\":2}"));
  EXPECT_EQ(seen.anomalies.size(), 1U);
}

TEST_F(JsonReaderTest, PrettyPrintedObjectsOneBehindTheOther) {
  const Seen seen = read_json("{\n  \"a\": 1\n}\n{\n  \"a\": {\n    \"b\": 2}\n}\n", options);
  EXPECT_EQ(seen.format, "json.objects");
  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_EQ(seen.events[1].place.kind, PlaceKind::bytes);
  EXPECT_EQ(seen.events[1].place.record, 2U);
  EXPECT_EQ(seen.events[1].place.line, 4U);
  EXPECT_EQ(seen.events[1].place.offset, 13U);
  EXPECT_EQ(seen.events[1].json, R"({"a":{"b":2}})");
}

TEST_F(JsonReaderTest, ObjectsWithoutAnythingBetweenThem) {
  const Seen seen = read_json("{\"a\":\"}\"}{\"a\":2} {\"a\":3},{\"a\":4}", options);
  EXPECT_EQ(seen.format, "json.objects");
  EXPECT_EQ(seen.events.size(), 4U);
  EXPECT_THAT(codes(seen), IsEmpty());
}

TEST_F(JsonReaderTest, ListsAreStreamed) {
  for (const std::string_view text :
       {"[{\"a\":1},{\"a\":2}]", "[\n{\"a\":1},\n{\"a\":2}\n]\n", "[{\"a\":1}]\n[{\"a\":2}]"}) {
    const Seen seen = read_json(text, options, 3);
    EXPECT_EQ(seen.format, "json.array");
    EXPECT_THAT(raws(seen), ElementsAre("{\"a\":1}", "{\"a\":2}")) << text;
    EXPECT_THAT(codes(seen), IsEmpty()) << text;
  }
  EXPECT_THAT(codes(read_json("[{\"a\":1}", options)), ElementsAre("json_truncated"));
}

TEST_F(JsonReaderTest, AListLargerThanAnyBlockIsReadInUnits) {
  std::string text = "[";
  for (int i = 0; i < 20'000; ++i)
    text += (i == 0 ? "" : ",") + std::string("{\"a\":\"") + std::string(100, 'x') + "\"}";
  text += "]";
  options.unit_bytes = 10'000;
  const Seen seen = read_json(text, options, 65'536, false);
  EXPECT_EQ(seen.events.size(), 20'000U);
  EXPECT_GT(seen.units, 100U);
  EXPECT_EQ(seen.events.back().place.record, 20'000U);
  EXPECT_THAT(codes(seen), IsEmpty());
}

TEST_F(JsonReaderTest, EnvelopesAreOpened) {
  for (const std::string_view text :
       {R"({"Records":[{"a":1},{"a":2}]})", R"({"Events":[{"a":1}],"NextToken":"x","Records":[{"a":2}]})",
        R"({"took":1,"hits":{"total":{"value":2},"hits":[{"a":1},{"a":2}]}})",
        "{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"a\":2}]}\n",
        "{\n  \"Records\": [\n    {\"a\":1},\n    {\"a\":2}\n  ]\n}\n"}) {
    const Seen seen = read_json(text, options, 5);
    EXPECT_THAT(raws(seen), ElementsAre("{\"a\":1}", "{\"a\":2}")) << text;
    EXPECT_THAT(codes(seen), IsEmpty()) << text;
  }
}

TEST_F(JsonReaderTest, AnEnvelopeOnALineIsOpenedToo) {
  const std::string text = "{\"x\":0}\n{\"Records\":[{\"a\":1},{\"a\":2}]}\n[{\"a\":3}]\n";
  const Seen seen = read_json(text, options);
  EXPECT_THAT(raws(seen), ElementsAre("{\"x\":0}", "{\"a\":1}", "{\"a\":2}", "{\"a\":3}"));
  EXPECT_EQ(seen.events[2].place.record, 2U);
  EXPECT_EQ(text.substr(seen.events[2].place.offset, seen.events[2].place.length), "{\"a\":2}");
}

TEST_F(JsonReaderTest, DamageInAnEnvelopeItselfIsFound) {
  const Seen seen = read_json(R"({"Records":[{"a":1}],"more":tru})", options);
  EXPECT_EQ(seen.events.size(), 1U);
  ASSERT_THAT(codes(seen), ElementsAre("json_syntax"));
  EXPECT_EQ(seen.anomalies[0].offset, 28U);
}

TEST_F(JsonReaderTest, ReadingGoesOnBehindDamage) {
  const Seen pretty = read_json("{\n  \"a\": \"x\n}\n{\n  \"a\": 2\n}\n", options);
  EXPECT_EQ(pretty.events.size(), 1U);
  EXPECT_THAT(codes(pretty), ElementsAre("json_syntax"));
  const Seen open = read_json("{\n  \"a\": 1\n{\n  \"a\": 2\n}\n", options);
  EXPECT_EQ(open.events.size(), 1U);
  const Seen list = read_json("[{\"k\":1},{\"k\":{\"x\" 2}},{\"k\":3}]", options);
  EXPECT_THAT(raws(list), ElementsAre("{\"k\":1}", "{\"k\":3}"));
  EXPECT_EQ(list.events[1].place.record, 3U);
  const Seen indented = read_json("[\n  {\n    \"k\": \"\n  },\n  {\n    \"k\": 2\n  }\n]\n", options);
  EXPECT_EQ(indented.events.size(), 1U);
  EXPECT_THAT(codes(indented), ElementsAre("json_syntax"));
}

TEST_F(JsonReaderTest, ByteOrderMarksAndLineEnds) {
  const Seen seen = read_json("\xEF\xBB\xBF{\"a\":1}\r\n\xEF\xBB\xBF{\"a\":2}\r\n", options);
  EXPECT_EQ(seen.events.size(), 2U);
  EXPECT_EQ(seen.events[0].place.offset, 3U);
  EXPECT_THAT(codes(seen), IsEmpty());
}

TEST_F(JsonReaderTest, SpaceThatWasNeverWrittenIsTold) {
  const std::string nuls(8, '\0');
  for (const std::string& text : {"{\"a\":1}\n" + nuls + "{\"a\":2}\n", "{\"a\":\n1}\n" + nuls + "{\"a\":2}\n"}) {
    const Seen seen = read_json(text, options, 3);
    EXPECT_EQ(seen.events.size(), 2U);
    ASSERT_THAT(codes(seen), ElementsAre("json_nul_bytes"));
    EXPECT_EQ(seen.anomalies[0].offset, text.find('\0'));
    EXPECT_EQ(seen.anomalies[0].skipped, 8U);
  }
}

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string out;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  }
  return out;
}

TEST_F(JsonReaderTest, Utf16WithPlacesOfTheOriginal) {
  want({"a"});
  const std::u16string_view text = u"\uFEFF{\"a\":\"\u00e4\U0001F600\"}\r\n{\"a\":\"z\"}\n";
  for (const bool big_endian : {false, true}) {
    const Seen seen = read_json(utf16(text, big_endian), options, 3);
    ASSERT_EQ(seen.events.size(), 2U);
    EXPECT_THAT(texts(seen.events[0], "a"), ElementsAre("\xC3\xA4\xF0\x9F\x98\x80"));
    EXPECT_EQ(seen.events[0].place.offset, 2U);
    EXPECT_EQ(seen.events[0].place.length, 22U);
    EXPECT_EQ(seen.events[1].place.offset, 28U);
    EXPECT_EQ(seen.events[1].place.length, 18U);
    EXPECT_THAT(codes(seen), IsEmpty());
  }
  EXPECT_EQ(read_json(utf16(text.substr(1), false), options).events.size(), 2U);
  const std::u16string lone = {u'{', u'"', u'a', u'"', u':', u'"', 0xD800, u'"', u'}'};
  const Seen seen = read_json(utf16(lone, false) + "x", options);
  EXPECT_THAT(texts(seen.events.at(0), "a"), ElementsAre("\xEF\xBF\xBD"));
  EXPECT_THAT(codes(seen), ElementsAre("json_lone_surrogate", "json_truncated"));
}

TEST_F(JsonReaderTest, StringsAreTakenAsTheyAre) {
  want({"a", "n"});
  const Seen seen = read_json(
      "{\"a\":\"x\\u0000y\",\"n\":123456789012345678901234567890.50}\n"
      "{\"a\":\"\\ud800\"}\n{\"a\":\"\\q\xFF\x01\"}\n",
      options);
  ASSERT_EQ(seen.events.size(), 3U);
  EXPECT_THAT(texts(seen.events[0], "a"), ElementsAre(std::string("x\0y", 3)));
  EXPECT_THAT(texts(seen.events[0], "n"), ElementsAre("123456789012345678901234567890.50"));
  EXPECT_THAT(texts(seen.events[1], "a"), ElementsAre("\xEF\xBF\xBD"));
  EXPECT_THAT(texts(seen.events[2], "a"), ElementsAre("\\q\xFF\x01"));
  EXPECT_EQ(seen.events[2].json, R"({"a":"\\q\\xFF\u0001"})");
  EXPECT_THAT(codes(seen),
              ElementsAre("json_lone_surrogate", "json_invalid_utf8", "json_control_character", "json_bad_escape"));
}

TEST_F(JsonReaderTest, TheFirstOfEqualKeysCounts) {
  want({"a", "b.c"});
  const Seen seen = read_json(R"({"a":1,"b":{"c":2,"\u0063":3},"a":4,"x":{"y":1,"y":2}})", options);
  ASSERT_EQ(seen.events.size(), 1U);
  EXPECT_THAT(texts(seen.events[0], "a"), ElementsAre("1"));
  EXPECT_THAT(texts(seen.events[0], "b.c"), ElementsAre("2"));
  ASSERT_THAT(codes(seen), ElementsAre("json_duplicate_key"));
  EXPECT_EQ(seen.anomalies[0].count, 3U);
}

TEST_F(JsonReaderTest, ManyKeysAreComparedInLittleTime) {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += "\"key" + std::to_string(i) + "\":0,";
  const Seen seen = read_json(text + "\"key99999\":1}", options, 65'536, false);
  EXPECT_EQ(seen.events.size(), 1U);
  EXPECT_THAT(codes(seen), ElementsAre("json_duplicate_key"));
}

TEST_F(JsonReaderTest, ARecordThatIsTooLargeIsRefused) {
  const std::string large = "{\"a\":\"" + std::string(65 << 20, 'x') + "\"}";
  for (const std::string& text : {"{\"a\":1}\n" + large + "\n{\"a\":2}\n", "[{\"a\":1},\n" + large + ",{\"a\":2}]"}) {
    const Seen seen = read_json(text, options, 1 << 20, false);
    EXPECT_THAT(raws(seen), ElementsAre("{\"a\":1}", "{\"a\":2}"));
    ASSERT_THAT(codes(seen), ElementsAre("json_record_too_large"));
    EXPECT_EQ(seen.anomalies[0].skipped, large.size());
  }
}

TEST_F(JsonReaderTest, ARecordWithTooManyValuesIsRefusedAndAListOfRecordsIsNot) {
  want({"a"});
  std::string values = "{\"a\":[1", records = "{\"Records\":[{\"a\":2}";
  for (std::size_t i = 0; i < json::kMaxRecordValues; ++i) values += ",1";
  for (std::size_t i = 0; i < json::kMaxRecordValues; ++i) records += i % 4096 == 0 ? ",{\"a\":3}" : ",{}";
  values += "]}";
  const Seen seen = read_json("{\"a\":1}\n" + values + "\n" + records + "]}\n", options, 65'536, false);
  EXPECT_EQ(seen.events.size(), json::kMaxRecordValues + 2);
  EXPECT_THAT(texts(seen.events.at(2), "a"), ElementsAre("3"));
  ASSERT_THAT(codes(seen), ElementsAre("json_too_many_values"));
  EXPECT_EQ(seen.anomalies[0].offset, 8U);
  EXPECT_EQ(seen.anomalies[0].skipped, values.size());
}

// Eight megabytes times 100,000 braces would take minutes if they were compared.
TEST_F(JsonReaderTest, AnEndlessKeyDoesNotSlowTheSearchBehindDamage) {
  std::string text = "[{\"" + std::string(8 << 20, 'k') + "\":1},\n{@";
  for (int i = 0; i < 100'000; ++i) text += ",{";
  const Seen seen = read_json(text + "]", options, 65'536, false);
  EXPECT_EQ(seen.events.size(), 1U);
  EXPECT_FALSE(seen.anomalies.empty());
}

TEST_F(JsonReaderTest, OtherTextIsNotRecognised) {
  for (const std::string_view text : {"", "type=SYSCALL msg=audit(1): a={\"x\":1}\n", "{\\rtf1}", "{% if x %}\n",
                                      "[section]\nkey=1\n", "a,b,c\n1,2,3\n", "\0\0\0\0"}) {
    EXPECT_EQ(read_json(text, options).format, "") << text;
  }
}

TEST_F(JsonReaderTest, BlocksAndUnitsDoNotMatter) {
  std::string text;
  for (int i = 0; i < 300; ++i)
    text += "{\"a\":" + std::to_string(i) + (i % 7 == 3 ? "" : "}") + (i % 5 == 0 ? "\r\n" : "\n");
  const Seen whole = read_json(text, options, text.size());
  for (const std::size_t block : {1U, 2U, 3U, 64U}) {
    options.unit_bytes = block;
    EXPECT_EQ(read_json(text, options, block).events, whole.events);
  }
}

}  // namespace
}  // namespace tocsin::evidence
