// The $(…) expressions of the makers' data files.
//
//   $(name) $(name.key)   a variable: from `let`, `pick`, the host, or the event
//   $(int 1 9)            a number between both, decimal;  $(hex 1 9) the same as 0x…
//   $(guid)               a fresh GUID in braces
//   $(pick pool)          an entry of a pool of plain texts
//   $(encoded TEXT)       Base64 of the text in UTF-16LE, as PowerShell takes it
//   $(minutes 90)         the event's time moved by so many minutes, "YYYY-MM-DD hh:mm:ss.fff"
//   $$                    a dollar sign
//
// Variables of the event: time (ISO, 7 digits), utc ("YYYY-MM-DD hh:mm:ss.fff"), date ("YYYY-MM-DD").
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/event.hpp"
#include "tocsin/result.hpp"

#include "tests/makers/random.hpp"

namespace tocsin::makers {

// A record of a pool: either named members, or one text under the empty name.
using PoolEntry = std::map<std::string, std::string, std::less<>>;
using Pools = std::map<std::string, std::vector<PoolEntry>, std::less<>>;
using Variables = std::map<std::string, std::string, std::less<>>;  // "name" or "name.key"

// Borrows all of them. One thread at a time.
class Expander {
 public:
  Expander(const Pools& pools, Variables variables, Random& random)
      : pools_(pools), variables_(std::move(variables)), random_(random) {}

  void set(std::string_view name, std::string text) { variables_.insert_or_assign(std::string(name), std::move(text)); }
  void set_time(Timestamp time);
  // Binds all members of one entry of the pool to `name`.
  [[nodiscard]] Result<void> pick(const std::string& name, std::string_view pool);
  [[nodiscard]] Result<std::string> expand(std::string_view text) const;

 private:
  [[nodiscard]] Result<std::string> evaluate(std::string_view expression) const;

  const Pools& pools_;
  Variables variables_;
  Random& random_;
  Timestamp time_;
};

[[nodiscard]] std::string base64(std::string_view bytes);
// "YYYY-MM-DD hh:mm:ss.fff", as Sysmon writes UtcTime.
[[nodiscard]] std::string format_utc(Timestamp time);

}  // namespace tocsin::makers
