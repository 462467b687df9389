// A compiled set as bytes, and back (docs/formats/compiled-rules.md, "On disk").
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/codec.hpp"
#include "detect/sigma/compiled_set.hpp"

namespace tocsin::sigma {

// What lies beside the blob: rules, settings, field names.
void encode_beside(const CompiledSet& set, base::Encoder& out);
[[nodiscard]] std::span<const std::byte> blob_bytes(const CompiledSet& set);

// Nothing where the bytes are not what the two above give. The set refers to `blob`, which `owner` keeps alive, and
// that begins at a multiple of kBlobAlignment. Whatever the bytes, a set that is returned can be judged with.
[[nodiscard]] std::optional<CompiledSet> decode_set(base::Decoder& beside, std::span<const std::byte> blob,
                                                    std::shared_ptr<const void> owner);

void encode_problems(const std::vector<RuleProblem>& problems, base::Encoder& out);
[[nodiscard]] std::vector<RuleProblem> decode_problems(base::Decoder& in);

}  // namespace tocsin::sigma
