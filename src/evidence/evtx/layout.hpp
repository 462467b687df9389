// Fixed places in an EVTX file ([MS-EVEN6] leaves them out; libyal's "Windows XML Event Log (EVTX)" sections 2 to 4
// document them). All integers are little-endian. Offsets inside a chunk count from the chunk's first byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tocsin::evidence::evtx {

using namespace std::string_view_literals;

constexpr std::string_view kFileMagic = "ElfFile\0"sv;
constexpr std::string_view kChunkMagic = "ElfChnk\0"sv;
constexpr std::uint32_t kRecordMagic = 0x00002A2A;

constexpr std::size_t kFileHeaderSize = 4096;
constexpr std::size_t kChunkSize = 65536;
constexpr std::size_t kChunkHeaderSize = 512;  // the first record lies here
constexpr std::size_t kRecordHeaderSize = 24;
constexpr std::size_t kMinRecordSize = 28;

constexpr std::uint32_t kFileDirty = 1;
constexpr std::uint32_t kFileFull = 2;
constexpr std::uint32_t kNoCrc = 4;  // in the file's and in a chunk's flags

// Flags of a Unit cut from an EVTX file.
constexpr std::uint32_t kUnitPartial = 1;    // the file ends inside this chunk
constexpr std::uint32_t kUnitCarved = 2;     // only the frames listed behind the chunk's bytes are read, as carved
constexpr std::uint32_t kUnitQuietLive = 4;  // live part was read as another unit already

}  // namespace tocsin::evidence::evtx
