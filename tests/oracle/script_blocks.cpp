#include "tests/oracle/script_blocks.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "tests/oracle/fields.hpp"
#include "tests/oracle/mutation.hpp"
#include "tests/oracle/scalar.hpp"

namespace tocsin::oracle {
namespace {

std::string first(const EventFields& fields, const std::string& name) {
  const auto& values = fields.own(name).values;
  return values.empty() ? std::string() : values.front().text.bytes;
}

std::string* text_of(std::vector<model::OwnedField>& fields) {
  const auto found = std::ranges::find(fields, "ScriptBlockText", &model::OwnedField::name);
  return found == fields.end() ? nullptr : &found->text;
}

}  // namespace

bool ScriptBlocks::same_block(const Part& a, const Part& b) {
  const bool hosts = a.computer == b.computer || active(Mutant::parts_of_all_hosts);
  const bool ids = a.id == b.id || active(Mutant::parts_of_all_ids);
  return hosts && ids && (a.copy == b.copy || active(Mutant::copies_are_parts));
}

void ScriptBlocks::add(const model::Event& event, const model::FieldTable& table) {
  const EventFields fields(event, table);
  if (!is_script_block_part(fields) || active(Mutant::parts_judged_alone)) return;
  const std::string id = first(fields, "ScriptBlockId");
  Part part{.computer = std::string(event.head().computer),
            .id = active(Mutant::script_block_id_case_matters) ? id : base::fold(id),
            .number = first(fields, "MessageNumber"),
            .event = std::make_shared<model::OwnedEvent>(event.head(), std::vector<model::OwnedField>{}, table)};
  for (const Part& other : parts_) {
    const bool same_number = compare_numbers(other.number, part.number) == 0;
    if (other.computer == part.computer && other.id == part.id && same_number) ++part.copy;
  }
  event.each_field([&](std::string_view name, const model::Value& value) {
    const auto field = table.find(name);
    part.fields.push_back({.name = std::string(name),
                           .path = field ? event.event_field(*field) : std::string(name),
                           .kind = value.kind,
                           .text = std::string(value.text)});
  });
  parts_.push_back(std::move(part));
}

std::vector<std::unique_ptr<model::OwnedEvent>> ScriptBlocks::finish(const model::FieldTable& table) const {
  std::vector<std::unique_ptr<model::OwnedEvent>> blocks;
  std::vector<Part> left = parts_;
  if (!active(Mutant::parts_in_order_of_arrival)) {
    std::ranges::stable_sort(left, [](const Part& a, const Part& b) {
      if (active(Mutant::part_number_is_text)) return a.number < b.number;
      return compare_numbers(a.number, b.number).value_or(0) < 0;
    });
  }
  while (!left.empty()) {
    Part block = left.front();
    std::string text;
    std::erase_if(left, [&](Part& part) {
      if (!same_block(part, block)) return false;
      const std::string* piece = text_of(part.fields);
      if (piece == nullptr || (!text.empty() && active(Mutant::first_part_only))) return true;
      if (!text.empty() && active(Mutant::parts_joined_by_line_feed)) text += '\n';
      text += *piece;
      return true;
    });
    if (std::string* whole = text_of(block.fields)) *whole = text;
    blocks.push_back(std::make_unique<model::OwnedEvent>(block.event->head(), std::move(block.fields), table));
  }
  return blocks;
}

}  // namespace tocsin::oracle
