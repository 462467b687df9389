// Encrypted zips: with the right password, a wrong one, and none.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evidence/container/archive_testing.hpp"

namespace tocsin::evidence {
namespace {

using testing_inputs::make_archive;
using testing_inputs::make_raw_zip;
using testing_inputs::make_zip;
using testing_inputs::Members;
using testing_inputs::MemoryOpener;
using testing_inputs::RawMember;
using testing_inputs::RecordingVisitor;
using Passwords = std::vector<std::string>;

std::string encrypted(const Members& members, const char* method, const char* password) {
  return make_archive(archive_write_set_format_zip, members, [&](archive* writer) {
    ASSERT_EQ(archive_write_set_options(writer, (std::string("zip:encryption=") + method).c_str()), ARCHIVE_OK);
    ASSERT_EQ(archive_write_set_passphrase(writer, password), ARCHIVE_OK);
  });
}

RecordingVisitor walk_with(std::string_view bytes, const Passwords& passwords, bool seekable = true) {
  InputPlan plan;
  plan.inputs.push_back({"a.zip", "a.zip", bytes.size(), true});
  MemoryOpener opener(bytes, seekable);
  RecordingVisitor visitor;
  walk_inputs(plan, visitor, nullptr, opener, {}, passwords);
  return visitor;
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

class EncryptedZip : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Methods, EncryptedZip, ::testing::Values("aes128", "aes256", "zipcrypt"));

TEST_P(EncryptedZip, IsReadWithOneOfThePasswords) {
  const std::string text = long_text();
  const std::string zip = encrypted({{"logs/x", text}, {"y", "second"}}, GetParam(), "right horse");
  for (const bool seekable : {true, false}) {
    const RecordingVisitor visitor = walk_with(zip, {"right horse"}, seekable);
    ASSERT_EQ(visitor.leaves.size(), 2U);
    EXPECT_TRUE(visitor.leaves[0].bytes == text);
    EXPECT_EQ(visitor.leaves[1].bytes, "second");
    EXPECT_TRUE(visitor.anomalies.empty()) << visitor.anomalies[0].message;
  }
}

TEST_P(EncryptedZip, IsReadInsideAnother) {
  const std::string inner = make_zip({{"client_info.json", "{}"}});
  const RecordingVisitor visitor = walk_with(encrypted({{"data.zip", inner}}, GetParam(), "pw"), {"pw"});
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].container, "data.zip!/client_info.json");
}

TEST_P(EncryptedZip, WithoutAPasswordNamesTheMemberAndTheFlag) {
  const RecordingVisitor visitor = walk_with(encrypted({{"x", "text"}}, GetParam(), "pw"), {});
  EXPECT_TRUE(visitor.leaves.empty());
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].code, "container_encrypted");
  EXPECT_EQ(visitor.anomalies[0].path, "a.zip!/x");
  EXPECT_EQ(visitor.anomalies[0].message, "The member is encrypted; it was not read.");
  EXPECT_NE(visitor.anomalies[0].remedy.find("--archive-password FILE"), std::string::npos);
}

TEST(EncryptedZip, OfAesTriesEachPassword) {
  const std::string zip = encrypted({{"x", "text"}}, "aes256", "right");
  const RecordingVisitor visitor = walk_with(zip, {"first", "right", "third"});
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].bytes, "text");
}

TEST(EncryptedZip, WrongPasswordsAreCountedAndNeverShown) {
  const std::string zip = encrypted({{"x", "text"}, {"y", "more"}}, "aes256", "right");
  const RecordingVisitor visitor = walk_with(zip, {"wrong-one", "wrong-two"});
  EXPECT_TRUE(visitor.leaves.empty());
  ASSERT_EQ(visitor.anomalies.size(), 2U);
  EXPECT_EQ(visitor.anomalies[1].path, "a.zip!/y");
  for (const Anomaly& anomaly : visitor.anomalies) {
    EXPECT_EQ(anomaly.code, "container_encrypted");
    EXPECT_EQ(anomaly.message,
              "The member is encrypted, and no password that was given fits (2 tried); it was not read.");
    EXPECT_EQ((anomaly.message + anomaly.remedy).find("wrong-"), std::string::npos);
  }
  for (const std::string& line : visitor.debug) EXPECT_EQ(line.find("wrong-"), std::string::npos) << line;
}

TEST(EncryptedZip, ChangedBytesAreNoticed) {
  const std::string text = long_text();
  std::string zip = encrypted({{"x", text}}, "aes256", "pw");
  zip[zip.size() / 2] ^= 1;
  const RecordingVisitor visitor = walk_with(zip, {"pw"});
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_NE(visitor.anomalies[0].message.find("a wrong password can look like this"), std::string::npos)
      << visitor.anomalies[0].message;
}

TEST(EncryptedZip, MembersThatAreNotEncryptedAreReadAllTheSame) {
  RawMember open{"open", "text"}, locked{"locked", std::string(40, 'x')};
  locked.flags = 1;
  const RecordingVisitor visitor = walk_with(make_raw_zip({open, locked}), {});
  ASSERT_EQ(visitor.leaves.size(), 1U);
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].path, "a.zip!/locked");
}

}  // namespace
}  // namespace tocsin::evidence
