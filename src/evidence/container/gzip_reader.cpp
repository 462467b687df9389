#include "evidence/container/gzip_reader.hpp"

#include <cassert>
#include <utility>

namespace tocsin::evidence {
namespace {
constexpr std::size_t kBlock = 262144;
}

MemberReader::Next GzipReader::next(ArchiveMember& member) {
  if (started_) return Next::end;
  started_ = true;
  member = ArchiveMember{};
  return Next::member;
}

std::optional<std::size_t> GzipReader::fail_with(Trouble trouble) {
  trouble_ = std::move(trouble);
  fatal_ = true;
  return std::nullopt;
}

// False: no more input, or it cannot be read (then there is trouble).
bool GzipReader::refill() {
  buffer_.resize(kBlock);
  Result<std::size_t> got = stream_.read(buffer_);
  if (!got) {
    pending_ =
        Trouble{"container_cut_short", "the container's own bytes end early: " + got.error().message, got.error().hint};
    return false;
  }
  consumed_ += *got;
  input_ = ByteView(buffer_).first(*got);
  return *got != 0;
}

std::optional<std::size_t> GzipReader::end_of_input() {
  if (pending_) return fail_with(*std::exchange(pending_, std::nullopt));
  if (state_ == base::Gunzip::State::between) return std::size_t{0};
  return fail_with(classify_trouble("the stream is cut off"));
}

std::optional<std::size_t> GzipReader::read(std::span<std::byte> out) {
  assert(!out.empty());
  for (;;) {
    if (pending_) return fail_with(*std::exchange(pending_, std::nullopt));
    if (ended_ || (input_.empty() && !refill())) return end_of_input();
    // Behind a stream another may follow; anything else there (padding) is left alone.
    if (state_ == base::Gunzip::State::between && input_[0] != std::byte{0x1f}) {
      ended_ = true;
      return std::size_t{0};
    }
    const base::Gunzip::Step step = gunzip_.step(input_, out);
    input_ = input_.subspan(step.consumed);
    state_ = step.state;
    if (step.state == base::Gunzip::State::damaged) pending_ = classify_trouble(gunzip_.message());
    if (step.produced != 0) return step.produced;
  }
}

}  // namespace tocsin::evidence
