// Kinds of events, from a data file (scenarios/catalogue.yml; format in docs/makers.md): which provider, channel and
// id, and which fields of which type with which usual value. An event of a scenario or of a rule's test names a kind
// and says only what is special about it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

#include "tests/makers/event_spec.hpp"
#include "tests/makers/expander.hpp"
#include "tests/makers/yaml_view.hpp"

namespace tocsin::makers {

struct EventKind {
  EventSpec base;  // without data
  struct Field {
    std::string name;  // empty: a Data without a name; `key` tells them apart
    std::string key, type, usual;
  };
  std::vector<Field> fields;
  std::string user_element;  // not empty: the fields are its children, below UserData
};

// Something said about one event: System's values and data by name, still with expressions in them.
struct EventRequest {
  std::string kind;
  std::vector<std::pair<std::string, std::string>> system, data;
  std::vector<std::string> omit;  // fields to leave out
};

class Catalogue {
 public:
  [[nodiscard]] static Result<Catalogue> load(std::string_view text, const std::string& name);
  // Kinds, fields and types that do not exist are errors: a typo must not become another event.
  [[nodiscard]] Result<EventSpec> make(const EventRequest& request, const Expander& expander) const;
  [[nodiscard]] const std::map<std::string, EventKind, std::less<>>& kinds() const { return kinds_; }

 private:
  std::map<std::string, EventKind, std::less<>> kinds_;
};

// {event: kind, system: {…}, data: {…}, omit: […]}
[[nodiscard]] EventRequest read_event_request(const YamlView& node);

}  // namespace tocsin::makers
