// Which container some bytes are, by their magic (docs/formats/containers.md, "Recognition"). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/bytes.hpp"

namespace tocsin::evidence {

enum class ContainerKind : std::uint8_t { zip, tar, seven_zip, gzip, bzip2, xz, zstd };

// SourceInfo::format of the container; stable.
[[nodiscard]] std::string_view to_string(ContainerKind kind);
// True for the kinds that compress one stream without naming members.
[[nodiscard]] bool is_compression(ContainerKind kind);

// `head`: the first bytes of the source, 512 or more where it has them.
[[nodiscard]] std::optional<ContainerKind> recognise_container(ByteView head);
// The name of a kind of container that Tocsin knows but does not read ("rar", "cab"), else empty.
[[nodiscard]] std::string_view unread_container(ByteView head);
// What to do with a container of that name instead.
[[nodiscard]] std::string_view instead_of_reading(std::string_view name);

// What the one member of a compressed stream is called: the name that a gzip header holds, without any folder; else
// `name` (of the compressed file itself) without its ending. Never empty.
[[nodiscard]] std::string name_of_compressed(ContainerKind kind, ByteView head, std::string_view name);

}  // namespace tocsin::evidence
