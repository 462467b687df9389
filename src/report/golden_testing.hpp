// For tests: output compared with a file that was reviewed. TOCSIN_UPDATE_GOLDENS=1 rewrites src/report/golden/; review
// the difference.
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/paths.hpp"

namespace tocsin::report {

inline void expect_golden(const std::string& name, const std::string& text) {
  const auto path = testing_support::source_dir() / "src/report/golden" / name;
  if (std::getenv("TOCSIN_UPDATE_GOLDENS") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream in(path, std::ios::binary);
  std::stringstream golden;
  golden << in.rdbuf();
  EXPECT_EQ(golden.str(), text) << "differs from " << path;
}

}  // namespace tocsin::report
