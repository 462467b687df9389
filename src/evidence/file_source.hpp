// A file or a pipe as a ByteSource. Files are read by pread in 64 KiB-aligned blocks, never mapped: a file that
// shrinks or a failing disk is an Error or an early end, not a signal. Opened read-only; the access time is left alone
// where the system allows it. One thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tocsin/bytes.hpp"
#include "tocsin/result.hpp"

namespace tocsin::evidence {

constexpr std::size_t kFileBlockBytes = 65536;

// A ByteSource that can say at its end whether that was really the end.
class InputSource : public ByteSource {
 public:
  // After reading: true where the bytes read need not be all that the source will ever have: a pipe, or a file that
  // grew since it was opened. Their hash is that of a prefix.
  [[nodiscard]] virtual bool open_ended() const = 0;
};

// Reads by pread until `out` is full, fewer bytes only at the end. What comes before an error is handed over first; the
// next call meets the error again at its exact place. `path` is for messages.
[[nodiscard]] Result<std::size_t> read_descriptor(int descriptor, std::uint64_t offset, std::span<std::byte> out,
                                                  const std::string& path);

// size() is the size when it was opened: reading ends there even if the file grows, so that a log in use comes to an
// end. `real_path` "-" is standard input. `wait_for_writer`: a named pipe is waited for until somebody writes to it
// (only where the user asked for that very pipe). `stop`, where given, ends the waiting for a pipe's next bytes with
// ErrorCode::interrupted. Errors: not there, not allowed, not a file or pipe.
[[nodiscard]] Result<std::unique_ptr<InputSource>> open_file_source(const std::string& real_path, bool wait_for_writer,
                                                                    const std::atomic<bool>* stop);

// Bytes in memory, for tests, fuzzers and small nested containers. Views must outlive it.
class MemorySource final : public InputSource {
 public:
  explicit MemorySource(ByteView bytes, bool seekable = true) : bytes_(bytes), seekable_(seekable) {}
  [[nodiscard]] std::optional<std::uint64_t> size() const override {
    return seekable_ ? std::optional<std::uint64_t>(bytes_.size()) : std::nullopt;
  }
  [[nodiscard]] bool seekable() const override { return seekable_; }
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override;
  [[nodiscard]] bool open_ended() const override { return !seekable_; }

 private:
  ByteView bytes_;
  bool seekable_;
};

}  // namespace tocsin::evidence
