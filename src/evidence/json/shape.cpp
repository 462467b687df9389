#include "evidence/json/shape.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/read_file.hpp"

// Defined by the generated assembler file; see cmake/Embed.cmake for the layout.
extern "C" {
extern const std::uint64_t tocsin_shapes_count;
extern const std::uint64_t tocsin_shapes_sizes[];
extern const char tocsin_shapes_names[];
extern const char tocsin_shapes_text[];
}

namespace tocsin::evidence {

const Shape* ShapeSet::find(std::string_view name) const {
  const auto found = std::ranges::find(shapes_, name, &Shape::name);
  return found != shapes_.end() ? &*found : nullptr;
}

void ShapeSet::add(ShapeSet other) {
  for (Shape& shape : other.shapes_) {
    const bool known = std::ranges::any_of(shapes_, [&](const Shape& mine) { return mine.name == shape.name; });
    if (!known) shapes_.push_back(std::move(shape));
  }
  for (ShapePath& path : other.envelopes_) {
    if (std::ranges::find(envelopes_, path) == envelopes_.end()) envelopes_.push_back(std::move(path));
  }
}

const ShapeSet& ShapeSet::builtin() {
  static const ShapeSet set = [] {
    ShapeSet all;
    const char* name = tocsin_shapes_names;
    const char* text = tocsin_shapes_text;
    for (std::uint64_t i = 0; i < tocsin_shapes_count; ++i) {
      const std::string_view file(name);
      Result<ShapeSet> part = parse(file, {text, static_cast<std::size_t>(tocsin_shapes_sizes[i])}, &all);
      // Our own data, tested: a mistake in it is a bug, and costs only its own file here.
      if (part) all.add(std::move(*part));
      name += file.size() + 1;
      text += tocsin_shapes_sizes[i];
    }
    return all;
  }();
  return set;
}

Result<ShapeSet> ShapeSet::load(const std::vector<std::string>& files) {
  ShapeSet all;
  for (const std::string& file : files) {
    TOCSIN_TRY(const std::string text, base::read_file(file, "mapping file"));
    TOCSIN_TRY(ShapeSet part, parse(file, text, &builtin()));
    if (part.shapes_.empty())
      return fail(ErrorCode::malformed, "the mapping file holds no shape", file, "see docs/formats/json.md");
    all.add(std::move(part));
  }
  all.add(builtin());
  return all;
}

}  // namespace tocsin::evidence
