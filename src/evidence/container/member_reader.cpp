#include "evidence/container/member_reader.hpp"

#include <initializer_list>

namespace tocsin::evidence {
namespace {

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) {
    if (text.find(part) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

Trouble classify_trouble(std::string_view words) {
  while (words.ends_with('\n')) words.remove_suffix(1);  // libarchive ends some of its messages with one
  const std::string found(words.empty() ? "unknown error" : words);
  if (contains_any(words, {"ncrypt", "assphrase"})) {
    return {"container_encrypted", "expected readable bytes, found encryption (" + found + ")",
            "extract it with its password (`7z x -pPASSWORD`) and scan the folder"};
  }
  if (contains_any(words, {"nsupported", "not supported"})) {
    return {"container_method", "this way of compression is not read (" + found + ")",
            "extract it with `7z x` and scan the folder"};
  }
  if (contains_any(words, {"CRC", "hecksum", "uthentication code", "incorrect data check", "incorrect length check"})) {
    return {"container_checksum", "the checksum does not fit the bytes (" + found + "); they were read all the same",
            "get an undamaged copy; compare with the original"};
  }
  return {"container_damaged", "the container is damaged here (" + found + "); what lies before was read",
          "get an undamaged copy, or repair it (`zip -FF`, `7z x`) and scan the folder"};
}

}  // namespace tocsin::evidence
