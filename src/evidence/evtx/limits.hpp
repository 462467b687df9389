// Budgets of the EVTX reader. Each is far above what any real log has (docs/formats/evtx.md gives the largest seen) and
// keeps a hostile file from costing more than a fixed amount of time and memory. Reaching one is an anomaly.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tocsin::evidence::evtx {

constexpr std::size_t kMaxElementDepth = 256;  // open elements in one record; seen: 9
constexpr std::size_t kMaxNesting = 16;        // 0x21 values inside each other; seen: 1
constexpr std::size_t kMaxInstances = 512;     // template instances and literal trees in one record; seen: 3
constexpr std::size_t kMaxValues = 4096;       // values of one instance; seen: 42
constexpr std::size_t kMaxProgramText = std::size_t{256} << 10;  // names and literals of one compiled tree; seen: 6 KB
constexpr std::size_t kMaxPath = 1024;                           // bytes of a value's path; longer ones are cut
constexpr std::size_t kMaxNameUnits = 1024;                      // seen: 34
constexpr std::size_t kMaxNodes = std::size_t{1} << 17;          // nodes of one rendered record; seen: 198
constexpr std::size_t kMaxRecordText = std::size_t{4} << 20;     // bytes of text of one rendered record; seen: 12 KB
constexpr std::size_t kMaxChunkText = std::size_t{64} << 20;     // the same for all records of a chunk
constexpr std::size_t kMaxTemplateBytes = std::size_t{1} << 20;  // template definitions read for one chunk
constexpr std::size_t kMaxTemplatesInChunk = 2048;
constexpr std::size_t kMaxCachedPrograms = 2048;  // compiled templates kept by one unit reader
constexpr std::size_t kMaxCachedProgramBytes = std::size_t{32} << 20;
constexpr std::size_t kMaxPlanNodes = 4096;                  // larger templates are written as JSON from their tree
constexpr std::size_t kMaxVariantsPerGuid = 8;               // different definitions kept under one GUID; seen: 1
constexpr std::size_t kMaxAnomaliesPerChunk = 256;           // after that one anomaly says how many more there were
constexpr std::size_t kMaxPendingCarveChunks = 1024;         // chunks held back until all live records are known
constexpr std::size_t kMaxCarveKeys = std::size_t{4} << 20;  // live records remembered to drop repeats

}  // namespace tocsin::evidence::evtx
