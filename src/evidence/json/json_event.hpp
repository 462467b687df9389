// One JSON record as an event: what the checking walk captured, decoded only when somebody asks.
//
// Owned and reused by one unit reader; views live until the next record is bound. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/json/arena.hpp"
#include "evidence/json/binding.hpp"
#include "evidence/json/embedded.hpp"
#include "evidence/json/key_set.hpp"
#include "evidence/json/units.hpp"
#include "evidence/json/walker.hpp"
#include "model/event.hpp"

namespace tocsin::evidence::json {

class Explorer;

class JsonEvent final : public model::Event {
 public:
  JsonEvent(const ShapeSet& shapes, const Markers& markers);
  ~JsonEvent() override;

  // A value met by the walk: a token of the record, or (Kind::object) a whole object's text.
  struct Slot {
    Token token;
    bool object = false;
    std::uint16_t priority = 0;
    std::uint32_t next = kEnd;
    std::string_view made{};  // a text made of several values; `token` is then the first of them
  };
  static constexpr std::uint32_t kEnd = 0xFFFFFFFF;

  // Begins a new record; `text` is the record alone and outlives the event.
  void begin(std::string_view text, const Binding& binding, std::size_t field_count);
  void add_field(model::FieldId field, std::uint16_t priority, const Token& token, bool object);
  void add_head(HeadRole role, std::uint16_t position, const Token& token);
  void add_marker(std::uint32_t marker, const Token* token);  // null: not a scalar
  void add_part(std::uint32_t part, const Token& token);
  void add_embedded(std::uint32_t id, const Token& token) { embedded_.push_back({id, token}); }
  [[nodiscard]] const std::vector<EmbeddedText>& embedded() const { return embedded_; }
  // Where the record was made from something else: its own bytes, what append_json shows (empty: the record as it is),
  // and its XML (empty: none). They outlive the event.
  void show(std::string_view raw, std::string_view json, std::string_view xml) { raw_ = raw, json_ = json, xml_ = xml; }
  // Whether characters that need no escape may be written as one.
  void set_disguised(bool disguised) { disguised_ = disguised; }
  // Behind the walk: makes the fields that are made of parts.
  void compose();
  // Counts a key or value; false where the record has too many: nothing more of it is kept then.
  bool meet() { return ++met_ <= kMaxRecordValues; }
  [[nodiscard]] bool crowded() const { return met_ > kMaxRecordValues; }
  void add_envelope(std::uint32_t marker) { present_[marker] = 1; }
  [[nodiscard]] bool has(model::FieldId field) const { return fields_[field].round == round_; }
  [[nodiscard]] const Markers::Present& present() const { return present_; }
  [[nodiscard]] KeySet& keys() { return keys_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  // The record ends here: what follows in the text is not its own.
  void trim(std::size_t length) { text_ = text_.substr(0, length); }
  // After finish(): the text that should have told the log and is not in the shape's table (HeadSource::table).
  [[nodiscard]] std::string_view unknown_log() const;
  // After finish(), where the head has no time: the text that should have been one; empty: there was none.
  [[nodiscard]] std::string_view unread_time() const;
  // Fills the head from what was captured.
  void finish(const Shape& shape, const Place& place);

  [[nodiscard]] std::span<const model::Value> get(model::FieldId field) const override;
  [[nodiscard]] std::string event_field(model::FieldId field) const override;
  void each_value(const model::ValueVisitor& visit) const override;
  [[nodiscard]] std::string_view raw_text() const override;
  void each_field(const model::ValueVisitor& visit) const override;
  void append_json(std::string& out) const override;
  void append_xml(std::string& out) const override { out += xml_; }

 private:
  friend class Explorer;
  struct Field {
    std::uint32_t round = 0;
    std::uint32_t first = kEnd, last = kEnd;
    mutable const model::Value* values = nullptr;  // decoded, once asked for
    mutable std::size_t count = 0;
  };
  struct HeadSlot {
    HeadRole role = HeadRole::time;
    std::uint16_t position = 0;
    Token token;
  };
  struct Part {
    std::uint32_t id = 0;
    Token token;
  };
  [[nodiscard]] const Part* find_part(std::uint32_t id) const;
  bool append_text(std::string& out, const std::vector<Binding::Made::Part>& parts, const Part*& first) const;
  [[nodiscard]] std::string_view keep(std::string_view text) const;
  [[nodiscard]] std::string_view decode(const Token& token) const;
  [[nodiscard]] model::Value value_of(const Slot& slot) const;
  [[nodiscard]] std::uint16_t best_priority(const Field& field) const;
  [[nodiscard]] std::string_view head_text(HeadRole role, const std::vector<HeadSource>& sources) const;
  void set_time(const std::vector<HeadSource>& sources);

  const ShapeSet& shapes_;
  const Markers& markers_;
  const Shape* shape_ = nullptr;
  const Binding* binding_ = nullptr;
  std::string_view text_, raw_, json_, xml_;
  bool disguised_ = false;
  std::uint32_t round_ = 0;
  std::size_t met_ = 0;
  std::vector<Field> fields_;
  std::vector<Slot> slots_;
  std::vector<HeadSlot> heads_;
  std::vector<Part> parts_;
  std::vector<EmbeddedText> embedded_;
  Markers::Present present_;
  KeySet keys_;
  mutable Arena<char> chars_;
  mutable Arena<model::Value> values_;
  mutable std::string scratch_;
  mutable std::unique_ptr<Explorer> explorer_;
};

}  // namespace tocsin::evidence::json
