// Seeds for the fuzz targets: small inputs that between them reach every branch we know of, sound and damaged.
#pragma once

#include <string>
#include <vector>

namespace tocsin::makers {

struct FuzzSeed {
  std::string target;  // fuzz/<target>_fuzz.cpp
  std::string name, bytes;
};

[[nodiscard]] std::vector<FuzzSeed> evtx_seeds();
[[nodiscard]] std::vector<FuzzSeed> binxml_seeds();
[[nodiscard]] std::vector<FuzzSeed> json_seeds();
[[nodiscard]] std::vector<FuzzSeed> xml_seeds();
[[nodiscard]] std::vector<FuzzSeed> csv_seeds();
[[nodiscard]] std::vector<FuzzSeed> sigma_seeds();  // rules; conditions and expressions alone; log sources
[[nodiscard]] std::vector<FuzzSeed> all_seeds();

}  // namespace tocsin::makers
