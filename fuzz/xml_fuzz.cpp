// Windows event XML (text_fuzz.hpp).
#include "evidence/xml/reader.hpp"
#include "fuzz/text_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tocsin::model::FieldTable fields =
      tocsin::fuzz::fields_named({"EventID", "Image", "Data", "Provider_Name", "Channel", "A", "Message", "Inner"});
  return tocsin::fuzz::run_text_target(tocsin::evidence::xml_reader(), fields, data, size);
}
