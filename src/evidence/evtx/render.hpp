// A record's flat tree as text: JSON in the shape of evtx_dump, and XML.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/json_writer.hpp"
#include "evidence/evtx/node.hpp"

namespace tocsin::evidence::evtx {

// One JSON object, keys in document order: attributes as "#attributes", text as "#text", a name's second occurrence as
// "X_1"; named Data of EventData and UserData become keys of their own (docs/formats/evtx.md, "JSON").
class JsonRenderer {
 public:
  void append(const Nodes& nodes, std::string& out);

 private:
  enum class DataMode : std::uint8_t { none, unnamed, named };
  struct Frame {
    std::uint32_t next = 0, end = 0;
    DataMode mode = DataMode::none;
    bool unnamed_done = false;
    std::uint32_t names = 0;  // number of the object, for the table of names
  };
  struct NameKey {
    std::uint32_t object;
    std::string_view name;
    bool operator==(const NameKey&) const = default;
  };
  struct NameHash {
    std::size_t operator()(const NameKey& key) const {
      return std::hash<std::string_view>()(key.name) * 31 + key.object;
    }
  };

  void step(const Nodes& nodes, base::JsonWriter& writer);
  void element(const Nodes& nodes, std::uint32_t index, base::JsonWriter& writer);
  void open(const Nodes& nodes, std::uint32_t index, DataMode mode);
  std::uint32_t named_data(const Nodes& nodes, std::uint32_t index, const Frame& frame, base::JsonWriter& writer);
  void unnamed_data(const Nodes& nodes, std::uint32_t index, const Frame& frame, base::JsonWriter& writer);
  void data_value(const Nodes& nodes, std::uint32_t index, base::JsonWriter& writer);
  void attributes(const Nodes& nodes, std::uint32_t index, base::JsonWriter& writer);
  void text(const Nodes& nodes, std::uint32_t index, base::JsonWriter& writer);
  void unique_key(std::string_view name, std::uint32_t object, base::JsonWriter& writer);
  DataMode data_mode(const Nodes& nodes, std::uint32_t index);
  std::string_view data_name(const Nodes& nodes, std::uint32_t index, std::string& buffer);

  std::vector<Frame> frames_;
  std::unordered_map<NameKey, std::uint32_t, NameHash> names_;
  std::uint32_t objects_ = 0;
  std::string joined_, name_, other_name_, key_;
};

// XML as Windows writes it, on one line: a line break or carriage return in a text is written as a character reference.
// Characters that XML 1.0 cannot hold become '_', in names too, so that the result is always well-formed.
void append_xml(const Nodes& nodes, std::string& out);

}  // namespace tocsin::evidence::evtx
