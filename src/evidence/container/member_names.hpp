// Names of a container's members, made unambiguous. They are evidence: bytes of unknown encoding, perhaps hostile
// (`..`, absolute, repeated). They name things in results and are never used as a path on disk. One per container.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace tocsin::evidence {

constexpr std::size_t kMaxMemberNameBytes = 4096;

class MemberNames {
 public:
  struct Name {
    std::string text;
    bool shortened = false;  // was longer than kMaxMemberNameBytes
  };
  // A name for the next member: without leading "./"; "!/" (which joins nesting levels) as "!%2F"; an empty one is
  // "(no name)"; one too long is cut and ends in a part of its hash; the second of the same name gets "#2".
  [[nodiscard]] Name next(std::string_view raw);

 private:
  // By hash, to stay small with a million members. Two names of one hash cost a needless "#2", no more. Ordered,
  // since a hostile archive can aim names at one bucket.
  std::map<std::uint64_t, std::uint32_t> seen_;
};

// "outer.zip-member" + "inner name": the path inside containers.
[[nodiscard]] std::string join_container(std::string_view outer, std::string_view member);

}  // namespace tocsin::evidence
