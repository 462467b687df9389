// One event of a log-on, as the logs tell of it, and the words for what they tell in numbers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/event.hpp"
#include "tocsin/scanner.hpp"

#include "model/event.hpp"
#include "model/field_table.hpp"

namespace tocsin::scanning {

struct LogonEvent {
  enum class What : std::uint8_t { success, failure, logoff, privileges };
  What what = What::success;
  Logons::Kind kind = Logons::Kind::logon;
  std::int64_t event_id = 0;
  std::optional<Timestamp> time;
  std::string host, account, source, package, by, to, type;
  std::string reason;     // failures: in words
  std::string session;    // logon id, to join log-on, privileges and log-off
  std::string record_id;  // EventRecordID; empty: not told

  [[nodiscard]] std::string encode() const;
  [[nodiscard]] static LogonEvent decode(std::string_view bytes);
};

// Reads them out of events. One a thread; binds the names it asks for to `fields`, which readers get.
class LogonReader {
 public:
  explicit LogonReader(model::FieldTable& fields);
  // Nothing where the event is of another kind.
  [[nodiscard]] std::optional<LogonEvent> read(const model::Event& event) const;

 private:
  enum Name : std::uint8_t {
    target_user,
    target_domain,
    subject_user,
    subject_domain,
    logon_type,
    ip,
    workstation_name,
    workstation,
    package_name,
    lm_package,
    target_session,
    subject_session,
    status,
    sub_status,
    target_server,
    service_name,
    user,
    address,
    param1,
    param2,
    param3,
    record,
    name_count
  };
  [[nodiscard]] std::string text(const model::Event& event, Name name) const;
  [[nodiscard]] std::string account(const model::Event& event, Name name, Name domain) const;
  [[nodiscard]] std::optional<LogonEvent> security(const model::Event& event) const;
  [[nodiscard]] std::optional<LogonEvent> remote_desktop(const model::Event& event) const;
  void logon(const model::Event& event, LogonEvent& out) const;
  void credentials(const model::Event& event, LogonEvent& out) const;
  void kerberos(const model::Event& event, LogonEvent& out) const;

  std::array<model::FieldId, name_count> ids_{};
};

// "10" -> "remote desktop"; other numbers as they are.
[[nodiscard]] std::string logon_type_name(std::string_view number);
// "0xC000006A" -> "wrong password"; codes without words as they are; empty for success.
[[nodiscard]] std::string status_words(std::string_view status);
[[nodiscard]] std::string kerberos_words(std::string_view status);
// Computer accounts and those of the system itself, whose log-ons are the most and tell least.
[[nodiscard]] bool is_system_account(std::string_view account);

}  // namespace tocsin::scanning
