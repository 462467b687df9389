// What the hygiene rules look for, in the form in which Sigma's rules are told.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "scan/hygiene.hpp"
#include "scan/known_events.hpp"

namespace tocsin::scanning {
namespace {

// The sentences of one kind; all of them must be true.
std::vector<std::string> sentences_of(HygieneKind kind) {
  const std::int64_t minutes = LogWatch::kStepBack / (std::int64_t{60} * 10'000'000);
  switch (kind) {
    case HygieneKind::numbers_missing:
      return {
          "two records of one channel and computer follow each other, and numbers (EventRecordID) between theirs are "
          "missing",
          "both have the number that Windows gave them: an export numbers its records anew",
          "they lie in one chunk of the file or in two that adjoin, and no damage lies between them"};
    case HygieneKind::clock_back:
      return {"two records of one channel and computer have consecutive numbers (EventRecordID)",
              fmt::format("the later one is earlier by more than {} minutes (TimeCreated)", minutes)};
    case HygieneKind::log_stops:
      return {fmt::format("the log has events on each of {} days or more, and none on the {} days and more after them",
                          HygieneBook::kDaysBefore, HygieneBook::kDaysSilent),
              fmt::format("at least {} other logs of the same computer go on in that time", HygieneBook::kOthersGoOn)};
    case HygieneKind::clock_set:
      break;
  }
  return {fmt::format("one record says that the clock was set by more than {} minutes (OldTime, NewTime)", minutes),
          "it was not the hardware's clock (Reason 2) nor a time zone (Reason 3)",
          "it was not the time service (svchost.exe below System32) nor the tools of a virtual machine (ProcessName); "
          "where no program is named, not an account of the system (Security_UserID)"};
}

RuleWords::Log log_of(HygieneKind kind) {
  RuleWords::Log log;
  if (kind == HygieneKind::clock_set) {
    log.name = "kernel-general-1";
    log.channels = {"System"};
    log.providers = {"Microsoft-Windows-Kernel-General"};
    log.event_ids = {1};
    log.event_names.emplace_back(KnownEvents::builtin().name(log.channels.front(), log.providers.front(), 1));
    return log;
  }
  log.name = "every log of Windows";
  log.notes = {"needs " + hygiene_needs(kind)};
  if (kind == HygieneKind::log_stops)
    log.notes.emplace_back("logs of one channel and computer in several files are one");
  return log;
}

}  // namespace

std::optional<HygieneKind> find_hygiene_rule(std::string_view id_or_name) {
  const auto& rules = hygiene_rules();
  const auto found =
      std::ranges::find_if(rules, [&](const RuleInfo& one) { return one.id == id_or_name || one.name == id_or_name; });
  if (found == rules.end()) return {};
  return static_cast<HygieneKind>(found - rules.begin());
}

RuleWords hygiene_in_words(HygieneKind kind) {
  RuleWords words;
  words.rule = hygiene_rules().at(static_cast<std::size_t>(kind));
  words.condition = "logs";
  words.parts = {{"logs", {sentences_of(kind)}}};
  words.logs = {log_of(kind)};
  return words;
}

std::string describe_hygiene(HygieneKind kind) {
  const RuleInfo& rule = hygiene_rules().at(static_cast<std::size_t>(kind));
  std::string out = fmt::format(
      "title: {}\nid: {}\nname: {}\nstatus: {}\nlevel: {}\nauthor: {}\nlicense: {}\nfile: none: built into the "
      "program\n",
      rule.title, rule.id, rule.name, to_string(rule.status), to_string(rule.level), rule.author, rule.license);
  out += "tags:";
  for (std::size_t i = 0; i < rule.tags.size(); ++i) out += fmt::format("{} {}", i == 0 ? "" : ",", rule.tags[i]);
  out += "\nlog source: product windows\nno condition of Sigma: whole logs are judged, not single events\n";
  for (const std::string& sentence : sentences_of(kind)) out += fmt::format("- {}\n", sentence);
  out += fmt::format("needs: {}\n", hygiene_needs(kind));
  for (const std::string& next : rule.next) out += fmt::format("look at next: {}\n", next);
  return out;
}

}  // namespace tocsin::scanning
