#include "report/json_parts.hpp"

namespace tocsin::report {

void text_or_null(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key);
  text.empty() ? json.null() : json.string(text);
}

void time_or_null(JsonWriter& json, std::string_view key, const std::optional<Timestamp>& time) {
  json.key(key);
  time ? json.string(format_time(*time)) : json.null();
}

void number_or_null(JsonWriter& json, std::string_view key, std::uint64_t number) {
  json.key(key);
  number == Place::kNone ? json.null() : json.unsigned_integer(number);
}

void strings(JsonWriter& json, std::string_view key, const std::vector<std::string>& list) {
  json.key(key);
  json.begin_array();
  for (const std::string& text : list) json.string(text);
  json.end_array();
}

void unmet_filters(JsonWriter& json, const std::vector<UnmetFilter>& filters) {
  if (filters.empty()) return;
  json.key("unmet_filters");
  json.begin_array();
  for (const UnmetFilter& filter : filters) {
    json.begin_object();
    json.member("flag", filter.flag);
    json.member("value", filter.value);
    json.member("why", filter.why);
    text_or_null(json, "nearest", filter.nearest);
    strings(json, "seen", filter.seen);
    json.end_object();
  }
  json.end_array();
}

void hashes(JsonWriter& json, const SourceInfo& source) {
  text_or_null(json, "sha256", source.sha256);
  if (source.sha256.empty() && !source.sha256_prefix.empty()) {
    json.key("sha256_prefix");
    json.begin_object();
    json.member_uint("length", source.sha256_prefix_length);
    json.member("sha256", source.sha256_prefix);
    json.end_object();
  }
  if (source.sha256.empty() && !source.no_hash.empty()) json.member("no_hash", source.no_hash);
  if (source.grown_to == 0) return;
  json.key("growing");
  json.begin_object();
  json.member_uint("read_to", source.grown_to);
  json.end_object();
}

void source_reference(JsonWriter& json, const ResultView& view, std::uint32_t index) {
  source_reference(json, view.sources().at(index));
}

void source_reference(JsonWriter& json, const SourceInfo& source) {
  json.key("source");
  json.begin_object();
  json.member("path", source.path);
  text_or_null(json, "container", source.container);
  hashes(json, source);
  json.end_object();
}

void place_object(JsonWriter& json, const Place& place) {
  json.key("place");
  json.begin_object();
  json.member("kind", to_string(place.kind));
  number_or_null(json, "record", place.record);
  number_or_null(json, "chunk", place.chunk);
  number_or_null(json, "line", place.line);
  json.member_uint("offset", place.offset);
  json.member_uint("length", place.length);
  json.member("carved", place.carved);
  json.end_object();
}

}  // namespace tocsin::report
