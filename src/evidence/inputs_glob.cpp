#include "evidence/inputs_glob.hpp"

#include <algorithm>
#include <cstddef>

namespace tocsin::evidence {
namespace {

struct ClassMatch {
  bool valid = false;  // a closing bracket was found
  bool matches = false;
  std::size_t end = 0;  // behind the closing bracket
};

// pattern[at] is '['. A ']' right behind the bracket (or its '!') stands for itself.
ClassMatch match_class(std::string_view pattern, std::size_t at, char c) {
  ClassMatch result;
  ++at;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  const auto byte = static_cast<unsigned char>(c);
  bool found = false;
  for (bool first = true; at < pattern.size() && (first || pattern[at] != ']'); first = false) {
    const auto low = static_cast<unsigned char>(pattern[at]);
    const bool range = at + 2 < pattern.size() && pattern[at + 1] == '-' && pattern[at + 2] != ']';
    const auto high = range ? static_cast<unsigned char>(pattern[at + 2]) : low;
    found = found || (low <= byte && byte <= high);
    at += range ? 3 : 1;
  }
  if (at >= pattern.size()) return result;
  return {true, found != negated, at + 1};
}

// Whether one character of the pattern at `at` fits `c`; moves `at` behind it.
bool match_one(std::string_view pattern, std::size_t& at, char c) {
  if (pattern[at] == '?') {
    ++at;
    return true;
  }
  if (pattern[at] == '[') {
    if (const ClassMatch match = match_class(pattern, at, c); match.valid) {
      at = match.end;
      return match.matches;
    }
  }
  if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
  return pattern[at++] == c;
}

std::string unescape(std::string_view component) {
  std::string plain;
  for (std::size_t i = 0; i < component.size(); ++i) {
    if (component[i] == '\\' && i + 1 < component.size()) ++i;
    plain.push_back(component[i]);
  }
  return plain;
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> components;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) components.push_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return components;
}

std::string join(const std::string& folder, std::string_view name) {
  std::string path = folder;
  if (!path.empty() && path.back() != '/') path.push_back('/');
  return path.append(name);
}

// The paths of the next step: each of `folders` with each name in it that fits `component`. Ends beyond `most`.
std::vector<std::string> step(const std::vector<std::string>& folders, std::string_view component, Lister& lister,
                              std::size_t most) {
  std::vector<std::string> found;
  for (const std::string& folder : folders) {
    if (found.size() > most) break;
    if (!has_glob_characters(component)) {
      std::string path = join(folder, unescape(component));
      if (lister.look(path, true)) found.push_back(std::move(path));
      continue;
    }
    static_cast<void>(lister.list(folder.empty() ? "." : folder, [&](std::string_view name) {
      if (glob_matches(component, name)) found.push_back(join(folder, name));
      return found.size() <= most;
    }));
  }
  return found;
}

}  // namespace

bool has_glob_characters(std::string_view path) {
  return path.find_first_of("*?[") != std::string_view::npos;
}

bool glob_matches(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  std::size_t p = 0, n = 0;
  std::size_t star = std::string_view::npos, retry = 0;  // last '*' and where its match would go on
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      retry = n;
      continue;
    }
    if (p < pattern.size() && match_one(pattern, p, name[n])) {
      ++n;
      continue;
    }
    if (star == std::string_view::npos) return false;
    p = star;
    n = ++retry;
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

Result<std::vector<std::string>> expand_glob(std::string_view pattern, Lister& lister, std::size_t most) {
  std::vector<std::string> paths{pattern.starts_with('/') ? "/" : ""};
  for (const std::string_view component : split(pattern)) {
    paths = step(paths, component, lister, most);
    if (paths.size() <= most) continue;
    return fail(ErrorCode::limit,
                "expected a pattern that fits at most " + std::to_string(most) + " paths; nothing of it was read",
                std::string(pattern), "name the folder instead, which is walked in full, or a narrower pattern");
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace tocsin::evidence
