// Reads one chunk: checks its header and checksums, walks its records past whatever is damaged, and hands each to the
// sink.
#pragma once

#include <memory>
#include <optional>

#include "evidence/evtx/chunk.hpp"
#include "evidence/evtx/chunk_anomalies.hpp"
#include "evidence/evtx/record_event.hpp"
#include "evidence/evtx/slack.hpp"
#include "evidence/evtx/template_table.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::evtx {

class ChunkReader final : public UnitReader {
 public:
  explicit ChunkReader(const ReadOptions& options)
      : fields_(options.fields), templates_(options.fields), event_(options.fields) {}
  void read(const Unit& unit, EventSink& sink) override;

  // Where the log ends in the chunk read last: what lies behind is slack.
  [[nodiscard]] std::size_t live_end() const { return live_end_; }

 private:
  struct Job {
    ByteView chunk;
    const ChunkHeader& header;
    ChunkAnomalies& anomalies;
    EventSink& sink;
  };
  void read_live(const Job& job);
  [[nodiscard]] std::size_t check_header(const Unit& unit, const Job& job);
  void check_data(const Unit& unit, const Job& job, std::size_t end);
  [[nodiscard]] bool goes_on(const Job& job, const RecordFrame& frame, std::size_t end, bool told) const;
  [[nodiscard]] std::size_t behind_doubtful(const Job& job, const RecordFrame& frame, std::size_t end);
  [[nodiscard]] std::size_t skip_damage(const Job& job, std::size_t at, std::size_t end);
  // False: stop reading this unit.
  bool emit(const Job& job, const RecordFrame& frame);
  void note_oddities(const Job& job, const RecordFrame& frame);

  const model::FieldTable* fields_;
  TemplateTable templates_;
  RecordEvent event_;
  std::size_t live_end_ = 0;
  std::size_t chunk_text_ = 0;
  std::optional<std::uint64_t> last_id_;
  std::unique_ptr<SlackReader> slack_;  // made when first needed
};

}  // namespace tocsin::evidence::evtx
