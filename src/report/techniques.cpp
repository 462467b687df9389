#include "report/techniques.hpp"

#include <algorithm>

#include "knowledge/attack.hpp"

namespace tocsin::report {

std::vector<std::string> current_techniques(const RuleInfo& rule) {
  std::vector<std::string> out;
  for (const std::string& technique : rule.techniques) {
    const std::string_view id = knowledge::Attack::built_in().current(technique);
    if (std::ranges::find(out, id) == out.end()) out.emplace_back(id);
  }
  return out;
}

std::string technique_label(std::string_view id) {
  const std::string_view name = knowledge::Attack::built_in().name(id);
  std::string out(id);
  if (!name.empty()) out.append(" ").append(name);
  return out;
}

}  // namespace tocsin::report
