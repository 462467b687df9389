// The files of a scenario: chooses each output's events and renders them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tocsin/result.hpp"

#include "tests/makers/scenario.hpp"

namespace tocsin::makers {

// The bytes of one output. Kinds of damage: "zeroed" (a record's frame and the next 600 bytes are zero, the checksum
// stays), "checksum" (of the records), "stale_header" (count and next id as before the last chunks).
[[nodiscard]] Result<std::string> render_output(const Output& output, const std::vector<TimedEvent>& events);

// Writes all outputs below `folder`, which is made; files that are there are replaced. What was written, for people.
struct WrittenFile {
  std::string file;
  std::size_t bytes = 0;
};
[[nodiscard]] Result<std::vector<WrittenFile>> write_outputs(const Scenario& scenario,
                                                             const std::filesystem::path& folder,
                                                             bool with_story = true);

// Reads a whole text file.
[[nodiscard]] Result<std::string> read_text_file(const std::filesystem::path& path);

}  // namespace tocsin::makers
