#include "tests/makers/gzip.hpp"

#include <cassert>

#include <zlib.h>

namespace tocsin::makers {

std::string gzip(std::string_view bytes) {
  constexpr int kGzip = 15 + 16;  // the largest window, with gzip's header and trailer
  z_stream stream{};
  int state = deflateInit2(&stream, 6, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
  assert(state == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  state = deflate(&stream, Z_FINISH);
  assert(state == Z_STREAM_END);
  (void)state;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace tocsin::makers
