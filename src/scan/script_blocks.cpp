#include "scan/script_blocks.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/codec.hpp"
#include "base/text.hpp"
#include "scan/finding_codec.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::string_view kId = "ScriptBlockId", kNumber = "MessageNumber", kTotal = "MessageTotal";
constexpr std::string_view kText = "ScriptBlockText";

std::string_view first_value(const model::Event& event, const model::FieldTable& fields, std::string_view name) {
  const std::optional<model::FieldId> id = fields.find(name);
  if (!id) return {};
  const std::span<const model::Value> values = event.get(*id);
  return values.empty() ? std::string_view() : values.front().text;
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

void encode_head(base::Encoder& out, const model::EventHead& head) {
  for (const std::string_view text :
       {head.shape, head.product, head.category, head.service, head.channel, head.provider, head.computer}) {
    out.text(text);
  }
  out.optional(head.event_id);
  out.optional(head.time ? std::optional(head.time->ticks) : std::nullopt);
  const Place& place = head.place;
  out.number(static_cast<std::uint64_t>(place.kind));
  for (const std::uint64_t number : {place.record, place.chunk, place.line, place.offset, place.length}) {
    out.number(number);
  }
  out.flag(place.carved);
}

void encode_fields(base::Encoder& out, const model::Event& event, const model::FieldTable& fields) {
  std::string encoded;
  base::Encoder list(encoded);
  std::uint64_t count = 0;
  event.each_field([&](std::string_view name, const model::Value& value) {
    const std::optional<model::FieldId> id = fields.find(name);
    list.text(name);
    list.text(id ? event.event_field(*id) : std::string(name));
    list.number(static_cast<std::uint64_t>(value.kind));
    list.text(value.text);
    ++count;
  });
  out.number(count);
  out.text(encoded);
}

// What encode_part wrote, decoded.
struct Part {
  ScriptBlock::Part shown;
  std::string texts[7];  // shape, product, category, service, channel, provider, computer
  std::optional<std::int64_t> event_id, time;
  std::uint64_t number = 0, total = 0;
  std::vector<model::OwnedField> fields;
};

void decode_head(base::Decoder& in, Part& part) {
  for (std::string& text : part.texts) text = in.text();
  part.event_id = in.optional();
  part.time = in.optional();
  Place& place = part.shown.place;
  place.kind = static_cast<PlaceKind>(in.number());
  for (std::uint64_t* number : {&place.record, &place.chunk, &place.line, &place.offset, &place.length}) {
    *number = in.number();
  }
  place.carved = in.flag();
}

Part decode_part(std::string_view payload) {
  base::Decoder in(payload);
  Part part;
  part.shown.source = in.number_as<std::uint32_t>();
  part.shown.place_key = in.text();
  const std::string_view digest = in.text();
  std::ranges::copy(as_bytes(digest), part.shown.digest.begin());
  part.number = in.number();
  part.total = in.number();
  decode_head(in, part);
  const std::uint64_t count = in.number();
  base::Decoder list(in.text());
  for (std::uint64_t i = 0; i < count && list.ok(); ++i) {
    model::OwnedField field;
    field.name = list.text();
    field.path = list.text();
    field.kind = static_cast<model::Value::Kind>(list.number());
    field.text = list.text();
    part.fields.push_back(std::move(field));
  }
  part.shown.json = in.text();
  part.shown.raw = in.text();
  return part;
}

std::string* text_of(Part& part) {
  for (model::OwnedField& field : part.fields) {
    if (field.name == kText) return &field.text;
  }
  return nullptr;
}

// Where one id has more parts than are held at once, they are judged in pieces, by ascending number.
struct Piece {
  std::size_t number = 1;  // of this piece
  bool last = true;
  std::uint64_t from = 1;              // the first part number that this piece answers for
  std::vector<std::uint64_t> numbers;  // of its parts, ascending

  [[nodiscard]] bool whole() const { return number == 1 && last; }
};

// Which of the parts `from` to `to` are not among `numbers` (ascending), of `total`.
std::string missing_note(const std::vector<std::uint64_t>& numbers, std::uint64_t from, std::uint64_t to,
                         std::uint64_t total) {
  std::string missing;
  std::uint64_t count = 0, next = from;
  for (std::size_t i = 0; i <= numbers.size(); ++i) {
    const std::uint64_t number = i < numbers.size() ? numbers[i] : to + 1;
    if (number > next) {
      missing += missing.empty() ? "" : ", ";
      missing += number - next == 1 ? fmt::format("{}", next) : fmt::format("{} to {}", next, number - 1);
      count += number - next;
    }
    next = std::max(next, number + 1);
  }
  if (count == 0) return {};
  return fmt::format("part{} {} of {} of the script block {} not in the evidence", count == 1 ? "" : "s", missing,
                     total, count == 1 ? "is" : "are");
}

std::vector<std::uint64_t> numbers_of(const std::vector<Part>& parts) {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(parts.size());
  for (const Part& part : parts) numbers.push_back(part.number);
  return numbers;
}

// What is to be said of parts that lack, or that lie in another piece.
std::vector<std::string> notes_of(const std::vector<Part>& parts, const Piece& piece) {
  std::uint64_t total = 0;
  for (const Part& part : parts) total = std::max(total, part.total);
  std::vector<std::string> notes;
  if (!piece.whole()) {
    notes.push_back(fmt::format(
        "judged in pieces of at most {} parts or {} MiB, because this script block has more: this is piece {}, with "
        "parts {} to {} of {}; what reaches from one piece into the next was not seen as a whole",
        ScriptBlocks::kMaxParts, ScriptBlocks::kMaxGroupBytes >> 20, piece.number, parts.front().number,
        parts.back().number, total));
  }
  // A copy of the block may have its parts on both sides of a cut: in pieces, a part lacks where no copy has it.
  const std::vector<std::uint64_t>& numbers = piece.whole() ? numbers_of(parts) : piece.numbers;
  const std::uint64_t to = piece.last ? total : numbers.back();
  if (std::string note = missing_note(numbers, piece.from, to, total); !note.empty()) notes.push_back(std::move(note));
  return notes;
}

// Puts parts with ascending numbers together. The head and all fields but the text are the first part's.
ScriptBlock assemble(std::vector<Part> parts, const Piece& piece, const model::FieldTable& fields) {
  ScriptBlock block;
  block.notes = notes_of(parts, piece);
  std::string whole;
  std::size_t left_out = 0;
  for (Part& part : parts) {
    if (const std::string* text = text_of(part); text != nullptr) {
      if (whole.size() + text->size() <= ScriptBlocks::kMaxBlockBytes) {
        whole += *text;
      } else {
        ++left_out;
      }
    }
  }
  if (left_out > 0) {
    block.notes.push_back(fmt::format("{} {} left out: the script block is larger than {} MiB", left_out,
                                      left_out == 1 ? "part was" : "parts were", ScriptBlocks::kMaxBlockBytes >> 20));
  }
  Part& first = parts.front();
  if (std::string* text = text_of(first); text != nullptr) *text = std::move(whole);
  model::EventHead head;
  head.shape = first.texts[0], head.product = first.texts[1], head.category = first.texts[2];
  head.service = first.texts[3], head.channel = first.texts[4], head.provider = first.texts[5];
  head.computer = first.texts[6];
  head.event_id = first.event_id;
  if (first.time) head.time = Timestamp{*first.time};
  head.place = first.shown.place;
  head.raw = as_bytes(first.shown.raw);
  block.event = std::make_unique<model::OwnedEvent>(head, std::move(first.fields), fields);
  if (!first.shown.json.empty()) block.event->set_json(first.shown.json);
  for (Part& part : parts) block.parts.push_back(std::move(part.shown));
  return block;
}

// Splits the parts of one id into blocks: the n-th part of each number goes to the n-th block.
std::vector<std::vector<Part>> split_copies(std::vector<Part> parts) {
  std::vector<std::vector<Part>> blocks;
  std::map<std::uint64_t, std::size_t> seen;
  for (Part& part : parts) {
    const std::size_t copy = seen[part.number]++;
    if (copy >= blocks.size()) blocks.resize(copy + 1);
    blocks[copy].push_back(std::move(part));
  }
  return blocks;
}

}  // namespace

std::optional<EncodedPart> encode_part(const model::Event& event, const SourceContext& source,
                                       const model::FieldTable& fields, const PartKeep& keep) {
  const std::string_view id = first_value(event, fields, kId);
  const std::optional<std::uint64_t> number = to_number(first_value(event, fields, kNumber));
  const std::optional<std::uint64_t> total = to_number(first_value(event, fields, kTotal));
  if (id.empty() || !number || !total) return std::nullopt;
  const model::EventHead& head = event.head();
  EncodedPart part;
  append_ordered(part.key, head.computer);
  append_ordered(part.key, base::fold(id));
  const std::size_t group = part.key.size();
  append_ordered(part.key, *number);
  const std::string place = place_key(source, head.place.offset);
  part.key += place;
  base::Encoder out(part.payload);
  out.number(group);
  std::string body;
  base::Encoder inner(body);
  inner.number(source.ordinal);
  inner.text(place);
  const base::Sha256::Digest digest = base::sha256(head.raw);
  inner.text(as_text(digest));
  inner.number(*number);
  inner.number(*total);
  encode_head(inner, head);
  encode_fields(inner, event, fields);
  std::string json;
  if (keep.json) event.append_json(json);
  inner.text(json);
  inner.text(keep.raw ? as_text(head.raw) : std::string_view());
  out.text(body);
  return part;
}

PartNumber part_number(const EncodedPart& encoded) {
  base::Decoder in(encoded.payload);
  PartNumber found;
  found.group = std::string_view(encoded.key).substr(0, in.number());
  const Part part = decode_part(in.text());
  found.number = part.number;
  found.total = part.total;
  return found;
}

Result<ScriptBlocks> ScriptBlocks::make() {
  TOCSIN_TRY(base::ExternalSort parts, base::ExternalSort::make());
  return ScriptBlocks(std::move(parts));
}

Result<void> ScriptBlocks::each(const model::FieldTable& fields,
                                const std::function<Result<void>(const ScriptBlock&)>& visit) const {
  std::string group;
  std::vector<Part> parts;
  std::size_t bytes = 0;
  Piece piece;
  const auto finish_piece = [&](bool last) -> Result<void> {
    if (parts.empty()) return {};
    piece.last = last;
    piece.numbers = numbers_of(parts);
    for (std::vector<Part>& copy : split_copies(std::exchange(parts, {}))) {
      TOCSIN_CHECK(visit(assemble(std::move(copy), piece, fields)));
    }
    piece.from = std::max(piece.from, piece.numbers.back() + 1);
    ++piece.number;
    return {};
  };
  TOCSIN_CHECK(parts_.each([&](std::string_view key, std::string_view payload) -> Result<void> {
    base::Decoder in(payload);
    const std::string_view this_group = key.substr(0, in.number());
    bytes += payload.size();
    // A log made to exhaust memory repeats one id without end: such a group is judged piece by piece.
    const bool other = this_group != group;
    if (other || parts.size() >= kMaxParts || bytes > kMaxGroupBytes) {
      TOCSIN_CHECK(finish_piece(other));
      if (other) piece = {};
      group = this_group;
      bytes = payload.size();
    }
    parts.push_back(decode_part(in.text()));
    return {};
  }));
  return finish_piece(true);
}

}  // namespace tocsin::scanning
