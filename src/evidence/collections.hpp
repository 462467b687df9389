// What collectors (KAPE, Velociraptor, UAC, CyLR) hand in: whose collection a source belongs to, where it lay on the
// machine, and which machine. Looks at names and at the beginnings of the collectors' own files; opens nothing. What is
// recognised by what: docs/formats/collections.md. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tocsin/bytes.hpp"
#include "tocsin/finding.hpp"

namespace tocsin::evidence {

enum class CollectionKind : std::uint8_t { none, drives, cylr, kape, uac, velociraptor };
// SourceInfo::Collected::kind; stable.
[[nodiscard]] std::string_view to_string(CollectionKind kind);

// What one of a collector's own files says. `kind` none: it is no such file.
struct CollectionMark {
  CollectionKind kind = CollectionKind::none;
  std::string host;       // the machine, where this file names it
  std::string_view what;  // what the file is ("list of what was collected"): no evidence of the machine, not read
};
// `name`: the file's path, its last component decides; `head`: its first bytes. Both have to fit.
[[nodiscard]] CollectionMark read_collection_mark(std::string_view name, ByteView head);

// A path that a collector wrote down, split: the volume ("C:", a shadow copy's device, "" on Unix) and what is below.
struct CollectedPath {
  std::string volume;
  std::string rest;      // with the machine's own separators, beginning with one
  std::string shadow;    // "HarddiskVolumeShadowCopy3", where the volume is one
  bool encoded = false;  // written as only Velociraptor does
};
// `below`: what follows ".../uploads/" in a Velociraptor collection. Nothing where no volume is named there.
[[nodiscard]] std::optional<CollectedPath> parse_upload(std::string_view below);
// %XX undone; what is no such code stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

// Fills SourceInfo::collected of all sources of a run. `marks` lies beside `sources`.
void describe_collections(std::span<SourceInfo> sources, std::span<const CollectionMark> marks);

}  // namespace tocsin::evidence
