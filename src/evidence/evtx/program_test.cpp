#include "evidence/evtx/program.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/cursor.hpp"
#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/name.hpp"

namespace tocsin::evidence::evtx {
namespace {

using ::testing::ElementsAre;

// A chunk that holds one stream at 512, written token by token.
class Stream {
 public:
  Stream& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  Stream& u16(unsigned value) {
    bytes_.push_back(static_cast<char>(value & 0xFF));
    bytes_.push_back(static_cast<char>(value >> 8));
    return *this;
  }
  Stream& u32(std::size_t value) {
    u16(static_cast<unsigned>(value & 0xFFFF));
    return u16(static_cast<unsigned>(value >> 16));
  }
  // A name in place, or a reference to the one at `at`.
  Stream& name(std::string_view text) {
    u32(bytes_.size() + 4).u32(0);
    std::string units;
    for (const char c : text) units.append(1, c).append(1, '\0');
    return u16(name_hash(as_bytes(units))).u16(static_cast<unsigned>(text.size())).raw(units).u16(0);
  }
  Stream& name_at(std::size_t at) { return u32(at); }
  Stream& open(std::string_view text) { return raw("\x01").u16(0xFFFF).u32(999).name(text); }
  Stream& text(std::string_view value) {
    raw("\x05\x01").u16(static_cast<unsigned>(value.size()));
    for (const char c : value) raw({&c, 1}).raw({"\0", 1});
    return *this;
  }
  [[nodiscard]] std::size_t at() const { return bytes_.size(); }
  [[nodiscard]] ByteView chunk() const { return as_bytes(bytes_); }
  std::string bytes_ = std::string(kChunkHeaderSize, '\0');
};

constexpr std::string_view kHead{"\x0F\x01\x01\x00", 4};
constexpr std::string_view kStart{"\x02", 1};
constexpr std::string_view kClose{"\x04", 1};
constexpr std::string_view kStop{"\0", 1};

MaybeDamage compile_all(const Stream& stream, Program& program, ProgramMode mode = ProgramMode::definition) {
  std::size_t at = kChunkHeaderSize;
  return compile(stream.chunk(), at, stream.chunk().size(), mode, program);
}

TEST(Compile, LaysATreeOutFlat) {
  Stream stream;
  stream.raw(kHead).raw("\x41").u16(0xFFFF).u32(0).name("E").u32(0);
  stream.raw("\x06").name("a").text("x").raw("\x0D").u16(3).raw("\x01").raw(kStart);
  stream.open("C").raw(kStart).raw("\x0E").u16(7).raw("\x08").raw(kClose).raw(kClose).raw(kStop);
  Program program;
  ASSERT_FALSE(compile_all(stream, program));
  std::vector<std::string> shown;
  for (const Node& node : program.nodes) {
    shown.push_back(std::string(node.name) + '|' + std::string(node.text) + '|' + std::to_string(node.end));
  }
  EXPECT_THAT(shown, ElementsAre("E||6", "a||4", "|x|3", "||4", "C||6", "||6"));
  EXPECT_EQ(program.nodes[3].slot, 3);
  EXPECT_EQ(program.nodes[5].slot, 7);
  EXPECT_TRUE(program.sound);
}

TEST(Compile, RefusesWhatCannotBe) {
  const auto damaged = [](const Stream& stream, ProgramMode mode = ProgramMode::definition) {
    Program program;
    return compile_all(stream, program, mode).has_value();
  };
  EXPECT_FALSE(damaged(Stream().open("E").raw(kStart).raw(kClose).raw(kStop)));
  EXPECT_TRUE(damaged(Stream().raw("\x77")));                                          // no token
  EXPECT_TRUE(damaged(Stream().raw("\x42")));                                          // no such flag on this token
  EXPECT_TRUE(damaged(Stream().open("E").raw(kStart).raw(kStop)));                     // never closed
  EXPECT_TRUE(damaged(Stream().raw(kClose)));                                          // never opened
  EXPECT_TRUE(damaged(Stream().open("E").raw(kClose)));                                // end tag inside a start tag
  EXPECT_TRUE(damaged(Stream().text("x")));                                            // text outside
  EXPECT_TRUE(damaged(Stream().open("E").text("x")));                                  // text in a start tag
  EXPECT_TRUE(damaged(Stream().open("E").raw(kStart).raw("\x06").name("a")));          // attribute behind it
  EXPECT_TRUE(damaged(Stream().open("E").raw(kStart).raw("\x05\x02").u16(0)));         // text of another type
  EXPECT_TRUE(damaged(Stream().open("E").raw(kStart).raw("\x05\x01").u16(500)));       // longer than the stream
  EXPECT_TRUE(damaged(Stream().raw("\x01").u16(0xFFFF).u32(0).u32(60000)));            // name further on
  EXPECT_TRUE(damaged(Stream().raw("\x01").u16(0xFFFF).u32(0).u32(100)));              // name in the header
  EXPECT_TRUE(damaged(Stream().open("E").raw(kStart).raw("\x0C\x01").u32(0).u32(0)));  // instance in a definition
  Stream slot;
  slot.raw("\x01").u32(0).name("E").raw(kStart).raw("\x0D").u16(0).raw("\x01").raw(kClose);
  EXPECT_TRUE(damaged(slot, ProgramMode::literal));  // a substitution outside a template
}

TEST(Recipe, FitsTheSameTreeWithItsNamesElsewhere) {
  Stream first;
  first.raw(kHead).open("Event").raw(kStart).text("x").raw(kClose).raw(kStop);
  Program program;
  ASSERT_FALSE(compile_all(first, program));
  Stream second;
  const std::size_t name = second.at() + 4;
  second.name("Event");
  const std::size_t begin = second.at();
  second.raw(kHead).raw("\x01").u16(0xFFFF).u32(1).name_at(name).raw(kStart).text("x").raw(kClose).raw(kStop);
  EXPECT_TRUE(program.recipe.fits(first.chunk(), kChunkHeaderSize, first.at()));
  EXPECT_TRUE(program.recipe.fits(second.chunk(), begin, second.at()));
  EXPECT_FALSE(program.recipe.fits(second.chunk(), begin, second.at() - 1));
}

TEST(Recipe, RefusesAnyOtherTree) {
  const auto make = [](std::string_view name, std::string_view text) {
    Stream stream;
    stream.raw(kHead).open(name).raw(kStart).text(text).raw(kClose).raw(kStop);
    return stream;
  };
  Program program;
  ASSERT_FALSE(compile_all(make("Event", "x"), program));
  const auto fits = [&](const Stream& stream) {
    return program.recipe.fits(stream.chunk(), kChunkHeaderSize, stream.at());
  };
  EXPECT_TRUE(fits(make("Event", "x")));
  EXPECT_FALSE(fits(make("Event", "y")));
  EXPECT_FALSE(fits(make("Evens", "x")));
  Stream unsound = make("Event", "x");
  unsound.bytes_[kChunkHeaderSize + 4 + 7 + 8] ^= 1;  // the name's hash
  EXPECT_FALSE(fits(unsound));
}

// A stream that ends with its window would have gone on in a longer one.
TEST(Recipe, OfAStreamWithoutEofFitsOnlyToTheEnd) {
  Stream stream;
  stream.open("Event").raw(kStart).raw(kClose);
  Program program;
  ASSERT_FALSE(compile_all(stream, program));
  const std::size_t end = stream.at();
  stream.open("More").raw(kStart).raw(kClose);
  EXPECT_TRUE(program.recipe.fits(stream.chunk(), kChunkHeaderSize, end));
  EXPECT_FALSE(program.recipe.fits(stream.chunk(), kChunkHeaderSize, stream.at()));
}

TEST(Name, IsSoundWithHashTerminatorAndLetters) {
  const auto sound = [](std::string_view text, std::size_t flip = 0) {
    Stream stream;
    stream.name(text);
    if (flip != 0) stream.bytes_[flip] ^= 1;
    const auto name = read_name(stream.chunk(), kChunkHeaderSize, stream.at());
    return name && name_is_sound(*name);
  };
  EXPECT_TRUE(sound("ProcessId"));
  EXPECT_TRUE(sound("a.b-c_1:d"));
  EXPECT_FALSE(sound("1a"));
  EXPECT_FALSE(sound("a b"));
  EXPECT_FALSE(sound("a\"b"));
  EXPECT_FALSE(sound(""));
  EXPECT_FALSE(sound("abc", kChunkHeaderSize + 8));          // hash
  EXPECT_FALSE(sound("abc", kChunkHeaderSize + 12));         // text
  EXPECT_FALSE(sound("abc", kChunkHeaderSize + 4 + 8 + 6));  // terminator
}

}  // namespace
}  // namespace tocsin::evidence::evtx
