// Windows event XML: the same fields as from the EVTX record, exact places, and reading on behind damage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/evtx/reader.hpp"
#include "evidence/json/json_testing.hpp"
#include "evidence/xml/event_json.hpp"
#include "evidence/xml/reader.hpp"
#include "tests/makers/event_xml.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::evidence {
namespace {

using json_testing::codes;
using json_testing::read_with;
using json_testing::Seen;
using json_testing::SeenEvent;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class XmlReaderTest : public ::testing::Test, protected json_testing::JsonFixture {
 protected:
  Seen read(std::string_view text, std::size_t block = 4096) { return read_with(xml_reader(), text, options, block); }
};

const std::string kEvent =
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/>"
    "<EventID>1</EventID><Channel>Application</Channel><Computer>pc</Computer></System>"
    "<EventData><Data Name='A'>x</Data></EventData></Event>";

std::string event_with(std::string_view data) {
  std::string event = kEvent;
  return event.replace(event.find(">x<") + 1, 1, data);
}

TEST_F(XmlReaderTest, GivesWhatTheEvtxReaderGives) {
  const std::vector<makers::EventSpec> specs = makers::samples::all();
  makers::EvtxWriter writer({.shape = {.exported = true}});
  for (const makers::EventSpec& spec : specs) writer.add(spec);
  const Seen evtx = read_with(evtx::evtx_reader(), writer.finish(), options);
  ASSERT_EQ(evtx.events.size(), specs.size());
  std::string rendered;
  for (const SeenEvent& event : evtx.events) rendered += event.xml + "\n";
  const Seen xml = read(rendered);
  EXPECT_THAT(codes(xml), IsEmpty());
  ASSERT_EQ(xml.events.size(), specs.size());
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const SeenEvent &a = xml.events[i], &b = evtx.events[i];
    EXPECT_EQ(a.shape, "evtx_json");
    EXPECT_EQ(a.channel, b.channel);
    EXPECT_EQ(a.provider, b.provider);
    EXPECT_EQ(a.computer, b.computer);
    EXPECT_EQ(a.event_id, b.event_id);
    EXPECT_EQ(a.time, b.time);
    EXPECT_EQ(a.xml, b.xml);
    // XML has no nulls and no empty elements that differ from them, so names are compared as far as both have values.
    for (const auto& [name, text] : b.names) {
      if (text.empty() || name == "xmlns") continue;
      EXPECT_THAT(a.names, Contains(Pair(name, text))) << i;
    }
  }
}

TEST_F(XmlReaderTest, FormsInWhichItIsHandedIn) {
  want({"EventID", "Image", "CommandLine", "TargetUserName", "SubjectUserName", "Message", "RenderingInfo_Keyword"});
  std::vector<makers::EventSpec> specs{makers::samples::process_creation(), makers::samples::logon(),
                                       makers::samples::log_cleared(), makers::samples::forwarded()};
  for (std::size_t i = 0; i < specs.size(); ++i) specs[i].record_id = i + 1;
  const std::string plain = makers::wevtutil_xml(specs), viewer = makers::event_viewer_xml(specs);
  std::string dumped;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    dumped += "Record " + std::to_string(i + 1) + "\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" +
              makers::event_xml(specs[i]) + "\n\n";
  }
  for (const std::string& text : {plain, viewer, dumped, "\xEF\xBB\xBF" + viewer, makers::utf16(plain),
                                  makers::utf16(viewer), makers::utf16(viewer, true), makers::utf16(plain).substr(2)}) {
    for (const std::size_t block : {std::size_t{1}, std::size_t{7}, text.size()}) {
      const Seen seen = read(text, block);
      EXPECT_THAT(codes(seen), IsEmpty());
      EXPECT_EQ(seen.format, "xml.events");
      ASSERT_EQ(seen.events.size(), specs.size());
      const SeenEvent& process = seen.events[0];
      EXPECT_EQ(process.channel, specs[0].channel);
      EXPECT_EQ(process.event_id, 1);
      EXPECT_EQ(process.time, specs[0].time);
      EXPECT_THAT(texts(process, "CommandLine"), ElementsAre(specs[0].find("CommandLine")->text));
      EXPECT_EQ(process.field_paths[*fields.find("Image")], "Event.EventData.Image");
      EXPECT_THAT(texts(seen.events[1], "TargetUserName"), ElementsAre("k.weiß"));
      EXPECT_THAT(texts(seen.events[2], "SubjectUserName"), ElementsAre("Administrator"));
      EXPECT_THAT(texts(seen.events[3], "Message"), ElementsAre(specs[3].rendering->message));
      EXPECT_EQ(process.raw, makers::event_xml(specs[0]));
      EXPECT_EQ(process.xml, makers::event_xml(specs[0]));
    }
  }
}

TEST_F(XmlReaderTest, PlacesAreExact) {
  const std::string text = "<Events>\n" + kEvent + "\n  " + kEvent + "</Events>";
  const Seen seen = read(text, 5);
  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_EQ(seen.events[0].place.kind, PlaceKind::bytes);
  EXPECT_EQ(seen.events[0].place.offset, 9U);
  EXPECT_EQ(seen.events[0].place.length, kEvent.size());
  EXPECT_EQ(seen.events[1].place.offset, 9 + kEvent.size() + 3);
  EXPECT_EQ(seen.events[1].place.record, 2U);
  EXPECT_EQ(seen.events[1].place.line, 3U);
  const Seen wide = read(makers::utf16(text), 5);
  ASSERT_EQ(wide.events.size(), 2U);
  EXPECT_EQ(wide.events[1].place.offset, 2 + 2 * (9 + kEvent.size() + 3));
  EXPECT_EQ(wide.events[1].place.length, 2 * kEvent.size());
  EXPECT_EQ(wide.events[1].raw, seen.events[1].raw);
}

TEST_F(XmlReaderTest, TextsOfXml) {
  want({"A"});
  const std::pair<const char*, const char*> cases[] = {
      {"a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;", "a <b> & \"c\" 'd'"},
      {"&#65;&#x1F512;", "A\U0001F512"},
      {"<![CDATA[<Event> & </Event>]]>", "<Event> & </Event>"},
      {"x<![CDATA[y]]>z<!-- </Event> -->!", "xyz!"},
      {"  ", "  "},
      {"line\r\nbreak&#13;&#10;", "line\nbreak\r\n"},
      {"", ""}};
  for (const auto& [written, meant] : cases) {
    const Seen seen = read(event_with(written) + kEvent);
    EXPECT_THAT(codes(seen), IsEmpty()) << written;
    ASSERT_EQ(seen.events.size(), 2U) << written;
    EXPECT_THAT(texts(seen.events[0], "A"), ElementsAre(meant)) << written;
  }
}

TEST_F(XmlReaderTest, DamageCostsItsEventOnly) {
  struct Case {
    std::string text;
    const char* code;
    std::size_t offset, within, skipped, events;  // the anomaly lies in [offset, offset + within]
  };
  const std::size_t size = kEvent.size();
  std::string broken = kEvent;
  broken.replace(broken.find("</System>"), 9, "</Sistem>");
  for (const Case& one :
       {Case{broken + kEvent, "xml_syntax", kEvent.find("</System>"), 2, size, 1},
        {kEvent.substr(0, 150) + kEvent, "xml_truncated", 0, 0, 150, 1},
        {kEvent + kEvent.substr(0, 150), "xml_truncated", size, 0, 150, 1},
        {kEvent + kEvent.substr(0, size - 3), "xml_truncated", size, 0, size - 3, 1},
        {std::string(kEvent).append("junk").append(kEvent), "xml_stray_text", size, 0, 4, 2},
        {kEvent + kEvent.substr(40), "xml_stray_text", size, 0, size - 40, 1},
        {event_with("<![CDATA[x") + kEvent, "xml_syntax", event_with("").find("</Data>"), 40, size + 9, 1},
        {event_with("a&b\x01") + kEvent, "xml_bad_character", event_with("").find("</Data>"), 4, 0, 2},
        {event_with("&#1;") + kEvent, "xml_bad_character", event_with("").find("</Data>"), 4, 0, 2},
        {event_with("\xFFz") + kEvent, "xml_bad_character", event_with("").find("</Data>"), 4, 0, 2}}) {
    for (const std::size_t block : {std::size_t{1}, one.text.size()}) {
      const Seen seen = read(one.text, block);
      ASSERT_THAT(codes(seen), ElementsAre(one.code)) << one.text;
      EXPECT_EQ(seen.events.size(), one.events) << one.text;
      EXPECT_GE(seen.anomalies[0].offset, one.offset) << one.text;
      EXPECT_LE(seen.anomalies[0].offset, one.offset + one.within) << one.text;
      EXPECT_EQ(seen.anomalies[0].skipped, one.skipped) << one.text;
      EXPECT_FALSE(seen.anomalies[0].message.empty());
    }
  }
  EXPECT_THAT(read(broken).anomalies[0].message, HasSubstr("expected well-formed XML, found: mismatched tag"));
}

TEST_F(XmlReaderTest, CharactersThatXmlCannotHold) {
  want({"A"});
  const Seen seen = read(event_with("a\x01&#2;&nbsp;&amp;<![CDATA[&]]>\xFF"));
  ASSERT_EQ(seen.events.size(), 1U);
  EXPECT_THAT(texts(seen.events[0], "A"), ElementsAre("a\uFFFD\uFFFD&nbsp;&&\uFFFD"));
  EXPECT_EQ(seen.anomalies.at(0).count, 4U);
  EXPECT_THAT(seen.events[0].raw, HasSubstr("\x01&#2;&nbsp;"));
}

// Entities that a DTD defines are never expanded: there is no DTD where an event stands.
TEST_F(XmlReaderTest, EntitiesOfADtdAreNotExpanded) {
  want({"A"});
  const std::string text =
      "<?xml version='1.0'?><!DOCTYPE Events [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>\n<Events>" +
      event_with("&b;") + "</Events>";
  const Seen seen = read(text);
  EXPECT_THAT(codes(seen), ElementsAre("xml_stray_text", "xml_bad_character"));
  EXPECT_THAT(texts(seen.events.at(0), "A"), ElementsAre("&b;"));
}

TEST_F(XmlReaderTest, HasLimits) {
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "<x>";
  for (int i = 0; i < 300; ++i) deep += "</x>";
  std::string many;
  for (std::size_t i = 0; i <= xml::EventJson::kMaxNodes; ++i) many += "<x/>";
  for (const std::string& inside : {deep, many}) {
    const Seen seen = read(event_with(inside) + kEvent);
    EXPECT_THAT(codes(seen), ElementsAre("xml_syntax"));
    EXPECT_THAT(seen.anomalies[0].message, HasSubstr("expected at most"));
    EXPECT_EQ(seen.events.size(), 1U);
  }
}

TEST_F(XmlReaderTest, NestedElementsOfTheSameName) {
  want({"Inner"});
  std::string event = kEvent;
  event.replace(event.find("<EventData>"), std::string_view("<EventData><Data Name='A'>x</Data></EventData>").size(),
                "<UserData><Event><Inner>i</Inner><Event/></Event></UserData>");
  const Seen seen = read(event + kEvent, 3);
  EXPECT_THAT(codes(seen), IsEmpty());
  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_THAT(texts(seen.events[0], "Inner"), ElementsAre("i"));
}

TEST_F(XmlReaderTest, IsToldByItsContent) {
  const auto confidence = [](std::string_view text) {
    Sample sample;
    sample.head = as_bytes(text);
    sample.whole = true;
    sample.path = "x.xml";
    return xml_reader().recognise(sample).confidence;
  };
  EXPECT_GT(confidence(kEvent), 90);
  EXPECT_GT(confidence("<Event><System><EventID>1</EventID></System></Event>"), 60);
  EXPECT_GT(confidence("damaged beginning" + kEvent), 40);
  EXPECT_EQ(confidence("<Events><Event>a party</Event></Events>"), 0);
  EXPECT_EQ(confidence("<html><body>no</body></html>"), 0);
  EXPECT_EQ(confidence("{\"a\":\"b\"}"), 0);
  EXPECT_EQ(confidence(""), 0);
}

TEST_F(XmlReaderTest, LeavesJsonThatHoldsEventsToTheReaderOfJson) {
  for (const std::string& value : {kEvent, kEvent.substr(0, kEvent.size() / 2), "<!-- " + kEvent}) {
    const std::string text = "{\"a\":\"x\"}\n{\"b\":\"" + value + "\"}\n";
    Sample sample;
    sample.head = as_bytes(text);
    sample.whole = true;
    EXPECT_LT(xml_reader().recognise(sample).confidence, 50);
  }
}

}  // namespace
}  // namespace tocsin::evidence
