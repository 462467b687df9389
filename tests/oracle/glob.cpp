#include "tests/oracle/glob.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"
#include "tests/oracle/mutation.hpp"

namespace tocsin::oracle {
namespace {

using Kind = Token::Kind;
using Part = std::span<const Token>;

constexpr std::array<char32_t, 5> kAllDashes{U'-', U'/', 0x2013, 0x2014, 0x2015};

std::vector<char32_t> dashes() {
  std::vector<char32_t> all(kAllDashes.begin(), kAllDashes.end());
  if (active(Mutant::windash_lacks_slash)) std::erase(all, U'/');
  if (active(Mutant::windash_lacks_en_dash)) std::erase(all, char32_t{0x2013});
  if (active(Mutant::windash_lacks_em_dash)) std::erase(all, char32_t{0x2014});
  if (active(Mutant::windash_lacks_horizontal_bar)) std::erase(all, char32_t{0x2015});
  return all;
}

// D13's word characters.
bool is_word(const Token& token) {
  const char32_t c = token.point;
  if (token.kind != Kind::literal) return false;
  if (c >= 0x80 && active(Mutant::windash_words_are_ascii)) return false;
  if (c >= 0xC0) return c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x206F) && c <= 0x10FFFF;
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool same_letter(char32_t wanted, char32_t there, char32_t folded, bool cased) {
  if (active(Mutant::case_always_matters)) cased = true;
  if (active(Mutant::case_never_matters)) cased = false;
  if (!cased && active(Mutant::only_ascii_is_folded)) cased = wanted >= 0x80 || there >= 0x80;
  return cased ? there == wanted : folded == base::fold(wanted);
}

bool fits(const Token& token, const Text& text, std::size_t at, bool cased) {
  const char32_t there = text.points[at];
  switch (token.kind) {
    case Kind::any_one:
      return there != U'\n' || !active(Mutant::question_mark_stops_at_line_end);
    case Kind::any_dash: {
      const auto all = dashes();
      return std::ranges::find(all, there) != all.end();
    }
    case Kind::literal:
      return same_letter(token.point, there, text.folded[at], cased);
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

Text::Text(std::string_view text) : bytes(active(Mutant::values_are_trimmed) ? base::trim(text) : text) {
  text = bytes;
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

namespace {

bool escapes(char32_t next) {
  if (active(Mutant::every_backslash_escapes)) return next != 0;
  if (next == U'\\') return !active(Mutant::two_backslashes_stay_two);
  return (next == U'*' || next == U'?') && !active(Mutant::escaped_wildcard_stays_one);
}

void add_wildcard(Glob& glob, char32_t c) {
  if (active(Mutant::wildcards_are_plain_text)) {
    glob.push_back({Kind::literal, c});
  } else if (c == U'*') {
    if (active(Mutant::star_needs_a_character)) glob.push_back({Kind::any_one, 0});
    glob.push_back({Kind::any_run, 0});
  } else if (!active(Mutant::question_mark_may_be_nothing)) {
    glob.push_back({active(Mutant::question_mark_is_a_run) ? Kind::any_run : Kind::any_one, 0});
  }
}

}  // namespace

Glob parse_glob(std::string_view value) {
  const Glob raw = literal_glob(value);
  Glob glob;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char32_t c = raw[i].point;
    const char32_t next = i + 1 < raw.size() ? raw[i + 1].point : 0;
    if (c == U'\\' && escapes(next)) {
      glob.push_back({Kind::literal, next});
      ++i;
    } else if (c == U'*' || c == U'?') {
      add_wildcard(glob, c);
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
  const bool backslash = !glob.empty() && glob.back().kind == Kind::literal && glob.back().point == U'\\';
  if (backslash && active(Mutant::last_backslash_escapes_added_star)) {
    glob.back().point = U'*';
    return;
  }
  if (glob.empty() || glob.back().kind != Kind::any_run) glob.push_back({Kind::any_run, 0});
}

Glob with_dashes(Glob glob) {
  if (active(Mutant::windash_ignored)) return glob;
  const Glob before = glob;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool dash = before[i].point == U'-' || (before[i].point == U'/' && !active(Mutant::windash_only_from_hyphen));
    if (before[i].kind != Kind::literal || !dash) continue;
    const bool word_before = i > 0 && is_word(before[i - 1]) && !active(Mutant::windash_inside_words);
    const bool word_behind = (i + 1 < before.size() && is_word(before[i + 1])) || active(Mutant::windash_before_blanks);
    if (word_before || !word_behind) continue;
    glob[i].kind = Kind::any_dash;
    if (active(Mutant::windash_only_first)) break;
  }
  return glob;
}

std::vector<Glob> spellings(const Glob& glob) {
  std::vector<Glob> all{{}};
  const std::vector<char32_t> any = dashes();
  for (const Token& token : glob) {
    std::vector<Glob> longer;
    for (const Glob& begun : all) {
      for (const char32_t dash : any) {
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

namespace {

// Where a part that stands between runs lies, from `at` on.
std::size_t search(Part part, const Text& text, std::size_t at, bool cased) {
  while (at + part.size() <= text.points.size() && !lies_at(part, text, at, cased)) {
    if (active(Mutant::star_stops_at_line_end) && text.points[at] == U'\n') return text.points.size();
    ++at;
  }
  return at;
}

bool rest_fits_star(const Text& text, std::size_t at) {
  return !active(Mutant::star_stops_at_line_end) || text.points.find(U'\n', at) == std::u32string::npos;
}

std::size_t next_part_begins(std::size_t found, std::size_t size) {
  if (active(Mutant::parts_in_any_order)) return 0;
  return found + (active(Mutant::parts_may_overlap) ? 1 : size);
}

}  // namespace

std::optional<Span> match(const Glob& glob, const Text& text, bool cased) {
  const std::vector<Part> parts = split(glob);
  const bool open = active(Mutant::equals_is_contains);
  const bool open_before = open || (!glob.empty() && glob.front().kind == Kind::any_run);
  const bool open_behind =
      open || active(Mutant::equals_is_startswith) || (!glob.empty() && glob.back().kind == Kind::any_run);
  const std::size_t size = text.points.size();
  if (parts.empty()) {
    if ((glob.empty() && size != 0) || !rest_fits_star(text, 0)) return std::nullopt;
    return Span{0, text.starts.back()};
  }
  std::size_t at = 0, first = 0, end = 0;
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
    if (!at_begin && !at_end) found = search(part, text, at, cased);
    if (!lies_at(part, text, found, cased)) return std::nullopt;
    if (i == 0) first = found;
    end = found + part.size();
    at = next_part_begins(found, part.size());
  }
  if (open_behind && !rest_fits_star(text, end)) return std::nullopt;
  return Span{active(Mutant::proof_span_from_begin) ? 0 : text.starts[first], text.starts[end]};
}

}  // namespace tocsin::oracle
