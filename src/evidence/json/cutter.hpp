// Cuts a JSON source into units of whole records while it streams by.
//
// Line layout: at line feeds, whatever the lines hold. Value layout: a light scan follows brackets and strings
// (record_scanner.hpp); arrays at the top level and in envelopes are streamed, so that no whole needs to fit into
// memory. Where a record breaks, reading goes on at the next place that looks like a record's beginning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/json/layout.hpp"
#include "evidence/json/record_scanner.hpp"
#include "evidence/json/shape.hpp"
#include "evidence/json/units.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::json {

class JsonCutter final : public Cutter {
 public:
  JsonCutter(const Structure& structure, const ShapeSet& shapes, std::size_t unit_bytes);
  [[nodiscard]] bool feed(ByteView block, UnitSink& sink) override;
  [[nodiscard]] bool flush(UnitSink& sink) override;
  void finish(UnitSink& sink) override;

 private:
  enum class State : std::uint8_t {
    between,    // outside records: blanks, commas, brackets of streamed arrays
    record,     // inside a record
    peek,       // behind the '[' of what may be an envelope
    outer,      // inside an envelope, outside its arrays
    lost,       // behind damage, looking for the next record
    line_tail,  // Layout::unknown: behind the first record
  };
  static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(buffer_.data()), buffer_.size()};
  }
  void run(UnitSink& sink, bool last);
  void run_lines(UnitSink& sink, bool last);
  bool drop_line(UnitSink& sink, bool last);
  void run_values(UnitSink& sink, bool last);
  bool step(UnitSink& sink, bool last);
  bool step_between(UnitSink& sink, bool last);
  bool step_record(UnitSink& sink, bool last);
  bool step_peek(UnitSink& sink, bool last);
  bool step_outer(UnitSink& sink, bool last);
  bool step_lost(UnitSink& sink, bool last);
  bool step_line_tail(bool last);
  void open_array();
  void close_array(UnitSink& sink);
  void count_comma();
  void end_gap(UnitSink& sink, bool list_ends);
  void end_runs(UnitSink& sink);
  bool take_stray(UnitSink& sink);
  void begin_record();
  void end_record(UnitSink& sink);
  void begin_drop(UnitSink& sink);
  void begin_damage(UnitSink& sink, Fault fault);
  void end_damage(UnitSink& sink);
  [[nodiscard]] Fault fault_at(std::size_t at) const;
  [[nodiscard]] bool may_be_record(bool last, bool& wait) const;
  [[nodiscard]] bool is_envelope() const;
  void keep_envelope(UnitSink& sink, std::size_t begin, std::size_t end);
  void end_envelope(UnitSink& sink);
  void pass(char c);
  void emit(UnitSink& sink, std::size_t end);
  void advance(std::size_t end);
  void blank(UnitSink& sink, std::size_t begin, std::size_t end);
  void compact();
  [[nodiscard]] std::uint64_t offset_of(std::size_t at) const;
  RecordScanner& scanner() { return in_array_ ? inner_ : scanner_; }

  const std::vector<ShapePath>& envelopes_;
  const std::size_t unit_bytes_;
  Layout layout_;
  Encoding encoding_;
  Utf16Decoder decoder_;
  std::size_t mark_, mark_left_;  // bytes of the byte order mark, and those still to come
  bool stopped_ = false;

  // UTF-8. [0, head_) was handed on; up to sound_ it may be; up to at_ it was scanned.
  std::vector<std::byte> buffer_;
  std::size_t head_ = 0, sound_ = 0, at_ = 0;
  std::uint64_t offset_ = 0;                      // of buffer_[head_] in the source
  std::uint64_t line_ = 1;                        // likewise
  std::uint64_t records_ = 0, unit_records_ = 0;  // before head_; from there to sound_
  std::uint64_t units_ = 0;

  State state_ = State::between;
  RecordScanner scanner_, inner_;  // at the top level; inside a streamed array
  bool in_array_ = false;          // inside a streamed array
  bool in_envelope_ = false;       // inside an envelope
  std::size_t record_ = 0;         // where the record, or piece of an envelope, begins in the buffer
  std::string key_;                // the first key of the last record: how the next one may begin
  bool line_blank_ = true;         // only blanks since the line began, `column_` of them
  std::size_t column_ = 0, record_column_ = kNoColumn;
  char previous_ = '\0';           // lost: the last byte that is no blank
  bool dropping_ = false;          // the record is too large (lines: the line), its bytes are let go
  std::uint64_t drop_offset_ = 0;  // where that record, or the damaged piece, begins in the source
  Anomaly damage_;                 // lost: to be told when its length is known

  // What stands between the records of a streamed list. Runs of the same trouble are told together.
  enum class Gap : std::uint8_t {
    first,    // in front of the first record
    between,  // behind a record
    unknown,  // behind damage: what was lost may have held commas
  };
  struct GapRun {
    std::uint64_t count = 0, offset = 0, skipped = 0;  // not told yet; where the first is in the source
    std::size_t told = 0;
    bool here = false;  // this gap has the trouble
  };
  static constexpr std::size_t kMaxGapRuns = 64;  // the last one takes all that come after
  void add_to_run(GapRun& run, std::size_t at);
  void tell_run(GapRun& run, Anomaly (*tell)(std::uint64_t, std::uint64_t), UnitSink& sink);
  void end_run(GapRun& run, Anomaly (*tell)(std::uint64_t, std::uint64_t), UnitSink& sink);
  Gap gap_ = Gap::first;
  std::uint64_t commas_ = 0;  // in this gap
  GapRun missing_commas_, extra_commas_;
  GapRun strays_;  // values that are no records

  std::uint64_t nuls_ = 0, first_nul_ = 0;  // between records: how many, and where the first is in the source
  std::string skeleton_;                    // an envelope without its records, to be checked when it ends
  struct Piece {
    std::size_t at = 0;        // in the skeleton
    std::uint64_t offset = 0;  // in the source
  };
  std::vector<Piece> pieces_;
};

}  // namespace tocsin::evidence::json
