// From an EventSpec to the BinXML that Windows would write for it: the outer template with System's 18 slots, and the
// event's data as a nested instance of its own template.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/makers/binxml_tree.hpp"
#include "tests/makers/event_spec.hpp"

namespace tocsin::makers {

struct EvtxShape {
  // Live logs and exported ones differ (reference §12): how nested values begin, nulls with a size, header fields.
  bool exported = false;
  // The outer template's second form: provider and channel are literals, values 13 to 17 are SessionID to
  // ProcessorTime.
  bool literal_provider = false;
  // No templates at all, every value a text: what some collectors write.
  bool without_templates = false;
};

// Keeps the templates made so far; equal shapes share one. One thread at a time.
class EventTemplates {
 public:
  [[nodiscard]] Fragment build(const EventSpec& spec, const EvtxShape& shape);

 private:
  using TemplateRef = std::shared_ptr<const Template>;
  [[nodiscard]] Instance outer(const EventSpec& spec, const EvtxShape& shape);
  [[nodiscard]] Fragment payload(const EventSpec& spec, const EvtxShape& shape);
  [[nodiscard]] Instance instance_of(Element root, std::vector<SlotValue> values);

  std::map<std::string, TemplateRef, std::less<>> cache_;
};

}  // namespace tocsin::makers
