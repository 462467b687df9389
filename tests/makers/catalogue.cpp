#include "tests/makers/catalogue.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace tocsin::makers {
namespace {

// One of System's values by its name in data files; false where there is no such name or the text does not fit.
bool set_system(EventSpec& spec, std::string_view name, const std::string& text) {
  const auto number = [&](auto& target) {
    std::string_view digits = text;
    const int base = digits.starts_with("0x") ? 16 : 10;
    if (base == 16) digits.remove_prefix(2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), target, base);
    return error == std::errc{} && end == digits.data() + digits.size();
  };
  if (name == "provider") return spec.provider = text, true;
  if (name == "guid") return spec.provider_guid = text, true;
  if (name == "source") return spec.event_source_name = text, true;
  if (name == "channel") return spec.channel = text, true;
  if (name == "computer") return spec.computer = text, true;
  if (name == "user_sid") return spec.user_sid = text, true;
  if (name == "activity") return spec.activity_id = text, true;
  if (name == "related") return spec.related_activity_id = text, true;
  if (name == "id") return number(spec.event_id);
  if (name == "qualifiers") return number(spec.qualifiers.emplace());
  if (name == "version") return number(spec.version);
  if (name == "level") return number(spec.level);
  if (name == "opcode") return number(spec.opcode);
  if (name == "task") return number(spec.task);
  if (name == "keywords") return number(spec.keywords);
  if (name == "process") return number(spec.process_id);
  if (name == "thread") return number(spec.thread_id);
  if (name == "record") return number(spec.record_id);
  return false;
}

Result<EventKind> read_kind(const YamlView& node, const EventKind& parent) {
  EventKind kind = parent;
  for (const auto& [key, value] : node.members()) {
    if (key == "from" || key == "data") continue;
    if (key == "user_data") {
      kind.user_element = value.text();
    } else if (!set_system(kind.base, key, value.text())) {
      return fail(ErrorCode::malformed, fmt::format("bad key or value: {}: {}", key, value.text()),
                  fmt::format("line {}", value.line()));
    }
  }
  for (const auto& [key, value] : node["data"].members()) {
    const std::string text = value.text();
    const std::size_t blank = std::min(text.find(' '), text.size());
    const std::string usual = text.substr(std::min(blank + 1, text.size()));
    kind.fields.push_back({key.starts_with('_') ? "" : key, key, text.substr(0, blank), usual});
  }
  return kind;
}

Result<std::string> expanded(const Expander& expander, const EventKind::Field& field, const EventRequest& request) {
  const auto given = std::ranges::find(request.data, field.key, &std::pair<std::string, std::string>::first);
  return expander.expand(given == request.data.end() ? field.usual : given->second);
}

void add_field(EventSpec& spec, const EventKind& kind, const EventKind::Field& field, Value value) {
  if (kind.user_element.empty()) {
    spec.data.push_back({field.name, std::move(value), {}});
    return;
  }
  if (spec.user_data.empty()) spec.user_data.push_back({kind.user_element, {}, {}, {}});
  spec.user_data[0].children.push_back({field.name, {}, std::move(value), {}});
}

}  // namespace

Result<Catalogue> Catalogue::load(std::string_view text, const std::string& name) {
  TOCSIN_TRY(const base::YamlDocument document, parse_one_document(text, name));
  Catalogue catalogue;
  for (const auto& [kind_name, node] : YamlView(document).members()) {
    const std::string parent = node["from"].text();
    const auto known = catalogue.kinds_.find(parent);
    if (!parent.empty() && known == catalogue.kinds_.end()) {
      return fail(ErrorCode::malformed,
                  fmt::format("\"{}\" comes from \"{}\", which is not above it", kind_name, parent),
                  fmt::format("{}:{}", name, node.line()));
    }
    TOCSIN_TRY(EventKind kind, read_kind(node, parent.empty() ? EventKind{} : known->second));
    catalogue.kinds_.insert_or_assign(kind_name, std::move(kind));
  }
  return catalogue;
}

Result<EventSpec> Catalogue::make(const EventRequest& request, const Expander& expander) const {
  const auto found = kinds_.find(request.kind);
  if (found == kinds_.end()) return fail(ErrorCode::malformed, fmt::format("no kind of event \"{}\"", request.kind));
  const EventKind& kind = found->second;
  const auto has_field = [&](const std::string& key) {
    return std::ranges::find(kind.fields, key, &EventKind::Field::key) != kind.fields.end();
  };
  for (const auto& [key, text] : request.data) {
    if (!has_field(key))
      return fail(ErrorCode::malformed, fmt::format("\"{}\" has no field \"{}\"", request.kind, key));
  }
  EventSpec spec = kind.base;
  if (!kind.user_element.empty()) spec.data_element.clear();
  for (const EventKind::Field& field : kind.fields) {
    if (std::ranges::find(request.omit, field.key) != request.omit.end()) continue;
    TOCSIN_TRY(const std::string text, expanded(expander, field, request));
    auto value = value::parse(field.type, text);
    if (!value) {
      return fail(ErrorCode::malformed,
                  fmt::format("{}: field {} is of type {}, found \"{}\"", request.kind, field.key, field.type, text));
    }
    add_field(spec, kind, field, std::move(*value));
  }
  TOCSIN_TRY(spec.computer, expander.expand(spec.computer.empty() ? "$(host.computer)" : spec.computer));
  for (const auto& [key, text] : request.system) {
    TOCSIN_TRY(const std::string value, expander.expand(text));
    if (!set_system(spec, key, value))
      return fail(ErrorCode::malformed, fmt::format("bad System value {}: {}", key, value));
  }
  return spec;
}

EventRequest read_event_request(const YamlView& node) {
  EventRequest request;
  request.kind = node["event"].text();
  for (const auto& [key, value] : node["system"].members()) request.system.emplace_back(key, value.text());
  for (const auto& [key, value] : node["data"].members()) request.data.emplace_back(key, value.text());
  for (const YamlView& field : node["omit"].items()) request.omit.push_back(field.text());
  return request;
}

}  // namespace tocsin::makers
