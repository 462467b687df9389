// Plans against the plain way: the JSON that a plan gives must be that of the record's tree, byte for byte. Templates
// and values are drawn at random from what makes plans hard: few names, so that they meet; elements that values leave
// out; attributes without text; arrays; trees inside values.
#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "base/cpu.hpp"
#include "base/json_writer.hpp"
#include "evidence/evtx/json_filler.hpp"
#include "evidence/evtx/json_value.hpp"
#include "evidence/evtx/reading_testing.hpp"
#include "evidence/evtx/record_event.hpp"
#include "evidence/evtx/utf16.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/random.hpp"

namespace tocsin::evidence::evtx {
namespace {

namespace make = makers::value;
namespace xml = makers::xml;
using makers::Content;
using makers::Element;
using makers::Random;

constexpr std::uint16_t kSlots = 12;

class Drawer {
 public:
  explicit Drawer(std::uint64_t seed) : random_(seed, "json plan") {}

  makers::Fragment record() {
    Element event{.name = "Event"};
    if (chance(2)) event.attributes.push_back({"xmlns", {xml::text("urn:x")}});
    event.content.push_back(xml::element(element("System", 1)));
    if (chance(2)) event.content.push_back(xml::element(element(name(), 1)));
    event.content.push_back(xml::optional_slot(chance(6) ? slot() : 0, makers::ValueType::binxml));
    if (chance(4)) event.content.push_back(xml::element(element(name(), 2)));
    makers::Fragment record;
    record.instances.push_back({xml::make_template(std::move(event)), values(true)});
    return record;
  }

 private:
  bool chance(std::uint64_t one_in) { return random_.between(1, one_in) == 1; }
  std::uint16_t slot() { return static_cast<std::uint16_t>(random_.between(0, kSlots)); }  // the last one is not there
  std::string name() {
    static constexpr std::array<const char*, 14> kNames = {"A", "B", "C", "D",         "E",        "F",   "G",
                                                           "H", "I", "J", "EventData", "UserData", "A_1", "Data"};
    return kNames[random_.between(0, kNames.size() - 1)];
  }
  Content text() { return xml::text(chance(3) ? "" : chance(2) ? "a\"b" : "plain"); }
  Content own() { return chance(3) ? text() : xml::slot(slot(), makers::ValueType::string); }

  Element data() {
    Element data{.name = "Data"};
    if (chance(2)) data.attributes.push_back({"Name", {xml::text("N" + std::to_string(random_.between(1, 9)))}});
    if (chance(9)) data.attributes.push_back({"Name", {own()}});
    if (chance(9)) data.attributes.push_back({"Other", {own()}});
    if (!chance(6)) data.content.push_back(own());
    if (chance(12)) data.content.push_back(own());
    if (chance(3)) data.depends_on = slot();
    return data;
  }
  Element element(std::string called, int depth) {
    Element made{.name = std::move(called)};
    for (std::uint64_t i = random_.between(0, 2); i > 0 && chance(2); --i) {
      made.attributes.push_back({chance(5) ? "a" : "b" + std::to_string(i), {own()}});
      if (chance(9)) made.attributes.back().value.push_back(own());
    }
    if (chance(3)) made.depends_on = slot();
    const bool holds = made.name == "EventData" || made.name == "UserData";
    if (depth < 4 && chance(holds ? 1 : 2)) {
      for (std::uint64_t i = random_.between(1, 5); i > 0; --i) {
        made.content.push_back(xml::element(holds && !chance(5) ? data() : element(name(), depth + 1)));
      }
      if (chance(12)) made.content.push_back(own());
    } else if (!chance(4)) {
      made.content.push_back(own());
      if (chance(12)) made.content.push_back(own());
    }
    return made;
  }
  makers::Value value() {
    switch (random_.between(0, 11)) {
      case 0:
        return make::null();
      case 1:
        return make::string("");
      case 2:
        return make::string("C:\\Users\\\"x\"\n\x01 \u00e4\u20ac\U0001F600 and a longer tail of text");
      case 3:
        return make::u32(static_cast<std::uint32_t>(random_.next()));
      case 4:
        return make::boolean(chance(2));
      case 5:
        return chance(8) ? make::array({make::u16(1), make::u16(2)}) : make::u16(1);
      case 6:
        return make::array({make::string("one")});
      case 7:
        return chance(8) ? make::array({make::string("x"), make::string(""), make::string("\"z")}) : make::string("s");
      case 8:
        return make::f64(1.5);
      case 9:
        return make::sid("S-1-5-21-1-2-3-500");
      case 10:
        return make::ansi("\xe4 \"quoted\"");
      default:
        return make::filetime(Timestamp{133'000'000'000'000'000});
    }
  }
  std::vector<makers::SlotValue> values(bool may_nest) {
    std::vector<makers::SlotValue> drawn(kSlots);
    for (makers::SlotValue& slot : drawn) {
      slot.value = value();
      if (may_nest && (&slot == &drawn.front() || chance(9))) slot.fragment.push_back(tree());
    }
    return drawn;
  }
  makers::Fragment tree() {
    makers::Fragment fragment;
    for (std::uint64_t i = chance(8) ? 2 : 1; i > 0; --i) {
      Element root = chance(8) ? data() : element(chance(2) ? "EventData" : name(), 2);
      fragment.instances.push_back({xml::make_template(std::move(root)), values(false)});
    }
    return fragment;
  }
  Random random_;
};

class Comparer : public EventSink {
 public:
  bool on_event(const model::Event& event) override {
    const auto& record = dynamic_cast<const RecordEvent&>(event);
    ++events;
    std::string plain, fast = "before";
    record.append_json_of_tree(plain);
    if (!record.slots().odd()) {
      TemplateTable templates(nullptr);
      const bool written = JsonFiller().append(record.slots(), templates, fast);
      planned += written ? 1 : 0;
      EXPECT_EQ(fast, written ? "before" + plain : "before") << "record " << record.head().place.record;
    }
    std::string shown;
    event.append_json(shown);
    EXPECT_EQ(shown, plain);
    return !::testing::Test::HasFailure();
  }
  void on_anomaly(Anomaly anomaly) override { ADD_FAILURE() << anomaly.message; }
  std::size_t events = 0, planned = 0;
};

TEST(JsonPlan, SaysWhatTheTreeSays) {
  makers::EvtxWriter writer;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) writer.add_raw({seed, {}}, Drawer(seed).record());
  Comparer comparer;
  testing_reading::read_into(comparer, writer.finish());
  EXPECT_EQ(comparer.events, 3000U);
  EXPECT_GE(comparer.planned, 400U);
}

std::string json_of(std::u16string_view units, std::size_t readable_behind) {
  std::string bytes(reinterpret_cast<const char*>(units.data()), 2 * units.size());
  const std::string room = bytes + std::string(readable_behind, 'x');
  std::string out(json_room(bytes.size()), '\0');
  const ByteView all = as_bytes(room);
  char* const end = put_json_value(kUtf16, all.first(bytes.size()), all.data() + all.size(), false, out.data());
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

// Every kind of unit at every place of a step, with and without bytes to read behind.
TEST(JsonValue, NarrowsAndEscapesInOnePass) {
  const std::array<std::u16string, 9> odd = {
      u"\"", u"\\", u"\n", u"\x7F", u"\u0080", u"\u20AC", u"\U0001F600", u"\x1F", std::u16string(1, char16_t{0xD800})};
  for (const std::u16string& special : odd) {
    for (std::size_t at = 0; at < 36; ++at) {
      const std::u16string units = std::u16string(at, u'a') + special + std::u16string(20 - at % 20, u'b');
      Arena arena;
      std::string expected;
      base::append_json_string(
          expected,
          utf16_to_utf8(as_bytes(std::string_view(reinterpret_cast<const char*>(units.data()), 2 * units.size())),
                        arena));
      EXPECT_EQ(json_of(units, 0), expected);
      EXPECT_EQ(json_of(units, 64), expected);
    }
  }
  EXPECT_EQ(json_of(std::u16string(u"ab\0cd", 5), 64), "\"ab\"");
  EXPECT_EQ(json_of(u"", 64), "");
}

TEST(JsonValue, QuotesWhatIsNoNumber) {
  const auto shown = [](std::uint8_t type, std::string_view bytes, bool quoted = false) {
    std::string out(json_room(bytes.size()), '\0');
    const ByteView view = as_bytes(bytes);
    char* const end = put_json_value(type, view, view.data() + view.size(), quoted, out.data());
    return out.substr(0, static_cast<std::size_t>(end - out.data()));
  };
  EXPECT_EQ(shown(kInt8, "\xFF"), "-1");
  EXPECT_EQ(shown(kInt8, "\xFF", true), "\"-1\"");
  EXPECT_EQ(shown(kBool, "\x01"), "true");
  EXPECT_EQ(shown(kInt32, "\x01"), "\"01\"");  // not as wide as its type
  EXPECT_EQ(shown(kReal32, std::string_view("\0\0\xC0\x3F", 4)), "\"1.5\"");
  EXPECT_EQ(shown(kAnsi, "\"\\\x80"), "\"\\\"\\\\\u20ac\"");
  EXPECT_EQ(shown(kNull, "abc"), "");
  EXPECT_EQ(shown(kBinary, ""), "");
}

}  // namespace
}  // namespace tocsin::evidence::evtx
