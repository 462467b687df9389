// What a file's beginning says about following it.
#pragma once

#include <cstddef>
#include <string>

#include "tocsin/bytes.hpp"

#include "evidence/reader.hpp"

namespace tocsin::evidence {

struct Followable {
  enum class Kind : unsigned char { yes, no, unknown };  // unknown: not enough of it is there
  Kind kind = Kind::unknown;
  std::string why, remedy;  // no: a sentence without its end
  std::size_t reader = 0;   // yes: index into all_readers()
  Recognition found;
  ByteView sample;  // of the whole lines, what the reader was asked about; a view of `head`
};

// `head`: up to kSampleBytes, fewer only where the file has no more.
[[nodiscard]] Followable look_at_beginning(ByteView head, const std::string& path);

}  // namespace tocsin::evidence
