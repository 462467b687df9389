// For tests of answers that need no rules: a folder of their own, and events as JSON lines.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tocsin/scanner.hpp"

namespace tocsin::scanning::testing {

using Data = std::vector<std::pair<std::string, std::string>>;

struct MadeEvent {
  std::string channel = "Security", host = "SRV1", time = "2021-07-19T12:00:00.0000000Z";
  int id = 4624;
  Data data{};
  std::string provider = "Microsoft-Windows-Security-Auditing";
};

inline std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

// In evtx_dump's shape, with a line end. Values must not hold control characters.
inline std::string json_line(const MadeEvent& event) {
  std::string out = R"({"Event":{"System":{"Provider":{"#attributes":{"Name":)" + quoted(event.provider) +
                    R"(}},"EventID":)" + std::to_string(event.id) +
                    R"(,"Level":0,"TimeCreated":{"#attributes":{"SystemTime":")" + event.time + R"("}},"Channel":)" +
                    quoted(event.channel) + R"(,"Computer":)" + quoted(event.host) + R"(},"EventData":{)";
  for (std::size_t i = 0; i < event.data.size(); ++i) {
    out += (i == 0 ? "" : ",") + quoted(event.data[i].first) + ":" + quoted(event.data[i].second);
  }
  return out + "}}}\n";
}

class AnswerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = std::filesystem::temp_directory_path() /
            (std::string("tocsin_answer_test_") + info->name() + std::to_string(::getpid()));
    std::filesystem::create_directories(root_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  void write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << bytes;
  }
  void write(const std::string& name, const std::vector<MadeEvent>& events) const {
    std::string lines;
    for (const MadeEvent& event : events) lines += json_line(event);
    write(name, lines);
  }
  [[nodiscard]] EvidenceOptions evidence(unsigned threads = 1, std::uint64_t unit_bytes = 0) const {
    EvidenceOptions options;
    options.paths = {root_.string()};
    options.threads = threads;
    options.unit_bytes = unit_bytes;
    return options;
  }
  std::filesystem::path root_;
};

}  // namespace tocsin::scanning::testing
