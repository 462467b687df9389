#include "evidence/xml/event_scanner.hpp"

#include <algorithm>

namespace tocsin::evidence::xml {
namespace {

constexpr std::string_view kOpen = "<Event", kClose = "</Event", kCdata = "<![CDATA[", kComment = "<!--";
// Filler without an event is given out in pieces, so that a source that is no XML needs no memory.
constexpr std::size_t kMaxFiller = 65536;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// "<Event" is a tag of that name only if one of these follows.
bool ends_name(char c) {
  return is_blank(c) || c == '>' || c == '/';
}

// `text` may go on as `wanted`.
bool may_become(std::string_view text, std::string_view wanted) {
  return text.size() < wanted.size() && wanted.starts_with(text);
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

// The length of one piece of filler at the beginning of `text`; 0: it is something else.
std::size_t filler_length(std::string_view text) {
  struct Kind {
    std::string_view open, close;
  };
  constexpr Kind kKinds[] = {{"<?", "?>"}, {kComment, "-->"}, {"<Events", ">"}, {"</Events", ">"}};
  if (text.starts_with("\xEF\xBB\xBF")) return 3;
  for (const Kind& kind : kKinds) {
    if (!text.starts_with(kind.open)) continue;
    const std::size_t end = text.find(kind.close, kind.open.size());
    return end == std::string_view::npos ? 0 : end + kind.close.size();
  }
  if (!text.starts_with("Record ")) return 0;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", 7), text.size());
  return end == 7 ? 0 : end;
}

}  // namespace

bool is_filler(std::string_view text) {
  for (std::size_t at = skip_blanks(text, 0); at < text.size(); at = skip_blanks(text, at)) {
    const std::size_t length = filler_length(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

EventScanner::Status EventScanner::next(std::string_view text, bool last) {
  return inside_ ? inside(text, last) : outside(text, last);
}

void EventScanner::cut_front(std::size_t count) {
  for (std::size_t* position : {&at_, &begin_, &end_, &no_cdata_end_, &no_comment_end_}) {
    *position -= std::min(*position, count);
  }
}

EventScanner::Status EventScanner::outside(std::string_view text, bool last) {
  begin_ = at_;
  for (std::size_t from = at_;;) {
    const std::size_t open = text.find(kOpen, from);
    if (open == std::string_view::npos) break;
    const std::size_t behind = open + kOpen.size();
    if (behind == text.size()) break;  // its name may go on
    if (!ends_name(text[behind])) {
      from = behind;
      continue;
    }
    if (open > begin_) {
      at_ = end_ = open;
      return Status::filler;
    }
    inside_ = true;
    depth_ = 0;
    return inside(text, last);
  }
  if (last && begin_ < text.size()) {
    at_ = end_ = text.size();
    return Status::filler;
  }
  if (text.size() - begin_ < kMaxFiller) return Status::more;
  at_ = end_ = text.size() - kOpen.size();
  return Status::filler;
}

EventScanner::Status EventScanner::inside(std::string_view text, bool last) {
  Status status = Status::more;
  for (;;) {
    at_ = std::min(text.find('<', at_), text.size());
    if (at_ - begin_ > EventJson::kMaxBytes) return finish(Status::too_large, at_);
    if (at_ == text.size()) return last ? finish(Status::truncated, at_) : Status::more;
    const Step step = markup(text, last, status);
    if (step == Step::done) return status;
    if (step == Step::go_on) continue;
    if (text.size() - begin_ > EventJson::kMaxBytes) return finish(Status::too_large, at_ + 1);
    return Status::more;
  }
}

// At a '<'. Moves at_ behind what is known.
EventScanner::Step EventScanner::markup(std::string_view text, bool last, Status& status) {
  const std::string_view here = text.substr(at_);
  for (const std::string_view wanted : {kOpen, kClose, kCdata, kComment}) {
    if (!last && may_become(here, wanted)) return Step::more;
  }
  if (here.starts_with(kCdata)) return skip_section(text, last, kCdata.size(), "]]>", no_cdata_end_);
  if (here.starts_with(kComment)) return skip_section(text, last, kComment.size(), "-->", no_comment_end_);
  if (here.starts_with(kOpen) || here.starts_with(kClose)) return event_tag(text, last, status);
  ++at_;
  return Step::go_on;
}

// Behind the end of a CDATA section or comment. Where it has none, its beginning is passed over like any text.
EventScanner::Step EventScanner::skip_section(std::string_view text, bool last, std::size_t opener,
                                              std::string_view closer, std::size_t& none) {
  const std::size_t from = std::max(at_ + opener, none);
  const std::size_t found = from < text.size() ? text.find(closer, from) : std::string_view::npos;
  if (found != std::string_view::npos) {
    at_ = found + closer.size();
    none = found;
    return Step::go_on;
  }
  none = std::max(from, text.size() - std::min(text.size(), closer.size() - 1));
  if (!last && text.size() - begin_ <= EventJson::kMaxBytes) return Step::more;
  at_ += opener;
  return Step::go_on;
}

EventScanner::Step EventScanner::event_tag(std::string_view text, bool last, Status& status) {
  const bool opens = text[at_ + 1] != '/';
  const std::size_t behind = at_ + (opens ? kOpen : kClose).size();
  if (behind == text.size() && !last) return Step::more;
  if (behind == text.size() || !ends_name(text[behind])) {
    at_ = behind;
    return Step::go_on;
  }
  // Inside a tag no '<' may stand: where one comes first, the tag is broken.
  const std::size_t close = text.find_first_of("<>", behind);
  if (close == std::string_view::npos && !last) return Step::more;
  if (close == std::string_view::npos || text[close] == '<') {
    at_ = std::min(close, text.size());
    if (depth_ == 0) depth_ = 1;
    return Step::go_on;
  }
  if (opens && depth_ > 0) {
    const std::size_t inner = skip_blanks(text, close + 1);
    if (!last && may_become(text.substr(inner), "<System")) return Step::more;
    if (text.substr(inner).starts_with("<System")) {  // the next event begins: this one has no end
      status = finish(Status::truncated, at_);
      return Step::done;
    }
  }
  at_ = close + 1;
  if (opens) {
    if (text[close - 1] != '/') ++depth_;
  } else if (depth_ > 0) {
    --depth_;
  }
  if (depth_ > 0) return Step::go_on;
  status = finish(Status::event, at_);
  return Step::done;
}

EventScanner::Status EventScanner::finish(Status status, std::size_t end) {
  inside_ = false;
  at_ = end_ = end;
  return status;
}

}  // namespace tocsin::evidence::xml
