// For tests of what the JSON reader makes of a text.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/json/json_testing.hpp"

namespace tocsin::evidence::json_testing {

using Values = std::vector<std::pair<model::Value::Kind, std::string>>;

class JsonTest : public ::testing::Test {
 protected:
  JsonTest() { options.fields = &fields; }
  Values get(const SeenEvent& event, std::string_view name) { return event.fields[*fields.find(name)]; }
  // The texts of a field's values.
  std::vector<std::string> texts(const SeenEvent& event, std::string_view name) {
    std::vector<std::string> all;
    for (const auto& [kind, text] : get(event, name)) all.push_back(text);
    return all;
  }
  void want(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) fields.intern(name);
  }
  model::FieldTable fields;
  ReadOptions options;
};

inline std::vector<std::string> codes(const Seen& seen) {
  std::vector<std::string> all;
  for (const Anomaly& anomaly : seen.anomalies) all.push_back(anomaly.code);
  return all;
}
inline std::vector<std::string> raws(const Seen& seen) {
  std::vector<std::string> all;
  for (const SeenEvent& event : seen.events) all.push_back(event.raw);
  return all;
}

}  // namespace tocsin::evidence::json_testing
