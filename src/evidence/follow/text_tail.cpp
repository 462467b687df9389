#include "evidence/follow/text_tail.hpp"

#include <algorithm>
#include <utility>

#include "evidence/sentence.hpp"
#include "evidence/trouble.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 18;
constexpr std::size_t kLastBytes = 512;  // of text with times in it: other ones differ

}  // namespace

TextTail::TextTail(const LiveFile& file, std::unique_ptr<Cutter> cutter, bool hash)
    : file_(file), cutter_(std::move(cutter)) {
  if (hash) hash_.emplace();
}

void TextTail::remember(ByteView block) {
  if (block.size() >= kLastBytes) {
    last_.assign(block.end() - kLastBytes, block.end());
    return;
  }
  last_.insert(last_.end(), block.begin(), block.end());
  if (last_.size() > kLastBytes) last_.erase(last_.begin(), last_.end() - kLastBytes);
}

bool TextTail::read_on(UnitSink& sink) {
  for (;;) {
    block_.resize(kBlockBytes);
    const Result<std::size_t> got = file_.read_at(position_, block_);
    if (!got) {
      sink.on_anomaly(make_anomaly("read_error", as_sentence(got.error().message + "; it is tried again"),
                                   "look at the disk or the network that the file is on", position_));
      return cutter_->flush(sink);
    }
    if (*got == 0) break;
    const ByteView block = ByteView(block_).first(*got);
    position_ += block.size();
    if (hash_) hash_->update(block);
    remember(block);
    if (!cutter_->feed(block, sink)) return false;
    if (block.size() < kBlockBytes) break;
  }
  block_ = {};  // a thousand quiet files hold nothing
  return cutter_->flush(sink);
}

bool TextTail::is_rewritten() const {
  if (file_.stamp().size < position_) return true;
  std::vector<std::byte> now(last_.size());
  const Result<std::size_t> got = file_.read_at(position_ - last_.size(), now);
  return got && (*got != now.size() || now != last_);
}

void TextTail::finish(UnitSink& sink) {
  if (read_on(sink)) cutter_->finish(sink);
}

void TextTail::identify(SourceInfo& info, bool ended) const {
  info.size = position_;
  if (!hash_) return;
  if (ended) {
    info.sha256 = hash_->hex();
  } else {
    info.sha256_prefix = hash_->hex();
    info.sha256_prefix_length = position_;
  }
}

}  // namespace tocsin::evidence
