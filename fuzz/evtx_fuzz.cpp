// A whole EVTX file through cutter and reader, with and without its slack, every event rendered in every way.
#include <cstdint>
#include <span>

#include "evidence/evtx/reader.hpp"
#include "fuzz/read_everything.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tocsin::ByteView bytes = std::as_bytes(std::span(data, size));
  tocsin::fuzz::read_everything(tocsin::evidence::evtx::evtx_reader(), bytes, false);
  tocsin::fuzz::read_everything(tocsin::evidence::evtx::evtx_reader(), bytes, true);
  return 0;
}
