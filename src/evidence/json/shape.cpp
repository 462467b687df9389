#include "evidence/json/shape.hpp"

#include <algorithm>
#include <utility>

#include "base/builtin_files.hpp"
#include "base/read_file.hpp"

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
    for (const base::BuiltinFile& file : base::builtin_files("shapes/")) {
      Result<ShapeSet> part = parse(file.name, file.text, &all);
      // Our own data, tested: a mistake in it is a bug, and costs only its own file here.
      if (part) all.add(std::move(*part));
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
