#include "scan/clock_set.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::string_view kProvider = "Microsoft-Windows-Kernel-General";
constexpr std::int64_t kEventId = 1;
constexpr std::size_t kMaxText = 1024;  // of a path or an account; longer ones are cut

// "An application or system component"; 2 is the hardware's clock, 3 a time zone. Before Windows 8 there is none.
constexpr std::string_view kReasonProgram = "1";
// Ends of paths, in lower case. Windows' own time service runs in svchost.
constexpr std::array<std::string_view, 4> kKeepers{"\\windows\\system32\\svchost.exe", "\\vmware tools\\vmtoolsd.exe",
                                                   "\\vboxservice.exe", "\\vmicsvc.exe"};
// Where no program is named: the system itself and the accounts of its services.
constexpr std::array<std::string_view, 3> kSystemAccounts{"S-1-5-18", "S-1-5-19", "S-1-5-20"};

struct Fields {
  std::optional<Timestamp> from, to;
  std::string reason, process, user;
};

Fields fields_of(const model::Event& event) {
  Fields fields;
  event.each_field([&](std::string_view name, const model::Value& value) {
    const std::string_view text = value.text.substr(0, kMaxText);
    if (name == "OldTime") fields.from = parse_time(text);
    if (name == "NewTime") fields.to = parse_time(text);
    if (name == "Reason") fields.reason = text;
    if (name == "ProcessName") fields.process = text;
    if (name == "Security_UserID") fields.user = text;
  });
  return fields;
}

bool is_keeper(const Fields& fields) {
  if (!fields.reason.empty() && fields.reason != kReasonProgram) return true;
  if (fields.process.empty() || fields.process == "-") {
    return fields.user.empty() || std::ranges::find(kSystemAccounts, fields.user) != kSystemAccounts.end();
  }
  const std::string process = base::lower_ascii(fields.process);
  return std::ranges::any_of(kKeepers, [&](std::string_view keeper) { return process.ends_with(keeper); });
}

}  // namespace

std::optional<ClockSet> clock_set(const model::Event& event) {
  const model::EventHead& head = event.head();
  if (head.event_id != kEventId || head.provider != kProvider || head.place.carved) return std::nullopt;
  Fields fields = fields_of(event);
  if (!fields.from || !fields.to || fields.from->ticks <= 0 || fields.to->ticks <= 0) return std::nullopt;
  ClockSet set;
  set.from = *fields.from, set.to = *fields.to;
  if (set.step() <= LogWatch::kStepBack || is_keeper(fields)) return std::nullopt;
  set.channel = head.channel.substr(0, LogWatch::kMaxNameBytes);
  set.computer = head.computer.substr(0, LogWatch::kMaxNameBytes);
  set.at = {head.place, head.time};
  set.process = fields.process == "-" ? std::string() : std::move(fields.process);
  set.user = std::move(fields.user);
  return set;
}

}  // namespace tocsin::scanning
