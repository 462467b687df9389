// Second looks at a record, made only when somebody asks: all values with their paths, all fields by name, the record
// as one line of JSON. Slow next to the checking walk, and says the same.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/text_hash.hpp"
#include "evidence/json/binding.hpp"
#include "evidence/json/json_event.hpp"
#include "evidence/json/walker.hpp"
#include "model/event.hpp"
#include "model/field_table.hpp"

namespace tocsin::evidence::json {

// The path of the value that begins at byte `at` of `text`: keys joined by dots. Empty where there is none.
[[nodiscard]] std::string path_of(std::string_view text, std::size_t at);

// `text` without blanks between tokens, on one line; what was damaged in strings is made visible.
void append_compact(std::string& out, std::string_view text);

// Calls `visit(path, token)` for each scalar of the record.
void each_scalar(std::string_view text, const std::function<void(std::string_view path, const Token& token)>& visit);

// Enumerates fields by name: a table of its own grows with the names met, so that the very binding that answers get()
// decides what is a field. Kept between records; one per JsonEvent.
class Explorer {
 public:
  Explorer(const ShapeSet& shapes, const Markers& markers)
      : shapes_(shapes), markers_(markers), event_(shapes, markers) {}
  void each_field(std::string_view text, Variant variant, const model::ValueVisitor& visit);

 private:
  // Above this the table begins anew: a hostile source has a new name in every record.
  static constexpr std::uint32_t kMaxNames = 4096;
  using Paths = base::TextMap<bool>;  // whether the value there is a name
  [[nodiscard]] static std::uint32_t number_of(Variant variant) {
    return std::uint32_t{variant.shape} << 16 | variant.root;
  }
  void add_name(std::string name);
  void add_fixed_names(const Shape& shape);
  bool add_names(std::string_view path, const Shape& shape, const ShapePath& root);
  void collect_names(std::string_view text, Variant variant);
  const ShapeSet& shapes_;
  const Markers& markers_;
  std::unique_ptr<model::FieldTable> names_ = std::make_unique<model::FieldTable>();
  std::unordered_map<std::uint32_t, std::unique_ptr<Binding>> bindings_;  // by shape and root
  std::unordered_map<std::uint32_t, Paths> paths_;  // by shape and root: those whose names are in names_
  std::uint32_t bound_names_ = 0;                   // size of names_ when bindings_ were made
  JsonEvent event_;
};

}  // namespace tocsin::evidence::json
