// What lives until the process ends. A set of thousands of rules and what was found with it are hundreds of thousands
// of small texts: giving each back, just before the kernel takes back all of them at once, was a fifth of a short run.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace tocsin::cli {

// Keeps the value, and what it owns, from being destroyed. REQUIRES: destroying it does nothing but give memory and
// descriptors back. Called by the main thread only.
template <class T>
T& until_exit(T value) {
  static auto& kept = *new std::vector<std::unique_ptr<T>>;  // reachable, so that leak checkers know it
  return *kept.emplace_back(std::make_unique<T>(std::move(value)));
}

}  // namespace tocsin::cli
