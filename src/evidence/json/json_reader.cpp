#include "evidence/json/json_reader.hpp"

#include <memory>

#include "evidence/json/cutter.hpp"
#include "evidence/json/layout.hpp"
#include "evidence/json/shape.hpp"
#include "evidence/json/unit_reader.hpp"

namespace tocsin::evidence {
namespace {

const ShapeSet& shapes_of(const ReadOptions& options) {
  return options.shapes != nullptr ? *options.shapes : ShapeSet::builtin();
}

class JsonReader final : public Reader {
 public:
  [[nodiscard]] std::string_view name() const override { return "json"; }
  [[nodiscard]] Recognition recognise(const Sample& sample) const override {
    const json::Structure found = json::look_at(sample, ShapeSet::builtin());
    return {found.confidence, found.format, found.why};
  }
  [[nodiscard]] std::unique_ptr<Cutter> make_cutter(const Sample& sample, const ReadOptions& options) const override {
    const ShapeSet& shapes = shapes_of(options);
    return std::make_unique<json::JsonCutter>(json::look_at(sample, shapes), shapes, options.unit_bytes);
  }
  [[nodiscard]] std::unique_ptr<UnitReader> make_unit_reader(const ReadOptions& options) const override {
    return std::make_unique<json::JsonUnitReader>(options);
  }
};

}  // namespace

const Reader& json_reader() {
  static const JsonReader reader;
  return reader;
}

}  // namespace tocsin::evidence
