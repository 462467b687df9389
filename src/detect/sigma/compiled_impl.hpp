// What a CompiledSet holds. Inside this folder only.
#pragma once

#include <optional>
#include <vector>

#include "detect/sigma/blob.hpp"
#include "detect/sigma/compiled_set.hpp"
#include "match/regex.hpp"

namespace tocsin::sigma {

struct CompiledSet::Impl {
  Blob blob;
  std::vector<RuleInfo> rules;
  std::vector<Setting> settings;  // of the log sources
  model::FieldTable fields;
  match::RegexCache regexes{0};
  std::uint64_t rejected = 0;
  bool wants_script_blocks = false;
  std::optional<model::FieldId> event_record_id, message_total, message_number, script_block_id;
};

}  // namespace tocsin::sigma
