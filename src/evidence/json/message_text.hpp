// The message that Windows renders for an event, in English, as names and values (docs/formats/csv.md, "Messages").
// Only where an export has nothing else: names in messages are for people, and other languages have others.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::evidence::json {

// Appends {"#text":"…whole message…","Name":"value","Section":{"Name":"value",…},…}.
void append_message(std::string& out, std::string_view message);
// A script block (PowerShell 4104): its number and total in the first line, the text, a blank line, a line with its id
// and one with its path. Told by that structure, not by words. Appends {"#text":"…","MessageNumber":"1",
// "MessageTotal":"3","ScriptBlockText":"…","ScriptBlockId":"…","Path":"…"}; false, and nothing, where it has no such.
[[nodiscard]] bool append_script_block(std::string& out, std::string_view message);

// What a module logs (PowerShell 4103): what was called with which parameters, a blank line, a heading, lines of
// "  Name = value", a blank line, a heading, and what the user added. Told by that structure. Appends {"#text":"…",
// "ContextInfo":"…","UserData":"…","Payload":"…"}; false, and nothing, where it has no such.
[[nodiscard]] bool append_module_log(std::string& out, std::string_view message);

}  // namespace tocsin::evidence::json
