// Lines, rows and elements that are appended. A last line that is not whole waits in the cutter.
#pragma once

#include <memory>
#include <vector>

#include "base/hash.hpp"
#include "evidence/follow/tail.hpp"

namespace tocsin::evidence {

class TextTail final : public Tail {
 public:
  // REQUIRES: `file` outlives it. `hash`: identify() tells it.
  TextTail(const LiveFile& file, std::unique_ptr<Cutter> cutter, bool hash);
  // Goes past the first `size` bytes, which were read under another name. REQUIRES: nothing was read. False: not
  // possible now.
  [[nodiscard]] bool pass(std::uint64_t size, const Enough& enough);
  [[nodiscard]] bool read_on(UnitSink& sink, const Enough& enough) override;
  [[nodiscard]] bool is_rewritten() const override;
  void finish(UnitSink& sink, const Enough& enough) override;
  void cut_off(UnitSink& sink) override { cutter_->finish(sink); }
  [[nodiscard]] std::uint64_t position() const override { return position_; }
  [[nodiscard]] bool failed() const override { return failed_; }
  void identify(SourceInfo& info, bool ended) const override;
  [[nodiscard]] std::string digest() const override { return hash_.hex(); }

 private:
  void remember(ByteView block);
  [[nodiscard]] bool read_to(std::uint64_t end, UnitSink& sink, const Enough& enough);

  const LiveFile& file_;
  std::unique_ptr<Cutter> cutter_;
  base::Sha256 hash_;
  bool shows_hash_, failed_ = false;
  std::uint64_t position_ = 0;
  std::vector<std::byte> last_;   // the last bytes before position_: to see whether they are still there
  std::vector<std::byte> block_;  // to read into
};

}  // namespace tocsin::evidence
