// An EventSpec as other tools export it, one JSON object without a line break. Shapes only: no texts of Windows' own
// message files are reproduced.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/makers/event_spec.hpp"

namespace tocsin::makers {

// Winlogbeat: `winlog.*`, `event.code`, `host.name`, `@timestamp` in milliseconds; all of event_data are strings,
// unnamed values are param1, param2, …
[[nodiscard]] std::string winlogbeat_json(const EventSpec& spec);
// The same inside a document as Elasticsearch hands it out: {"_index":…,"_source":{…}}.
[[nodiscard]] std::string elastic_json(const EventSpec& spec);
// Flat, as NXLog writes it: fields of System and EventData side by side, local-looking EventTime, Keywords as a signed
// number, GUIDs upper-case.
[[nodiscard]] std::string flat_json(const EventSpec& spec);

// An AWS CloudTrail record. `extra` are more string members of requestParameters.
struct CloudTrailSpec {
  std::string event_name = "GetObject", event_source = "s3.amazonaws.com", region = "eu-central-1";
  std::string user_name = "archive", source_ip = "198.51.100.7", user_agent = "aws-cli/2.2";
  std::string error_code;  // empty: none
  Timestamp time;
  std::vector<std::pair<std::string, std::string>> request_parameters;
};
[[nodiscard]] std::string cloudtrail_json(const CloudTrailSpec& spec);
[[nodiscard]] std::string cloudtrail_records(const std::vector<CloudTrailSpec>& specs);  // {"Records":[…]}

// A Sysmon for Linux event: the provider, channel and user of that tool over the fields given. Print it with evtx_json.
[[nodiscard]] EventSpec linux_sysmon(std::uint16_t event_id, std::vector<DataItem> data);

}  // namespace tocsin::makers
