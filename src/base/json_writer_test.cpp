#include "base/json_writer.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace tocsin::base {
namespace {

TEST(JsonWriter, CommasAndNesting) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("a", "x");
  json.key("b"), json.begin_array(), json.integer(-1), json.begin_object(), json.end_object(), json.null(),
      json.end_array();
  json.member("c", true);
  json.member_uint("d", std::numeric_limits<std::uint64_t>::max());
  json.member_int("e", std::numeric_limits<std::int64_t>::min());
  json.key("f"), json.raw("[1,2]");
  json.end_object();
  EXPECT_EQ(out, R"({"a":"x","b":[-1,{},null],"c":true,"d":18446744073709551615,"e":-9223372036854775808,"f":[1,2]})");
}

TEST(JsonWriter, EscapesWhatMustBeAndShowsBadBytes) {
  std::string out;
  append_json_string(out, "\"\\\b\f\n\r\t\x01\x1f\x7f\u2028\u00e9");
  EXPECT_EQ(out, "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\u2028\u00e9\"");
  out.clear();
  append_json_string(out, "a\xFF\"");
  EXPECT_EQ(out, "\"a\\\\xFF\\\"\"");
}

}  // namespace
}  // namespace tocsin::base
