#include "detect/sigma/gates.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tocsin::sigma {

namespace {

bool fits_name(std::string_view pattern, std::string_view text) {
  if (!pattern.ends_with('*')) return base::equal_ascii(pattern, text);
  pattern.remove_suffix(1);
  return base::equal_ascii(pattern, text.substr(0, pattern.size()));
}

bool one_fits(const Blob& blob, Range list, std::string_view text) {
  return std::ranges::any_of(Blob::part(blob.texts, list), [&](Text name) { return fits_name(blob.text(name), text); });
}

bool fits_if_named(std::string_view wanted, std::string_view text) {
  return wanted.empty() || base::equal_ascii(wanted, text);
}

}  // namespace

void append_part(std::string& key, std::string_view part) {
  key += std::to_string(part.size());
  key += ':';
  key += part;
}

GateFit fit(const Blob& blob, const GateRecord& gate, const model::EventHead& head) {
  const bool channels = gate.channels.count != 0;
  const bool providers = gate.providers.count != 0;
  const bool unknown_product = head.product.empty() && (channels || providers);
  if (!unknown_product && !fits_if_named(blob.text(gate.product), head.product)) return GateFit::none;
  if (!fits_if_named(blob.text(gate.category), head.category)) return GateFit::none;
  if (!fits_if_named(blob.text(gate.service), head.service)) return GateFit::none;
  const bool has_channel = !head.channel.empty();
  const bool has_provider = !head.provider.empty();
  const bool ask_channel = channels && (has_channel || !providers || !has_provider);
  const bool ask_provider = providers && (has_provider || !channels || !has_channel);
  if (ask_channel && !(has_channel && one_fits(blob, gate.channels, head.channel))) return GateFit::none;
  if (ask_provider && !(has_provider && one_fits(blob, gate.providers, head.provider))) {
    return ask_channel ? GateFit::channel : GateFit::none;
  }
  if (gate.event_ids.count == 0) return GateFit::all;
  const auto ids = Blob::part(blob.event_ids, gate.event_ids);
  const bool id_fits = head.event_id && std::ranges::find(ids, *head.event_id) != ids.end();
  return id_fits ? GateFit::all : GateFit::channel;
}

bool constraints_hold(const Blob& blob, const GateRecord& gate, const model::Event& event) {
  return std::ranges::all_of(Blob::part(blob.constraints, gate.constraints), [&](const ConstraintRecord& constraint) {
    return std::ranges::any_of(event.get(constraint.field), [&](const model::Value& value) {
      return value.kind != model::Value::Kind::null &&
             std::ranges::any_of(Blob::part(blob.texts, constraint.values),
                                 [&](Text wanted) { return base::equal_ascii(blob.text(wanted), value.text); });
    });
  });
}

void GateCache::fill(const model::EventHead& head, Kind& kind) const {
  for (std::uint32_t i = 0; i < blob_.gates.size(); ++i) {
    const GateFit found = fit(blob_, blob_.gates[i], head);
    if (found != GateFit::none) kind.channels.push_back(i);
    if (found == GateFit::all) kind.gates.push_back(i);
  }
}

GateCache::Kind& GateCache::find(const model::EventHead& head) {
  key_.clear();
  std::size_t size = 0;
  const auto parts = {head.product, head.category, head.service, head.channel, head.provider};
  for (const std::string_view part : parts) size += part.size();
  if (size > kMaxKeyBytes) {
    uncached_ = {};
    fill(head, uncached_);
    return uncached_;
  }
  for (const std::string_view part : parts) append_part(key_, part);
  if (head.event_id) key_ += std::to_string(*head.event_id);
  if (const auto known = kinds_.find(std::string_view(key_)); known != kinds_.end()) return known->second;
  if (kinds_.size() >= kMaxKinds) kinds_.clear();
  Kind& kind = kinds_[key_];
  fill(head, kind);
  return kind;
}

}  // namespace tocsin::sigma
