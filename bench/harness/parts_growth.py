"""The part "growth": one factor at a time (rules, events, hits, threads), with memory sampled throughout; and the pictures."""

import os
import shutil
from pathlib import Path

import rule_variants
import svg
from commands import best
from lines import Line

RULES = (0, 100, 1000, 3754, 10000, 30000, 37540)
TIMES = (1, 4, 16)
PLANTED = {"0 %": 0, "1 %": 10_000, "50 %": 500_000}  # events in a million that a rule finds
MEMORY_LIMIT_MB = 200


def run(bench):
    result = {"rules": _rules(bench), "events": _events(bench), "hits": _hits(bench), "threads": _threads(bench)}
    result["lines"] = [line.as_json() for line in _lines(bench, result)]
    return result


def _point(bench, measured, **more):
    return {**measured.as_json(), **more, "samples": measured.samples}


def _sources(bench):
    return bench.rules or (bench.root / "rules" / "windows",)


def _rules(bench):
    """Time over the number of rules, warm (the set has been compiled before)."""
    texts = rule_variants.read_rules(_sources(bench))
    evidence = bench.fleet("evtx")
    points = []
    for count in RULES:
        folder = bench.data / "sets" / f"rules-{count}"
        if not (folder.exists() and sum(1 for _ in folder.rglob("*.yml")) == max(count, 1)):
            shutil.rmtree(folder, ignore_errors=True)
            rule_variants.write(folder, texts, count)
            if count == 0:  # no folder without a rule is taken: one that no event can match
                shutil.copy(bench.root / "bench" / "fleet" / "planted.yml", folder)
        scan = bench.scan(evidence.path, rules=["--rules", folder])
        cold = bench.runner.run(scan)
        warm = best([cold] + [bench.runner.run(scan) for _ in range(2 if cold.wall < 10 else 0)])
        points.append(_point(bench, warm, rules=count, first=cold.wall))
        bench.say(f"growth: {count} rules: {warm.wall:.2f} s")
    return points


def _events(bench):
    """Time and memory over the amount of evidence, with every rule, for both formats."""
    points = []
    for form in ("evtx", "ndjson"):
        for times in TIMES:
            data_set = bench.fleet(form, max(1, bench.fleet_megabytes // 4) * times)
            measured = bench.runner.run(bench.scan(data_set.path))
            points.append(_point(bench, measured, form=form, times=times, megabytes=data_set.size() / 1e6))
            bench.say(f"growth: {data_set.name}: {measured.wall:.2f} s, {measured.peak / 1e6:.0f} MB")
    return points


def _hits(bench):
    """Time and memory over the share of events that a rule finds. The answer is checked."""
    rule = bench.root / "bench" / "fleet" / "planted.yml"
    points = []
    for name, planted in PLANTED.items():
        data_set = bench.fleet("evtx", planted=planted)
        output = bench.runner.work / "hits.jsonl"
        scan = bench.scan(data_set.path, "--no-hygiene", rules=["--rules", rule])
        measured = bench.runner.run(scan, output)
        with open(output, "rb") as lines:
            found = sum(line.startswith(b'{"type":"finding"') for line in lines)
        output.unlink()
        if found != data_set.facts()["planted"]:
            raise SystemExit(f"bench: {data_set.name}: {found} findings, expected {data_set.facts()['planted']}")
        points.append(_point(bench, measured, share=name, findings=found))
        bench.say(f"growth: {name} hits: {measured.wall:.2f} s, {measured.peak / 1e6:.0f} MB")
    return points


def _threads(bench):
    """All threads there are, and up to four for their memory."""
    data_set = bench.fleet("evtx")
    available = len(os.sched_getaffinity(0))
    counts = sorted({1, 2, 4, available})
    return [_point(bench, best([bench.runner.run(bench.scan(data_set.path, threads=n)) for _ in range(2)]), threads=n,
                   cores=available) for n in counts]


def _lines(bench, result):
    by_rules = {point["rules"]: point for point in result["rules"]}
    few, many = by_rules[3754], by_rules[37540]
    lines = [_line("ten times the rules (3,754 to 37,540)", many, few, "3,754 rules", "at most", 1.3, many["wall"] / few["wall"])]
    for form in ("evtx", "ndjson"):
        first, *_, last = [point for point in result["events"] if point["form"] == form]
        name = f"peak memory, {form}, {last['megabytes'] / 1000:.1f} GB, 2 threads"
        lines.append(_line(name, last, first, f"{first['megabytes'] / 1000:.1f} GB", "at most", MEMORY_LIMIT_MB,
                           last["peak"] / 1e6, "MB"))
    worst = max(result["threads"], key=lambda point: point["peak"])
    lines.append(_line(f"peak memory, 1 to 4 threads (most: {worst['threads']})", worst, None, "", "at most", MEMORY_LIMIT_MB,
                       worst["peak"] / 1e6, "MB"))
    worst = max(result["hits"], key=lambda point: point["peak"])
    lines.append(_line(f"peak memory, hits ({worst['share']}: {worst['findings']:,} findings)", worst, None, "", "at most",
                       MEMORY_LIMIT_MB, worst["peak"] / 1e6, "MB"))
    return lines


class _Kept:
    """A measure that is kept as JSON already."""

    def __init__(self, point):
        self.point = point

    def as_json(self):
        return {key: self.point[key] for key in ("wall", "cpu", "peak")}


def _line(name, ours, theirs, against, goal, target, value, unit="×"):
    return Line(name, _Kept(ours), _Kept(theirs) if theirs else None, against, goal, target, value, unit)


def draw(result, folder):
    """The pictures of a result, below `folder`."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rules = result["rules"]
    pictures = {
        "rules.svg": svg.line_chart(
            "Time over the number of rules", "rules", "seconds",
            {"warm": [(p["rules"], p["wall"]) for p in rules], "first run": [(p["rules"], p["first"]) for p in rules]}),
        "events.svg": svg.line_chart(
            "Time over the amount of evidence", "GB", "seconds",
            {form: [(p["megabytes"] / 1000, p["wall"]) for p in result["events"] if p["form"] == form]
             for form in ("evtx", "ndjson")}),
        "memory.svg": svg.line_chart(
            "Resident memory during a scan", "seconds", "MB",
            {f"{p['form']} {p['megabytes'] / 1000:.2g} GB": [(t, b / 1e6) for t, b in p["samples"]]
             for p in result["events"] if p["samples"]}),
        "hits.svg": svg.line_chart(
            "Peak memory and time over the share of findings", "events found", "MB; seconds × 10",
            {"peak MB": [(i, p["peak"] / 1e6) for i, p in enumerate(result["hits"])],
             "seconds × 10": [(i, 10 * p["wall"]) for i, p in enumerate(result["hits"])]},
            {i: p["share"] for i, p in enumerate(result["hits"])}),
        "threads.svg": svg.line_chart(
            f"Time over threads ({result['threads'][0]['cores']} cores)", "threads", "seconds",
            {"wall": [(i, p["wall"]) for i, p in enumerate(result["threads"])],
             "CPU": [(i, p["cpu"]) for i, p in enumerate(result["threads"])]},
            {i: str(p["threads"]) for i, p in enumerate(result["threads"])}),
    }
    for name, text in pictures.items():
        (folder / name).write_text(text, "utf-8")
    return sorted(pictures)
