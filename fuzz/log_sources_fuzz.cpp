// Log-source files: whatever the bytes, either a problem with a place or entries that can be asked; conversions take
// any value.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/log_source.hpp"

namespace {

using tocsin::sigma::LogSources;

void use(const LogSources::Entry& entry, const LogSources& sources) {
  const tocsin::LogSource asked{entry.product, entry.category, entry.service, {}};
  for (const tocsin::sigma::Variant& variant : sources.resolve(asked).variants) {
    if (variant.name.empty()) std::abort();
    for (const tocsin::sigma::FieldSource& field : variant.fields) {
      for (const char* value : {"", "0x1a4", "%%1905", "S-1-16-12288", "\\REGISTRY\\USER\\S-1-5-18\\x", "6"}) {
        static_cast<void>(apply_conversions(field, value, "%%1876"));
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<tocsin::RuleProblem> problems;
  const LogSources sources = LogSources::load({{"own.yml", text}}, problems);
  for (const tocsin::RuleProblem& problem : problems) {
    if (problem.code.empty() || problem.message.empty()) std::abort();
  }
  for (const LogSources::Entry& entry : sources.entries()) use(entry, sources);
  static_cast<void>(sources.resolve({"windows", "process_creation", "", ""}));
  static_cast<void>(sources.resolve({"", "", "security", ""}));
  return 0;
}
