#include "evidence/evtx/record_event.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>

#include "base/cursor.hpp"
#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/limits.hpp"
#include "evidence/evtx/utf16.hpp"

namespace tocsin::evidence::evtx {
namespace {

using model::Value;

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// What a node costs beside its own text: quotes, brackets, and the work.
constexpr std::size_t kNodeText = 32;

constexpr std::array<std::string_view, kHeadFields> kLooseNames = {
    "EventID", "Channel", "Computer", "Provider_Name", "TimeCreated_SystemTime", "EventRecordID"};

}  // namespace

void RecordEvent::begin_chunk(ByteView chunk, std::uint64_t number, std::uint64_t offset, TemplateTable& templates) {
  chunk_ = chunk;
  chunk_number_ = number;
  chunk_offset_ = offset;
  templates_ = &templates;
  if (fields_ != nullptr && memo_.size() != fields_->size()) memo_.resize(fields_->size());
}

MaybeDamage RecordEvent::load(const RecordFrame& frame, bool carved) {
  frame_ = frame;
  arena_.reset();
  indexed_ = listed_ = expanded_ = odd_ = false;
  if (++stamp_ == 0) {  // the counter came round: old memos must not look new
    memo_.assign(memo_.size(), Memo());
    stamp_ = 1;
  }
  templates_->begin_record();
  const std::size_t begin = frame.offset + kRecordHeaderSize;
  if (auto damage = slots_.parse(chunk_, begin, frame.offset + frame.size - 4, *templates_)) return damage;
  text_bound_ = slots_.text_bound();
  if (slots_.odd()) {
    if (auto damage = load_odd()) return damage;
  }
  if (text_bound_ > kMaxRecordText) {
    return Damage{Code::limit, "a record that renders to at most 4 MiB of text", frame.offset, text_bound_};
  }
  load_head(frame);
  head_.place.carved = carved;
  return std::nullopt;
}

MaybeDamage RecordEvent::load_odd() {
  odd_ = true;
  expanded_ = true;
  auto damage = expander_.expand(chunk_, frame_.offset + kRecordHeaderSize, frame_.offset + frame_.size - 4,
                                 *templates_, arena_, tree_);
  if (damage) return damage;
  text_bound_ = 0;
  for (const Node& node : tree_) text_bound_ += kNodeText + node.name.size() + node.text.size();
  collect_loose_fields(tree_, fields_, walker_, arena_, loose_);
  return std::nullopt;
}

// The first value of a System field. A FILETIME goes to `time` as it is, unless that is null.
Value RecordEvent::head_value(HeadField field, std::optional<Timestamp>* time) {
  const auto which = static_cast<std::size_t>(field);
  if (odd_) {
    for (const LooseField& loose : loose_) {
      if (loose.system && loose.name == kLooseNames[which]) return loose.value;
    }
    return {};
  }
  for (const Piece& piece : slots_.pieces()) {
    const std::uint32_t index = piece.bindings->head[which];
    if (index == kNoEntry) continue;
    const FieldEntry& entry = piece.bindings->entries[index];
    if (time != nullptr && entry.slot != kNoSlot) {
      const ValueRef* ref = slots_.value(piece, entry.slot);
      if (ref != nullptr && ref->type == kFileTime && ref->size == 8) {
        *time = filetime(slots_.bytes(*ref));
        return {};
      }
    }
    values_.clear();
    entries_.append(piece, entry, values_);
    return values_.empty() ? Value() : values_.front();
  }
  return {};
}

// As head_value's text says; read from the value where that is as Windows writes it.
template <class T>
std::optional<T> RecordEvent::head_number(HeadField field) {
  if (!odd_) {
    const Piece& piece = slots_.pieces().front();
    const std::uint32_t index = piece.bindings->head[static_cast<std::size_t>(field)];
    const FieldEntry* const entry = index == kNoEntry ? nullptr : &piece.bindings->entries[index];
    const ValueRef* const ref = entry == nullptr || entry->slot == kNoSlot ? nullptr : slots_.value(piece, entry->slot);
    if (ref != nullptr && slots_.present(piece, *entry)) {
      if (ref->type == kUint16 && ref->size == 2) return base::load_le<std::uint16_t>(chunk_, ref->offset);
      if (ref->type == kUint64 && ref->size == 8 && std::is_unsigned_v<T>) {
        return base::load_le<std::uint64_t>(chunk_, ref->offset);
      }
    }
  }
  return number<T>(head_value(field).text);
}

void RecordEvent::load_head(const RecordFrame& frame) {
  head_ = model::EventHead();
  head_.shape = "evtx";
  head_.product = "windows";
  head_.event_id = head_number<std::int64_t>(HeadField::event_id);
  head_.channel = head_value(HeadField::channel).text;
  head_.computer = head_value(HeadField::computer).text;
  head_.provider = head_value(HeadField::provider).text;
  const Value time = head_value(HeadField::time, &head_.time);
  if (!head_.time && !time.text.empty()) head_.time = parse_time(time.text);
  if (!head_.time && frame.written >> 63 == 0) head_.time = Timestamp{static_cast<std::int64_t>(frame.written)};
  head_.raw = chunk_.subspan(frame.offset, frame.size);
  Place& place = head_.place;
  place.kind = PlaceKind::evtx;
  place.record = head_number<std::uint64_t>(HeadField::record_id).value_or(frame.id);
  head_.own_number = place.record == frame.id;
  place.chunk = chunk_number_;
  place.offset = chunk_offset_ + frame.offset;
  place.length = frame.size;
}

void RecordEvent::index_field(model::FieldId field, std::uint32_t piece, std::uint32_t entry) const {
  if (field >= memo_.size()) return;
  Memo& memo = memo_[field];
  refs_.push_back({piece, entry, 0});
  const auto ref = static_cast<std::uint32_t>(refs_.size());
  if (memo.stamp != stamp_) {
    memo = {stamp_, ref, ref, false, {}};
    return;
  }
  refs_[memo.last - 1].next = ref;
  memo.last = ref;
}

// Notes for each field of the table where its values lie, without decoding any.
void RecordEvent::index_fields() const {
  indexed_ = true;
  refs_.clear();
  if (odd_) {
    for (std::uint32_t i = 0; i < loose_.size(); ++i) index_field(loose_[i].field, 0, i);
    return;
  }
  const auto& pieces = slots_.pieces();
  for (std::uint32_t p = 0; p < pieces.size(); ++p) {
    for (const std::uint32_t entry : pieces[p].bindings->bound) {
      index_field(pieces[p].bindings->entries[entry].field, p, entry);
    }
  }
}

void RecordEvent::decode_ref(const Ref& ref, bool system) const {
  if (odd_) {
    if (loose_[ref.entry].system == system) values_.push_back(loose_[ref.entry].value);
    return;
  }
  const Piece& piece = slots_.pieces()[ref.piece];
  const FieldEntry& entry = piece.bindings->entries[ref.entry];
  if (entry.system == system) entries_.append(piece, entry, values_);
}

// Names of System win over equal ones elsewhere in the event.
void RecordEvent::decode(Memo& memo) const {
  values_.clear();
  for (const bool system : {true, false}) {
    for (std::uint32_t ref = memo.first; ref != 0; ref = refs_[ref - 1].next) decode_ref(refs_[ref - 1], system);
    if (!values_.empty()) break;
  }
  const std::span<Value> kept = arena_.array<Value>(values_.size());
  std::ranges::copy(values_, kept.begin());
  memo.values = kept;
  memo.decoded = true;
}

std::span<const Value> RecordEvent::get(model::FieldId field) const {
  if (!indexed_) index_fields();
  if (field >= memo_.size() || memo_[field].stamp != stamp_) return {};
  Memo& memo = memo_[field];
  if (!memo.decoded) decode(memo);
  return memo.values;
}

// The path of the first value that `decode` takes.
std::string RecordEvent::event_field(model::FieldId field) const {
  if (!indexed_) index_fields();
  if (field >= memo_.size() || memo_[field].stamp != stamp_) return {};
  for (const bool system : {true, false}) {
    for (std::uint32_t ref = memo_[field].first; ref != 0; ref = refs_[ref - 1].next) {
      values_.clear();
      decode_ref(refs_[ref - 1], system);
      if (!values_.empty()) return std::string(path_of(refs_[ref - 1]));
    }
  }
  return {};
}

std::string_view RecordEvent::path_of(const Ref& ref) const {
  return odd_ ? loose_[ref.entry].path : slots_.pieces()[ref.piece].bindings->entries[ref.entry].path;
}

void RecordEvent::list_entries(const Piece& piece, std::size_t first, std::size_t end) const {
  for (std::size_t i = first; i < end; ++i) {
    const FieldEntry& entry = piece.bindings->entries[i];
    values_.clear();
    entries_.append(piece, entry, values_);
    for (const Value& value : values_) all_.push_back({entry.name, entry.path, entry.system, value});
  }
}

void RecordEvent::list_nested(const SpliceEntry& splice) const {
  const auto& pieces = slots_.pieces();
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].parent_slot == splice.slot) list_entries(pieces[i], 0, pieces[i].bindings->entries.size());
  }
}

// All values with their names, in document order. Decoded once.
const std::vector<RecordEvent::NamedValue>& RecordEvent::all() const {
  if (listed_) return all_;
  listed_ = true;
  all_.clear();
  if (odd_) {
    for (const LooseField& loose : loose_) all_.push_back({loose.name, loose.path, loose.system, loose.value});
    return all_;
  }
  const Piece& root = slots_.pieces().front();
  std::size_t done = 0;
  for (const SpliceEntry& splice : root.bindings->splices) {
    list_entries(root, done, splice.before);
    list_nested(splice);
    done = splice.before;
  }
  list_entries(root, done, root.bindings->entries.size());
  return all_;
}

void RecordEvent::each_value(const model::ValueVisitor& visit) const {
  for (const NamedValue& value : all()) {
    if (value.value.kind != Value::Kind::null) visit(value.path, value.value);
  }
}

// What the entry shows, with more than that where its element is left out.
void RecordEvent::append_raw(const Piece& piece, const FieldEntry& entry) const {
  const ValueRef* const ref = entry.slot == kNoSlot ? nullptr : slots_.value(piece, entry.slot);
  if (ref != nullptr && is_bare(ref->type)) return;
  if (ref != nullptr && ref->type == kUtf16) {
    raw_ += utf16_to_utf8(until_nul(slots_.bytes(*ref)), arena_);
    raw_ += '\n';
    return;
  }
  values_.clear();
  entries_.append(piece, entry, values_);
  for (const Value& value : values_) {
    raw_ += value.text;
    raw_ += '\n';
  }
}

std::string_view RecordEvent::raw_text() const {
  if (odd_) return {};
  raw_.clear();
  for (const Piece& piece : slots_.pieces()) {
    raw_ += piece.bindings->fixed;
    for (const std::uint32_t entry : piece.bindings->variable) append_raw(piece, piece.bindings->entries[entry]);
  }
  return raw_;
}

// Names of System hide equal ones elsewhere in the event.
void RecordEvent::each_field(const model::ValueVisitor& visit) const {
  std::vector<std::string_view> system;
  for (const NamedValue& value : all()) {
    if (value.system) system.push_back(value.name);
  }
  std::ranges::sort(system);
  for (const NamedValue& value : all_) {
    if (value.system || !std::ranges::binary_search(system, value.name)) visit(value.name, value.value);
  }
}

// Errors cannot occur here: load() has read the same bytes and bounded the text.
void RecordEvent::expand_once() const {
  if (expanded_) return;
  expanded_ = true;
  (void)expander_.expand(chunk_, frame_.offset + kRecordHeaderSize, frame_.offset + frame_.size - 4, *templates_,
                         arena_, tree_);
}

void RecordEvent::append_json(std::string& out) const {
  if (!odd_ && filler_.append(slots_, *templates_, out)) return;
  append_json_of_tree(out);
}

void RecordEvent::append_json_of_tree(std::string& out) const {
  expand_once();
  json_.append(tree_, out);
}

void RecordEvent::append_xml(std::string& out) const {
  expand_once();
  evtx::append_xml(tree_, out);
}

}  // namespace tocsin::evidence::evtx
