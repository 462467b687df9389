// The commands: what each is called, and what its --help says.
#include <algorithm>
#include <array>

#include "flags.hpp"

namespace tocsin::cli {
namespace {

constexpr std::array kCommands{
    CommandInfo{
        Command::scan, "scan", "PATH… [FLAGS]", "judge evidence with Sigma rules",
        "Reads files, folders, archives (nested too) and - for standard input, judges every event, and ends with "
        "a summary: what was found, with proof, and what could not be checked, with the reason.",
        "tocsin scan Logs/ --rules sigma/\n"
        "tocsin scan Logs/ export.ndjson.gz --format jsonl --output results.jsonl\n"
        "tocsin scan Logs/ --level high --from 2021-07-01 --to 2021-08-01\n"
        "zcat big.json.gz | tocsin scan - --rules sigma/ --fail-on high"},
    CommandInfo{Command::dump, "dump", "PATH… [FLAGS]", "write out every event as JSON or XML",
                "One event a line, in the shape that evtx_dump writes, with an object _tocsin that names its place.",
                "tocsin dump Security.evtx\n"
                "tocsin dump Logs/ --channel Security --from 2021-07-19 | jq .Event.EventData\n"
                "tocsin dump dirty.evtx --carve --as xml --output events.xml"},
    CommandInfo{
        Command::search, "search", "PATTERN PATH… [FLAGS]", "find events by text, field or expression",
        "Looks into every value of every event. PATTERN is text, or Field=value for all of a value; * and ? stand "
        "for any text and any character, case does not count. Hits are in order of time, over all files and "
        "hosts. Ends with 0 whether or not something was found.",
        "tocsin search mimikatz Logs/\n"
        "tocsin search 'CommandLine=*-enc*' Logs/ --context 5m\n"
        "tocsin search -e EventID=4624 -e LogonType=10 --not 'IpAddress=10.*' Logs/ --format csv\n"
        "tocsin search --regex 'https?://[0-9.]+' Logs/ --max 20"},
    CommandInfo{
        Command::metrics, "metrics", "PATH… [FLAGS]", "count what is there, and say what is not",
        "Events by channel, event id, host and day; and which logs and events a Windows host should have that are "
        "not in this evidence, with what cannot be told for want of them, and what would change that: the file to "
        "fetch, or the command that switches it on.",
        "tocsin metrics Logs/\n"
        "tocsin metrics Logs/ --by missing\n"
        "tocsin metrics Logs/ --by event-id --all --format csv --output ids.csv"},
    CommandInfo{
        Command::logons, "logons", "PATH… [FLAGS]", "who logged on, from where, and who failed to",
        "Sums up log-ons (4624, 4625 and their ends), other credentials (4648), remote desktop, and what domain "
        "controllers say of Kerberos and NTLM: account, from where, how, how often, first and last, and why not. "
        "Accounts of computers and of the system itself are only counted; --all shows them. Who failed often and then "
        "logged on from the same place comes first.",
        "tocsin logons Logs/\n"
        "tocsin logons Logs/ --from 2021-07-13 --to 2021-07-14\n"
        "tocsin logons DC01/ --format csv --all --output logons.csv"},
    CommandInfo{
        Command::timeline, "timeline", "PATH… [FLAGS]", "a small chart of events, or of findings, over time",
        "A row for each channel (or host, level, event id), a column for each span of time; dots are holes. With "
        "--rules, or another flag that chooses rules (--level low: of the built-in ones), it counts what they find "
        "instead of events.",
        "tocsin timeline Logs/\n"
        "tocsin timeline Logs/ --by host --bucket 1h --from 2021-07-12 --to 2021-07-15\n"
        "tocsin timeline Logs/ --rules sigma/ --by level"},
    CommandInfo{
        Command::formats, "formats", "[--why FILE…] [FLAGS]", "which files are read, and why one is not",
        "Lists the formats that are read, and those that are only recognised. With --why it says what was seen in "
        "each file, and in those within archives: as what it is read, or why it is not, and what to do with it.",
        "tocsin formats\ntocsin formats --why unknown.bin\ntocsin formats --why evidence.zip --format jsonl"},
    CommandInfo{
        Command::rules_check, "rules check", "[DIR|FILE…] [FLAGS]", "are the rules sound?",
        "Says what is wrong with each rule, with file, line and column, and ends with the counts. Ends with 1 if "
        "a rule was rejected.",
        "tocsin rules check sigma/\ntocsin rules check my_rule.yml"},
    CommandInfo{Command::rules_list, "rules list", "[DIR|FILE…] [FLAGS]", "which rules are there?",
                "Lists the rules that a scan with the same flags would use.",
                "tocsin rules list\ntocsin rules list sigma/ --level high --tag attack.t1059 --format json"},
    CommandInfo{
        Command::rules_compile, "rules compile", "[DIR|FILE…] [FLAGS]", "compile rules ahead of the first scan",
        "Keeps the compiled rules in the cache, where a scan with the same rules and flags finds them, and says "
        "where, how large they are and how long it took. Scans do this by themselves; they see when a rule file "
        "was changed.",
        "tocsin rules compile sigma/\ntocsin rules compile sigma/ --level high"},
    CommandInfo{Command::rules_show, "rules show", "ID [DIR|FILE…] [FLAGS]", "how is a rule understood?",
                "Prints one rule as it was compiled: its log sources, fields, patterns and condition.",
                "tocsin rules show RULE-ID sigma/"},
    CommandInfo{
        Command::rules_explain, "rules explain", "ID [DIR|FILE…] [FLAGS]", "what does a rule look for?",
        "Tells one rule in sentences: what it looks for, in which logs and events, what must be switched on for "
        "them, what else it may be, and what to look at next.",
        "tocsin rules explain RULE-ID\ntocsin rules explain RULE-ID sigma/"},
    CommandInfo{Command::explain, "explain", "FINDING-ID [PATH…] [FLAGS]", "prove a finding, or say why there is none",
                "Shows the chain from the rule's condition to the record's bytes: out of a results file, or by judging "
                "the evidence again. With --rule and --event it says why a rule did or did not match one event. The "
                "first 8 digits of an id are enough where they are unique.",
                "tocsin explain 3f9a1c5e --results results.jsonl\n"
                "tocsin explain 3f9a1c5e Logs/ --rules sigma/\n"
                "tocsin explain Logs/ --rules sigma/ --rule RULE-ID --event "
                "Security.evtx:4711"},
    CommandInfo{
        Command::doctor, "doctor", "[FLAGS]", "what could stand in the way?",
        "Looks at the build, the machine and its limits, the sandbox, the rules, the config file and the terminal, "
        "and says what to do where something is not as it should be. Ends with 2 if something failed.",
        "tocsin doctor\ntocsin doctor --rules sigma/ --format json"},
    CommandInfo{
        Command::completions, "completions", "bash|zsh|fish", "completions for a shell",
        "Prints a script that lets the shell complete commands, flags and their values. The package installs it.",
        "tocsin completions bash > ~/.local/share/bash-completion/completions/tocsin\n"
        "tocsin completions zsh > ~/.zfunc/_tocsin\n"
        "tocsin completions fish > ~/.config/fish/completions/tocsin.fish"},
    CommandInfo{Command::man, "man", "", "the manual page", "Prints the manual page. The package installs it.",
                "tocsin man | man -l -"},
};

}  // namespace

std::span<const CommandInfo> commands() {
  return kCommands;
}
const CommandInfo* find_command(Command command) {
  const auto found = std::ranges::find(kCommands, command, &CommandInfo::command);
  return found == kCommands.end() ? nullptr : &*found;
}

}  // namespace tocsin::cli
