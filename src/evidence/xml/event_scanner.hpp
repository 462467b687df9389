// Finds where <Event> elements begin and end in a text that arrives in pieces (docs/formats/xml.md, "Records"). Looks
// at tags named Event, CDATA and comments only; what is inside is checked by the parser (event_json.hpp).
//
// Linear: no byte is searched twice for the same thing. One thread at a time. Positions are of the text given to the
// call; the caller may cut off its front between calls and say so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "evidence/xml/event_json.hpp"

namespace tocsin::evidence::xml {

class EventScanner {
 public:
  enum class Status : std::uint8_t {
    more,       // the text ended first
    event,      // [begin, end) is an event
    truncated,  // [begin, end) is an event without an end: another one begins at `end`, or the source ends there
    too_large,  // [begin, end) is the beginning of an event over the limit
    filler,     // [begin, end) stands before the next event (or the end) and is no event
  };
  // Goes on where the last call ended. `last`: no more text will come.
  [[nodiscard]] Status next(std::string_view text, bool last);
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return end_; }
  // Everything before this is done with; nothing in front of it is looked at again.
  [[nodiscard]] std::size_t needed() const { return inside_ ? begin_ : at_; }
  // The first `count` bytes of the text are gone; count <= needed().
  void cut_front(std::size_t count);

 private:
  enum class Step : std::uint8_t { go_on, more, done };
  Status outside(std::string_view text, bool last);
  Status inside(std::string_view text, bool last);
  Step markup(std::string_view text, bool last, Status& status);
  Step skip_section(std::string_view text, bool last, std::size_t opener, std::string_view closer, std::size_t& none);
  Step event_tag(std::string_view text, bool last, Status& status);
  Status finish(Status status, std::size_t end);

  bool inside_ = false;
  std::size_t at_ = 0, begin_ = 0, end_ = 0;
  std::size_t depth_ = 0;                              // of elements named Event
  std::size_t no_cdata_end_ = 0, no_comment_end_ = 0;  // from at_ up to here there is no "]]>", "-->"
};

// True where `text` holds only what may stand between events: blanks, declarations, comments, the tags of a root
// element <Events>, and the "Record N" lines of evtx_dump.
[[nodiscard]] bool is_filler(std::string_view text);

}  // namespace tocsin::evidence::xml
