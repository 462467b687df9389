// Which gates an event passes. Events of one kind (product, category, service, channel, provider, event id) pass the
// same gates but for constraints on fields, so that gates are tried once a kind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/sigma/compiled_impl.hpp"
#include "model/event.hpp"

namespace tocsin::sigma {

// How far a kind of event gets through a gate. Later ones include earlier ones.
enum class GateFit : std::uint8_t { none, channel, all };
[[nodiscard]] GateFit fit(const Blob& blob, const GateRecord& gate, const model::EventHead& head);
[[nodiscard]] bool constraints_hold(const Blob& blob, const GateRecord& gate, const model::Event& event);

// The gates of each kind met so far; forgotten when there are too many (hostile evidence can make up kinds).
class GateCache {
 public:
  static constexpr std::size_t kMaxKinds = 16'384;
  static constexpr std::size_t kMaxKeyBytes = 1024;  // kinds with longer names are tried anew each time
  struct Kind {
    std::vector<std::uint32_t> gates;     // that it passes, but for constraints
    std::vector<std::uint32_t> channels;  // whose channel it has
    std::vector<std::uint32_t> operands;  // whose values can wake an instance behind those gates
    bool fresh = true;                    // nobody has asked for it before
  };
  explicit GateCache(const Blob& blob) : blob_(blob) {}
  // Good until the next call.
  [[nodiscard]] Kind& find(const model::EventHead& head);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  const Blob& blob_;
  void fill(const model::EventHead& head, Kind& kind) const;
  std::unordered_map<std::string, Kind, Hash, std::equal_to<>> kinds_;
  Kind uncached_;
  std::string key_;
};

}  // namespace tocsin::sigma
