#include "evidence/evtx/template_table.hpp"

#include "base/cursor.hpp"
#include "evidence/evtx/instance.hpp"
#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

// A rough count of what a compiled template keeps.
std::size_t memory(const Compiled& compiled) {
  return sizeof(Compiled) + compiled.program.nodes.capacity() * sizeof(Node) * 3 + compiled.program.text_bytes * 3 +
         compiled.program.recipe.memory();
}

}  // namespace

void TemplateTable::begin_chunk(ByteView chunk) {
  chunk_ = chunk;
  buckets_.fill(kNone);
  seen_.clear();
  unsound_.clear();
  chunk_only_.clear();
  definition_bytes_ = 0;
  if (shared_count_ > kMaxCachedPrograms || shared_bytes_ > kMaxCachedProgramBytes) {
    shared_.clear();
    shared_count_ = 0;
    shared_bytes_ = 0;
  }
}

Compiled& TemplateTable::definition(std::uint32_t offset) {
  std::uint32_t& head = buckets_[(offset ^ offset >> 8) % kBuckets];
  for (std::uint32_t i = head; i != kNone; i = seen_[i].next) {
    if (seen_[i].offset == offset) return *seen_[i].compiled;
  }
  Compiled& compiled = load(offset);
  if (!compiled.program.sound) unsound_.push_back(offset);
  seen_.push_back({offset, head, &compiled});
  head = static_cast<std::uint32_t>(seen_.size() - 1);
  return compiled;
}

Compiled& TemplateTable::keep_for_chunk(std::unique_ptr<Compiled> compiled) {
  chunk_only_.push_back(std::move(compiled));
  return *chunk_only_.back();
}

Compiled& TemplateTable::load(std::uint32_t offset) {
  const std::size_t body = base::load_le<std::uint32_t>(chunk_, offset + 20);
  std::size_t at = offset + kDefinitionHeader;
  const std::size_t end = at + body;
  definition_bytes_ += body;
  if (definition_bytes_ > kMaxTemplateBytes || seen_.size() >= kMaxTemplatesInChunk) {
    auto refused = std::make_unique<Compiled>();
    refused->damage =
        Damage{Code::limit, "at most 1 MiB of template definitions in a chunk", offset, definition_bytes_};
    return keep_for_chunk(std::move(refused));
  }
  const Guid guid = {base::load_le<std::uint64_t>(chunk_, offset + 4),
                     base::load_le<std::uint64_t>(chunk_, offset + 12)};
  auto& variants = shared_[guid];
  for (const auto& known : variants) {
    if (known->program.recipe.fits(chunk_, at, end)) return *known;
  }
  auto compiled = std::make_unique<Compiled>();
  compiled->damage = compile(chunk_, at, end, ProgramMode::definition, compiled->program);
  if (compiled->damage && compiled->damage->code != Code::limit) compiled->damage->code = Code::template_damaged;
  if (compiled->damage || !compiled->program.sound || variants.size() >= kMaxVariantsPerGuid) {
    if (variants.empty()) shared_.erase(guid);
    return keep_for_chunk(std::move(compiled));
  }
  ++shared_count_;
  shared_bytes_ += memory(*compiled);
  variants.push_back(std::move(compiled));
  return *variants.back();
}

Compiled& TemplateTable::literal() {
  if (literals_used_ == literals_.size()) literals_.push_back(std::make_unique<Compiled>());
  Compiled& compiled = *literals_[literals_used_++];
  for (auto& bindings : compiled.bindings) bindings.reset();
  compiled.literal = true;
  return compiled;
}

const Bindings& TemplateTable::bindings(Compiled& compiled, Context context) {
  auto& slot = compiled.bindings[static_cast<std::size_t>(context)];
  if (slot == nullptr) {
    slot = std::make_unique<Bindings>();
    bind(compiled.program, context, fields_, walker_, *slot);
    shared_bytes_ += slot->strings.bytes();
  }
  return *slot;
}

const JsonPlan* TemplateTable::json_plan(Compiled& compiled, bool in_data) {
  const std::size_t which = in_data ? 1 : 0;
  if (!compiled.json_tried[which] && !compiled.literal) {
    compiled.json_tried[which] = true;
    if (auto plan = make_json_plan(compiled.program, in_data)) {
      shared_bytes_ += plan->memory();
      compiled.json[which] = std::make_unique<JsonPlan>(std::move(*plan));
    }
  }
  return compiled.json[which].get();
}

}  // namespace tocsin::evidence::evtx
