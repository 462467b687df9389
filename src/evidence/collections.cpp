#include "evidence/collections.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <vector>

#include "base/text.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kMaxRootDepth = 64;  // folders above a collection; names are hostile and may have thousands
constexpr std::string_view kUploads = "uploads/";
constexpr std::string_view kUnixRoot = "[root]/";
constexpr std::string_view kShadow = "HarddiskVolumeShadowCopy";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string with_backslashes(std::string_view below) {
  std::string out = "\\";
  for (const char c : below) out.push_back(c == '/' ? '\\' : c);
  return out;
}

// "C", "C:", "\\.\C:", "\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy3": a volume of Windows, by its decoded name.
std::optional<CollectedPath> volume_of(std::string_view name) {
  CollectedPath path;
  const bool device = name.starts_with("\\\\.\\") || name.starts_with("\\\\?\\");
  const std::string_view bare = device ? name.substr(4) : name;
  if (!bare.empty() && is_letter(bare[0]) && (bare.size() == 1 || bare.substr(1) == ":")) {
    path.volume = {upper(bare[0]), ':'};
    return path;
  }
  const std::size_t shadow = bare.find(kShadow);
  if (!device || shadow == std::string_view::npos || (shadow > 0 && bare[shadow - 1] != '\\')) return std::nullopt;
  path.volume = name;
  path.shadow = bare.substr(shadow);
  if (path.shadow.find_first_not_of("0123456789", kShadow.size()) != std::string::npos) return std::nullopt;
  return path;
}

// Splits "C/Windows/x" or "C%3A/Windows/x" behind its volume.
std::optional<CollectedPath> parse_volume(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return std::nullopt;
  std::optional<CollectedPath> path = volume_of(percent_decoded(text.substr(0, slash)));
  if (!path) return std::nullopt;
  path->encoded = text.substr(0, slash).find('%') != std::string_view::npos;
  path->rest = with_backslashes(text.substr(slash + 1));
  return path;
}

// KAPE's folder of a shadow copy ("VSS1"), beside those of drives.
bool is_shadow_folder(std::string_view name) {
  constexpr std::string_view kName = "vss";
  constexpr std::size_t kMaxDigits = 4;
  return name.size() > kName.size() && name.size() <= kName.size() + kMaxDigits &&
         base::lower_ascii(name.substr(0, kName.size())) == kName &&
         name.find_first_not_of("0123456789", kName.size()) == std::string_view::npos;
}

// Splits "C/Windows/x" or "VSS1/Windows/x" behind the drive or shadow copy.
std::optional<CollectedPath> parse_drive_or_shadow(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return std::nullopt;
  if (!is_shadow_folder(text.substr(0, slash))) return parse_volume(text);
  CollectedPath path;
  path.volume = path.shadow = text.substr(0, slash);
  path.rest = with_backslashes(text.substr(slash + 1));
  return path;
}

struct Root {
  CollectionKind kind = CollectionKind::none;
  std::string host;
  std::set<std::string, std::less<>> drives;  // of which something was taken
};
using Roots = std::map<std::string, Root, std::less<>>;

// The source's name with all levels, "a.zip!/uploads/…", and where its components begin.
struct FullName {
  explicit FullName(const SourceInfo& source) : text(source.path) {
    if (!source.container.empty()) text.append("!/").append(source.container);
    begins.push_back(0);
    for (std::size_t at = text.find('/'); at != std::string::npos && begins.size() < kMaxRootDepth;
         at = text.find('/', at + 1)) {
      begins.push_back(at + 1);
    }
  }
  [[nodiscard]] std::string_view above(std::size_t i) const { return std::string_view(text).substr(0, begins[i]); }
  [[nodiscard]] std::string_view below(std::size_t i) const { return std::string_view(text).substr(begins[i]); }
  std::string text;
  std::vector<std::size_t> begins;
};

void take_root(Roots& roots, std::string_view where, CollectionKind kind, const std::string& host) {
  Root& root = roots[std::string(where)];
  root.kind = std::max(root.kind, kind);
  if (root.host.empty()) root.host = host;
}

bool is_system_folder(std::string_view below) {
  return base::lower_ascii(below.substr(0, 20)).starts_with("/windows/system32/") ||
         base::lower_ascii(below.substr(0, 20)).starts_with("\\windows\\system32\\");
}

// What the layout alone tells: Velociraptor's encoded volumes, and folders named after drives.
void find_by_layout(Roots& roots, const FullName& name) {
  for (std::size_t i = 0; i < name.begins.size(); ++i) {
    const std::string_view below = name.below(i);
    if (below.starts_with(kUploads)) {
      if (const auto upload = parse_upload(below.substr(kUploads.size())); upload && upload->encoded) {
        take_root(roots, name.above(i), CollectionKind::velociraptor, {});
        return;
      }
    }
    if (const auto drive = parse_drive_or_shadow(below); drive && !drive->encoded && is_system_folder(drive->rest)) {
      const bool in_uploads = i >= 2 && name.below(i - 2).starts_with(kUploads);
      if (!in_uploads) take_root(roots, name.above(i), CollectionKind::drives, {});
      return;
    }
  }
}

using Names = std::set<std::string, std::less<>>;

Names first_labels(std::span<const SourceInfo> sources) {
  Names out;
  for (const SourceInfo& source : sources) {
    for (const std::string& computer : source.computers)
      out.insert(base::lower_ascii(computer.substr(0, computer.find('.'))));
  }
  return out;
}

// CyLR names its archive after the machine unless it is told another name, and writes the machine's name nowhere else.
// So the archive's name counts where the logs know that computer.
std::string host_of_archive(std::string_view root, const Names& computers) {
  constexpr std::string_view kEnding = ".zip!/";
  if (!root.ends_with(kEnding)) return {};
  const std::string_view stem = root.substr(0, root.size() - kEnding.size());
  const std::size_t slash = stem.rfind('/');
  const std::string_view host = slash == std::string_view::npos ? stem : stem.substr(slash + 1);
  return computers.contains(base::lower_ascii(host)) ? std::string(host) : std::string();
}

std::string unix_path(std::string_view below) {
  return '/' + std::string(below);
}

std::optional<CollectedPath> place_below(CollectionKind kind, std::string_view below) {
  CollectedPath path;
  switch (kind) {
    case CollectionKind::velociraptor: {
      if (!below.starts_with(kUploads)) return std::nullopt;
      below.remove_prefix(kUploads.size());
      if (auto upload = parse_upload(below)) return upload;
      const std::size_t accessor = below.find('/');
      if (accessor == std::string_view::npos) return std::nullopt;
      path.rest = unix_path(percent_decoded(below.substr(accessor + 1)));
      return path;
    }
    case CollectionKind::uac:
      if (!below.starts_with(kUnixRoot)) return std::nullopt;
      path.rest = unix_path(below.substr(kUnixRoot.size()));
      return path;
    case CollectionKind::cylr:
      if (auto drive = parse_volume(below)) return drive;
      if (below.find('/') == std::string_view::npos) return std::nullopt;  // its own log
      path.rest = unix_path(below);
      return path;
    case CollectionKind::kape:
    case CollectionKind::drives:
      return parse_drive_or_shadow(below);
    case CollectionKind::none:
      break;
  }
  return std::nullopt;
}

class Describer {
 public:
  Describer(std::span<SourceInfo> sources, std::span<const CollectionMark> marks) : sources_(sources), marks_(marks) {}
  void run();

 private:
  void describe(SourceInfo& source);
  void join_shadow_copies();

  std::span<SourceInfo> sources_;
  std::span<const CollectionMark> marks_;
  Roots roots_;
  struct Shadow {
    SourceInfo* source;
    const Root* root;
    std::string rest, key;  // root and path below the volume, in lower case
  };
  std::vector<Shadow> shadows_;
  std::map<std::string, std::string> live_;  // the same key: the path on its drive; empty where several drives have it
};

void Describer::describe(SourceInfo& source) {
  const FullName name(source);
  for (std::size_t i = name.begins.size(); i-- > 0;) {
    const auto root = roots_.find(name.above(i));
    if (root == roots_.end()) continue;
    const auto path = place_below(root->second.kind, name.below(i));
    if (!path && root->second.kind == CollectionKind::drives) continue;
    SourceInfo::Collected& out = source.collected;
    out.kind = to_string(root->second.kind);
    out.host = root->second.host;
    if (!path) return;
    out.original_path = path->volume + path->rest;
    out.shadow_copy = path->shadow;
    std::string key = root->first + '\0' + base::lower_ascii(path->rest);
    if (path->shadow.empty()) root->second.drives.insert(path->volume);
    if (!path->shadow.empty()) {
      shadows_.push_back({&source, &root->second, path->rest, std::move(key)});
    } else if (const auto [seen, fresh] = live_.try_emplace(std::move(key), out.original_path); !fresh) {
      if (base::lower_ascii(seen->second) != base::lower_ascii(out.original_path)) seen->second.clear();
    }
    return;
  }
}

// A shadow copy's device (or KAPE's folder) does not say of which drive it is. Where the same file was also taken from
// a drive, it is that. KAPE takes one drive and its shadow copies: where it took only one, it is that too.
void Describer::join_shadow_copies() {
  for (const Shadow& shadow : shadows_) {
    const auto live = live_.find(shadow.key);
    const Root& root = *shadow.root;
    if (live != live_.end() && !live->second.empty()) {
      shadow.source->collected.original_path = live->second;
    } else if (root.kind == CollectionKind::kape && root.drives.size() == 1) {
      shadow.source->collected.original_path = *root.drives.begin() + shadow.rest;
    }
  }
}

void Describer::run() {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const FullName name(sources_[i]);
    if (marks_[i].kind != CollectionKind::none) {
      const std::size_t slash = name.text.rfind('/');
      take_root(roots_, std::string_view(name.text).substr(0, slash == std::string::npos ? 0 : slash + 1),
                marks_[i].kind, marks_[i].host);
    }
    if (!sources_[i].is_container) find_by_layout(roots_, name);
  }
  if (roots_.empty()) return;
  const Names computers = first_labels(sources_);
  for (auto& [where, root] : roots_) {
    if (root.kind == CollectionKind::cylr) root.host = host_of_archive(where, computers);
  }
  for (SourceInfo& source : sources_) describe(source);
  join_shadow_copies();
}

}  // namespace

std::string_view to_string(CollectionKind kind) {
  switch (kind) {
    case CollectionKind::none:
      return "";
    case CollectionKind::drives:
      return "drives";
    case CollectionKind::cylr:
      return "cylr";
    case CollectionKind::kape:
      return "kape";
    case CollectionKind::uac:
      return "uac";
    case CollectionKind::velociraptor:
      return "velociraptor";
  }
  return "";
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      out.push_back(text[i]);
      continue;
    }
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

std::optional<CollectedPath> parse_upload(std::string_view below) {
  const std::size_t accessor = below.find('/');
  if (accessor == std::string_view::npos) return std::nullopt;
  std::optional<CollectedPath> path = parse_volume(below.substr(accessor + 1));
  if (path) path->rest = percent_decoded(path->rest);
  return path;
}

void describe_collections(std::span<SourceInfo> sources, std::span<const CollectionMark> marks) {
  assert(sources.size() == marks.size());
  Describer(sources, marks).run();
}

}  // namespace tocsin::evidence
