// Damages evidence in thousands of ways that are the same on every run, reads each, and checks what must hold: reading
// ends after an amount of work that the size bounds, and what the damage cannot have touched is found as before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "detect/sigma/compiled_set.hpp"
#include "tests/damage/reading.hpp"

namespace tocsin::damage {

// One way of damage: cut off at `cut`, or some bytes changed (their offsets, ascending).
struct Variant {
  static constexpr std::size_t kWhole = static_cast<std::size_t>(-1);
  std::size_t cut = kWhole;
  std::vector<std::size_t> changed;
  [[nodiscard]] bool is_cut() const { return cut != kWhole; }
  // Everything before is as it was.
  [[nodiscard]] std::size_t first() const { return is_cut() ? cut : changed.front(); }
  [[nodiscard]] bool changes(std::size_t begin, std::size_t end) const;
};

// Whether a record of the sound evidence must be found in this variant as well.
using MustKeep = std::function<bool(const Source&, const Record&, const Variant&)>;

struct Evidence {
  std::string name, bytes;
  MustKeep must_keep;
};

// docs/formats/evtx.md, "Damage": a damaged record costs itself, a damaged chunk itself.
[[nodiscard]] MustKeep keep_event_log();
// docs/formats/json.md: in line layout damage costs its line.
[[nodiscard]] MustKeep keep_lines();
// Of arrays and pretty-printed JSON what lies before the damage.
[[nodiscard]] MustKeep keep_values_before();
// Where a member of a container lies in the container's bytes.
struct MemberSpan {
  std::string container;
  std::size_t begin = 0, end = 0;
  std::size_t header_end = 0;  // damage before it costs the members that follow, too; 0: it costs only this one
  std::size_t listed = 0, listed_end = 0;  // its entry in the list of members: damage may give it other sizes
};
// Members that lie side by side, each of which stands alone. `tar`: the first header tells what it is, and damage
// to it may cost all.
[[nodiscard]] MustKeep keep_members(std::vector<MemberSpan> members, bool tar);
// Members in one compressed stream that lies at [begin, end); damage elsewhere may cost all. A span's end is a bound
// behind which damage comes too late for its member.
[[nodiscard]] MustKeep keep_members_before(std::vector<MemberSpan> members, std::size_t begin, std::size_t end);
// One gzip stream with one source in it: what can be decompressed from the bytes before the damage.
[[nodiscard]] MustKeep keep_gzip(const std::string& bytes, MustKeep inside);

struct CampaignOptions {
  std::size_t cut_every = 4096;
  std::size_t changes = 2000;  // variants with 1 to 4 changed bytes, for each piece of evidence
  unsigned threads = 2;
};
struct Report {
  std::uint64_t variants = 0, records = 0, findings = 0;  // records and findings of the sound evidence
  std::uint64_t units_read = 0;
  std::uint64_t kept = 0;  // findings that had to be kept and were, over all variants
  std::vector<std::string> failures;
  std::uint64_t failed = 0;  // all of them; `failures` are the first
};
// The figures, a line.
[[nodiscard]] std::string describe(const Report& report);

// Ends the program with a message that names the variant where reading one takes minutes.
[[nodiscard]] Report run_campaign(const std::vector<Evidence>& evidence, const sigma::CompiledSet& rules,
                                  const CampaignOptions& options);

// Tocsin's own rules, compiled as a scan does it.
[[nodiscard]] sigma::CompiledSet own_rules();

}  // namespace tocsin::damage
