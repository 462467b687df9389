// The message that Windows renders for an event, in English, as names and values (docs/formats/csv.md, "Messages").
// Only where an export has nothing else: names in messages are for people, and other languages have others.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::evidence::json {

// Appends {"#text":"…whole message…","Name":"value","Section":{"Name":"value",…},…}.
void append_message(std::string& out, std::string_view message);

}  // namespace tocsin::evidence::json
