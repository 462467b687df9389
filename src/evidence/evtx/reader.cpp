#include "evidence/evtx/reader.hpp"

#include <memory>

#include "evidence/evtx/chunk.hpp"
#include "evidence/evtx/cutter.hpp"
#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/unit_reader.hpp"

namespace tocsin::evidence::evtx {
namespace {

class EvtxReader final : public Reader {
 public:
  [[nodiscard]] std::string_view name() const override { return "evtx"; }

  [[nodiscard]] Recognition recognise(const Sample& sample) const override {
    const std::string_view head = as_text(sample.head);
    if (head.starts_with(kFileMagic)) return {100, "evtx", "begins with ElfFile"};
    if (head.size() > kFileHeaderSize && head.substr(kFileHeaderSize).starts_with(kChunkMagic)) {
      return {90, "evtx", "no ElfFile at the beginning, but ElfChnk at 4096"};
    }
    return {};
  }
  [[nodiscard]] std::unique_ptr<Cutter> make_cutter(const Sample&, const ReadOptions& options) const override {
    return std::make_unique<ChunkCutter>(options.carve);
  }
  [[nodiscard]] std::unique_ptr<UnitReader> make_unit_reader(const ReadOptions& options) const override {
    return std::make_unique<ChunkReader>(options);
  }
};

}  // namespace

const Reader& evtx_reader() {
  static const EvtxReader reader;
  return reader;
}

}  // namespace tocsin::evidence::evtx
