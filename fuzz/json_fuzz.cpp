// JSON evidence (text_fuzz.hpp).
#include "fuzz/text_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tocsin::model::FieldTable fields =
      tocsin::fuzz::fields_named({"EventID", "Image", "CommandLine", "Data", "Provider_Name", "Channel", "a", "b",
                                  "a.b", "EventID_Qualifiers", "User", "requestParameters.policyArn"});
  return tocsin::fuzz::run_text_target(tocsin::evidence::json_reader(), fields, data, size);
}
