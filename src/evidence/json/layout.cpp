#include "evidence/json/layout.hpp"

#include <algorithm>
#include <vector>

#include "evidence/json/shape.hpp"
#include "evidence/json/units.hpp"
#include "evidence/json/walker.hpp"

namespace tocsin::evidence::json {
namespace {

constexpr std::size_t kMaxLinesTried = 64;
// A longer key is nothing to know records by: behind damage it would be compared at every brace.
constexpr std::size_t kMaxFirstKey = 256;

struct FirstValue {
  bool whole = false;     // a sound value ends inside the sample
  bool cut = false;       // sound as far as the sample goes
  bool feed = false;      // it holds line feeds
  bool followed = false;  // other text than a line feed follows on its line
};

FirstValue read_first(std::string_view text, std::size_t begin, bool all) {
  FirstValue first;
  NullHandler handler;
  Leniency leniency;
  Walker walker(text, handler, leniency);
  const std::size_t end = walker.walk(begin);
  const Fault& fault = walker.fault();
  first.whole = fault.code == Fault::Code::none;
  first.cut = fault.code == Fault::Code::truncated && !all;
  const std::size_t stop = std::min(end, text.size());
  first.feed = text.substr(begin, stop - begin).find('\n') != std::string_view::npos;
  if (first.whole) {
    std::size_t next = end;
    while (next < text.size() && (text[next] == ' ' || text[next] == '\t' || text[next] == '\r')) ++next;
    first.followed = next < text.size() && text[next] != '\n';
  }
  return first;
}

bool begins_envelope(std::string_view text, std::size_t begin, const ShapeSet& shapes) {
  const std::string_view key = first_key(text, begin);
  return std::ranges::any_of(shapes.envelopes(), [&](const ShapePath& path) { return path.front() == key; });
}

// True where some line is by itself a sound object that begins in the first column.
bool has_record_line(std::string_view text, std::size_t at, bool all) {
  for (std::size_t tried = 0; at < text.size() && tried < kMaxLinesTried; ++tried) {
    const std::size_t feed = text.find('\n', at);
    if (feed == std::string_view::npos && !all) return false;
    const std::string_view line = text.substr(at, feed - at);
    if (line.starts_with("{\"")) {
      NullHandler handler;
      Leniency leniency;
      Walker walker(line, handler, leniency);
      const std::size_t end = walker.walk(0);
      if (walker.fault().code == Fault::Code::none && skip_blanks(line, end) == line.size()) return true;
    }
    if (feed == std::string_view::npos) return false;
    at = feed + 1;
  }
  return false;
}

// `text` is UTF-8 from behind the mark.
void look_at_text(std::string_view text, bool all, const ShapeSet& shapes, Structure& found) {
  const auto is = [&](Layout layout, const char* format, int confidence, const char* why) {
    found.layout = layout;
    found.format = format;
    found.confidence = confidence;
    found.why = why;
  };
  const std::size_t begin = skip_filling(text, 0);
  const char c = begin < text.size() ? text[begin] : '\0';
  if (c != '{' && c != '[') {
    if (c != '\0' && has_record_line(text, begin, all)) {
      is(Layout::lines, "json.ndjson", 50, "the first line is no JSON, but a later one is an object");
    }
    return;
  }
  const FirstValue first = read_first(text, begin, all);
  const char next = skip_blanks(text, begin + 1) < text.size() ? text[skip_blanks(text, begin + 1)] : '\0';
  const bool plausible =
      c == '{' ? next == '"' || next == '}' : next == '{' || next == '[' || next == ']' || first.whole;
  if (!first.whole && !first.cut && has_record_line(text, begin, all)) {
    return is(Layout::lines, "json.ndjson", 70, "the first line is damaged, a later one is an object");
  }
  if (!first.whole && !plausible) return;
  const int confidence = first.whole || first.cut ? 90 : 40;
  if (c == '[') return is(Layout::values, "json.array", confidence, "begins with an array");
  if (begins_envelope(text, begin, shapes)) {
    return is(Layout::values, "json.envelope", confidence, "begins with an envelope of records");
  }
  if (first.whole && !first.feed && !first.followed) {
    return is(Layout::lines, "json.ndjson", 90, "the first line is an object");
  }
  if (first.cut && !first.feed) return is(Layout::unknown, "json.objects", 80, "begins with a large object");
  is(Layout::values, "json.objects", confidence, "begins with an object");
}

}  // namespace

std::string_view first_key(std::string_view text, std::size_t begin) {
  const std::size_t quote = skip_blanks(text, begin + 1);
  if (begin >= text.size() || text[begin] != '{' || quote >= text.size() || text[quote] != '"') return {};
  const StringScan scan = scan_string(text, quote + 1);
  if (!scan.closed || scan.end - quote - 1 > kMaxFirstKey) return {};
  return text.substr(quote + 1, scan.end - quote - 1);
}

Structure look_at(const Sample& sample, const ShapeSet& shapes) {
  Structure found;
  const EncodingGuess guess = guess_encoding(sample.head);
  found.encoding = guess.encoding;
  found.mark = guess.mark;
  const ByteView body = sample.head.subspan(guess.mark);
  if (guess.encoding == Encoding::utf8) {
    look_at_text(as_text(body), sample.whole, shapes, found);
    return found;
  }
  std::vector<std::byte> text;
  Utf16Decoder decoder(guess.encoding == Encoding::utf16be);
  decoder.feed(body, text);
  look_at_text(as_text(text), sample.whole, shapes, found);
  return found;
}

}  // namespace tocsin::evidence::json
