// Texts of a record that hold more: JSON in a string, Windows event XML in a string (docs/formats/json.md, "Texts that
// hold more"). The record is written out once more with the content in the text's place, so that everything that reads
// records reads that too.
//
// One thread at a time; scratch is kept from record to record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/json/shape.hpp"
#include "evidence/json/walker.hpp"
#include "evidence/xml/event_json.hpp"

namespace tocsin::evidence::json {

// A string met at one of the shape's `embedded` paths.
struct EmbeddedText {
  std::uint32_t id = 0;  // index into Shape::embedded
  Token token;
};
// One that begins like JSON or XML and is none; it stays a text.
struct EmbeddedFault {
  std::size_t at = 0;   // of the text in the record
  std::string path;     // empty: the record as a whole
  std::string message;  // "expected ',' or '}', found ..."
};

class Expander {
 public:
  // Appends `record` with the content of `texts` in their place. False: there was nothing to open.
  bool expand(std::string& out, std::string_view record, const std::vector<EmbeddedText>& texts, const Shape& shape,
              std::vector<EmbeddedFault>& faults);

 private:
  bool open(std::string& out, const ShapeEmbedded& embedded, std::size_t at, std::vector<EmbeddedFault>& faults);
  std::string text_, content_;
  xml::EventJson xml_;
};

}  // namespace tocsin::evidence::json
