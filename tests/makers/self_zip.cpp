// The member is deflated (RFC 1951) by two operations alone: "print the n bytes that follow" and "repeat the last n
// bytes", each of five bytes so that operations can be printed and repeated like any other bytes. Below, `print(x)` is
// such an operation with its bytes and `head(x)` its first five; what each line puts out is what the file must have
// next.
//
//   file so far (the local header is there already)   puts out
//   print(local + head)                               local, head of this line
//   repeat(local + head)                              local and head again: the bytes that the first line printed
//   print(repeat)                                     the line above
//   print(head of one operation)                      the head of the line above
//   print(four operations), repeat(four)              …
//
// so that the output catches up with the program, overtakes it by one head, and ends with the zip's own directory in
// the same way. The checksum of the file is part of the file, four times: as CRC-32 is linear over bits, it is the
// solution of 32 equations.
#include "tests/makers/self_zip.hpp"

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "tocsin/bytes.hpp"

#include "base/hash.hpp"

namespace tocsin::makers {
namespace {

constexpr std::size_t kOperation = 5;  // bytes

std::string little(std::size_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  return out;
}

class Bits {
 public:
  void add(unsigned value, int count) {  // lowest bit first
    for (int i = 0; i < count; ++i) add_bit(value >> i & 1U);
  }
  void add_code(unsigned code, int count) {  // Huffman codes: highest bit first
    for (int i = count - 1; i >= 0; --i) add_bit(code >> i & 1U);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string bytes() const { return bytes_; }

 private:
  void add_bit(unsigned bit) {
    if (size_ % 8 == 0) bytes_.push_back('\0');
    bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) | bit << size_ % 8);
    ++size_;
  }
  std::string bytes_;
  std::size_t size_ = 0;
};

// The code of RFC 1951 (3.2.5) for a length or distance: each power of two has `steps` codes.
struct Code {
  unsigned number = 0, extra = 0;
  int extra_bits = 0;
};
Code code_of(unsigned value, unsigned smallest, int steps_bits) {
  unsigned rest = value - smallest;
  const unsigned steps = 1U << steps_bits;
  if (rest < 2 * steps) return {rest, 0, 0};
  int extra_bits = 0;
  while (rest >> extra_bits >= 2 * steps) ++extra_bits;
  const unsigned number = static_cast<unsigned>(extra_bits) * steps + (rest >> extra_bits);
  return {number, rest & ((1U << extra_bits) - 1), extra_bits};
}

// `length` bytes from `distance` bytes back, in the fixed codes.
void add_match(Bits& bits, unsigned length, unsigned distance) {
  const Code lengths = code_of(length, 3, 2), distances = code_of(distance, 1, 1);
  assert(lengths.number + 257 < 280);  // of seven bits
  bits.add_code(lengths.number + 1, 7);
  bits.add(lengths.extra, lengths.extra_bits);
  bits.add_code(distances.number, 5);
  bits.add(distances.extra, distances.extra_bits);
}

void begin_fixed(Bits& bits, bool last) {
  bits.add(last ? 1 : 0, 1);
  bits.add(1, 2);
}
void end_block(Bits& bits) {
  bits.add_code(0, 7);
}

// A stored block's header: five bytes where it begins on a byte.
std::string head(std::size_t length) {
  return little(0, 1) + little(length, 2) + little(~length, 2);
}
std::string print(const std::string& bytes) {
  return head(bytes.size()) + bytes;
}

// Four operations again. Two matches of ten bytes fill five bytes to the bit.
std::string repeat_four() {
  Bits bits;
  begin_fixed(bits, false);
  for (int i = 0; i < 2; ++i) add_match(bits, 2 * kOperation, 4 * kOperation);
  end_block(bits);
  assert(bits.size() == 8 * kOperation);
  return bits.bytes();
}

// The local header and a head again: one match, and an empty block to fill the five bytes.
std::string repeat_local(std::size_t length) {
  Bits bits;
  begin_fixed(bits, false);
  add_match(bits, static_cast<unsigned>(length), static_cast<unsigned>(length));
  end_block(bits);
  begin_fixed(bits, false);
  end_block(bits);
  assert(bits.size() == 8 * kOperation);
  return bits.bytes();
}

std::string repeat_and_end(std::size_t length) {
  Bits bits;
  begin_fixed(bits, true);
  add_match(bits, static_cast<unsigned>(length), static_cast<unsigned>(length));
  end_block(bits);
  return bits.bytes();
}

struct Sizes {
  std::size_t packed = 0, whole = 0;
};

std::string common(std::uint32_t crc, const Sizes& sizes) {
  const std::string_view name = kSelfZipMember;
  return little(20, 2) + little(0, 2) + little(8, 2) + little(0, 4) + little(crc, 4) + little(sizes.packed, 4) +
         little(sizes.whole, 4) + little(name.size(), 2) + little(0, 2);
}

std::string program(const std::string& local, const std::string& directory) {
  const std::size_t begin = local.size() + kOperation;
  const std::string again = repeat_local(begin), four = repeat_four(), one = head(kOperation);
  const std::string four_head = head(4 * kOperation), nothing = head(0);
  // Its own size, found by trying: it is part of what it repeats.
  std::string last = repeat_and_end(directory.size() + 4);
  last = repeat_and_end(directory.size() + last.size());
  const std::string tail = last + directory, tail_head = head(tail.size());

  std::string out = print(local + head(begin)) + again + print(again) + print(one);
  out += print(again + one + one + four_head) + four;
  out += print(four + four_head + four + four_head) + four;
  out += print(four + nothing + nothing + tail_head) + four + nothing + nothing;
  return out + print(tail) + last;
}

// The zip with `crc` in its headers, right or not.
std::string with_crc(std::uint32_t crc, const Sizes& sizes) {
  const std::string name = kSelfZipMember;
  const std::string local = "PK\x03\x04" + common(crc, sizes) + name;
  const std::string entry = "PK\x01\x02" + little(20, 2) + common(crc, sizes) + std::string(14, '\0') + name;
  const std::string directory = entry + "PK\x05\x06" + little(0, 4) + little(1, 2) + little(1, 2) +
                                little(entry.size(), 4) + little(local.size() + sizes.packed, 4) + little(0, 2);
  return local + program(local, directory) + directory;
}

std::uint32_t crc_of(std::uint32_t crc, const Sizes& sizes) {
  return base::crc32(as_bytes(with_crc(crc, sizes)));
}

// The x for which the file with x in it has the checksum x: x = A x + b over bits, by elimination.
std::uint32_t own_crc(const Sizes& sizes) {
  const std::uint32_t base = crc_of(0, sizes);
  std::array<std::uint64_t, 32> rows{};  // bit j: coefficient of x_j; bit 32: the right side
  for (int j = 0; j < 32; ++j) {
    const std::uint32_t column = crc_of(1U << j, sizes) ^ base ^ 1U << j;
    for (int i = 0; i < 32; ++i) rows[i] |= static_cast<std::uint64_t>(column >> i & 1U) << j;
  }
  for (int i = 0; i < 32; ++i) rows[i] |= static_cast<std::uint64_t>(base >> i & 1U) << 32;
  std::uint32_t crc = 0;
  for (int j = 0; j < 32; ++j) {
    int pivot = j;
    while (pivot < 32 && (rows[pivot] >> j & 1U) == 0) ++pivot;
    assert(pivot < 32);  // tested: these headers have a solution
    std::swap(rows[j], rows[pivot]);
    for (int i = 0; i < 32; ++i) {
      if (i != j && (rows[i] >> j & 1U) != 0) rows[i] ^= rows[j];
    }
  }
  for (int j = 0; j < 32; ++j) crc |= static_cast<std::uint32_t>(rows[j] >> 32 & 1U) << j;
  return crc;
}

}  // namespace

std::string self_zip() {
  const std::string draft = with_crc(0, {});  // sizes do not change with what the headers say
  const std::size_t local = 30 + std::string_view(kSelfZipMember).size();
  const std::size_t directory = 46 + std::string_view(kSelfZipMember).size() + 22;
  const Sizes sizes{draft.size() - local - directory, draft.size()};
  return with_crc(own_crc(sizes), sizes);
}

}  // namespace tocsin::makers
