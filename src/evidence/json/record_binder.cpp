#include "evidence/json/record_binder.hpp"

#include <utility>

namespace tocsin::evidence::json {

RecordBinder::RecordBinder(const ReadOptions& options)
    : fields_(options.fields),
      shapes_(options.shapes != nullptr ? *options.shapes : ShapeSet::builtin()),
      markers_(shapes_),
      event_(shapes_, markers_) {
  bindings_.resize(shapes_.shapes().size());
}

RecordBinder::~RecordBinder() = default;

const Binding& RecordBinder::binding(Variant variant) {
  auto& roots = bindings_[variant.shape];
  if (roots.empty()) roots.resize(shapes_.shapes()[variant.shape].roots.size());
  std::unique_ptr<Binding>& slot = roots[variant.root];
  if (!slot) slot = std::make_unique<Binding>(shapes_, markers_, variant, fields_);
  return *slot;
}

std::size_t RecordBinder::bind(std::string_view text, Fault& fault) {
  embedded_faults_.clear();
  std::size_t length = bind_as(text, leniency_, fault);
  if (fault.code != Fault::Code::none) return length;
  if (event_.present() != present_) {
    present_ = event_.present();
    decided_ = markers_.decide(present_);
  }
  const Variant variant = decided_;
  if (variant != guess_) {
    guess_ = variant;
    length = bind_as(text, leniency_, fault);
  }
  if (!event_.embedded().empty() && !event_.crowded()) open_embedded(text.substr(0, length));
  return length;
}

std::size_t RecordBinder::bind_as(std::string_view text, Leniency& leniency, Fault& fault) {
  const Binding& trie = binding(guess_);
  leniency = {};
  event_.begin(text, trie, fields_ != nullptr ? fields_->size() : 0);
  BindHandler handler(trie, event_, leniency, scratch_, &trail_);
  Walker walker(text, handler, leniency);
  const std::size_t end = walker.walk(0);
  fault = walker.fault();
  if (fault.code != Fault::Code::none) return end;
  event_.trim(end);
  event_.set_disguised(leniency.disguised);
  event_.compose();
  return end;
}

// Binds the record once more with what its embedded texts hold in their place. What was said of the record as it is
// stays; if the opened record cannot be read (too deep), it is bound as it is.
void RecordBinder::open_embedded(std::string_view record) {
  expanded_.clear();
  if (!expander_.expand(expanded_, record, event_.embedded(), shape(), embedded_faults_)) return;
  Leniency inner;
  Fault fault;
  (void)bind_as(expanded_, inner, fault);
  if (fault.code != Fault::Code::none) {
    (void)bind_as(record, inner, fault);
    embedded_faults_.push_back({0, {}, std::string("expected ") + "at most 512 levels of nesting, found more"});
    return;
  }
  event_.show(record, record, {});
}

std::optional<std::size_t> RecordBinder::envelope() const {
  if (!shape().tests.empty()) return std::nullopt;
  const Markers::Present& present = event_.present();
  for (std::size_t i = markers_.first_envelope(); i < present.size(); ++i) {
    if (present[i] != 0) return i - markers_.first_envelope();
  }
  return std::nullopt;
}

}  // namespace tocsin::evidence::json
