// The texts of single value types, written to `out`; each returns the end of what it wrote. Forms are Windows' where
// they are known (docs/formats/evtx.md). REQUIRES: room for value_room(bytes) (value.hpp).
#pragma once

#include <cstdint>

#include "tocsin/bytes.hpp"

namespace tocsin::evidence::evtx {

char* put_hex_upper(ByteView bytes, char* out);        // "0AFF"
char* put_hex_number(std::uint64_t value, char* out);  // "0x3e7"
char* put_guid(ByteView sixteen, char* out);           // "{54849625-5478-…}"
char* put_sid(ByteView sid, char* out);                // "S-1-5-18"
char* put_filetime(std::uint64_t ticks, char* out);    // "2021-07-19T12:00:00.1234567Z"
char* put_systemtime(ByteView sixteen, char* out);     // the same with ".mmm0000Z"
char* put_windows_1252(ByteView bytes, char* out);     // NULs are left out
// The shortest digits that give the same number back, always with ".0" or an exponent: "1.5", "-0.0", "1e+30", "NaN".
char* put_real(float value, char* out);
char* put_real(double value, char* out);

}  // namespace tocsin::evidence::evtx
