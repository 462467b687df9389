// The elements of a list of records that was read as a whole, and what is no record among them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "evidence/json/shape.hpp"
#include "evidence/json/walker.hpp"

namespace tocsin::evidence::json {

// Values where records should be, told once for each run of them.
class StrayRuns {
 public:
  // Of one list; what comes after is counted into the last one.
  static constexpr std::size_t kMaxRuns = 16;
  struct Run {
    std::size_t begin = 0;
    std::uint64_t count = 0;
    std::uint64_t skipped = 0;  // bytes of the source
  };
  void add(std::size_t begin, std::uint64_t skipped) {
    if (!open_ && runs_.size() < kMaxRuns) runs_.push_back({begin, 0, 0});
    open_ = true;
    ++runs_.back().count;
    runs_.back().skipped += skipped;
  }
  // A record: the run, if any, ends here.
  void end_run() { open_ = false; }
  [[nodiscard]] const std::vector<Run>& all() const { return runs_; }

 private:
  std::vector<Run> runs_;
  bool open_ = false;
};

// A handler for the walker: the elements of the list at `path`, in the order of the text.
class ElementHandler {
 public:
  struct Element {
    std::size_t begin = 0, end = 0;
    bool object = false;
  };
  ElementHandler(std::string_view text, const ShapePath& path) : text_(text), path_(path) {}
  void begin(bool object, std::size_t at) {
    if (is_element()) begin_ = at;
    if (depth_ == path_.size()) in_list_ = !object && matched_ == path_.size();
    ++depth_;
  }
  void end(bool object, std::size_t at) {
    --depth_;
    if (is_element()) elements_.push_back({begin_, at, object});
  }
  void key(const Token& token) {
    if (depth_ == 0 || depth_ > path_.size() || matched_ + 1 < depth_) return;
    const bool fits = text_.substr(token.begin, token.end - token.begin) == path_[depth_ - 1];
    matched_ = fits ? depth_ : depth_ - 1;
  }
  void scalar(const Token& token) {
    const std::size_t quote = token.type == Token::Type::string ? 1 : 0;
    if (is_element()) elements_.push_back({token.begin - quote, token.end + quote, false});
  }
  [[nodiscard]] const std::vector<Element>& elements() const { return elements_; }

 private:
  [[nodiscard]] bool is_element() const { return depth_ == path_.size() + 1 && in_list_; }

  std::string_view text_;
  const ShapePath& path_;
  std::vector<Element> elements_;
  std::size_t depth_ = 0, matched_ = 0, begin_ = 0;
  bool in_list_ = false;  // the container at the path's depth is the list
};

}  // namespace tocsin::evidence::json
