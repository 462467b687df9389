#include "tests/oracle/glob.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"

namespace tocsin::oracle {
namespace {

using Kind = Token::Kind;
using Part = std::span<const Token>;

constexpr std::array<char32_t, 5> kDashes{U'-', U'/', 0x2013, 0x2014, 0x2015};

// D13's word characters.
bool is_word(const Token& token) {
  const char32_t c = token.point;
  if (token.kind != Kind::literal) return false;
  if (c >= 0xC0) return c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x206F) && c <= 0x10FFFF;
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool fits(const Token& token, const Text& text, std::size_t at, bool cased) {
  switch (token.kind) {
    case Kind::any_one:
      return true;
    case Kind::any_dash:
      return std::ranges::find(kDashes, text.points[at]) != kDashes.end();
    case Kind::literal:
      return cased ? text.points[at] == token.point : text.folded[at] == base::fold(token.point);
    case Kind::any_run:
      break;
  }
  return false;
}

bool lies_at(Part part, const Text& text, std::size_t at, bool cased) {
  if (at + part.size() > text.points.size()) return false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (!fits(part[i], text, at + i, cased)) return false;
  }
  return true;
}

// The parts between runs; empty ones are dropped.
std::vector<Part> split(const Glob& glob) {
  std::vector<Part> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= glob.size(); ++i) {
    if (i < glob.size() && glob[i].kind != Kind::any_run) continue;
    if (i > begin) parts.push_back(Part(glob).subspan(begin, i - begin));
    begin = i + 1;
  }
  return parts;
}

}  // namespace

Text::Text(std::string_view text) : bytes(text) {
  for (std::size_t at = 0; at < text.size();) {
    starts.push_back(static_cast<std::uint32_t>(at));
    points.push_back(base::next_code_point(text, at));
    folded.push_back(base::fold(points.back()));
  }
  starts.push_back(static_cast<std::uint32_t>(text.size()));
}

Glob literal_glob(std::string_view text) {
  Glob glob;
  for (std::size_t at = 0; at < text.size();) glob.push_back({Kind::literal, base::next_code_point(text, at)});
  return glob;
}

Glob parse_glob(std::string_view value) {
  const Glob raw = literal_glob(value);
  Glob glob;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char32_t c = raw[i].point;
    const char32_t next = i + 1 < raw.size() ? raw[i + 1].point : 0;
    if (c == U'\\' && (next == U'\\' || next == U'*' || next == U'?')) {
      glob.push_back({Kind::literal, next});
      ++i;
    } else if (c == U'*') {
      glob.push_back({Kind::any_run, 0});
    } else if (c == U'?') {
      glob.push_back({Kind::any_one, 0});
    } else {
      glob.push_back(raw[i]);
    }
  }
  return glob;
}

bool has_wildcards(const Glob& glob) {
  return std::ranges::any_of(glob, [](const Token& t) { return t.kind == Kind::any_run || t.kind == Kind::any_one; });
}

std::string plain_text(const Glob& glob) {
  std::string out;
  for (const Token& token : glob) {
    if (token.point >= 0x110000) {
      out.push_back(static_cast<char>(token.point - 0x110000));
    } else {
      base::append_code_point(out, token.point);
    }
  }
  return out;
}

void add_run_before(Glob& glob) {
  if (glob.empty() || glob.front().kind != Kind::any_run) glob.insert(glob.begin(), {Kind::any_run, 0});
}

void add_run_behind(Glob& glob) {
  if (glob.empty() || glob.back().kind != Kind::any_run) glob.push_back({Kind::any_run, 0});
}

Glob with_dashes(Glob glob) {
  const Glob before = glob;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i].kind != Kind::literal || (before[i].point != U'-' && before[i].point != U'/')) continue;
    const bool word_before = i > 0 && is_word(before[i - 1]);
    const bool word_behind = i + 1 < before.size() && is_word(before[i + 1]);
    if (!word_before && word_behind) glob[i].kind = Kind::any_dash;
  }
  return glob;
}

std::vector<Glob> spellings(const Glob& glob) {
  std::vector<Glob> all{{}};
  for (const Token& token : glob) {
    std::vector<Glob> longer;
    for (const Glob& begun : all) {
      for (const char32_t dash : kDashes) {
        Glob next = begun;
        next.push_back(token.kind == Kind::any_dash ? Token{Kind::literal, dash} : token);
        longer.push_back(std::move(next));
        if (token.kind != Kind::any_dash) break;
      }
    }
    all = std::move(longer);
  }
  return all;
}

std::optional<Span> match(const Glob& glob, const Text& text, bool cased) {
  const std::vector<Part> parts = split(glob);
  const bool open_before = !glob.empty() && glob.front().kind == Kind::any_run;
  const bool open_behind = !glob.empty() && glob.back().kind == Kind::any_run;
  const std::size_t size = text.points.size();
  if (parts.empty()) {
    if (glob.empty() && size != 0) return std::nullopt;
    return Span{0, text.starts.back()};
  }
  std::size_t at = 0, first = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part part = parts[i];
    const bool at_begin = i == 0 && !open_before;
    const bool at_end = i + 1 == parts.size() && !open_behind;
    std::size_t found = at;
    if (at_end) {
      if (part.size() > size || size - part.size() < at) return std::nullopt;
      found = size - part.size();
    }
    if (at_begin) {
      if (at_end && found != 0) return std::nullopt;
      found = 0;
    }
    if (!at_begin && !at_end) {
      while (found + part.size() <= size && !lies_at(part, text, found, cased)) ++found;
    }
    if (!lies_at(part, text, found, cased)) return std::nullopt;
    if (i == 0) first = found;
    at = found + part.size();
  }
  return Span{text.starts[first], text.starts[at]};
}

}  // namespace tocsin::oracle
