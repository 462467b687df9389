// The layout of a template instance (token 0x0C): which definition it uses and where its values lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tocsin/bytes.hpp"

#include "evidence/evtx/damage.hpp"
#include "evidence/evtx/value.hpp"

namespace tocsin::evidence::evtx {

constexpr std::size_t kDefinitionHeader = 24;  // u32 next, GUID, u32 body size

struct InstanceLayout {
  std::uint32_t definition = 0;  // chunk offset; its header and body lie inside the chunk
  std::uint32_t end = 0;         // chunk offset behind the last value
};

// Reads the instance whose token lies at `at`, and appends its values to `values`; all of it must end at or before
// `end`. The definition's GUID must begin with the instance's template id: else another template lies there now.
[[nodiscard]] MaybeDamage read_instance(ByteView chunk, std::size_t at, std::size_t end, std::vector<ValueRef>& values,
                                        InstanceLayout& layout);

}  // namespace tocsin::evidence::evtx
