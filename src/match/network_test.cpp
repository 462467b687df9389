#include "match/network.hpp"

#include <gtest/gtest.h>

namespace tocsin::match {
namespace {

bool in(std::string_view network, std::string_view address) {
  const NetworkReading reading = parse_network(network);
  EXPECT_TRUE(reading.network) << network << ": " << reading.problem;
  return reading.network && contains(*reading.network, address);
}

TEST(Network, HoldsItsAddresses) {
  EXPECT_TRUE(in("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(in("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(in("172.16.0.0/12", "172.31.9.9"));
  EXPECT_FALSE(in("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(in("0.0.0.0/0", "1.2.3.4"));
  EXPECT_FALSE(in("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(in("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(in("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(in("::1/128", "0:0:0:0:0:0:0:1"));
}

TEST(Network, TakesMappedAddressesAndZones) {
  EXPECT_TRUE(in("10.0.0.0/8", "::ffff:10.1.1.1"));
  EXPECT_FALSE(in("10.0.0.0/8", "::10.1.1.1"));
  EXPECT_TRUE(in("fe80::/10", "fe80::1%eth0"));
  EXPECT_FALSE(in("10.0.0.0/8", "10.0.0.1%eth0"));
  EXPECT_TRUE(in("::ffff:0:0/96", "::ffff:10.1.1.1"));
}

TEST(Network, HoldsNothingElse) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {""sv, "ten"sv, "10.0.0"sv, "10.0.0.256"sv, "10.0.0.1 "sv, "10.0.0.1\0"sv, "::g"sv}) {
    EXPECT_FALSE(in("0.0.0.0/0", text)) << text;
    EXPECT_FALSE(in("::/0", text)) << text;
  }
}

TEST(Network, SaysWhatIsWrong) {
  EXPECT_NE(parse_network("10.0.0/8").problem, "");
  EXPECT_NE(parse_network("10.0.0.0/33").problem, "");
  EXPECT_NE(parse_network("10.0.0.0/").problem, "");
  EXPECT_NE(parse_network("10.0.0.0/-1").problem, "");
  EXPECT_NE(parse_network("::/129").problem, "");
  EXPECT_TRUE(parse_network("10.0.0.1/8").host_bits);
  EXPECT_FALSE(parse_network("10.0.0.0/8").host_bits);
  EXPECT_EQ(parse_network("10.0.0.1/8").network, parse_network("10.0.0.0/8").network);
}

}  // namespace
}  // namespace tocsin::match
