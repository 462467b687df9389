#include "report/advice.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace tocsin::report {
namespace {

// Windows' own file name for a channel: '/' becomes "%4". Coverage folds names; words begin with a capital again.
std::string copy_channel(std::string_view channel) {
  std::string file;
  bool begins = true;
  for (const char c : channel) {
    file +=
        c == '/' ? std::string("%4") : std::string(1, begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
    begins = c == '-' || c == '/' || c == ' ';
  }
  return fmt::format("fetch {}.evtx", file);
}

// Where no setting is known that would help. Of the other reasons the text itself says what can be done.
std::string_view without_setting(CoverageReason reason) {
  switch (reason) {
    case CoverageReason::channel_absent:
      return "hand in such a log, if there is one; nothing to switch on is known";
    case CoverageReason::event_id_absent:
      return "nothing to switch on is known: perhaps it never happened";
    case CoverageReason::field_absent:
      return "nothing is known that would give these fields";
    default:
      return {};
  }
}

bool is_one_channel(std::string_view detail) {
  return base::lower_ascii(detail).starts_with("microsoft-") && detail.find_first_of(",;|") == std::string_view::npos;
}

}  // namespace

std::string_view reason_text(CoverageReason reason) {
  switch (reason) {
    case CoverageReason::none:
      return "no reason given";
    case CoverageReason::no_reader:
      return "Tocsin reads no such logs yet: nothing that you can hand in or switch on changes that";
    case CoverageReason::channel_absent:
      return "their log is not in the evidence";
    case CoverageReason::event_id_absent:
      return "their log is there, but without such events";
    case CoverageReason::field_absent:
      return "their events are there, but without the fields that they look at";
    case CoverageReason::placeholder:
      return "they have placeholders without values: give them with --expand NAME=FILE";
    case CoverageReason::unsupported:
      return "they ask for what this version does not do: nothing that you can switch on changes that";
    case CoverageReason::out_of_reach:
      return "their events lie outside --from, --to or --channel: scan without these to judge them";
  }
  return "";
}

std::string_view short_detail(std::string_view detail) {
  for (const std::string_view lead : {"no reader gives events of ", "no value for "}) {
    if (detail.starts_with(lead)) detail.remove_prefix(lead.size());
  }
  static constexpr std::string_view kTail = " (--expand NAME=FILE)";
  if (detail.ends_with(kTail)) detail.remove_suffix(kTail.size());
  return detail;
}

std::string advice(const ResultView& view, CoverageReason reason, std::string_view detail,
                   const std::vector<std::uint32_t>& settings) {
  if (reason == CoverageReason::channel_absent) {
    for (const std::uint32_t index : settings) {
      const Setting& setting = view.settings().at(index);
      if (!setting.fetch.empty()) return fmt::format("fetch {}", setting.fetch);
    }
    if (settings.empty() && is_one_channel(detail)) return copy_channel(detail);
  }
  // The log is there, or there is nothing to fetch: what switches more of it on comes first, then another log.
  for (const std::uint32_t index : settings) {
    const Setting& setting = view.settings().at(index);
    if (!setting.command.empty()) return fmt::format("switch on {}", setting.title);
  }
  for (const std::uint32_t index : settings) {
    const Setting& setting = view.settings().at(index);
    if (!setting.fetch.empty())
      return fmt::format("fetch {}, which tells of the same in its own events", setting.fetch);
  }
  if (!settings.empty()) return view.settings().at(settings.front()).title;
  return std::string(without_setting(reason));
}

}  // namespace tocsin::report
