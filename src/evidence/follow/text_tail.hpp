// Lines, rows and elements that are appended. A last line that is not whole waits in the cutter.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/hash.hpp"
#include "evidence/follow/tail.hpp"

namespace tocsin::evidence {

class TextTail final : public Tail {
 public:
  // REQUIRES: `file` outlives it.
  TextTail(const LiveFile& file, std::unique_ptr<Cutter> cutter, bool hash);
  [[nodiscard]] bool read_on(UnitSink& sink) override;
  [[nodiscard]] bool is_rewritten() const override;
  void finish(UnitSink& sink) override;
  [[nodiscard]] std::uint64_t position() const override { return position_; }
  void identify(SourceInfo& info, bool ended) const override;

 private:
  void remember(ByteView block);

  const LiveFile& file_;
  std::unique_ptr<Cutter> cutter_;
  std::optional<base::Sha256> hash_;
  std::uint64_t position_ = 0;
  std::vector<std::byte> last_;   // the last bytes before position_: to see whether they are still there
  std::vector<std::byte> block_;  // to read into
};

}  // namespace tocsin::evidence
