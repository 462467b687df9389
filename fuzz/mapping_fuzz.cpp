// Mapping files: whatever the bytes, either an error with a place or a set of shapes that can be used.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/json/json_testing.hpp"
#include "evidence/json/shape.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tocsin::evidence::ShapeSet;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto set = ShapeSet::parse("mapping.yml", text, &ShapeSet::builtin());
  if (!set) {
    if (set.error().place.empty() || set.error().message.empty()) std::abort();
    return 0;
  }
  if (set->shapes().empty()) return 0;
  static const tocsin::model::FieldTable fields = [] {
    tocsin::model::FieldTable table;
    for (const char* name : {"EventID", "Image", "x_y", "a", "a.b"}) table.intern(name);
    return table;
  }();
  tocsin::evidence::ReadOptions options;
  options.fields = &fields;
  options.shapes = &*set;
  const auto seen = tocsin::evidence::json_testing::read_json(
      R"({"a":{"b":1,"EventID":"2"},"Image":["x",{"y":"2020-01-01T00:00:00Z"}],"x":{"#attributes":{"y":1},"#text":"t"}})",
      options);
  if (seen.events.size() != 1) std::abort();
  return 0;
}
