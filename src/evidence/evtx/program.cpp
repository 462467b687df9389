#include "evidence/evtx/program.hpp"

#include <cstring>

#include "evidence/evtx/name.hpp"

namespace tocsin::evidence::evtx {
namespace {

bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace

void Recipe::add(Kind kind, ByteView bytes) {
  if (kind == Kind::raw && bytes.empty()) return;
  pieces_.push_back({kind, 0, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(bytes.size())});
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

bool Recipe::fits(ByteView chunk, std::size_t at, std::size_t end) const {
  for (const Piece& piece : pieces_) {
    const ByteView own = ByteView(bytes_).subspan(piece.begin, piece.length);
    if (piece.kind == Kind::name) {
      const auto name = read_name(chunk, at, end);
      // Equal units with the same hash: as sound as the recipe's own name.
      if (!name || !name->terminated || name->hash != piece.hash || !equal(name->units, own)) return false;
      at = name->next;
      continue;
    }
    const std::size_t length = piece.kind == Kind::size ? 4 : own.size();
    if (end - at < length) return false;
    if (piece.kind == Kind::raw && std::memcmp(chunk.data() + at, own.data(), length) != 0) return false;
    at += length;
  }
  return !open_ended_ || at == end;
}

void Program::clear() {
  nodes.clear();
  strings.reset();
  recipe.clear();
  values.clear();
  text_bytes = 0;
  sound = true;
}

}  // namespace tocsin::evidence::evtx
