// Where tests find files: the source tree and the corpus of public samples, which is not part of the repository.
// Thread-safe; nothing is created.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace tocsin::testing_support {

// The root of the source tree: TOCSIN_SOURCE_DIR from the environment, else where this was built from.
[[nodiscard]] std::filesystem::path source_dir();

// The corpus: TOCSIN_CORPUS from the environment, else ../shared/corpus beside the source tree; nothing where there is
// none. A test that needs it ends with `GTEST_SKIP() << kNoCorpus`.
[[nodiscard]] std::optional<std::filesystem::path> corpus_dir();
// The same, one folder below ("sigma-rules").
[[nodiscard]] std::optional<std::filesystem::path> corpus_dir(std::string_view folder);

inline constexpr std::string_view kNoCorpus =
    "the corpus is not here: set TOCSIN_CORPUS, or put it at ../shared/corpus beside the source tree";

}  // namespace tocsin::testing_support
