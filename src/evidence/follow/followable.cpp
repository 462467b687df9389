#include "evidence/follow/followable.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "evidence/container/kind.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kMagicBytes = 512;  // of containers

bool is_evtx(ByteView head) {
  return as_text(head).starts_with("ElfFile");
}

// A whole line, or so much that there is no need of one.
bool is_enough(ByteView head) {
  return head.size() >= kSampleBytes || is_evtx(head) || as_text(head).find('\n') != std::string_view::npos;
}

Followable refused(std::string why, std::string remedy) {
  return {.kind = Followable::Kind::no, .why = std::move(why), .remedy = std::move(remedy), .found = {}, .sample = {}};
}

}  // namespace

Followable look_at_beginning(ByteView head, const std::string& path) {
  if (const auto kind = recognise_container(head.first(std::min(head.size(), kMagicBytes)))) {
    return refused(fmt::format("an archive ({}) cannot be followed: it is whole only at its end", to_string(*kind)),
                   "scan it without --follow");
  }
  Followable result;
  if (!is_enough(head)) return result;
  const bool all = head.size() < kSampleBytes;
  result.sample = all && !is_evtx(head) ? head.first(as_text(head).rfind('\n') + 1) : head;
  Sample sample;
  sample.head = result.sample;
  sample.path = path;
  const auto readers = all_readers();
  for (std::size_t i = 0; i < readers.size(); ++i) {
    Recognition found = readers[i]->recognise(sample);
    if (found.confidence > result.found.confidence) result.found = std::move(found), result.reader = i;
  }
  if (result.found.confidence == 0) {
    if (all) return result;
    return refused("no reader knows this content: it cannot be followed",
                   "`tocsin formats --why FILE` says what it begins as");
  }
  if (result.found.format == "json.array" || result.found.format == "json.envelope") {
    return refused("one JSON document cannot be followed: it is whole only at its end", "scan it when it is written");
  }
  result.kind = Followable::Kind::yes;
  return result;
}

}  // namespace tocsin::evidence
