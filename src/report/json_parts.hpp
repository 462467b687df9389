// Members that several objects of a results file share: a key, and its value or null.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/sink.hpp"

#include "base/json_writer.hpp"

namespace tocsin::report {

using base::JsonWriter;

void text_or_null(JsonWriter& json, std::string_view key, std::string_view text);
void time_or_null(JsonWriter& json, std::string_view key, const std::optional<Timestamp>& time);
void number_or_null(JsonWriter& json, std::string_view key, std::uint64_t number);
void strings(JsonWriter& json, std::string_view key, const std::vector<std::string>& list);
// Nothing where there is none.
void unmet_filters(JsonWriter& json, const std::vector<UnmetFilter>& filters);
void hashes(JsonWriter& json, const SourceInfo& source);
void source_reference(JsonWriter& json, const SourceInfo& source);
void source_reference(JsonWriter& json, const ResultView& view, std::uint32_t index);
void place_object(JsonWriter& json, const Place& place);

}  // namespace tocsin::report
