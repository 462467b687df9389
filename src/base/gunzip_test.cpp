#include "base/gunzip.hpp"

#include <string>

#include <gtest/gtest.h>
#include <zlib.h>

namespace tocsin::base {
namespace {

std::string gzip(const std::string& text) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(text.size() + 1000, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

struct Outcome {
  std::string text;
  Gunzip::State state = Gunzip::State::more;
};

// Feeds `in` in pieces of `piece` bytes with room for `room` at a time.
Outcome expand(std::string_view in, std::size_t piece, std::size_t room) {
  Gunzip gunzip;
  Outcome outcome;
  std::string out(room, '\0');
  while (outcome.state != Gunzip::State::damaged) {
    const auto step = gunzip.step(as_bytes(in.substr(0, piece)), std::as_writable_bytes(std::span(out)));
    outcome.text.append(out, 0, step.produced);
    in.remove_prefix(step.consumed);
    outcome.state = step.state;
    if (in.empty() && step.produced == 0) break;
    if (step.state == Gunzip::State::between && in.empty()) break;
  }
  return outcome;
}

TEST(Gunzip, AnyPiecesGiveTheSameBytes) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += std::to_string(i * 7919) + "\n";
  const std::string in = gzip(text) + gzip("second");
  for (const std::size_t piece : {1U, 7U, 100'000U}) {
    for (const std::size_t room : {1U, 13U, 100'000U}) {
      const Outcome outcome = expand(in, piece, room);
      EXPECT_EQ(outcome.text, text + "second");
      EXPECT_EQ(outcome.state, Gunzip::State::between);
    }
  }
}

TEST(Gunzip, WhatComesBeforeDamageIsKept) {
  const std::string text = "0123456789 abcdefghijklmnopqrstuvwxyz";
  std::string wrong = gzip(text);
  wrong[wrong.size() - 8] = static_cast<char>(wrong[wrong.size() - 8] ^ 1);
  EXPECT_EQ(expand(wrong, 1000, 1000).text, text);
  EXPECT_EQ(expand(wrong, 1000, 1000).state, Gunzip::State::damaged);
  const std::string whole = gzip(text);
  const Outcome cut = expand(std::string_view(whole).substr(0, whole.size() - 12), 1000, 1000);
  EXPECT_EQ(cut.state, Gunzip::State::more);
  EXPECT_GT(cut.text.size(), 20U);
  EXPECT_EQ(cut.text, text.substr(0, cut.text.size()));
  EXPECT_EQ(expand("this is not gzip at all", 1000, 1000).state, Gunzip::State::damaged);
}

}  // namespace
}  // namespace tocsin::base
