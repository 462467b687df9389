#include "evidence/xml/reader.hpp"

#include <memory>
#include <string>
#include <vector>

#include "evidence/json/utf16.hpp"
#include "evidence/xml/cutter.hpp"
#include "evidence/xml/event_scanner.hpp"
#include "evidence/xml/unit_reader.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::string_view kNamespace = "http://schemas.microsoft.com/win/2004/08/events/event";

class XmlReader final : public Reader {
 public:
  [[nodiscard]] std::string_view name() const override { return "xml"; }
  [[nodiscard]] Recognition recognise(const Sample& sample) const override {
    json::EncodingGuess guess;
    const std::string text = json::sample_text(sample.head, guess);
    xml::EventScanner scanner;
    std::string_view before;
    auto status = scanner.next(text, sample.whole);
    if (status == xml::EventScanner::Status::filler) {
      before = std::string_view(text).substr(0, scanner.end());
      status = scanner.next(text, sample.whole);
    }
    const std::size_t event = text.find("<Event");
    const bool known = text.find(kNamespace) != std::string::npos;
    if (event == std::string::npos || (!known && text.find("<System") == std::string::npos)) return {};
    // JSON may hold whole events in its values, and a scan that finds no end says nothing of what stands before.
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const bool clean = first != std::string::npos && text[first] == '<' && xml::is_filler(before);
    if (!clean && !known) return {};
    const std::string why = clean ? "begins with <Event> elements" : "holds <Event> elements behind other text";
    return {clean ? (known ? 95 : 70) : 45, "xml.events", why};
  }
  [[nodiscard]] std::unique_ptr<Cutter> make_cutter(const Sample& sample, const ReadOptions& options) const override {
    return std::make_unique<xml::EventCutter>(json::guess_encoding(sample.head), options.unit_bytes);
  }
  [[nodiscard]] std::unique_ptr<UnitReader> make_unit_reader(const ReadOptions& options) const override {
    return std::make_unique<xml::EventUnitReader>(options);
  }
};

}  // namespace

const Reader& xml_reader() {
  static const XmlReader reader;
  return reader;
}

}  // namespace tocsin::evidence
