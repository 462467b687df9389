#include "scan/finding_codec.hpp"

#include <cassert>

#include "base/codec.hpp"

namespace tocsin::scanning {
namespace {

void encode_place(base::Encoder& out, const Place& place) {
  out.number(static_cast<std::uint64_t>(place.kind));
  out.number(place.record);
  out.number(place.chunk);
  out.number(place.line);
  out.number(place.offset);
  out.number(place.length);
  out.flag(place.carved);
}

Place decode_place(base::Decoder& in) {
  Place place;
  place.kind = static_cast<PlaceKind>(in.number());
  place.record = in.number();
  place.chunk = in.number();
  place.line = in.number();
  place.offset = in.number();
  place.length = in.number();
  place.carved = in.flag();
  return place;
}

void encode_match(base::Encoder& out, const Match& match) {
  out.text(match.selection);
  out.text(match.field);
  out.text(match.event_field);
  out.text(match.value);
  out.text(match.pattern);
  out.number(match.span.begin);
  out.number(match.span.end);
  out.number(match.conversions.size());
  for (const std::string& name : match.conversions) out.text(name);
  out.number(match.value_from);
  out.number(match.value_size);
  out.flag(match.negated);
}

Match decode_match(base::Decoder& in) {
  Match match;
  match.selection = in.text();
  match.field = in.text();
  match.event_field = in.text();
  match.value = in.text();
  match.pattern = in.text();
  match.span.begin = in.number_as<std::uint32_t>();
  match.span.end = in.number_as<std::uint32_t>();
  for (std::uint64_t left = in.number(); left > 0 && in.ok(); --left) match.conversions.emplace_back(in.text());
  match.value_from = in.number();
  match.value_size = in.number();
  match.negated = in.flag();
  return match;
}

}  // namespace

std::string encode_finding(const Finding& finding) {
  std::string bytes;
  base::Encoder out(bytes);
  out.text(finding.id);
  out.number(finding.rule);
  out.number(finding.source);
  encode_place(out, finding.place);
  out.optional(finding.time ? std::optional(finding.time->ticks) : std::nullopt);
  out.text(finding.computer);
  out.text(finding.channel);
  out.text(finding.provider);
  out.optional(finding.event_id);
  out.text(finding.log_source_variant);
  out.number(finding.matches.size());
  for (const Match& match : finding.matches) encode_match(out, match);
  out.number(finding.parts.size());
  for (const Finding::Part& part : finding.parts) {
    out.number(part.source);
    encode_place(out, part.place);
  }
  out.number(finding.notes.size());
  for (const std::string& note : finding.notes) out.text(note);
  out.text(finding.event_json);
  return bytes;
}

FindingHead decode_finding_head(std::string_view bytes) {
  base::Decoder in(bytes);
  FindingHead head;
  static_cast<void>(in.text());  // the id
  head.rule = in.number_as<std::uint32_t>();
  static_cast<void>(in.number());  // the source
  static_cast<void>(decode_place(in));
  if (const auto ticks = in.optional()) head.time = Timestamp{*ticks};
  return head;
}

void append_with_id(std::string& out, std::string_view bytes, std::string_view id) {
  assert(!bytes.empty() && bytes.front() == '\0');
  base::Encoder(out).text(id);
  out += bytes.substr(1);
}

Finding decode_finding(std::string_view bytes) {
  base::Decoder in(bytes);
  Finding finding;
  finding.id = in.text();
  finding.rule = in.number_as<std::uint32_t>();
  finding.source = in.number_as<std::uint32_t>();
  finding.place = decode_place(in);
  if (const auto ticks = in.optional()) finding.time = Timestamp{*ticks};
  finding.computer = in.text();
  finding.channel = in.text();
  finding.provider = in.text();
  finding.event_id = in.optional();
  finding.log_source_variant = in.text();
  for (std::uint64_t left = in.number(); left > 0 && in.ok(); --left) finding.matches.push_back(decode_match(in));
  for (std::uint64_t left = in.number(); left > 0 && in.ok(); --left) {
    const auto source = in.number_as<std::uint32_t>();
    finding.parts.push_back({source, decode_place(in)});
  }
  for (std::uint64_t left = in.number(); left > 0 && in.ok(); --left) finding.notes.emplace_back(in.text());
  finding.event_json = in.text();
  assert(in.ok());
  return finding;
}

void append_ordered(std::string& key, std::string_view text) {
  // A NUL inside becomes NUL FF and the end is NUL 01: a prefix sorts before what it begins.
  for (const char c : text) {
    key.push_back(c);
    if (c == '\0') key.push_back('\xFF');
  }
  key += std::string_view("\0\1", 2);
}

void append_ordered(std::string& key, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift));
}

std::string place_key(const SourceContext& source, std::uint64_t offset) {
  std::string key;
  append_ordered(key, source.path);
  append_ordered(key, source.container);
  append_ordered(key, offset);
  return key;
}

}  // namespace tocsin::scanning
