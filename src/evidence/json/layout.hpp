// How the records of a JSON source lie in it, told from its beginning.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/json/utf16.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::json {

enum class Layout : std::uint8_t {
  none,     // no JSON
  lines,    // one record a line (NDJSON); damage costs its line
  values,   // values one after the other, arrays, envelopes
  unknown,  // the first record is larger than the sample: told when it ends
};

struct Structure {
  Layout layout = Layout::none;
  Encoding encoding = Encoding::utf8;
  std::size_t mark = 0;  // bytes of the byte order mark
  std::string format;    // SourceInfo::format
  int confidence = 0;
  std::string why;
};
// The first key of the object that begins at `begin`, as written; empty where there is none.
[[nodiscard]] std::string_view first_key(std::string_view text, std::size_t begin);

[[nodiscard]] Structure look_at(const Sample& sample, const ShapeSet& shapes);

}  // namespace tocsin::evidence::json
