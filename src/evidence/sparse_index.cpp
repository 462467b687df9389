#include "evidence/sparse_index.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "evidence/json/walker.hpp"

namespace tocsin::evidence {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 62;  // so that sums cannot overflow

struct Range {
  std::uint64_t file_offset = 0, original_offset = 0, file_length = 0, length = 0;
};

// Every object with a `length` is a range.
class RangeHandler {
 public:
  explicit RangeHandler(std::string_view text) : text_(text) {}
  void begin(bool /*object*/, std::size_t /*at*/) { forget(); }
  void end(bool object, std::size_t /*at*/) {
    if (object && has_length_) ranges.push_back(range_);
    failed |= ranges.size() > kMaxSparseRanges;
    forget();
  }
  void key(const json::Token& token) {
    const std::string_view name = inside(token);
    const std::array<std::pair<std::string_view, std::uint64_t*>, 4> members{
        {{"file_offset", &range_.file_offset},
         {"original_offset", &range_.original_offset},
         {"file_length", &range_.file_length},
         {"length", &range_.length}}};
    const auto* const found = std::ranges::find(members, name, [](const auto& member) { return member.first; });
    member_ = found != members.end() ? found->second : nullptr;
    has_length_ |= name == "length";
  }
  void scalar(const json::Token& token) {
    if (member_ == nullptr) return;
    const std::string_view digits = inside(token);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *member_);
    failed |= error != std::errc() || end != digits.data() + digits.size() || *member_ > kMaxFileBytes;
    member_ = nullptr;
  }

  std::vector<Range> ranges;
  bool failed = false;

 private:
  [[nodiscard]] std::string_view inside(const json::Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  void forget() {
    range_ = {};
    member_ = nullptr;
    has_length_ = false;
  }
  std::string_view text_;
  Range range_;
  std::uint64_t* member_ = nullptr;  // whose value comes next
  bool has_length_ = false;
};

std::optional<SparseIndex> index_of(const std::vector<Range>& ranges) {
  SparseIndex index;
  std::uint64_t at = 0, hole = 0;  // in the file as it was; not yet in a piece
  for (const Range& range : ranges) {
    if (range.original_offset < at || range.file_length > range.length) return std::nullopt;
    if (range.file_length > 0 && range.file_offset != index.stored) return std::nullopt;
    hole += range.original_offset - at;
    if (range.file_length > 0) {
      index.pieces.push_back({hole, range.file_length});
      index.holes += std::exchange(hole, 0);
      index.stored += range.file_length;
    }
    hole += range.length - range.file_length;
    at = range.original_offset + range.length;
    if (at > kMaxFileBytes) return std::nullopt;
  }
  return index;
}

}  // namespace

std::vector<std::byte> SparseIndex::expanded(ByteView stored_head, std::size_t most) const {
  std::vector<std::byte> out;
  const auto room = [&](std::uint64_t bytes) {
    return static_cast<std::size_t>(std::min<std::uint64_t>(bytes, most - out.size()));
  };
  for (const Piece& piece : pieces) {
    out.resize(out.size() + room(piece.hole));
    const ByteView data = stored_head.first(std::min(room(piece.data), stored_head.size()));
    out.insert(out.end(), data.begin(), data.end());
    stored_head = stored_head.subspan(data.size());
    if (stored_head.empty() || out.size() == most) break;
  }
  return out;
}

bool is_sparse_index(std::string_view text) {
  text = base::trim(text.substr(0, 4096));
  const bool list = text.starts_with('{') || text.starts_with('[');
  return list && (text.find("\"ranges\"") < 16 || (text.find("\"length\"") != std::string_view::npos &&
                                                   text.find("\"original_offset\"") != std::string_view::npos));
}

std::optional<SparseIndex> read_sparse_index(std::string_view text) {
  if (text.size() > kMaxSparseIndexBytes || !is_sparse_index(text)) return std::nullopt;
  RangeHandler handler(text);
  for (std::size_t at = 0; at < text.size() && !handler.failed;) {
    json::Leniency leniency;
    json::Walker walker(text, handler, leniency);
    at = walker.walk(at);
    if (walker.fault().code != json::Fault::Code::none) return std::nullopt;
    while (at < text.size() && (text[at] == '\n' || text[at] == '\r' || text[at] == ' ')) ++at;
  }
  if (handler.failed || handler.ranges.empty()) return std::nullopt;
  return index_of(handler.ranges);
}

}  // namespace tocsin::evidence
