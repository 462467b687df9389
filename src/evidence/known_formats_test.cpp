#include "evidence/known_formats.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace tocsin::evidence {
namespace {

std::string name_of(std::string head) {
  head.resize(512);
  const KnownFormat* known = known_format(as_bytes(head));
  return known == nullptr ? std::string("-") : std::string(known->name);
}

TEST(KnownFormats, AreToldByTheirFirstBytes) {
  EXPECT_EQ(name_of("regf"), "registry");
  EXPECT_EQ(name_of("SQLite format 3"), "sqlite");
  EXPECT_EQ(name_of("%PDF-1.7"), "pdf");
  EXPECT_EQ(name_of("MZ\x90"), "pe");
  EXPECT_EQ(name_of("\xd4\xc3\xb2\xa1"), "pcap");
  EXPECT_EQ(name_of(std::string("\x11\0\0\0SCCA", 8)), "prefetch");
  EXPECT_EQ(name_of(std::string("\x30\0\0\0LfLe", 8)), "evt");
  EXPECT_EQ(name_of("\xeb\x52\x90NTFS    "), "ntfs");
  EXPECT_EQ(name_of("hello"), "-");
  EXPECT_EQ(name_of(""), "-");
  EXPECT_EQ(known_format({}), nullptr);
}

TEST(KnownFormats, ATraceIsToldByItsFirstBuffer) {
  std::string head(512, '\0');
  head[1] = 0x10;   // buffers of 4,096 bytes
  head[49] = 0x02;  // 512 of them used
  EXPECT_EQ(name_of(head), "-");
  head[74] = 0x02;
  head[75] = '\xC0';
  EXPECT_EQ(name_of(head), "etl");
  head[49] = 0x20;  // more than there are
  EXPECT_EQ(name_of(head), "-");
}

TEST(KnownFormats, EachIsNamedAndNoneIsToldFromNothing) {
  for (const KnownFormat& known : known_formats()) {
    EXPECT_FALSE(known.name.empty());
    EXPECT_FALSE(known.title.empty());
    EXPECT_FALSE(known.instead.empty()) << known.name;
  }
  EXPECT_EQ(name_of(std::string(512, '\0')), "-");
}

}  // namespace
}  // namespace tocsin::evidence
