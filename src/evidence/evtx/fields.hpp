// Which parts of an event are fields, and what they are called (docs/formats/fields.md, "Windows event logs"). One walk
// serves both compiled templates (names are bound once) and rendered records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/evtx/node.hpp"

namespace tocsin::evidence::evtx {

// Where a tree hangs in the event: what it means depends on its parent.
enum class Context : std::uint8_t {
  top,         // the record itself: holds Event
  event,       // in Event
  system,      // in System
  event_data,  // in EventData
  data_tree,   // in UserData, ProcessingErrorData, DebugData … at any depth
  rendering,   // in RenderingInfo
};
constexpr std::size_t kContexts = 6;

struct FieldSpot {
  std::string_view name;   // as in field_table.hpp; lives for the call
  std::string_view path;   // as the event itself names it: "Event.EventData.New Process Name"; lives for the call
  std::uint32_t node = 0;  // the element or attribute whose text is the value
  Context context = Context::top;  // of the element
  bool attribute = false;
  bool always = false;  // present even without text
  bool data = false;    // a Data of EventData: without text it is an empty string, else null
  bool alone = false;   // no attribute of its element is a field: an array simply gives several values
};

class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;
  virtual void on_field(const FieldSpot& spot) = 0;
  // A slot in an element's content: a nested tree may come in here. `plain`: the tree's own paths will be right.
  virtual void on_slot(std::uint32_t node, Context context, bool plain) = 0;
  // A name that is only known with the values of a record.
  virtual void on_unknown_name() = 0;
};

class FieldWalker {
 public:
  // `nodes` hang in `base`. In document order.
  void walk(const Nodes& nodes, Context base, FieldVisitor& visitor);

 private:
  struct Open {
    std::uint32_t end;
    Context children;
    std::size_t path_size;
    bool plain;
  };
  void element(const Nodes& nodes, std::uint32_t index, FieldVisitor& visitor);
  void attributes(const Nodes& nodes, std::uint32_t index, Context context, bool named_data, FieldVisitor& visitor);
  bool data_name(const Nodes& nodes, std::uint32_t index, FieldVisitor& visitor);

  std::vector<Open> open_;
  std::string path_, name_, text_;
};

// The text of an element's or attribute's own parts, joined. Slots count as nothing.
void append_text(const Nodes& nodes, std::uint32_t index, std::string& out);

}  // namespace tocsin::evidence::evtx
