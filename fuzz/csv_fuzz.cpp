// Tables of events (text_fuzz.hpp).
#include "evidence/csv/reader.hpp"
#include "fuzz/text_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tocsin::model::FieldTable fields =
      tocsin::fuzz::fields_named({"EventID", "Image", "CommandLine", "Message", "Channel", "TargetUserName", "Data"});
  return tocsin::fuzz::run_text_target(tocsin::evidence::csv_reader(), fields, data, size);
}
