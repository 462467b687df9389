// The one list of readers. A new format is a folder and a line here.
#include <array>

#include "evidence/csv/reader.hpp"
#include "evidence/evtx/reader.hpp"
#include "evidence/json/json_reader.hpp"
#include "evidence/reader.hpp"
#include "evidence/xml/reader.hpp"

namespace tocsin::evidence {

std::span<const Reader* const> all_readers() {
  static const std::array readers = {&evtx::evtx_reader(), &json_reader(), &xml_reader(), &csv_reader()};
  return readers;
}

}  // namespace tocsin::evidence
