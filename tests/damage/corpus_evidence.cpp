#include "tests/damage/corpus_evidence.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "evidence/container/archive_testing.hpp"

namespace tocsin::damage {
namespace {

constexpr std::uintmax_t kLargest = 2U << 20U;

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> files_by_size(const std::filesystem::path& root, const char* extension) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_regular_file() && entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::ranges::sort(files, {}, [](const auto& path) { return std::tuple(std::filesystem::file_size(path), path); });
  return files;
}

}  // namespace

std::vector<Evidence> event_logs_of_corpus(const std::filesystem::path& corpus, std::size_t count) {
  std::map<std::filesystem::path, std::vector<std::filesystem::path>> folders;
  for (const auto& path : files_by_size(corpus, ".evtx")) {
    if (std::filesystem::file_size(path) <= kLargest) folders[path.parent_path()].push_back(path);
  }
  std::vector<Evidence> all;
  std::set<std::string> contents;
  for (bool largest = true; all.size() < count && !folders.empty(); largest = !largest) {
    for (auto& [folder, files] : folders) {
      if (files.empty() || all.size() == count) continue;
      const auto chosen = largest ? files.end() - 1 : files.begin();
      std::string bytes = read(*chosen);
      if (contents.insert(bytes).second) {
        all.push_back({chosen->lexically_relative(corpus).string(), std::move(bytes), keep_event_log()});
      }
      files.erase(chosen);
    }
    std::erase_if(folders, [](const auto& folder) { return folder.second.empty(); });
  }
  return all;
}

std::vector<Evidence> json_of_corpus(const std::filesystem::path& folder, std::size_t count) {
  std::vector<Evidence> all;
  for (const auto& path : files_by_size(folder, ".zip")) {
    auto archive = evidence::testing_inputs::walk_bytes(read(path), path.filename().string());
    for (auto& leaf : archive.leaves) {
      if (all.size() == count) return all;
      if (leaf.bytes.size() > kLargest || !leaf.container.ends_with(".json")) continue;
      all.push_back({path.filename().string() + "!/" + leaf.container, std::move(leaf.bytes), keep_lines()});
    }
  }
  return all;
}

}  // namespace tocsin::damage
