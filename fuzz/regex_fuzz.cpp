// Regular expressions of rules: the gate refuses with a place, or the expression can be compiled and searched. The
// first byte chooses the flags, the rest is the pattern and, behind a line feed, the text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "match/regex.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tocsin::match::RegexFlags;
  if (size == 0) return 0;
  const RegexFlags flags{(data[0] & 1U) != 0, (data[0] & 2U) != 0, (data[0] & 4U) != 0};
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view pattern = rest.substr(0, rest.find('\n'));
  const std::string_view text = pattern.size() < rest.size() ? rest.substr(pattern.size() + 1) : std::string_view();
  if (const auto refusal = tocsin::match::check_regex(pattern, flags)) {
    if (refusal->message.empty() || refusal->begin > refusal->end || refusal->end > pattern.size()) std::abort();
  } else {
    const tocsin::match::RegexCache cache(1);
    const auto found = cache.search(0, pattern, flags, text);
    if (found && (found->begin > found->end || found->end > text.size())) std::abort();
  }
  // What is quoted matches itself, and nothing can be refused in it but its length.
  const std::string quoted = tocsin::match::quote_regex(text);
  if (tocsin::match::check_regex(quoted, {})) return 0;
  const tocsin::match::RegexCache cache(1);
  const auto itself = cache.search(0, quoted, {}, text);
  if (!itself || itself->begin != 0 || itself->end != text.size()) std::abort();
  return 0;
}
