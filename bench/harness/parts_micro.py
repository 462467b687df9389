"""The part "micro": each stage alone, as bytes and events a second of one thread, and as a multiple of the floor."""

import json

from commands import Command


def run(bench):
    program = bench.program("micro_bench")
    if not program.exists():
        bench.say("micro is skipped: Google Benchmark was not here when this was built")
        return {"lines": [], "stages": []}
    command = Command.of(program, *[w for folder in bench.rules[:1] for w in ("--rules", folder)], "--megabytes",
                         64 if bench.full else 16, "--benchmark_format=json", "--benchmark_min_time=0.5")
    text, _ = bench.runner.text(command)
    return {"lines": [], "stages": _stages(json.loads(text)["benchmarks"])}


def _stages(found):
    """name, bytes and items a second, and how many times the floor's time: of memory for both forms, of simdjson too for
    JSON."""
    rates = {stage["name"]: stage for stage in found}
    simdjson = rates["floor/simdjson/ndjson"]["bytes_per_second"]
    stages = []
    for name, stage in rates.items():
        form = name.rpartition("/")[2]
        bytes_ = stage.get("bytes_per_second")
        memory = rates.get(f"floor/memory/{form}", {}).get("bytes_per_second")
        stages.append({"name": name, "bytes": bytes_, "items": stage["items_per_second"],
                       "memory": memory / bytes_ if bytes_ and memory else None,
                       "simdjson": simdjson / bytes_ if bytes_ and form == "ndjson" else None})
    return stages


def table(stages):
    def number(value, digits=0):
        return "" if value is None else f"{value:,.{digits}f}"

    rows = [("stage, one thread", "MB/s", "events/s", "× memory", "× simdjson")]
    for stage in stages:
        rows.append((stage["name"], number(stage["bytes"] and stage["bytes"] / 1e6), number(stage["items"]),
                     number(stage["memory"], 1), number(stage["simdjson"], 2)))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows) + "\n"
