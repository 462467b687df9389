#include "tests/makers/fuzz_corpora.hpp"

#include <array>
#include <functional>
#include <utility>

#include "tests/makers/cloud_json.hpp"
#include "tests/makers/collector_json.hpp"
#include "tests/makers/defender_json.hpp"
#include "tests/makers/event_xml.hpp"
#include "tests/makers/evtx_damage.hpp"
#include "tests/makers/evtx_json.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/json_lines.hpp"
#include "tests/makers/samples.hpp"
#include "tests/makers/self_zip.hpp"
#include "tests/makers/table_export.hpp"

namespace tocsin::makers {
namespace {

std::string file_of(const EvtxOptions& options, const std::vector<EventSpec>& specs) {
  EvtxWriter writer(options);
  for (const EventSpec& spec : specs) writer.add(spec);
  return writer.finish();
}

std::string slack_file() {
  EvtxWriter writer;
  writer.add(samples::logon());
  writer.begin_slack();
  for (EventSpec spec : samples::all()) writer.add(std::move(spec));
  return writer.finish();
}

std::string odd_file() {
  EvtxWriter writer;
  writer.add_raw({1, *parse_time("2021-07-13T02:14:07Z")}, samples::odd_tokens(1));
  return writer.finish();
}

std::string arrays_file() {
  EventSpec spec = samples::all_types();
  spec.data.clear();
  spec.set("Numbers", value::array({value::u32(1), value::u32(2)}));
  spec.set("Texts", value::array({value::string("a"), value::string(""), value::string("c")}));
  spec.set("Sids", value::array({value::sid("S-1-5-18"), value::sid("S-1-5-21-1-2-3-500")}));
  spec.set("Guids", value::array({value::guid("{01234567-89ab-cdef-0123-456789abcdef}")}));
  spec.set("Times", value::array({value::filetime(spec.time), value::filetime(spec.time)}));
  spec.set("Truths", value::array({value::boolean(true), value::boolean(false)}));
  return file_of({}, {spec});
}

struct NamedText {
  const char* name;
  const char* text;
};

constexpr std::array kJsonTexts{
    NamedText{"empty_object", "{}"},
    NamedText{"array", R"([{"a":1},{"a":[1,2,{"b":null}]}])"},
    NamedText{"pretty", "{\n  \"EventID\": 1,\n  \"Image\": \"C:\\\\x.exe\"\n}\n{\n  \"EventID\": 2\n}\n"},
    NamedText{"lines_crlf", "{\"a\":\"1\"}\r\n\r\n{\"a\":\"2\"}\r\n"},
    NamedText{"byte_order_mark", "\xEF\xBB\xBF{\"a\":1}\n"},
    NamedText{"long_numbers", R"({"a":123456789012345678901234567890,"b":-0.10e+400,"c":1E5})"},
    NamedText{"surrogates", R"({"a":"\ud83d\ude00","b":"\ud800","c":"\udc00x"})"},
    NamedText{"duplicate_keys", R"({"a":1,"a":2,"b":{"c":1,"c":2}})"},
    NamedText{"nul_escape", R"({"a":"x\u0000y"})"},
    NamedText{"cut_off", R"({"a":{"b":[1,2,)"},
    NamedText{"bad_literal", R"({"a":tru,"b":01,"c":"x"})"},
    NamedText{"bad_utf8", "{\"a\":\"\xC3\x28\xFF\"}"},
    NamedText{"deep", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"},
    NamedText{"records_envelope", R"({"Records":[{"eventName":"A"},{"eventName":"B"}]})"},
    NamedText{"events_envelope", R"({"Events":[{"EventID":1},{"EventID":2}],"more":true})"},
};

constexpr const char* kRuleHead =
    "title: T\nid: 0b7f5f0e-4d1c-4f5e-9a51-6d0f2b7c9e10\nlogsource:\n  product: windows\n  category: process_creation\n"
    "detection:\n";

constexpr std::array kDetections{
    NamedText{"plain", "  s:\n    Image: a\n  condition: s\nlevel: low\n"},
    NamedText{"lists",
              "  s:\n    - Image|endswith: [\\a.exe, '\\b*.exe']\n      User|re|i: '^x.?y$'\n    - EventID: [1, 2]\n"
              "  f1: {CommandLine|contains|all: [a, 'b?', '\\*']}\n  condition: s and not 1 of f*\n"},
    NamedText{"keywords", "  k:\n    - one\n    - 'two*'\n  all:\n    '|all': [x, y]\n  condition: k or all\n"},
    NamedText{"encodings",
              "  s:\n    A|wide|base64offset|contains: abc\n    B|base64: x\n    C|windash: ' -a'\n  condition: s\n"},
    NamedText{"numbers",
              "  s:\n    A|gt: 5\n    B|lte: 7.5\n    C: null\n    D: ''\n    E|exists: true\n    F|cidr: 10.0.0.0/8\n"
              "    G|fieldref: H\n    I|neq: 3\n    J|week: 12\n  condition: s\n"},
    NamedText{"conditions",
              "  a: {A: 1}\n  b: {B: 2}\n  condition:\n    - 1 of them\n    - all of a*\n    - not (a or b) and a\n"},
    NamedText{"placeholder", "  s:\n    User|expand: '%admins%'\n  condition: s\n"},
    NamedText{"aliases", "  s: &s {A: 1}\n  t: *s\n  condition: s and t\n"},
    NamedText{"count", "  s: {A: 1}\n  condition: s | count() by B > 5\n"},
    NamedText{"broken", "  s: {A|contains: [x, y}\n  condition: s\n"},
};

constexpr std::array kConditions{
    NamedText{"names", "a and b or not c"},
    NamedText{"parentheses", "((a or b) and not (c and (d)))"},
    NamedText{"quantifiers", "1 of sel_* and all of filter_* or 2 of them and any of x*"},
    NamedText{"capitals", "A AND NOT B OR 1 OF THEM"},
    NamedText{"pipe", "a | count() by Image > 10"},
    NamedText{"unbalanced", "(a and (b or c)"},
    NamedText{"nots", "not not not not a"},
    NamedText{"empty", ""},
    NamedText{"blanks", "  a\n  and\tb  "},
};

constexpr std::array kRegexes{
    NamedText{"plain", "@^.*\\\\x\\.exe$\nC:\\a\\x.exe"},
    NamedText{"flags", "G^a.b$\nA\nB"},
    NamedText{"classes", "@[[:alpha:]\\d_-]{2,8}(?:x|y)+?\nab1x"},
    NamedText{"unicode", "A\\p{Greek}+|\xC3\xA4\nÄ\xCE\xB1"},
    NamedText{"look_ahead", "@a(?=b)\nab"},
    NamedText{"look_behind", "@(?<!a)b\nb"},
    NamedText{"back_reference", "@(a)\\1\naa"},
    NamedText{"backtracking", "@(a+)+$\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"},
    NamedText{"repetitions", "@((a{100}){100}){100}\na"},
    NamedText{"unbalanced", "@((a[b\n(("},
};

constexpr std::array kLogSources{
    NamedText{"plain",
              "product: windows\nlogsources:\n  - category: process_creation\n    variants:\n"
              "      - {name: a, channel: C, event_ids: [1, 2], provider: P}\n"
              "      - {name: b, channel: ['D', 'E*'], mapping: m}\n  - {service: security, channel: Security}\n"},
    NamedText{"mappings",
              "product: windows\nmappings:\n  m:\n    fields:\n      A: B\n"
              "      C: {from: [A, B], join: '-', convert: [hex_to_decimal, registry_path]}\n"
              "      D: {value: fixed}\n      E: {from: F, convert: code, codes: {'%%1905': SetValue}}\n"
              "    absent: [G]\nlogsources:\n  - {category: c, channel: C, mapping: m}\n"},
    NamedText{"broken", "product: windows\nlogsources:\n  - {category: c, service: s, chanel: C, event_ids: x}\n"},
};

}  // namespace

std::vector<FuzzSeed> evtx_seeds() {
  std::vector<FuzzSeed> seeds;
  const auto add = [&](const char* name, std::string bytes) { seeds.push_back({"evtx", name, std::move(bytes)}); };
  add("live", file_of({}, samples::all()));
  add("exported", file_of({.shape = {.exported = true}}, samples::all()));
  add("literal_provider", file_of({.shape = {.literal_provider = true}, .minor_version = 2}, samples::all()));
  add("without_templates", file_of({.shape = {.without_templates = true}}, samples::all()));
  add("no_checksums", file_of({.checksums = false, .dirty = true}, {samples::empty()}));
  add("slack", slack_file());
  add("odd_tokens", odd_file());
  add("arrays", arrays_file());
  const std::string sound = file_of({}, {samples::logon(), samples::logon(), samples::unnamed_data()});
  const auto damaged = [&](const char* name, const std::function<void(std::string&)>& harm) {
    std::string file = sound;
    harm(file);
    add(name, std::move(file));
  };
  damaged("record_size", [](auto& f) { damage::set_record_size(f, 0, 1, 27); });
  damaged("record_magic", [](auto& f) { damage::break_record_magic(f, 0, 1); });
  damaged("size_copy", [](auto& f) { damage::break_size_copy(f, 0, 1); });
  damaged("free_offset", [](auto& f) { damage::set_free_offset(f, 0, 600); });
  damaged("definition_offset", [](auto& f) { damage::set_definition_offset(f, 0, 1, 0xFFF0); });
  damaged("name", [](auto& f) { damage::overwrite_name(f, 0, "EventData"); });
  damaged("cut_off", [](auto& f) { damage::truncate(f, damage::chunk_offset(0) + 3000); });
  damaged("file_magic", [](auto& f) { damage::break_file_magic(f); });
  return seeds;
}

// The body of a file's first record: its offsets fit, because binxml_fuzz puts it where it was.
std::vector<FuzzSeed> binxml_seeds() {
  std::vector<FuzzSeed> seeds;
  const auto add = [&](std::string name, const std::string& file) {
    const std::size_t record = damage::record_offset(file, 0, 0);
    const auto size =
        static_cast<unsigned char>(file[record + 4]) + 256U * static_cast<unsigned char>(file[record + 5]);
    seeds.push_back({"binxml", std::move(name), file.substr(record + 24, size - 28)});
  };
  for (const EventSpec& spec : samples::all()) {
    const std::string number = std::to_string(seeds.size());
    add("live_" + number, file_of({}, {spec}));
    add("exported_" + number, file_of({.shape = {.exported = true}}, {spec}));
    add("plain_" + number, file_of({.shape = {.without_templates = true}}, {spec}));
  }
  add("odd_tokens", odd_file());
  add("arrays", arrays_file());
  return seeds;
}

std::vector<FuzzSeed> json_seeds() {
  std::vector<FuzzSeed> seeds;
  std::string evtx, beats, elastic, flat, collectors;
  for (const EventSpec& spec : samples::all()) {
    evtx += evtx_json(spec) + "\n";
    beats += winlogbeat_json(spec) + "\n";
    elastic += elastic_json(spec) + "\n";
    flat += flat_json(spec) + "\n";
    for (const auto& write : {wazuh_json, velociraptor_json, velociraptor_row_json, sentinel_json, gelf_json,
                              sentinel_event_json, evtxecmd_json, splunk_raw_json, defender_export_json}) {
      collectors += write(spec) + "\n";
    }
  }
  seeds.push_back({"json", "evtx_dump", std::move(evtx)});
  seeds.push_back({"json", "winlogbeat", std::move(beats)});
  seeds.push_back({"json", "elastic", std::move(elastic)});
  seeds.push_back({"json", "flat", std::move(flat)});
  seeds.push_back({"json", "collectors", std::move(collectors)});
  CloudSpec cloud;
  cloud.operation = "Add user";
  cloud.details = {{"NEW_VALUE", "true"}};
  std::vector<std::string> records;
  for (const auto& write :
       {azure_activity_json, azure_signin_json, azure_audit_json, azure_risk_json, m365_audit_json, gcp_audit_json,
        google_workspace_json, okta_json, github_audit_json, kubernetes_audit_json}) {
    records.push_back(write(cloud));
  }
  seeds.push_back({"json", "cloud", json_envelope("records", records)});
  seeds.push_back({"json", "cloudtrail", cloudtrail_records({CloudTrailSpec{}, CloudTrailSpec{}})});
  seeds.push_back(
      {"json", "sysmon_linux", evtx_json(linux_sysmon(1, {{"Image", value::string("/usr/bin/curl"), {}}}))});
  for (const NamedText& text : kJsonTexts) seeds.push_back({"json", text.name, text.text});
  return seeds;
}

std::vector<FuzzSeed> xml_seeds() {
  std::vector<FuzzSeed> seeds;
  const auto add = [&](const char* name, std::string bytes) { seeds.push_back({"xml", name, std::move(bytes)}); };
  const std::vector<EventSpec> all = samples::all();
  add("wevtutil", wevtutil_xml(all));
  add("event_viewer", event_viewer_xml(all));
  add("utf16", utf16(wevtutil_xml({samples::logon(), samples::forwarded()})));
  add("utf16be", utf16(event_viewer_xml({samples::log_cleared()}), true));
  const std::string event = event_xml(samples::log_cleared());
  const auto with = [&](const std::string& text) {
    std::string one = event;
    return one.insert(one.find("</UserData>"), text);
  };
  add("cut_off", event.substr(0, event.size() / 2) + event);
  add("cdata", with("<x><![CDATA[</Event>]]></x>") + event);
  add("open_cdata", with("<![CDATA[") + event);
  add("open_comment", with("<!-- ") + event + "-->");
  add("references", with("<x>&lt;&#65;&#x1F512;&#1;&nbsp;&</x>"));
  add("nested", with("<Event><Event/></Event>") + event);
  add("dtd", "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><Events>" + with("&b;") + "</Events>");
  add("stray", event + "stray" + event.substr(30) + "</Event></Events>" + event);
  return seeds;
}

std::vector<FuzzSeed> sparse_index_seeds() {
  const std::string first = R"({"file_length":128,"length":128})",
                    hole = R"({"file_offset":128,"original_offset":128,"file_length":0,"length":3968})",
                    rest = R"({"file_offset":128,"original_offset":4096,"file_length":"4096","length":"8192"})";
  const std::string list = first + "," + hole + "," + rest;
  return {{"sparse_index", "ranges", R"({"ranges":[)" + list + "]}"},
          {"sparse_index", "list", "[" + list + "]"},
          {"sparse_index", "lines", first + "\n" + hole + "\n" + rest + "\n"}};
}

std::vector<FuzzSeed> csv_seeds() {
  std::vector<FuzzSeed> seeds;
  const auto add = [&](const char* name, std::string bytes) { seeds.push_back({"csv", name, std::move(bytes)}); };
  const std::vector<EventSpec> some{samples::process_creation(), samples::audit_process(), samples::logon(),
                                    samples::service_install()};
  add("get_winevent", get_winevent_csv(some));
  add("us_times", get_winevent_csv({samples::logon()}, us_time));
  add("semicolons", get_winevent_csv({samples::log_cleared()}, german_time, ';'));
  add("utf16", utf16(get_winevent_csv({samples::process_creation()}, nullptr, '\t')));
  add("evtxecmd", evtxecmd_csv(samples::all()));
  const std::vector<EventSpec> scripts{samples::script_block(), samples::logon(), samples::unnamed_data()};
  add("script_block", get_winevent_csv(scripts));
  add("event_viewer", event_viewer_csv(scripts, ViewerLanguage::english, us_time));
  add("event_viewer_text", utf16(event_viewer_csv(scripts, ViewerLanguage::japanese, german_time, '\t')));
  const std::string head = "Id,LogName,ProviderName,RecordId,Message\n";
  add("open_quote", head + "1,a,b,2,\"c\n1,a,b,3,\"d\"\n4,e,f,5,g\n");
  add("quotes", head + "1,\"a\"\"b\",\"c\"d\",2,e\"f\n\"\",,,,\r\n");
  add("columns", head + "1,a\n1,a,b,2,c,d\n1,a,b,2,c");
  return seeds;
}

std::vector<FuzzSeed> sigma_seeds() {
  std::vector<FuzzSeed> seeds;
  std::string all;
  for (const NamedText& detection : kDetections) {
    const std::string rule = std::string(kRuleHead) + detection.text;
    seeds.push_back({"sigma_yaml", detection.name, rule});
    all += rule + "---\n";
  }
  seeds.push_back({"sigma_yaml", "many_documents", std::move(all)});
  seeds.push_back({"sigma_yaml", "collection",
                   "action: global\nlogsource: {product: windows}\n---\ntitle: A\ndetection:\n"
                   "  s: {A: 1}\n  condition: s\n---\naction: repeat\ntitle: B\n"});
  for (const NamedText& condition : kConditions) seeds.push_back({"sigma_condition", condition.name, condition.text});
  for (const NamedText& regex : kRegexes) seeds.push_back({"regex", regex.name, regex.text});
  for (const NamedText& file : kLogSources) seeds.push_back({"log_sources", file.name, file.text});
  return seeds;
}

std::vector<FuzzSeed> all_seeds() {
  std::vector<FuzzSeed> seeds = evtx_seeds();
  for (const auto& more : {binxml_seeds(), json_seeds(), xml_seeds(), csv_seeds(), sparse_index_seeds(), sigma_seeds()})
    seeds.insert(seeds.end(), more.begin(), more.end());
  seeds.push_back({"archive", "zip_that_holds_itself", self_zip()});
  return seeds;
}

}  // namespace tocsin::makers
