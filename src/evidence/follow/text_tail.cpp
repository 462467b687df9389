#include "evidence/follow/text_tail.hpp"

#include <algorithm>
#include <utility>

#include "evidence/sentence.hpp"
#include "evidence/trouble.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 18;
constexpr std::size_t kLastBytes = 512;  // of text with times in it: other ones differ

class Nowhere final : public UnitSink {
 public:
  bool on_unit(Unit) override { return true; }
  void on_anomaly(Anomaly) override {}
};

}  // namespace

TextTail::TextTail(const LiveFile& file, std::unique_ptr<Cutter> cutter, bool hash)
    : file_(file), cutter_(std::move(cutter)), shows_hash_(hash) {}

void TextTail::remember(ByteView block) {
  if (block.size() >= kLastBytes) {
    last_.assign(block.end() - kLastBytes, block.end());
    return;
  }
  last_.insert(last_.end(), block.begin(), block.end());
  if (last_.size() > kLastBytes) last_.erase(last_.begin(), last_.end() - kLastBytes);
}

bool TextTail::pass(std::uint64_t size, const Enough& enough) {
  Nowhere nowhere;
  if (!read_to(size, nowhere, enough) || position_ != size) return false;
  // The last line was read as it stood then; when only its end was missing, that is no other line.
  std::vector<std::byte> rest(kLastBytes);
  rest.resize(file_.read_at(position_, rest).value_or(0));
  const std::size_t end = as_text(rest).find('\n');
  if (last_.empty() || last_.back() == std::byte{'\n'} || end == std::string_view::npos) return true;
  if (as_text(rest).find_first_not_of(" \t\r\n") < end) return true;
  return read_to(size + end + 1, nowhere, enough);
}

bool TextTail::read_on(UnitSink& sink, const Enough& enough) {
  const bool goes_on = read_to(file_.stamp().size, sink, enough);
  block_ = {};  // a thousand quiet files hold nothing
  return goes_on;
}

// Writers that are never at rest must not keep a look from ending: no further than `end`.
bool TextTail::read_to(std::uint64_t end, UnitSink& sink, const Enough& enough) {
  const bool is_told = std::exchange(failed_, false);
  while (position_ < end && !enough()) {
    block_.resize(std::min<std::uint64_t>(kBlockBytes, end - position_));
    const Result<std::size_t> got = file_.read_at(position_, block_);
    if (!got) {
      failed_ = true;
      if (is_told) return cutter_->flush(sink);
      sink.on_anomaly(make_anomaly("read_error", as_sentence(got.error().message + "; it is tried again"),
                                   "look at the disk or the network that the file is on", position_));
      return cutter_->flush(sink);
    }
    if (*got == 0) break;
    const ByteView block = ByteView(block_).first(*got);
    position_ += block.size();
    hash_.update(block);
    remember(block);
    if (!cutter_->feed(block, sink)) return false;
  }
  return cutter_->flush(sink);
}

bool TextTail::is_rewritten() const {
  if (file_.stamp().size < position_) return true;
  std::vector<std::byte> now(last_.size());
  const Result<std::size_t> got = file_.read_at(position_ - last_.size(), now);
  return got && (*got != now.size() || now != last_);
}

// Where bytes are left, the last line is not the file's last.
void TextTail::finish(UnitSink& sink, const Enough& enough) {
  const std::uint64_t size = file_.stamp().size;
  if (read_to(size, sink, enough) && position_ >= size) cutter_->finish(sink);
}

void TextTail::identify(SourceInfo& info, bool ended) const {
  info.size = position_;
  if (!shows_hash_) return;
  if (ended) {
    info.sha256 = hash_.hex();
  } else {
    info.sha256_prefix = hash_.hex();
    info.sha256_prefix_length = position_;
  }
}

}  // namespace tocsin::evidence
