#include "evidence/json/unit_reader.hpp"

#include <algorithm>
#include <utility>

#include "evidence/json/elements.hpp"
#include "evidence/json/record_scanner.hpp"
#include "evidence/json/trouble.hpp"

namespace tocsin::evidence::json {
namespace {

std::string_view text_of(const Unit& unit) {
  return {reinterpret_cast<const char*>(unit.bytes.data()), unit.bytes.size()};
}

}  // namespace

JsonUnitReader::JsonUnitReader(const ReadOptions& options) : binder_(options) {}

void JsonUnitReader::read(const Unit& unit, EventSink& sink) {
  unit_ = &unit;
  sink_ = &sink;
  text_ = text_of(unit);
  mapped_at_ = 0;
  mapped_offset_ = unit.offset;
  if ((unit.flags & kUnitLines) != 0) {
    read_lines();
  } else {
    read_values();
  }
}

void JsonUnitReader::read_lines() {
  std::uint64_t line = unit_->first_line;
  for (std::size_t at = 0; at < text_.size(); ++line) {
    const std::size_t feed = text_.find('\n', at);
    const std::size_t end = feed == std::string_view::npos ? text_.size() : feed;
    if (!read_line(at, end, line)) return;
    at = end + 1;
  }
}

// One line: usually one value; several are read one after the other. False: stop.
bool JsonUnitReader::read_line(std::size_t at, std::size_t end, std::uint64_t line) {
  place_ = {};
  place_.kind = PlaceKind::line;
  place_.record = place_.line = line;
  const std::string_view text = text_.substr(0, end);
  for (;;) {
    const std::size_t gap = at;
    at = skip_filling(text, at);
    report_nuls(text.substr(gap, at - gap), gap);
    if (at == end) return true;
    if (!read_value(text, at)) return false;
  }
}

void JsonUnitReader::read_values() {
  place_ = {};
  place_.kind = PlaceKind::bytes;
  place_.line = unit_->first_line;
  std::uint64_t record = unit_->first_record;
  std::size_t counted = 0;
  for (std::size_t at = 0;;) {
    at = skip_filling(text_, at);
    if (at == text_.size()) return;
    place_.record = record++;
    for (; counted < at; ++counted) place_.line += text_[counted] == '\n' ? 1 : 0;
    if (!read_value(text_, at)) return;
  }
}

// Reads the value at `at` and moves `at` behind it, whether it could be read or not. False: stop.
bool JsonUnitReader::read_value(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  Fault fault;
  std::size_t end = binder_.bind(text.substr(begin), fault);
  // "4ru" is one damaged value, as it was to the cutter that counted it.
  const bool in_word = !ends_word(text[begin]) && begin + end < text.size() && !ends_word(text[begin + end]);
  if (in_word && (unit_->flags & kUnitLines) == 0) fault = {Fault::Code::syntax, end, "the end of the value"};
  if (fault.code != Fault::Code::none) {
    end = (unit_->flags & kUnitLines) != 0 ? text.size() : end_of_value(text, begin);
    at = end;
    report_damage(text.substr(begin, end - begin), begin);
    return true;
  }
  at = begin + end;
  report_leniency(begin);
  if (text[begin] != '{') return read_other(text.substr(begin, end), begin);
  if (const auto envelope = binder_.envelope()) return read_envelope(begin, end, *envelope);
  return emit(begin, end);
}

// Walks the record once more, alone, so that what is said of it does not depend on what stands behind it.
void JsonUnitReader::report_damage(std::string_view record, std::size_t begin) {
  NullHandler handler;
  Leniency leniency;
  Walker walker(record, handler, leniency);
  const std::size_t end = walker.walk(0);
  Fault fault = walker.fault();
  if (fault.code == Fault::Code::none) fault = {Fault::Code::syntax, end, "the end of the record"};
  const std::uint64_t from = source_offset(begin), where = source_offset(begin + std::min(fault.at, record.size()));
  sink_->on_anomaly(damage(record, fault, where, source_offset(begin + record.size()) - from));
}

std::size_t JsonUnitReader::end_of_value(std::string_view text, std::size_t begin) {
  RecordScanner scanner;
  scanner.start(false);
  std::size_t at = begin;
  if (scanner.scan(text, at) == RecordScanner::Status::done && at > begin) return at;
  return text.size();
}

bool JsonUnitReader::emit(std::size_t begin, std::size_t length) {
  JsonEvent& event = binder_.event();
  if (event.crowded()) {
    const std::uint64_t from = source_offset(begin);
    sink_->on_anomaly(too_many_values(from, source_offset(begin + length) - from, kMaxRecordValues));
    return true;
  }
  place_.offset = source_offset(begin);
  place_.length = source_offset(begin + length) - place_.offset;
  for (const EmbeddedFault& fault : binder_.embedded_faults()) {
    sink_->on_anomaly(embedded_text(fault, source_offset(begin + fault.at)));
  }
  event.finish(binder_.shape(), place_);
  return sink_->on_event(event);
}

bool JsonUnitReader::read_envelope(std::size_t begin, std::size_t length, std::size_t envelope) {
  return read_elements(begin, length, binder_.shapes().envelopes()[envelope]);
}

// A list of records on one line, or a value that is no record at all.
bool JsonUnitReader::read_other(std::string_view text, std::size_t begin) {
  if (text.front() == '[') return read_elements(begin, text.size(), {});
  StrayRuns strays;
  strays.add(begin, source_length(text));
  report_strays(strays);
  return true;
}

bool JsonUnitReader::read_elements(std::size_t begin, std::size_t length, const ShapePath& path) {
  const std::string_view text = text_.substr(begin, length);
  ElementHandler handler(text, path);
  Leniency leniency;
  Walker walker(text, handler, leniency);
  (void)walker.walk(0);
  StrayRuns strays;
  for (const ElementHandler::Element& element : handler.elements()) {
    const std::string_view inside = text.substr(element.begin, element.end - element.begin);
    if (element.object) {
      strays.end_run();
    } else {
      strays.add(begin + element.begin, source_length(inside));
    }
  }
  report_strays(strays);
  for (const ElementHandler::Element& element : handler.elements()) {
    if (!element.object) continue;
    Fault fault;
    const std::size_t size = binder_.bind(text.substr(element.begin, element.end - element.begin), fault);
    if (fault.code == Fault::Code::none && !emit(begin + element.begin, size)) return false;
  }
  return true;
}

void JsonUnitReader::report_strays(const StrayRuns& strays) {
  for (const StrayRuns::Run& run : strays.all()) {
    Anomaly anomaly = not_an_object(source_offset(run.begin), run.count);
    anomaly.skipped = run.skipped;
    sink_->on_anomaly(std::move(anomaly));
  }
}

std::uint64_t JsonUnitReader::source_length(std::string_view text) const {
  return (unit_->flags & kUnitUtf16) == 0 ? text.size() : utf16_length(text);
}

void JsonUnitReader::report_nuls(std::string_view gap, std::size_t begin) {
  const std::size_t first = gap.find('\0');
  if (first == std::string_view::npos) return;
  const auto count = static_cast<std::uint64_t>(std::ranges::count(gap, '\0'));
  sink_->on_anomaly(nul_bytes(source_offset(begin + first), count));
}

void JsonUnitReader::report_leniency(std::size_t begin) {
  const Leniency& leniency = binder_.leniency();
  if (!leniency.any) return;
  for (std::size_t kind = 0; kind < Leniency::kKinds; ++kind) {
    const Leniency::Entry& entry = leniency.entries[kind];
    if (entry.count == 0) continue;
    sink_->on_anomaly(tolerated(static_cast<Leniency::Kind>(kind), entry.count, source_offset(begin + entry.at)));
  }
}

// Where a byte of the unit lies in the source. Forward steps are cheap; for UTF-16 the code units are counted.
std::uint64_t JsonUnitReader::source_offset(std::size_t at) {
  if ((unit_->flags & kUnitUtf16) == 0) return unit_->offset + at;
  if (at < mapped_at_) mapped_at_ = 0, mapped_offset_ = unit_->offset;
  mapped_offset_ += utf16_length(text_.substr(mapped_at_, at - mapped_at_));
  mapped_at_ = at;
  return mapped_offset_;
}

}  // namespace tocsin::evidence::json
