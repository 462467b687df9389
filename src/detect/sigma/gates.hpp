// Which gates an event passes. Events of one kind (product, category, service, channel, provider, event id) pass the
// same gates but for constraints on fields, so that gates are tried once a kind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_hash.hpp"
#include "detect/sigma/compiled_impl.hpp"
#include "model/event.hpp"

namespace tocsin::sigma {

// How far a kind of event gets through a gate. Later ones include earlier ones.
enum class GateFit : std::uint8_t { none, channel, all };
[[nodiscard]] GateFit fit(const Blob& blob, const GateRecord& gate, const model::EventHead& head);
[[nodiscard]] bool constraints_hold(const Blob& blob, const GateRecord& gate, const model::Event& event);

// Appends the part with its length, so that no two lists of parts give one key: a name in JSON may hold any byte.
void append_part(std::string& key, std::string_view part);

// The gates of each kind met so far; forgotten when there are too many (hostile evidence can make up kinds).
class GateCache {
 public:
  static constexpr std::size_t kMaxKinds = 16'384;
  static constexpr std::size_t kMaxKeyBytes = 1024;  // kinds with longer names are tried anew each time
  struct Kind {
    std::vector<std::uint32_t> gates;     // that it passes, but for constraints
    std::vector<std::uint32_t> channels;  // whose channel it has
    bool fresh = true;                    // nobody has asked for it before
    // Whose values can wake an instance behind those gates, by the values of the key operands. Few: a kind's events
    // have the same ones, unless somebody made them up.
    struct Plan {
      std::string keys;
      std::vector<std::uint32_t> operands;
    };
    std::vector<Plan> plans;
  };
  explicit GateCache(const Blob& blob) : blob_(blob) {}
  static constexpr std::size_t kMaxPlans = 8;  // of one kind
  // Good until the next call.
  [[nodiscard]] Kind& find(const model::EventHead& head);

 private:
  const Blob& blob_;
  void fill(const model::EventHead& head, Kind& kind) const;
  base::TextMap<Kind> kinds_;
  Kind uncached_;
  std::string key_;
};

}  // namespace tocsin::sigma
