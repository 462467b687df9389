// Audit records of cloud services, one JSON object without a line break: made up from the services' public references.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tocsin/event.hpp"

namespace tocsin::makers {

// What happened, apart from any service's way to write it.
struct CloudSpec {
  std::string operation;  // what was done, in the service's own words
  std::string user = "a.meier@campus.example", address = "198.51.100.23";
  std::string result;              // empty: the service's word for success
  std::string target = "archive";  // what it was done to
  Timestamp time;
  std::vector<std::pair<std::string, std::string>> details;  // name and value, where the service writes such lists
};

[[nodiscard]] std::string azure_activity_json(const CloudSpec& spec);  // diagnostic settings; operation: A/b/write
[[nodiscard]] std::string azure_signin_json(const CloudSpec& spec);    // result: an error code
[[nodiscard]] std::string graph_signin_json(const CloudSpec& spec);    // the same from Microsoft Graph
[[nodiscard]] std::string azure_audit_json(const CloudSpec& spec);
[[nodiscard]] std::string azure_risk_json(const CloudSpec& spec);  // operation: the kind of risk
[[nodiscard]] std::string m365_audit_json(const CloudSpec& spec);  // target: the workload
// An alert of the security and compliance center in the same log; operation: the alert's name; target: its category.
[[nodiscard]] std::string m365_alert_json(const CloudSpec& spec);
// A row of Search-UnifiedAuditLog: the record as a text, AuditData.
[[nodiscard]] std::string m365_row_json(const CloudSpec& spec);
[[nodiscard]] std::string gcp_audit_json(const CloudSpec& spec);         // target: the service's name
[[nodiscard]] std::string google_workspace_json(const CloudSpec& spec);  // target: the application
[[nodiscard]] std::string okta_json(const CloudSpec& spec);
[[nodiscard]] std::string github_audit_json(const CloudSpec& spec);
[[nodiscard]] std::string kubernetes_audit_json(const CloudSpec& spec);  // operation: the verb; target: the resource
// {"<key>":[…]}
[[nodiscard]] std::string json_envelope(const std::string& key, const std::vector<std::string>& records);

}  // namespace tocsin::makers
