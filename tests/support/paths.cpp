#include "tests/support/paths.hpp"

#include <cstdlib>

namespace tocsin::testing_support {

std::filesystem::path source_dir() {
  if (const char* from_environment = std::getenv("TOCSIN_SOURCE_DIR")) return from_environment;
  return TOCSIN_SOURCE_DIR;
}

std::optional<std::filesystem::path> corpus_dir() {
  const char* from_environment = std::getenv("TOCSIN_CORPUS");
  std::filesystem::path path = from_environment != nullptr ? std::filesystem::path(from_environment)
                                                           : source_dir().parent_path() / "shared/corpus";
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return std::nullopt;
  return path;
}

std::optional<std::filesystem::path> corpus_dir(std::string_view folder) {
  const auto corpus = corpus_dir();
  std::error_code error;
  if (!corpus || !std::filesystem::is_directory(*corpus / folder, error)) return std::nullopt;
  return *corpus / folder;
}

}  // namespace tocsin::testing_support
