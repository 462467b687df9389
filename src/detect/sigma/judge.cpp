#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "base/cpu.hpp"
#include "base/text.hpp"
#include "detect/sigma/judge_state.hpp"
#include "detect/sigma/program.hpp"

namespace tocsin::sigma {

namespace {

constexpr std::int64_t kScriptBlockEvent = 4104;
constexpr std::string_view kPowerShellChannels[] = {"Microsoft-Windows-PowerShell/Operational",
                                                    "PowerShellCore/Operational"};

bool is_script_block(const model::EventHead& head) {
  return head.event_id == kScriptBlockEvent && std::ranges::any_of(kPowerShellChannels, [&](std::string_view channel) {
           return base::equal_fold(channel, head.channel);
         });
}

std::optional<std::uint64_t> counter(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

Judge::State::State(const CompiledSet& compiled, const JudgeMode& mode)
    : set(compiled.impl()),
      blob(set.blob),
      evaluator(set, mode),
      gates(blob),
      observations(compiled),
      plain(mode.plain),
      is_open(blob.gates.size()),
      woken(blob.instances.size()) {
  for (std::uint32_t i = 0; i < blob.operands.size(); ++i) {
    if (blob.operands[i].key != 0) keys.push_back(i);
  }
  for (const GateRecord& gate : blob.gates) {
    std::vector<std::uint32_t>& positions = unseen.emplace_back(gate.fields.count);
    for (std::uint32_t i = 0; i < gate.fields.count; ++i) positions[i] = i;
  }
}

bool Judge::State::run(std::uint32_t instance) {
  const auto code = blob.list(blob.instances[instance].code);
  if (code.empty()) return false;
  const auto item = [this](std::uint32_t index) { return evaluator.item(index); };
  if (!measuring) return run_program(code, item);
  const auto before = std::chrono::steady_clock::now();
  const bool truth = run_program(code, item);
  Cost& cost = costs[blob.instances[instance].rule];
  ++cost.evaluations;
  cost.nanoseconds += static_cast<std::uint64_t>((std::chrono::steady_clock::now() - before).count());
  return truth;
}

GateCache::Kind& Judge::State::kind_of(const model::Event& event) {
  GateCache::Kind& kind = gates.find(event.head());
  if (kind.fresh) {
    kind.fresh = false;
    for (const std::uint32_t gate : kind.channels) observations.state_->gates[gate].channel_seen = true;
  }
  return kind;
}

void Judge::State::note(std::uint32_t gate, const model::Event& event) {
  Observations::State::Gate& seen = observations.state_->gates[gate];
  ++seen.judged;
  if (unseen[gate].empty()) return;
  const auto fields = blob.list(blob.gates[gate].fields);
  std::erase_if(unseen[gate], [&](std::uint32_t position) {
    if (event.get(fields[position]).empty()) return false;
    seen.field_seen[position] = true;
    return true;
  });
}

bool Judge::State::open_gates(const model::Event& event, const GateCache::Kind& kind, bool parts, bool assembled) {
  for (const std::uint32_t gate : open) is_open[gate] = 0;
  open.clear();
  for (const std::uint32_t index : kind.gates) {
    const GateRecord& gate = blob.gates[index];
    if (gate.assemble != 0 ? parts : assembled) continue;
    if (!constraints_hold(blob, gate, event)) continue;
    note(index, event);
    open.push_back(index);
    is_open[index] = 1;
  }
  return !open.empty();
}

void Judge::State::try_one(std::uint32_t instance, std::vector<Hit>& hits) {
  if (run(instance)) hits.push_back({blob.instances[instance].rule, instance});
}

void Judge::State::try_all(std::vector<Hit>& hits) {
  for (const std::uint32_t gate : open) {
    for (const std::uint32_t instance : blob.list(blob.gates[gate].instances)) try_one(instance, hits);
  }
}

// An instance whose keys are false cannot be true: its operands need no look.
std::vector<std::uint32_t> Judge::State::plan_operands(const GateCache::Kind& kind) {
  for (const std::uint32_t key : keys) evaluator.resolve(key);
  std::vector<std::uint32_t> operands;
  for (const std::uint32_t gate : kind.gates) {
    for (const std::uint32_t index : blob.list(blob.gates[gate].instances)) {
      const InstanceRecord& instance = blob.instances[index];
      const auto needed = blob.list(instance.keys);
      if (!needed.empty() && std::ranges::none_of(needed, [&](auto i) { return evaluator.predicate(i); })) continue;
      for (const std::uint32_t waker : blob.list(instance.wakers)) operands.push_back(blob.predicates[waker].operand);
    }
  }
  std::ranges::sort(operands);
  operands.erase(std::ranges::unique(operands).begin(), operands.end());
  return operands;
}

std::span<const std::uint32_t> Judge::State::operands_for(GateCache::Kind& kind) {
  key_values.clear();
  for (const std::uint32_t key : keys) {
    for (const model::Value& value : evaluator.values(key)) {
      key_values += value.kind == model::Value::Kind::null ? '-' : '+';
      append_part(key_values, value.text);
    }
    key_values += ';';
  }
  for (const GateCache::Kind::Plan& plan : kind.plans) {
    if (plan.keys == key_values) return plan.operands;
  }
  if (key_values.size() > GateCache::kMaxKeyBytes) {
    unkept.operands = plan_operands(kind);
    return unkept.operands;
  }
  if (kind.plans.size() == GateCache::kMaxPlans) kind.plans.clear();
  return kind.plans.emplace_back(key_values, plan_operands(kind)).operands;
}

void Judge::State::try_woken(GateCache::Kind& kind, std::vector<Hit>& hits) {
  if (++round == 0) {
    std::ranges::fill(woken, 0U);
    round = 1;
  }
  for (const std::uint32_t operand : operands_for(kind)) evaluator.resolve(operand);
  for (const std::uint32_t gate : open) {
    for (const std::uint32_t instance : blob.list(blob.gates[gate].sleepless)) try_one(instance, hits);
  }
  // Judging an instance may resolve more operands: their predicates wake nobody behind these gates.
  const std::size_t count = evaluator.met().size();
  for (std::size_t i = 0; i < count; ++i) {
    for (const WakeRecord& wake : Blob::part(blob.wakes, blob.predicates[evaluator.met()[i]].wakes)) {
      if (is_open[wake.gate] == 0 || woken[wake.instance] == round) continue;
      woken[wake.instance] = round;
      try_one(wake.instance, hits);
    }
  }
}

void Judge::State::judge(const model::Event& event, bool parts, bool assembled, std::vector<Hit>& hits) {
  evaluator.begin(event);
  GateCache::Kind& kind = kind_of(event);
  if (kind.gates.empty()) return;
  const std::size_t first = hits.size();
  if (!open_gates(event, kind, parts, assembled)) return;
  if (plain) {
    try_all(hits);
  } else {
    try_woken(kind, hits);
  }
  if (hits.size() - first < 2) return;
  const auto mine = hits.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(mine, hits.end(),
            [](const Hit& a, const Hit& b) { return a.rule != b.rule ? a.rule < b.rule : a.instance < b.instance; });
  hits.erase(std::unique(mine, hits.end(), [](const Hit& a, const Hit& b) { return a.rule == b.rule; }), hits.end());
}

JudgeMode JudgeMode::from_environment() {
  JudgeMode mode;
  mode.plain = base::plain_judging();
  mode.remembered = base::remembered_values(mode.remembered);
  return mode;
}

Judge::Judge(const CompiledSet& set, const JudgeMode& mode) : state_(std::make_unique<State>(set, mode)) {}
Judge::Judge(Judge&&) noexcept = default;
Judge::~Judge() = default;

void Judge::judge(const model::Event& event, std::vector<Hit>& hits) {
  state_->judge(event, is_part(event), false, hits);
}

void Judge::judge_assembled(const model::Event& event, std::vector<Hit>& hits) {
  state_->judge(event, false, true, hits);
}

void Judge::observe_only(const model::Event& event) {
  for (const std::uint32_t index : state_->kind_of(event).gates) {
    if (!constraints_hold(state_->blob, state_->blob.gates[index], event)) continue;
    ++state_->observations.state_->gates[index].outside;
  }
}

bool Judge::is_part(const model::Event& event) const {
  if (!state_->set.message_total || !is_script_block(event.head())) return false;
  const auto first = [&](model::FieldId field) {
    const std::span<const model::Value> values = event.get(field);
    return values.empty() ? std::string_view() : values[0].text;
  };
  const std::optional<std::uint64_t> total = counter(first(*state_->set.message_total));
  if (!total || *total < 2) return false;
  return counter(first(*state_->set.message_number)) && !first(*state_->set.script_block_id).empty();
}

std::string_view Judge::variant(const Hit& hit) const {
  return state_->blob.text(state_->blob.instances[hit.instance].variant);
}

Judge::Happening Judge::happening(const model::Event& event, const Hit& hit) {
  const InstanceRecord& instance = state_->blob.instances[hit.instance];
  Happening happening;
  if (instance.same.count == 0) return happening;
  state_->evaluator.go_on(event);
  for (const std::uint32_t operand : state_->blob.list(instance.same)) {
    const std::span<const model::Value> values = state_->evaluator.values(operand);
    if (values.empty() || values[0].text.empty()) return {};
    happening.fields += base::lower_ascii(values[0].text);
    happening.fields += '\n';
  }
  happening.within_seconds = instance.same_within;
  return happening;
}

std::string_view Judge::record_id(const model::Event& event) const {
  const std::span<const model::Value> values = event.get(*state_->set.event_record_id);
  return values.empty() ? std::string_view() : values[0].text;
}

std::string_view Judge::caveat(const Hit& hit) const {
  return state_->blob.text(state_->blob.instances[hit.instance].caveat);
}

const Observations& Judge::observations() const {
  return state_->observations;
}

void Judge::measure(bool on) {
  state_->measuring = on;
  state_->costs.resize(state_->set.rules.size());
}

std::vector<ScanStats::SlowRule> Judge::slow_rules(std::size_t most) const {
  std::vector<ScanStats::SlowRule> slow;
  for (std::uint32_t rule = 0; rule < state_->costs.size(); ++rule) {
    const State::Cost& cost = state_->costs[rule];
    if (cost.evaluations == 0) continue;
    slow.push_back({rule, cost.evaluations, static_cast<double>(cost.nanoseconds) * 1e-9});
  }
  std::ranges::stable_sort(slow, [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
  if (slow.size() > most) slow.resize(most);
  return slow;
}

}  // namespace tocsin::sigma
