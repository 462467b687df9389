// micro_bench [--rules DIR] [--megabytes N] [Google Benchmark's flags]: each stage of a scan alone, on one thread,
// beside the floor of touching and of parsing the same bytes. Reports bytes and events (of "compile": rules) a second.
//
// Every benchmark checks its answer in every iteration against what the maker said or a first reading found; where one
// is wrong it is reported as an error, and the program ends with 1.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include "tocsin/ruleset.hpp"

#include "api/rule_set_impl.hpp"
#include "base/hash.hpp"
#include "bench/micro/micro_evidence.hpp"
#include "detect/sigma/compiled_set.hpp"
#include "model/owned_event.hpp"

namespace tocsin::bench {
namespace {

using benchmark::State;

constexpr std::uint64_t kDefaultMegabytes = 16;
constexpr std::size_t kJudgedEvents = 4096;
// What rules ask for most.
constexpr const char* kProjected[] = {"Image",        "CommandLine", "ParentImage", "TargetFilename",
                                      "TargetObject", "ImageLoaded", "EventID",     "User"};

struct World {
  MicroEvidence evtx, ndjson;
  RuleSetOptions rule_options;
  std::unique_ptr<RuleSet> rules;
  bool wrong = false;
};

void expect(State& state, World& world, std::uint64_t found, std::uint64_t expected) {
  if (found == expected) return;
  world.wrong = true;
  state.SkipWithError(fmt::format("{} found, {} expected", found, expected).c_str());
}

void count(State& state, std::uint64_t bytes, std::uint64_t items) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * items));
}

// ---- The floor
// --------------------------------------------------------------------------------------------------------

std::uint64_t touched(const MicroEvidence& evidence) {
  std::uint64_t sum = 0;
  std::uint64_t word = 0;
  for (const evidence::Unit& unit : evidence.units) {
    for (std::size_t i = 0; i + sizeof word <= unit.bytes.size(); i += sizeof word) {
      std::memcpy(&word, unit.bytes.data() + i, sizeof word);
      sum += word;
    }
  }
  return sum;
}

void read_memory(State& state, World& world, const MicroEvidence& evidence) {
  const std::uint64_t expected = touched(evidence);
  for (auto _ : state) expect(state, world, touched(evidence), expected);
  count(state, evidence.bytes, evidence.events);
}

void simdjson_parse(State& state, World& world) {
  const MicroEvidence& evidence = world.ndjson;
  std::vector<simdjson::padded_string> blocks;
  for (const evidence::Unit& unit : evidence.units) {
    blocks.emplace_back(reinterpret_cast<const char*>(unit.bytes.data()), unit.bytes.size());
  }
  simdjson::dom::parser parser;
  parser.threaded = false;
  for (auto _ : state) {
    std::uint64_t documents = 0;
    for (const simdjson::padded_string& block : blocks) {
      simdjson::dom::document_stream stream;
      if (parser.parse_many(block, block.size() + 32).get(stream) != simdjson::SUCCESS) continue;
      for (auto document : stream) documents += document.error() == simdjson::SUCCESS ? 1 : 0;
    }
    expect(state, world, documents, evidence.events);
  }
  count(state, evidence.bytes, evidence.events);
}

void hash(State& state, World& world, const MicroEvidence& evidence) {
  const auto digest = [&] {
    base::Sha256 sha;
    for (const evidence::Unit& unit : evidence.units) sha.update(unit.bytes);
    return sha.digest();
  };
  const auto expected = digest();
  for (auto _ : state) expect(state, world, digest() == expected ? 1 : 0, 1);
  count(state, evidence.bytes, evidence.events);
}

// ---- Reading
// ----------------------------------------------------------------------------------------------------------

template <class OnEvent>
std::uint64_t read_all(const MicroEvidence& evidence, evidence::UnitReader& reader, OnEvent on_event) {
  EachEvent sink(on_event);
  for (const evidence::Unit& unit : evidence.units) reader.read(unit, sink);
  return sink.anomalies() == 0 ? sink.events() : 0;
}

// Heads only: no field is wanted.
void parse(State& state, World& world, const MicroEvidence& evidence) {
  const model::FieldTable fields;
  evidence::ReadOptions options;
  options.fields = &fields;
  const auto reader = evidence.reader->make_unit_reader(options);
  for (auto _ : state) {
    expect(state, world, read_all(evidence, *reader, [](const model::Event&) {}), evidence.events);
  }
  count(state, evidence.bytes, evidence.events);
}

bool is_projected(std::string_view name) {
  return std::ranges::find(kProjected, name) != std::end(kProjected);
}

// All fields by name, with their texts.
void decode(State& state, World& world, const MicroEvidence& evidence) {
  const model::FieldTable fields;
  evidence::ReadOptions options;
  options.fields = &fields;
  const auto reader = evidence.reader->make_unit_reader(options);
  std::uint64_t size = 0;
  const auto add = [&](const model::Event& event) {
    event.each_field([&](std::string_view, const model::Value& value) { size += value.text.size(); });
  };
  read_all(evidence, *reader, add);
  const std::uint64_t expected = size;
  for (auto _ : state) {
    size = 0;
    expect(state, world, read_all(evidence, *reader, add), evidence.events);
    expect(state, world, size, expected);
  }
  count(state, evidence.bytes, evidence.events);
}

// Only what rules ask for most; must give the same texts as decoding everything.
void project(State& state, World& world, const MicroEvidence& evidence) {
  model::FieldTable fields;
  for (const char* name : kProjected) fields.intern(name);
  evidence::ReadOptions options;
  options.fields = &fields;
  const auto reader = evidence.reader->make_unit_reader(options);
  std::uint64_t expected = 0;
  read_all(evidence, *reader, [&](const model::Event& event) {
    event.each_field([&](std::string_view name, const model::Value& value) {
      if (is_projected(name)) expected += value.text.size();
    });
  });
  for (auto _ : state) {
    std::uint64_t size = 0;
    const auto add = [&](const model::Event& event) {
      for (model::FieldId id = 0; id < fields.size(); ++id) {
        for (const model::Value& value : event.get(id)) size += value.text.size();
      }
    };
    expect(state, world, read_all(evidence, *reader, add), evidence.events);
    expect(state, world, size, expected);
  }
  count(state, evidence.bytes, evidence.events);
}

void render(State& state, World& world, const MicroEvidence& evidence) {
  const model::FieldTable fields;
  evidence::ReadOptions options;
  options.fields = &fields;
  const auto reader = evidence.reader->make_unit_reader(options);
  std::string text;
  std::uint64_t size = 0;
  std::uint64_t objects = 0;
  const auto add = [&](const model::Event& event) {
    text.clear();
    event.append_json(text);
    size += text.size();
    objects += text.starts_with('{') && text.ends_with('}') ? 1 : 0;
  };
  read_all(evidence, *reader, add);
  const std::uint64_t expected = size;
  for (auto _ : state) {
    size = objects = 0;
    read_all(evidence, *reader, add);
    expect(state, world, objects, evidence.events);
    expect(state, world, size, expected);
  }
  count(state, evidence.bytes, evidence.events);
}

// ---- Rules
// ------------------------------------------------------------------------------------------------------------

void compile(State& state, World& world) {
  const std::uint64_t expected = world.rules->rules().size();
  for (auto _ : state) {
    const auto rules = RuleSet::load(world.rule_options);
    expect(state, world, rules ? rules->rules().size() : 0, expected);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * expected));
}

struct Judged {
  std::vector<std::unique_ptr<model::OwnedEvent>> events;
  std::uint64_t bytes = 0, hits = 0;
};

// Some events with all their fields, and how many hits they give while they are read.
Judged judged_events(const MicroEvidence& evidence, const sigma::CompiledSet& set) {
  evidence::ReadOptions options;
  options.fields = &set.fields();
  const auto reader = evidence.reader->make_unit_reader(options);
  sigma::Judge judge(set);
  std::vector<sigma::Hit> hits;
  Judged judged;
  const std::uint64_t every = std::max<std::uint64_t>(1, evidence.events / kJudgedEvents);
  std::uint64_t number = 0;
  read_all(evidence, *reader, [&](const model::Event& event) {
    if (number++ % every != 0) return;
    std::vector<model::OwnedField> fields;
    event.each_field([&](std::string_view name, const model::Value& value) {
      fields.push_back({.name = std::string(name), .kind = value.kind, .text = std::string(value.text)});
    });
    hits.clear();
    judge.judge(event, hits);
    judged.hits += hits.size();
    judged.bytes += event.head().raw.size();
    judged.events.push_back(std::make_unique<model::OwnedEvent>(event.head(), std::move(fields), set.fields()));
  });
  return judged;
}

void match(State& state, World& world, const MicroEvidence& evidence) {
  const sigma::CompiledSet& set = world.rules->impl().compiled;
  const Judged judged = judged_events(evidence, set);
  sigma::Judge judge(set);
  std::vector<sigma::Hit> hits;
  for (auto _ : state) {
    std::uint64_t found = 0;
    for (const auto& event : judged.events) {
      hits.clear();
      judge.judge(*event, hits);
      found += hits.size();
    }
    expect(state, world, found, judged.hits);
  }
  count(state, judged.bytes, judged.events.size());
}

// ---- Set up
// -----------------------------------------------------------------------------------------------------------

template <class Function, class... More>
void add(const std::string& name, Function function, More&... more) {
  benchmark::RegisterBenchmark(name.c_str(), [function, &more...](State& state) { function(state, more...); });
}

void register_all(World& world) {
  add("floor/simdjson/ndjson", simdjson_parse, world);
  for (MicroEvidence* evidence : {&world.evtx, &world.ndjson}) {
    const std::string form = evidence == &world.evtx ? "evtx" : "ndjson";
    add("floor/memory/" + form, read_memory, world, *evidence);
    add("hash/" + form, hash, world, *evidence);
    add("parse/" + form, parse, world, *evidence);
    add("project/" + form, project, world, *evidence);
    add("decode/" + form, decode, world, *evidence);
    add("render/" + form, render, world, *evidence);
    add("match/" + form, match, world, *evidence);
  }
  add("compile", compile, world);
}

// Takes its own flags out of argv; false where one is wrong.
bool take_flags(int& argc, char** argv, World& world, std::uint64_t& megabytes) {
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--rules" && i + 1 < argc) {
      world.rule_options.paths.emplace_back(argv[++i]);
    } else if (word == "--megabytes" && i + 1 < argc) {
      const std::string_view value = argv[++i];
      const auto parsed = std::from_chars(value.data(), value.data() + value.size(), megabytes);
      if (parsed.ec != std::errc() || megabytes == 0 || megabytes > 4096) return false;
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  return true;
}

Result<void> make_world(World& world, std::uint64_t megabytes) {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("tocsin-micro-{}", getpid());
  TOCSIN_TRY(world.evtx, micro_evidence(folder, true, megabytes * 1'000'000));
  TOCSIN_TRY(world.ndjson, micro_evidence(folder, false, megabytes * 1'000'000));
  TOCSIN_TRY(RuleSet rules, RuleSet::load(world.rule_options));
  world.rules = std::make_unique<RuleSet>(std::move(rules));
  return {};
}

}  // namespace
}  // namespace tocsin::bench

int main(int argc, char** argv) {
  tocsin::bench::World world;
  std::uint64_t megabytes = tocsin::bench::kDefaultMegabytes;
  const bool fine = tocsin::bench::take_flags(argc, argv, world, megabytes);
  benchmark::Initialize(&argc, argv);
  if (!fine || benchmark::ReportUnrecognizedArguments(argc, argv)) {
    fmt::print(stderr, "usage: micro_bench [--rules DIR] [--megabytes N] [--benchmark_…]\n");
    return 2;
  }
  if (const auto made = tocsin::bench::make_world(world, megabytes); !made) {
    fmt::print(stderr, "micro_bench: {}: {}\n", made.error().place, made.error().message);
    return 2;
  }
  tocsin::bench::register_all(world);
  benchmark::RunSpecifiedBenchmarks();
  return world.wrong ? 1 : 0;
}
