// For tests of the writers of answers that need no rules: what an answer was made from, what it was written as, and
// what must hold for each of them.
#pragma once

#include <algorithm>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/display.hpp"
#include "report/fake_view.hpp"
#include "report/golden_testing.hpp"

namespace tocsin::report {

using ordered = nlohmann::ordered_json;
using Write = std::function<Result<void>(const ReportOptions&, ByteSink&)>;

inline constexpr std::int64_t kSecond = 10'000'000, kHour = 3600 * kSecond;

inline std::string written(const Write& write, const ReportOptions& options) {
  StringSink sink;
  const auto result = write(options, sink);
  return result ? sink.text : "error: " + result.error().message;
}

inline std::string text_of(const Write& write, unsigned width = 100, bool unicode = true) {
  return written(write, {ReportFormat::text, Profile::standard, width, false, unicode});
}

inline std::vector<ordered> lines_of(const Write& write) {
  std::vector<ordered> out;
  std::istringstream lines(written(write, {ReportFormat::jsonl}));
  for (std::string line; std::getline(lines, line);) out.push_back(ordered::parse(line));
  return out;
}

inline std::vector<std::string> keys(const ordered& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

// What holds for each of them: a header and a summary around the rows, the same objects in the JSON form, no line wider
// than asked, ASCII where asked, nothing that moves a cursor, no SARIF.
inline void expect_sound(const Write& write, std::string_view schema) {
  const auto lines = lines_of(write);
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(lines.front()["schema"], schema);
  EXPECT_EQ(lines.front()["version"], 1);
  EXPECT_EQ(lines.back()["type"], "summary");
  const ordered document = ordered::parse(written(write, {ReportFormat::json}));
  EXPECT_THAT(keys(document), ::testing::ElementsAre("header", "rows", "summary"));
  EXPECT_EQ(document["header"], lines.front());
  EXPECT_EQ(document["rows"], ordered(std::vector<ordered>(lines.begin() + 1, lines.end() - 1)));
  EXPECT_EQ(document["summary"], lines.back());
  for (const unsigned width : {80U, 100U, 160U}) {
    std::istringstream text(text_of(write, width));
    for (std::string line; std::getline(text, line);) EXPECT_LE(columns(line), width) << line;
  }
  const std::string ascii = text_of(write, 100, false);
  EXPECT_TRUE(std::ranges::all_of(ascii, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); })) << ascii;
  EXPECT_THAT(text_of(write), ::testing::Not(::testing::HasSubstr("\x1b")));
  EXPECT_THAT(written(write, {ReportFormat::sarif}),
              ::testing::HasSubstr("written as text, table, jsonl, json or csv"));
  struct Full : ByteSink {
    Result<void> write(std::string_view) override { return fail(ErrorCode::io, "no space left", "out"); }
    Result<void> flush() override { return {}; }
  } full;
  for (const ReportFormat format : {ReportFormat::text, ReportFormat::jsonl, ReportFormat::json, ReportFormat::csv}) {
    EXPECT_FALSE(write({format}, full));
  }
}

inline Reading reading() {
  Reading out;
  out.events = 17'213, out.sources_read = 2;
  out.first_time = at("2021-07-05T00:00:46Z"), out.last_time = at("2021-07-19T20:51:36.1234567Z");
  out.sources.resize(2);
  out.sources[0].path = "Logs/dc01/Security.evtx", out.sources[0].sha256 = std::string(64, 'a');
  out.sources[1].path = "Logs/web01.zip", out.sources[1].container = "System.evtx";
  out.anomalies = {{0, "", "evtx_chunk_checksum", "m", "r", 0, 0, 3}};
  return out;
}

}  // namespace tocsin::report
