#include "scan/logon_event.hpp"

#include <algorithm>

#include "base/codec.hpp"
#include "base/text.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::size_t kMaxTextBytes = 256;
constexpr std::array<std::string_view, 22> kNames{"TargetUserName",
                                                  "TargetDomainName",
                                                  "SubjectUserName",
                                                  "SubjectDomainName",
                                                  "LogonType",
                                                  "IpAddress",
                                                  "WorkstationName",
                                                  "Workstation",
                                                  "AuthenticationPackageName",
                                                  "LmPackageName",
                                                  "TargetLogonId",
                                                  "SubjectLogonId",
                                                  "Status",
                                                  "SubStatus",
                                                  "TargetServerName",
                                                  "ServiceName",
                                                  "User",
                                                  "Address",
                                                  "Param1",
                                                  "Param2",
                                                  "Param3",
                                                  "EventRecordID"};

constexpr std::string_view kLocalSessions = "microsoft-windows-terminalservices-localsessionmanager/operational";
constexpr std::string_view kRemoteConnections =
    "microsoft-windows-terminalservices-remoteconnectionmanager/operational";

bool is_channel(std::string_view channel, std::string_view lower_name) {
  return base::equal_fold(channel, lower_name);
}

// An IPv4 address in the clothes of IPv6 is the address.
std::string plain_address(const std::string& address) {
  constexpr std::string_view kMapped = "::ffff:";
  return address.starts_with(kMapped) ? address.substr(kMapped.size()) : address;
}

bool is_success(std::string_view status) {
  return status.empty() || status == "0" || std::ranges::all_of(status, [](char c) { return c == '0' || c == 'x'; });
}

}  // namespace

std::string LogonEvent::encode() const {
  std::string bytes;
  base::Encoder out(bytes);
  out.number(static_cast<std::uint64_t>(what));
  out.number(static_cast<std::uint64_t>(kind));
  out.signed_number(event_id);
  out.optional(time ? std::optional(time->ticks) : std::nullopt);
  for (const std::string* one : {&host, &account, &source, &package, &by, &to, &type, &reason, &session, &record_id}) {
    out.text(*one);
  }
  return bytes;
}

LogonEvent LogonEvent::decode(std::string_view bytes) {
  base::Decoder in(bytes);
  LogonEvent out;
  out.what = static_cast<What>(in.number());
  out.kind = static_cast<Logons::Kind>(in.number());
  out.event_id = in.signed_number();
  if (const auto ticks = in.optional()) out.time = Timestamp{*ticks};
  for (std::string* one : {&out.host, &out.account, &out.source, &out.package, &out.by, &out.to, &out.type, &out.reason,
                           &out.session, &out.record_id}) {
    *one = in.text();
  }
  return out;
}

LogonReader::LogonReader(model::FieldTable& fields) {
  static_assert(kNames.size() == name_count);
  for (std::size_t i = 0; i < kNames.size(); ++i) ids_[i] = fields.intern(kNames[i]);
}

// "-" is how Windows writes that there is nothing.
std::string LogonReader::text(const model::Event& event, Name name) const {
  const auto values = event.get(ids_[name]);
  if (values.empty() || values.front().text == "-") return {};
  return std::string(base::trim(values.front().text).substr(0, kMaxTextBytes));
}

std::string LogonReader::account(const model::Event& event, Name name, Name domain) const {
  std::string name_text = text(event, name);
  std::string of = text(event, domain);
  // Kerberos writes user@REALM.
  if (const std::size_t at = name_text.find('@'); at != std::string::npos && at > 0) {
    if (of.empty() || name_text.size() - at - 1 == of.size()) of = name_text.substr(at + 1);
    name_text.resize(at);
  }
  if (name_text.empty()) return {};
  return of.empty() ? name_text : of + '\\' + name_text;
}

std::optional<LogonEvent> LogonReader::read(const model::Event& event) const {
  const model::EventHead& head = event.head();
  if (!head.event_id) return std::nullopt;
  std::optional<LogonEvent> out;
  if (is_channel(head.channel, "security")) out = security(event);
  if (is_channel(head.channel, kLocalSessions) || is_channel(head.channel, kRemoteConnections)) {
    out = remote_desktop(event);
  }
  if (!out) return out;
  out->event_id = *head.event_id;
  out->time = head.time;
  if (out->time && out->time->ticks == 0) out->time.reset();
  out->host = head.computer.substr(0, kMaxTextBytes);
  out->record_id = text(event, record);
  if (out->source.empty()) out->source = plain_address(text(event, ip));
  return out;
}

void LogonReader::logon(const model::Event& event, LogonEvent& out) const {
  out.account = account(event, target_user, target_domain);
  out.session = text(event, target_session);
  out.type = logon_type_name(text(event, logon_type));
  out.package = text(event, lm_package);  // tells NTLM's versions apart
  if (out.package.empty()) out.package = text(event, package_name);
  const std::string from = plain_address(text(event, ip));
  const std::string machine = text(event, workstation_name);
  out.source = from.empty() || machine.empty() ? from + machine : from + " (" + machine + ")";
}

void LogonReader::credentials(const model::Event& event, LogonEvent& out) const {
  out.kind = Logons::Kind::other_credentials;
  out.account = account(event, target_user, target_domain);
  out.by = account(event, subject_user, subject_domain);
  out.to = text(event, target_server);
}

void LogonReader::kerberos(const model::Event& event, LogonEvent& out) const {
  out.kind = Logons::Kind::kerberos;
  out.account = account(event, target_user, target_domain);
  out.to = text(event, service_name);
  const std::string code = text(event, status);
  if (!is_success(code)) {
    out.what = LogonEvent::What::failure;
    out.reason = kerberos_words(code);
  }
}

std::optional<LogonEvent> LogonReader::security(const model::Event& event) const {
  LogonEvent out;
  switch (*event.head().event_id) {
    case 4624:
      logon(event, out);
      return out;
    case 4625: {
      logon(event, out);
      out.what = LogonEvent::What::failure;
      const std::string inner = text(event, sub_status);
      out.reason = status_words(is_success(inner) ? text(event, status) : inner);
      out.session.clear();
      return out;
    }
    case 4634:
    case 4647:
      logon(event, out);
      out.what = LogonEvent::What::logoff;
      return out;
    case 4672:
      out.what = LogonEvent::What::privileges;
      out.account = account(event, subject_user, subject_domain);
      out.session = text(event, subject_session);
      return out;
    case 4648:
      credentials(event, out);
      return out;
    case 4768:
    case 4769:
    case 4771:
      kerberos(event, out);
      out.type = *event.head().event_id == 4769 ? "service ticket" : "ticket-granting ticket";
      if (*event.head().event_id == 4771) out.what = LogonEvent::What::failure;
      return out;
    case 4776:
      out.kind = Logons::Kind::ntlm;
      out.account = account(event, target_user, target_domain);
      out.source = text(event, workstation);
      out.reason = is_success(text(event, status)) ? std::string() : status_words(text(event, status));
      if (!out.reason.empty()) out.what = LogonEvent::What::failure;
      return out;
    default:
      return std::nullopt;
  }
}

std::optional<LogonEvent> LogonReader::remote_desktop(const model::Event& event) const {
  LogonEvent out;
  out.kind = Logons::Kind::remote_desktop;
  out.account = text(event, user);
  out.source = text(event, address);
  const std::int64_t id = *event.head().event_id;
  if (is_channel(event.head().channel, kRemoteConnections)) {
    if (id != 1149) return std::nullopt;
    out.account = account(event, param1, param2);
    out.source = text(event, param3);
    out.type = "reached the log-on";
    return out;
  }
  switch (id) {
    case 21:
      out.type = "session";
      return out;
    case 25:
      out.type = "connected again";
      return out;
    case 23:
    case 24:
      out.type = "session";
      out.what = LogonEvent::What::logoff;
      return out;
    default:
      return std::nullopt;
  }
}

}  // namespace tocsin::scanning
