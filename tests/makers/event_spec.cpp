#include "tests/makers/event_spec.hpp"

#include <algorithm>

namespace tocsin::makers {

const Value* EventSpec::find(std::string_view name) const {
  const auto item = std::ranges::find(data, name, &DataItem::name);
  return item == data.end() ? nullptr : &item->value;
}

void EventSpec::set(std::string_view name, Value value) {
  const auto item = std::ranges::find(data, name, &DataItem::name);
  if (item != data.end()) {
    item->value = std::move(value);
  } else {
    data.push_back({std::string(name), std::move(value), {}});
  }
}

}  // namespace tocsin::makers
