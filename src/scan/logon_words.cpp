// Words for the numbers of log-on events, after Microsoft's documentation of events 4624, 4625, 4768, 4771 and 4776 and
// RFC 4120 7.5.9.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "scan/logon_event.hpp"

namespace tocsin::scanning {
namespace {

using Word = std::pair<std::uint32_t, std::string_view>;

constexpr std::array<Word, 12> kTypes{{{0, "system"},
                                       {2, "interactive"},
                                       {3, "network"},
                                       {4, "batch"},
                                       {5, "service"},
                                       {7, "unlock"},
                                       {8, "network, password in clear"},
                                       {9, "new credentials"},
                                       {10, "remote desktop"},
                                       {11, "cached"},
                                       {12, "cached remote desktop"},
                                       {13, "cached unlock"}}};

constexpr std::array<Word, 28> kStatuses{{{0xC000005E, "no domain controller could be reached"},
                                          {0xC0000022, "access denied"},
                                          {0xC000005F, "the session no longer exists"},
                                          {0xC0000064, "no such account"},
                                          {0xC000006A, "wrong password"},
                                          {0xC000006C, "the password breaks the policy"},
                                          {0xC000006D, "wrong name or password"},
                                          {0xC000006E, "an account restriction (such as an empty password)"},
                                          {0xC000006F, "outside the permitted hours"},
                                          {0xC0000070, "not permitted from this workstation"},
                                          {0xC0000071, "the password has expired"},
                                          {0xC0000072, "the account is switched off"},
                                          {0xC00000DC, "the server is in the wrong state"},
                                          {0xC0000106, "the name is too long"},
                                          {0xC0000133, "the clocks differ too much"},
                                          {0xC000015B, "this type of log-on is not granted"},
                                          {0xC000018C, "the trust between domain and host failed"},
                                          {0xC000018D, "the trust between domain and host failed"},
                                          {0xC0000192, "the Netlogon service was not running"},
                                          {0xC0000193, "the account has expired"},
                                          {0xC0000199, "an account of a domain trust may not log on"},
                                          {0xC000019B, "a computer of this name is there twice"},
                                          {0xC0000224, "the password must be changed first"},
                                          {0xC0000225, "an error in Windows, no risk"},
                                          {0xC0000234, "the account is locked out"},
                                          {0xC00002EE, "an error during the log-on"},
                                          {0xC0000371, "no local account of that name"},
                                          {0xC0000413, "the account is not allowed to log on to this host"}}};

constexpr std::array<Word, 21> kKerberos{{{0x3, "the protocol's version is not supported"},
                                          {0x6, "no such account"},
                                          {0x7, "no such service"},
                                          {0x8, "the name is there twice"},
                                          {0x9, "the account has no key"},
                                          {0xB, "the times asked for make no sense"},
                                          {0xC, "forbidden by policy (hours, workstation)"},
                                          {0xD, "an option that cannot be granted"},
                                          {0xE, "encryption type not supported"},
                                          {0xF, "checksum type not supported"},
                                          {0x10, "no certificate that fits (smart card)"},
                                          {0x12, "the account is switched off, expired or locked"},
                                          {0x14, "the ticket was revoked"},
                                          {0x17, "the password has expired"},
                                          {0x18, "wrong password"},
                                          {0x19, "pre-authentication was missing"},
                                          {0x1B, "the service wants user-to-user tickets only"},
                                          {0x1F, "the ticket's integrity check failed"},
                                          {0x20, "the ticket has expired"},
                                          {0x22, "a repeated request"},
                                          {0x25, "the clocks differ too much"}}};

// Decimal, or hexadecimal behind 0x.
std::optional<std::uint32_t> number_of(std::string_view text) {
  const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (hex) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

template <std::size_t N>
std::string word(const std::array<Word, N>& words, std::string_view text, std::string_view before) {
  if (const auto number = number_of(text)) {
    const auto found = std::ranges::find(words, *number, &Word::first);
    if (found != words.end()) return std::string(found->second);
  }
  return std::string(before) + std::string(text);
}

bool is_numbered(std::string_view name, std::string_view prefix) {
  if (name.size() <= prefix.size() || !base::equal_fold(name.substr(0, prefix.size()), prefix)) return false;
  return std::ranges::all_of(name.substr(prefix.size()), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string logon_type_name(std::string_view number) {
  return word(kTypes, number, number.empty() ? "" : "type ");
}

std::string status_words(std::string_view status) {
  return status.empty() ? std::string("no reason given") : word(kStatuses, status, "status ");
}

std::string kerberos_words(std::string_view status) {
  return word(kKerberos, status, "Kerberos error ");
}

bool is_system_account(std::string_view account) {
  static constexpr std::array<std::string_view, 4> kSystem{"SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE",
                                                           "ANONYMOUS LOGON"};
  const std::string_view name = account.substr(account.rfind('\\') + 1);
  if (name.empty() || name.ends_with('$')) return true;
  return is_numbered(name, "DWM-") || is_numbered(name, "UMFD-") ||
         std::ranges::any_of(kSystem, [&](std::string_view one) { return base::equal_fold(name, one); });
}

}  // namespace tocsin::scanning
