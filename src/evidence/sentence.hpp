// How anomalies speak: whole sentences, also where they pass on the words of an Error or of a library.
#pragma once

#include <string>

namespace tocsin::evidence {

// `words` with a capital at the beginning and a full stop at the end; nothing stays nothing.
[[nodiscard]] inline std::string as_sentence(std::string words) {
  if (words.empty()) return words;
  if (words.front() >= 'a' && words.front() <= 'z') words.front() = static_cast<char>(words.front() - 'a' + 'A');
  if (words.back() != '.') words.push_back('.');
  return words;
}

}  // namespace tocsin::evidence
