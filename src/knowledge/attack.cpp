#include "knowledge/attack.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/builtin_files.hpp"

// Defined by the generated assembler file; see cmake/Embed.cmake.
extern "C" {
extern const std::uint64_t tocsin_knowledge_count;
extern const std::uint64_t tocsin_knowledge_sizes[];
extern const char tocsin_knowledge_names[];
extern const char tocsin_knowledge_text[];
}

namespace tocsin::knowledge {
namespace {

// The tables are ours or the user's own; still nothing in them may make us work without end.
constexpr std::size_t kMostMoves = 8;  // from id to id
constexpr std::size_t kCells = 7;
constexpr std::string_view kRelease = "# release\t";

using Cells = std::array<std::string_view, kCells>;

std::optional<Cells> cells_of(std::string_view line) {
  Cells cells;
  for (std::size_t i = 0; i < kCells; ++i) {
    const std::size_t end = line.find('\t');
    if ((end == std::string_view::npos) != (i + 1 == kCells)) return std::nullopt;
    cells[i] = line.substr(0, end);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  return cells;
}

std::optional<Technique::State> state_of(std::string_view text) {
  if (text == "current") return Technique::State::current;
  if (text == "deprecated") return Technique::State::deprecated;
  if (text == "revoked") return Technique::State::revoked;
  return std::nullopt;
}

std::optional<Technique> technique_of(const Cells& cells) {
  const auto state = state_of(cells[6]);
  int year = 0;
  const auto parsed = std::from_chars(cells[4].data(), cells[4].data() + cells[4].size(), year);
  if (!state || cells[2].empty() || parsed.ec != std::errc()) return std::nullopt;
  Technique technique;
  technique.domain = cells[1], technique.id = cells[2], technique.name = cells[3];
  technique.year = year, technique.state = *state;
  (*state == Technique::State::revoked ? technique.now : technique.tactics) = cells[5];
  return technique;
}

}  // namespace

Result<Attack> Attack::parse(const std::vector<std::string_view>& tables) {
  Attack out;
  for (std::string_view rest : tables) {
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (line.starts_with(kRelease)) out.releases_.push_back(line.substr(kRelease.size()));
      if (line.empty() || line.starts_with('#')) continue;
      const auto cells = cells_of(line);
      const auto technique = cells && (*cells)[0] == "technique" ? technique_of(*cells) : std::nullopt;
      if (technique) {
        out.techniques_.insert_or_assign(technique->id, *technique);
      } else if (cells && (*cells)[0] == "tactic") {
        out.tactics_.insert_or_assign((*cells)[5], Tactic{(*cells)[2], (*cells)[3], (*cells)[5]});
      } else {
        return fail(ErrorCode::malformed,
                    fmt::format("line {}: expected a tactic or technique of {} cells with tabs between, found \"{}\"",
                                number, kCells, line));
      }
    }
  }
  return out;
}

const Attack& Attack::built_in() {
  static const Attack kAttack = [] {
    std::vector<std::string_view> texts;
    for (const base::BuiltinFile& file : base::embedded_files(
             {&tocsin_knowledge_count, tocsin_knowledge_sizes, tocsin_knowledge_names, tocsin_knowledge_text})) {
      if (file.name.starts_with("attack-")) texts.push_back(file.text);
    }
    return parse(texts).value_or(Attack());  // that they are well-formed is a test's business
  }();
  return kAttack;
}

const Technique* Attack::find(std::string_view id) const {
  const auto found = techniques_.find(id);
  return found == techniques_.end() ? nullptr : &found->second;
}

std::string_view Attack::current(std::string_view id) const {
  for (std::size_t moves = 0; moves < kMostMoves; ++moves) {
    const Technique* technique = find(id);
    if (technique == nullptr || technique->now.empty()) return id;
    id = technique->now;
  }
  return id;
}

std::string_view Attack::name(std::string_view id) const {
  const Technique* technique = find(id);
  return technique == nullptr ? std::string_view() : technique->name;
}

const Tactic* Attack::tactic(std::string_view short_name) const {
  const auto found = tactics_.find(short_name);
  return found == tactics_.end() ? nullptr : &found->second;
}

std::string Attack::release_text() const {
  if (releases_.empty()) return "none";
  std::string out(releases_.front());
  for (std::size_t i = 1; i < releases_.size(); ++i) out += fmt::format(" with the ids of {}", releases_[i]);
  return out;
}

}  // namespace tocsin::knowledge
