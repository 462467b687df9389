#include "tests/makers/cloud_json.hpp"

#include <initializer_list>

#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace tocsin::makers {
namespace {

using base::JsonWriter;
using Members = std::initializer_list<std::pair<const char*, std::string>>;

constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;

std::string seconds(Timestamp time) {
  return format_time(time).substr(0, 19);
}

void write_members(JsonWriter& json, Members members) {
  for (const auto& [name, text] : members) json.member(name, text);
}

void write_object(JsonWriter& json, const char* key, Members members) {
  json.key(key);
  json.begin_object();
  write_members(json, members);
  json.end_object();
}

// [{"<name>":"n","<value>":"v"},…]
void write_details(JsonWriter& json, const CloudSpec& spec, const char* key, const char* name, const char* value) {
  json.key(key);
  json.begin_array();
  for (const auto& [detail, text] : spec.details) {
    json.begin_object();
    json.member(name, detail);
    json.member(value, text);
    json.end_object();
  }
  json.end_array();
}

// {…}, its members written by `write`.
template <class Write>
std::string object(const Write& write) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write(json);
  json.end_object();
  return out;
}

std::string result_or(const CloudSpec& spec, const char* success) {
  return spec.result.empty() ? success : spec.result;
}

}  // namespace

std::string azure_activity_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"time", format_time(spec.time)},
                         {"resourceId", "/SUBSCRIPTIONS/1/RESOURCEGROUPS/CAMPUS/PROVIDERS/" + spec.target},
                         {"operationName", spec.operation},
                         {"category", "Administrative"},
                         {"resultType", result_or(spec, "Success")},
                         {"callerIpAddress", spec.address}});
    write_object(json, "properties", {{"eventCategory", "Administrative"}, {"hierarchy", "1"}});
  });
}

std::string azure_signin_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"time", format_time(spec.time)},
                         {"operationName", "Sign-in activity"},
                         {"category", "SignInLogs"},
                         {"resultType", result_or(spec, "0")},
                         {"callerIpAddress", spec.address}});
    json.key("properties");
    json.begin_object();
    write_members(json, {{"userPrincipalName", spec.user},
                         {"appDisplayName", spec.target},
                         {"userAgent", "Mozilla/5.0"},
                         {"authenticationRequirement", "singleFactorAuthentication"}});
    write_object(json, "deviceDetail", {{"deviceId", ""}, {"trustType", "Azure AD joined"}});
    json.end_object();
  });
}

std::string graph_signin_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"id", "014adaeb-0000-4119-8a9b-a9f68dd4b700"},
                         {"createdDateTime", format_time(spec.time)},
                         {"userPrincipalName", spec.user},
                         {"appDisplayName", spec.target},
                         {"ipAddress", spec.address},
                         {"clientAppUsed", "Browser"},
                         {"authenticationRequirement", "singleFactorAuthentication"},
                         {"conditionalAccessStatus", "notApplied"},
                         {"resourceDisplayName", "Microsoft Graph"},
                         {"riskState", "none"}});
    json.key("status");
    json.begin_object();
    json.member_uint("errorCode", std::stoul(result_or(spec, "0")));
    json.member("failureReason", "Other.");
    json.end_object();
    write_object(json, "deviceDetail", {{"deviceId", ""}, {"trustType", "Azure AD joined"}});
  });
}

std::string azure_audit_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"time", format_time(spec.time)},
                         {"operationName", spec.operation},
                         {"category", "AuditLogs"},
                         {"callerIpAddress", spec.address}});
    json.key("properties");
    json.begin_object();
    write_members(json, {{"activityDisplayName", spec.operation},
                         {"activityDateTime", format_time(spec.time)},
                         {"loggedByService", "Core Directory"},
                         {"category", "UserManagement"},
                         {"result", result_or(spec, "success")}});
    json.key("initiatedBy");
    json.begin_object();
    write_object(json, "user", {{"userPrincipalName", spec.user}});
    json.end_object();
    json.key("targetResources");
    json.begin_array();
    json.begin_object();
    write_members(json, {{"displayName", spec.target}, {"type", "User"}});
    write_details(json, spec, "modifiedProperties", "displayName", "newValue");
    json.end_object();
    json.end_array();
    json.end_object();
  });
}

std::string azure_risk_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"time", format_time(spec.time)}, {"category", "UserRiskEvents"}});
    write_object(json, "properties",
                 {{"riskEventType", spec.operation},
                  {"riskLevel", "high"},
                  {"userPrincipalName", spec.user},
                  {"ipAddress", spec.address},
                  {"detectedDateTime", format_time(spec.time)}});
  });
}

std::string m365_audit_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"CreationTime", seconds(spec.time)},
                         {"Id", "5e1f2c3d-0001-4000-8000-000000000001"},
                         {"Operation", spec.operation},
                         {"OrganizationId", "0f0d1e6a-6c7b-4d0c-9d0f-2a4d5e6f7a8b"}});
    json.member_uint("RecordType", 1);
    write_members(json, {{"ResultStatus", result_or(spec, "Succeeded")},
                         {"Workload", spec.target},
                         {"UserId", spec.user},
                         {"ClientIP", spec.address}});
    write_details(json, spec, "Parameters", "Name", "Value");
  });
}

std::string m365_alert_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"CreationTime", seconds(spec.time)},
                         {"Id", "5e1f2c3d-0002-4000-8000-000000000001"},
                         {"Operation", "AlertTriggered"},
                         {"OrganizationId", "0f0d1e6a-6c7b-4d0c-9d0f-2a4d5e6f7a8b"}});
    json.member_uint("RecordType", 40);
    write_members(json, {{"ResultStatus", "Succeeded"},
                         {"UserKey", "SecurityComplianceAlerts"},
                         {"Workload", "SecurityComplianceCenter"},
                         {"UserId", "SecurityComplianceAlerts"},
                         {"AlertId", "7c1f2c3d-0002-4000-8000-000000000001"},
                         {"AlertType", "System"},
                         {"Category", spec.target},
                         {"Name", spec.operation},
                         {"Severity", "Medium"},
                         {"Source", "Office 365 Security & Compliance"},
                         {"Status", result_or(spec, "Active")},
                         {"Data", "{\"f3u\":\"" + spec.user + "\"}"}});
  });
}

std::string m365_row_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"RecordType", "ExchangeAdmin"},
                         {"CreationDate", seconds(spec.time)},
                         {"UserIds", spec.user},
                         {"Operations", spec.operation},
                         {"AuditData", m365_audit_json(spec)}});
  });
}

std::string gcp_audit_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    json.key("protoPayload");
    json.begin_object();
    write_members(json, {{"@type", "type.googleapis.com/google.cloud.audit.AuditLog"},
                         {"serviceName", spec.target},
                         {"methodName", spec.operation}});
    write_object(json, "authenticationInfo", {{"principalEmail", spec.user}});
    write_object(json, "requestMetadata", {{"callerIp", spec.address}});
    json.end_object();
    write_members(json, {{"insertId", "1a2b3c"},
                         {"logName", "projects/campus/logs/cloudaudit.googleapis.com%2Factivity"},
                         {"severity", "NOTICE"},
                         {"timestamp", format_time(spec.time)}});
    write_object(json, "resource", {{"type", "project"}});
  });
}

std::string google_workspace_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    json.member("kind", "admin#reports#activity");
    write_object(json, "id", {{"time", format_time(spec.time)}, {"applicationName", spec.target}});
    write_object(json, "actor", {{"email", spec.user}});
    json.member("ipAddress", spec.address);
    json.key("events");
    json.begin_array();
    json.begin_object();
    json.member("name", spec.operation);
    write_details(json, spec, "parameters", "name", "value");
    json.end_object();
    json.end_array();
  });
}

std::string okta_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"uuid", "5e1f2c3d-0001-11ec-8000-000000000001"},
                         {"published", format_time(spec.time).substr(0, 23) + "Z"},
                         {"eventType", spec.operation},
                         {"displayMessage", "Something was done"}});
    write_object(json, "actor", {{"type", "User"}, {"alternateId", spec.user}});
    write_object(json, "client", {{"ipAddress", spec.address}});
    write_object(json, "outcome", {{"result", result_or(spec, "SUCCESS")}});
    json.key("target");
    json.begin_array();
    json.begin_object();
    json.member("displayName", spec.target);
    json.end_object();
    json.end_array();
  });
}

std::string github_audit_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    json.member_int("@timestamp", (spec.time.ticks - kUnixEpoch) / 10'000);
    write_members(json, {{"_document_id", "ZmFrZQ"},
                         {"action", spec.operation},
                         {"actor", spec.user},
                         {"actor_ip", spec.address},
                         {"org", "campus"},
                         {"repo", spec.target}});
  });
}

std::string kubernetes_audit_json(const CloudSpec& spec) {
  return object([&](JsonWriter& json) {
    write_members(json, {{"kind", "Event"},
                         {"apiVersion", "audit.k8s.io/v1"},
                         {"level", "Metadata"},
                         {"auditID", "5e1f2c3d-0001-4000-8000-000000000001"},
                         {"stage", "ResponseComplete"},
                         {"requestURI", "/api/v1/namespaces/default/" + spec.target},
                         {"verb", spec.operation}});
    write_object(json, "user", {{"username", spec.user}});
    json.key("sourceIPs");
    json.begin_array();
    json.string(spec.address);
    json.end_array();
    write_object(json, "objectRef", {{"resource", spec.target}, {"namespace", "default"}});
    json.key("responseStatus");
    json.begin_object();
    json.key("code");
    json.raw(result_or(spec, "200"));
    json.end_object();
    json.member("requestReceivedTimestamp", format_time(spec.time).substr(0, 26) + "Z");
  });
}

std::string json_envelope(const std::string& key, const std::vector<std::string>& records) {
  return object([&](JsonWriter& json) {
    json.key(key);
    json.begin_array();
    for (const std::string& record : records) json.raw(record);
    json.end_array();
  });
}

}  // namespace tocsin::makers
