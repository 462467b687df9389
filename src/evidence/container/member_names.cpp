#include "evidence/container/member_names.hpp"

#include "base/hash.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::string_view kJoint = "!/";

std::string escape_joint(std::string_view raw) {
  std::string text;
  for (std::size_t at = 0;;) {
    const std::size_t joint = raw.find(kJoint, at);
    text.append(raw.substr(at, joint - at));
    if (joint == std::string_view::npos) return text;
    text.append("!%2F");
    at = joint + kJoint.size();
  }
}

}  // namespace

MemberNames::Name MemberNames::next(std::string_view raw) {
  while (raw.starts_with("./")) raw.remove_prefix(2);
  Name name;
  if (raw.size() > kMaxMemberNameBytes) {
    name.shortened = true;
    name.text = escape_joint(raw.substr(0, kMaxMemberNameBytes)) + "~" + base::sha256_hex(raw).substr(0, 16);
  } else {
    name.text = raw.empty() ? "(no name)" : escape_joint(raw);
  }
  std::uint32_t& count = seen_[base::fnv1a(name.text)];
  if (++count == 1) return name;
  // "a#2" may itself be a member's name.
  for (std::uint32_t number = count;; ++number) {
    std::string candidate = name.text + "#" + std::to_string(number);
    if (std::uint32_t& taken = seen_[base::fnv1a(candidate)]; taken == 0) {
      taken = 1;
      seen_[base::fnv1a(name.text)] = number;
      name.text = std::move(candidate);
      return name;
    }
  }
}

std::string join_container(std::string_view outer, std::string_view member) {
  std::string path(outer);
  if (!path.empty()) path.append(kJoint);
  return path.append(member);
}

}  // namespace tocsin::evidence
