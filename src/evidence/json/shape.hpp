// JSON shapes: for each known way to write events as JSON one small table that says how to recognise it, where time,
// channel, event id, provider and computer are, and where fields are. Format: docs/formats/json.md.
//
// Shapes are data (rules/shapes/*.yml, compiled into the binary) and may be added by the user (--mapping FILE). A set
// is immutable after loading and may be read from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::evidence {

using ShapePath = std::vector<std::string>;  // keys from the outermost; empty: the record itself

// True where one of the paths is there and, if texts are given, its value is one of `equals` or begins with one of
// `begins` (ASCII case ignored).
struct ShapeTest {
  std::vector<ShapePath> any;
  std::vector<std::string> equals, begins;
};

// The order of the numbers in a date that is no ISO 8601.
enum class DateOrder : std::uint8_t { none, day_month_year, month_day_year, year_month_day };

// Where a value of the head is. The first source that gives one is used.
struct HeadSource {
  ShapePath path;
  DateOrder order = DateOrder::none;      // time only: dates may be written so
  bool utc = false;                       // time only: its text is UTC although it does not say so
  std::vector<std::string> strip_prefix;  // what to take off the front ("WinEventLog:")
  // What each value stands for (ASCII case ignored), as provider and channel; others stand for nothing. Empty: itself.
  std::vector<std::pair<std::string, std::string>> table;
};

// A text made of others: "{AccountDomain}\{AccountName}". Each part is a literal and, behind it, the value at a path.
struct ValueText {
  struct Part {
    std::string literal;
    std::optional<ShapePath> path;
  };
  std::vector<Part> parts;
};

struct FieldRule {
  enum class Kind : std::uint8_t {
    under,       // every member of `base` is a field, named by its key without blanks
    leaves,      // every value below `base`, at any depth, is a field named by its key
    attributes,  // members of `base` and their attributes: X, and X_A for attribute A of X
    named,       // `base` holds objects with a name and a text: <Data Name="X">text</Data>
    paths,       // every value below `base` is a field named by its keys, joined by dots
    map,         // the field `name` is at the first of `sources` that is there
    compose,     // the field `name` is made of those of `texts` whose values are all there, joined by `with`
  };
  Kind kind = Kind::under;
  ShapePath base;
  std::string name;
  std::vector<ShapePath> sources;
  std::string prefix;                   // under: keys begin with it, fields do not ("_EventID" is EventID)
  bool lower_first = false;             // under: keys have the first letter of the field's name in lower case
  std::string name_key;                 // named: the member that holds the name; empty: as in XML
  std::vector<std::string> value_keys;  // named: the members that may hold the value
  std::vector<ValueText> texts;
  std::string with;
};

// A string that holds more, and what; its content stands as if it were written in its place.
struct ShapeEmbedded {
  // message: what Windows renders for people; script_block: that of PowerShell 4104, else like message
  enum class As : std::uint8_t { json, xml, message, script_block };
  ShapePath path;
  As as = As::json;
};

struct Shape {
  std::string name, title;
  std::string product, category, service;  // what the shape implies; may be empty
  bool xml = false;                        // elements may be objects with "#text" and attributes
  bool escaped_twice = false;              // values have their backslashes and quotes escaped once more
  std::vector<ShapePath> roots;            // where in a record the event is; at least one (the empty path)
  std::vector<ShapeTest> tests;            // all must hold; none: always
  std::vector<HeadSource> time, channel, provider, computer, event_id;
  std::vector<ShapeEmbedded> embedded;
  std::vector<FieldRule> fields;  // earlier ones win
  std::vector<ShapePath> values;  // where keywords look; empty: everywhere
};

class ShapeSet {
 public:
  // The shapes compiled into the binary.
  [[nodiscard]] static const ShapeSet& builtin();
  // The user's files, in their order, before the built-in shapes. A shape with the name of a built-in one replaces it.
  // An error says file, line and column.
  [[nodiscard]] static Result<ShapeSet> load(const std::vector<std::string>& files);
  // One file's text; `file` is for messages, `known` holds shapes that `like` may name. May be null.
  [[nodiscard]] static Result<ShapeSet> parse(std::string_view file, std::string_view text, const ShapeSet* known);

  [[nodiscard]] const std::vector<Shape>& shapes() const { return shapes_; }
  [[nodiscard]] const Shape* find(std::string_view name) const;  // null: there is none
  // Members of a top-level object whose arrays hold the records.
  [[nodiscard]] const std::vector<ShapePath>& envelopes() const { return envelopes_; }

 private:
  void add(ShapeSet other);
  std::vector<Shape> shapes_;
  std::vector<ShapePath> envelopes_;
};

}  // namespace tocsin::evidence
