// BinXML alone: the input becomes the body of the one record of a small chunk, so that the fuzzer need not find out
// about headers and frames. Offsets in the input count from the chunk: the body begins at 536.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/unit_reader.hpp"
#include "fuzz/read_everything.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::evidence::evtx;

template <class T>
void put(std::vector<std::byte>& bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

evidence::Unit chunk_around(std::span<const std::uint8_t> body) {
  const std::size_t room = kChunkSize - kChunkHeaderSize - kMinRecordSize - 8;
  body = body.first(std::min(body.size(), room));
  const std::size_t size = (kMinRecordSize + body.size() + 7) / 8 * 8;
  evidence::Unit unit;
  unit.bytes.resize(kChunkSize);
  std::memcpy(unit.bytes.data(), kChunkMagic.data(), kChunkMagic.size());
  put(unit.bytes, 48, static_cast<std::uint32_t>(kChunkHeaderSize + size));
  put(unit.bytes, 120, kNoCrc);
  put(unit.bytes, kChunkHeaderSize, kRecordMagic);
  put(unit.bytes, kChunkHeaderSize + 4, static_cast<std::uint32_t>(size));
  put(unit.bytes, kChunkHeaderSize + size - 4, static_cast<std::uint32_t>(size));
  if (!body.empty()) std::memcpy(unit.bytes.data() + kChunkHeaderSize + kRecordHeaderSize, body.data(), body.size());
  return unit;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  model::FieldTable fields;
  for (const char* name : {"EventID", "Channel", "Data", "Image", "Message"}) fields.intern(name);
  evidence::ReadOptions options;
  options.fields = &fields;
  ChunkReader reader(options);
  fuzz::AskAll sink(fields);
  reader.read(chunk_around(std::span(data, size)), sink);
  return 0;
}
