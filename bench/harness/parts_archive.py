"""The part "archive": a compressed member judged, beside decompressing it to nowhere."""

import json

import sets
from commands import CommandFailed, best
from lines import Line


def run(bench):
    source = max(bench.fleet("ndjson").files(), key=lambda file: file.stat().st_size)
    lines = []
    for data_set in sets.compressed(bench.data / "sets", source):
        said, _ = bench.runner.text(bench.floor("inflate", data_set))
        if json.loads(said)["bytes"] != source.stat().st_size:
            raise CommandFailed(f"floor: {data_set.name}: {said.strip()}, expected {source.stat().st_size} bytes")
        runs = bench.runner.interleave({"ours": bench.scan(data_set.path), "floor": bench.floor("inflate", data_set)},
                                       bench.repeats)
        ours, floor = best(runs["ours"]), best(runs["floor"])
        lines.append(Line(f"{data_set.path.suffix[1:]} member of {source.stat().st_size / 1e6:.0f} MB: {bench.rules_name()}, "
                          "2 threads", ours, floor, "decompression alone", "at least", 0.9, floor.wall / ours.wall))
    return {"lines": [line.as_json() for line in lines]}
