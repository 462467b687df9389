// Who set the clock, as event 1 of Microsoft-Windows-Kernel-General in the System log tells it: the times before and
// after, on newer systems a reason and the program (docs/decisions/0013-log-hygiene.md).
#pragma once

#include <optional>

#include "model/event.hpp"
#include "scan/log_watch.hpp"

namespace tocsin::scanning {

// Nothing where the event is another one, where the clock moved by no more than LogWatch::kStepBack, and where what
// keeps the clock has set it: the hardware's clock after sleep, the time service, tools of a virtual machine.
[[nodiscard]] std::optional<ClockSet> clock_set(const model::Event& event);

}  // namespace tocsin::scanning
