// The collectors' own files, recognised by name and content.
#include <algorithm>
#include <array>
#include <cstddef>

#include "evidence/collections.hpp"
#include "evidence/sparse_index.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kMaxHostBytes = 255;  // of a DNS name
constexpr std::size_t kHexOfMd5 = 32;

std::string_view last_component(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// A machine's name, or nothing: never a word that was cut out of something else.
std::string host_name(std::string_view text) {
  const bool sound = !text.empty() && text.size() <= kMaxHostBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
  return sound ? std::string(text) : std::string();
}

// The string value of the first member `key` of JSON text.
std::string json_host(std::string_view text, std::string_view key) {
  std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  at = text.find_first_not_of(" \t\r\n:", at + key.size());
  if (at == std::string_view::npos || text[at] != '"') return {};
  const std::size_t end = text.find('"', at + 1);
  return end == std::string_view::npos ? std::string() : host_name(text.substr(at + 1, end - at - 1));
}

// What stands behind `label` up to the end of the line, a comma or a blank.
std::string labelled_host(std::string_view text, std::string_view label) {
  std::size_t at = text.find(label);
  if (at == std::string_view::npos) return {};
  at = text.find_first_not_of(" \t", at + label.size());
  if (at == std::string_view::npos) return {};
  return host_name(text.substr(at, text.find_first_of(" \t\r\n,", at) - at));
}

bool is_hash_list(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789abcdefABCDEF");
  return (digits != std::string_view::npos && digits >= kHexOfMd5 && text[digits] == ' ') ||
         text.starts_with("MD5 (") || text.starts_with("SHA");
}

struct Rule {
  std::string_view begin, end;  // of the name
  CollectionKind kind;
  std::array<std::string_view, 2> content;  // each is in the head; empty: nothing asked
  std::string_view what;
};
using enum CollectionKind;
constexpr std::array kRules{
    Rule{"client_info.json", "", velociraptor, {"ostname\"", ""}, "the collector's description of the machine"},
    Rule{"collection_context.json", "", velociraptor, {"session_id", ""}, "the collector's record of its run"},
    Rule{"uploads.json", "", velociraptor, {"vfs_path", "file_size"}, "the list of what was collected"},
    Rule{"uploads.csv", "", velociraptor, {"vfs_path", "file_size"}, "the list of what was collected"},
    Rule{"requests.json", "", velociraptor, {"VQLClientAction", ""}, "what the collector was asked for"},
    Rule{"log.json", "", velociraptor, {"\"_ts\"", "\"client_time\""}, "the collector's log"},
    Rule{"logs.json", "", velociraptor, {"\"_ts\"", "\"client_time\""}, "the collector's log"},
    Rule{"metadata.json", "", velociraptor, {"EncryptedPass", ""}, "how the collection is encrypted"},
    Rule{"uac.log", "", uac, {"Unix-like Artifacts Collector", ""}, "the collector's log"},
    Rule{"", "_ConsoleLog.txt", kape, {"KAPE version", ""}, "the collector's log"},
    Rule{"", "_CopyLog.csv", kape, {"SourceFile", "DestinationFile"}, "the list of what was collected"},
    Rule{"", "_SkipLog.csv", kape, {"SourceFile", ""}, "the list of what was not collected"},
    Rule{"", "_SkipLog.csv.csv", kape, {"SourceFile", ""}, "the list of what was not collected"},
    Rule{"CyLR_Collection_Log_", ".log", cylr, {"[info] ", ""}, "the collector's log"},
};

bool fits(const Rule& rule, std::string_view name, std::string_view head) {
  const bool named = rule.begin.empty() || rule.end.empty()
                         ? (rule.end.empty() ? name == rule.begin : name.ends_with(rule.end))
                         : name.starts_with(rule.begin) && name.ends_with(rule.end);
  return named && std::ranges::all_of(rule.content, [&](std::string_view part) { return has(head, part); });
}

// Files that stand beside what was collected and tell nothing of whose collection it is.
std::string_view companion(std::string_view name, std::string_view head) {
  if (name.ends_with(kSparseIndexEnding) && is_sparse_index(head)) return "where the holes of a sparse file were";
  if (name.ends_with(".json.index") && head.starts_with(std::string_view("\0\0\0\0\0\0\0\0", 8))) {
    return "where the rows of a result begin";
  }
  if (name.starts_with("hash_list.") && is_hash_list(head)) return "a list of hashes";
  return {};
}

}  // namespace

CollectionMark read_collection_mark(std::string_view name, ByteView head) {
  name = last_component(name);
  const std::string_view text = as_text(head);
  CollectionMark mark;
  for (const Rule& rule : kRules) {
    if (!fits(rule, name, text)) continue;
    mark.kind = rule.kind;
    mark.what = rule.what;
    break;
  }
  if (mark.kind == none) mark.what = companion(name, text);
  if (name == "client_info.json" && mark.kind == velociraptor) {
    mark.host = json_host(text, "\"Hostname\"");
    if (mark.host.empty()) mark.host = json_host(text, "\"hostname\"");
  }
  if (mark.kind == uac) mark.host = labelled_host(text, "Hostname:");
  if (mark.kind == kape && name.ends_with(".txt")) mark.host = labelled_host(text, "Machine name:");
  return mark;
}

}  // namespace tocsin::evidence
