#include "base/gunzip.hpp"

#include <algorithm>
#include <limits>

#include <zlib.h>

namespace tocsin::base {
namespace {
constexpr int kGzipOnly = 15 + 16;  // zlib.h, inflateInit2: largest window, gzip header and trailer
}

struct Gunzip::Impl {
  z_stream stream{};
  bool ready = false, between = false;
  std::string_view message;
  Impl() { ready = ::inflateInit2(&stream, kGzipOnly) == Z_OK; }
  ~Impl() { ::inflateEnd(&stream); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
};

Gunzip::Gunzip() : impl_(std::make_unique<Impl>()) {}
Gunzip::~Gunzip() = default;
Gunzip::Gunzip(Gunzip&&) noexcept = default;
Gunzip& Gunzip::operator=(Gunzip&&) noexcept = default;

std::string_view Gunzip::message() const {
  return impl_->message;
}

Gunzip::Step Gunzip::step(ByteView in, std::span<std::byte> out) {
  constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
  z_stream& z = impl_->stream;
  if (!impl_->ready) {
    impl_->message = "not enough memory";
    return {0, 0, State::damaged};
  }
  if (impl_->between) ::inflateReset(&z);
  impl_->between = false;
  const std::size_t in_size = std::min(in.size(), kMost), out_size = std::min(out.size(), kMost);
  // zlib takes its input as non-const and does not write to it.
  z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
  z.avail_in = static_cast<uInt>(in_size);
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out_size);
  const int code = ::inflate(&z, Z_NO_FLUSH);
  Step step{in_size - z.avail_in, out_size - z.avail_out, State::more};
  if (code == Z_STREAM_END) {
    impl_->between = true;
    step.state = State::between;
  } else if (code != Z_OK && code != Z_BUF_ERROR) {  // Z_BUF_ERROR: no progress was possible, which is no failure
    impl_->message = z.msg != nullptr ? std::string_view(z.msg) : "data error";
    step.state = State::damaged;
  }
  return step;
}

}  // namespace tocsin::base
