#include "detect/sigma/settings.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.hpp"
#include "detect/sigma/compiled_impl.hpp"

namespace tocsin::sigma {
namespace {

// The log that the gate asks for is one that the setting fills.
bool fills(const Setting& setting, const Blob& blob, const GateRecord& gate) {
  if (gate.product.count != 0 && !base::equal_ascii(setting.product, blob.text(gate.product))) return false;
  if (setting.channels.empty())
    return gate.service.count != 0 && base::equal_ascii(setting.service, blob.text(gate.service));
  return std::ranges::any_of(Blob::part(blob.texts, gate.channels), [&](Text channel) {
    return std::ranges::any_of(setting.channels,
                               [&](const std::string& mine) { return base::equal_ascii(mine, blob.text(channel)); });
  });
}

bool gives_event(const Setting& setting, std::span<const std::int64_t> ids) {
  return std::ranges::any_of(ids, [&](std::int64_t id) { return std::ranges::count(setting.event_ids, id) > 0; });
}

bool gives_field(const Setting& setting, std::span<const std::string_view> fields) {
  return std::ranges::any_of(fields, [&](std::string_view field) {
    return std::ranges::any_of(setting.fields, [&](const std::string& mine) { return mine == field; });
  });
}

bool helps(const Setting& setting, std::span<const std::int64_t> ids, CoverageReason reason,
           std::span<const std::string_view> fields) {
  if (setting.reach_days != 0) return false;
  switch (reason) {
    case CoverageReason::channel_absent:
      return setting.event_ids.empty() && setting.fields.empty();
    case CoverageReason::event_id_absent:
      return setting.fields.empty() && gives_event(setting, ids);
    case CoverageReason::field_absent:
      return gives_field(setting, fields) && (setting.event_ids.empty() || gives_event(setting, ids));
    default:
      return false;
  }
}

}  // namespace

std::vector<std::uint32_t> settings_for(const std::vector<Setting>& settings, const Blob& blob, const GateRecord& gate,
                                        CoverageReason reason, std::span<const std::string_view> fields) {
  std::vector<std::uint32_t> found;
  const auto ids = Blob::part(blob.event_ids, gate.event_ids);
  for (std::uint32_t i = 0; i < settings.size(); ++i) {
    if (helps(settings[i], ids, reason, fields) && fills(settings[i], blob, gate)) found.push_back(i);
  }
  return found;
}

std::vector<std::uint32_t> CompiledSet::settings_for(std::uint32_t rule) const {
  const Blob& blob = impl_->blob;
  std::vector<std::string_view> fields;
  for (const SelectionRecord& selection : Blob::part(blob.selections, blob.rules[rule].selections)) {
    for (const AlternativeRecord& alternative : Blob::part(blob.alternatives, selection.alternatives)) {
      for (const SlotRecord& slot : Blob::part(blob.slots, alternative.slots)) fields.push_back(blob.text(slot.field));
    }
  }
  std::set<std::uint32_t> found;
  for (const InstanceRecord& instance : Blob::part(blob.instances, blob.rules[rule].instances)) {
    for (const auto reason :
         {CoverageReason::channel_absent, CoverageReason::event_id_absent, CoverageReason::field_absent}) {
      const auto more = sigma::settings_for(impl_->settings, blob, blob.gates[instance.gate], reason, fields);
      found.insert(more.begin(), more.end());
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace tocsin::sigma
