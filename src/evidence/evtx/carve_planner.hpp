// Finds out, while a file is cut, which records in slack are worth reading. Repeats of live records can only be dropped
// once all live ones are known, so chunks with something in their slack are held back until the file's end.
//
// Costs a second decoding of every chunk; used only with --carve.
#pragma once

#include <vector>

#include "evidence/evtx/slack.hpp"
#include "evidence/evtx/unit_reader.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::evtx {

class CarvePlanner {
 public:
  CarvePlanner();
  // Looks at a chunk before it is handed on.
  void survey(const Unit& unit);
  // True: enough is held back, `release` some of it now.
  [[nodiscard]] bool full() const;
  // Hands on what is held back, without what is live, and without repeats. False: the sink wants no more.
  [[nodiscard]] bool release(UnitSink& sink);
  [[nodiscard]] bool forgot_keys() const { return forgot_; }  // more live records than could be remembered

 private:
  struct Held {
    Unit unit;
    std::vector<SlackRecord> records;
  };
  void remember(RecordKey key);

  ChunkReader live_;
  SlackReader slack_;
  std::vector<RecordKey> keys_;  // of live records, and of carved ones handed on
  std::vector<Held> held_;
  bool forgot_ = false;
};

}  // namespace tocsin::evidence::evtx
