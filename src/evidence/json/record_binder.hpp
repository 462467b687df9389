// Binds one JSON record after the other: finds the shape that each has, captures what rules ask for in one checking
// walk, and opens the texts that the shape says hold more (JSON in a string, XML in a string).
//
// Used by every reader whose records are JSON, or are made into it (XML, CSV). Owned by one unit reader, used by one
// thread; the event lives until the next bind().
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/json/bind_handler.hpp"
#include "evidence/json/binding.hpp"
#include "evidence/json/embedded.hpp"
#include "evidence/json/json_event.hpp"
#include "evidence/json/shape.hpp"
#include "evidence/json/walker.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::json {

class RecordBinder {
 public:
  explicit RecordBinder(const ReadOptions& options);
  ~RecordBinder();
  RecordBinder(const RecordBinder&) = delete;
  RecordBinder& operator=(const RecordBinder&) = delete;

  // Binds the record at the beginning of `text`, which outlives the event. Returns its length, or with a fault where
  // the walk stopped.
  std::size_t bind(std::string_view text, Fault& fault);
  [[nodiscard]] JsonEvent& event() { return event_; }
  [[nodiscard]] const Shape& shape() const { return shapes_.shapes()[guess_.shape]; }
  [[nodiscard]] const ShapeSet& shapes() const { return shapes_; }
  // Of the last record: what was tolerated in it, and the embedded texts that could not be opened (offsets in it).
  [[nodiscard]] const Leniency& leniency() const { return leniency_; }
  [[nodiscard]] const std::vector<EmbeddedFault>& embedded_faults() const { return embedded_faults_; }
  // The envelope that the last record is; nothing where it is a record of a known shape.
  [[nodiscard]] std::optional<std::size_t> envelope() const;

 private:
  const Binding& binding(Variant variant);
  std::size_t bind_as(std::string_view text, Leniency& leniency, Fault& fault);
  void open_embedded(std::string_view record);

  const model::FieldTable* fields_;
  const ShapeSet& shapes_;
  Markers markers_;
  JsonEvent event_;
  std::vector<std::vector<std::unique_ptr<Binding>>> bindings_;  // by shape and root, made when first met
  Variant guess_;             // of the last record: the next one is most likely alike
  Markers::Present present_;  // when `decided_` was decided
  Variant decided_;
  BindScratch scratch_;
  KeyTrail trail_;
  Leniency leniency_;
  Expander expander_;
  std::string expanded_;
  std::vector<EmbeddedFault> embedded_faults_;
};

}  // namespace tocsin::evidence::json
