"""The part "growth": one factor at a time (rules, events, hits, threads), with memory sampled throughout; and the pictures."""

import os
from pathlib import Path

import rule_variants
import sets
import svg
from commands import best
from lines import Line

RULES = (0, 100, 1000, 3754, 10000, 30000, 37540)
TIMES = (1, 4, 16)
PLANTED = {"0 %": 0, "1 %": 10_000, "50 %": 500_000}  # events in a million that a rule finds
MEMORY_LIMIT_MB = 200
KEPT_BYTES = 5_000_000_000  # larger evidence is removed when it has been measured: the largest of both forms would fill a disk


def run(bench):
    steps = {"rules": _rules, "events": _events, "hits": _hits, "threads": _threads}
    result = {name: bench.step(f"growth-{name}", lambda step=step: step(bench)) for name, step in steps.items()}
    result["lines"] = [line.as_json() for line in _lines(bench, result)]
    return result


def _point(bench, measured, **more):
    return {**measured.as_json(), **more, "samples": measured.samples}


def _sources(bench):
    return bench.rules or (bench.root / "rules" / "windows",)


def _rules(bench):
    """Time over the number of rules, warm (the set has been compiled before), and the first run. The rules that were added
    find nothing: only rules grow, not findings."""
    texts = rule_variants.read_rules(_sources(bench))
    evidence = bench.fleet("evtx")
    no_rule = bench.root / "bench" / "fleet" / "planted.yml"
    points = []
    for count in RULES:
        folder = sets.rules(bench.data / "sets", texts, count, no_rule)
        output = bench.runner.work / "rules.jsonl"
        scan = bench.scan(evidence.path, rules=["--rules", folder])
        cold = bench.runner.run(scan, output)
        findings = _findings(output)
        warm = best([bench.runner.run(scan) for _ in range(max(2, bench.repeats))])
        points.append(_point(bench, warm, rules=count, first=cold.wall, first_peak=cold.peak, findings=findings))
        bench.say(f"growth: {count} rules: {warm.wall:.2f} s, first {cold.wall:.2f} s, {findings:,} findings")
    return points


def _findings(output):
    """How many a scan printed; the file is removed."""
    with open(output, "rb") as lines:
        found = sum(line.startswith(b'{"type":"finding"') for line in lines)
    output.unlink()
    return found


def _events(bench):
    """Time and memory over the amount of evidence, with every rule, for both formats."""
    return [bench.step(f"growth-events-{form}-{times}", lambda form=form, times=times: _amount(bench, form, times))
            for form in ("evtx", "ndjson") for times in TIMES]


def _amount(bench, form, times):
    data_set = bench.fleet(form, max(1, bench.fleet_megabytes // 4) * times)
    measured = bench.runner.run(bench.scan(data_set.path))
    point = _point(bench, measured, form=form, times=times, megabytes=data_set.size() / 1e6)
    bench.say(f"growth: {data_set.name}: {measured.wall:.2f} s, {measured.peak / 1e6:.0f} MB")
    if data_set.size() > KEPT_BYTES:
        data_set.remove()
    return point


def _hits(bench):
    """Time and memory over the share of events that a rule finds. The answer is checked."""
    rule = bench.root / "bench" / "fleet" / "planted.yml"
    points = []
    for name, planted in PLANTED.items():
        data_set = bench.fleet("evtx", planted=planted)
        output = bench.runner.work / "hits.jsonl"
        scan = bench.scan(data_set.path, "--no-hygiene", rules=["--rules", rule])
        measured = bench.runner.run(scan, output)
        found = _findings(output)
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
    if few["findings"] != many["findings"]:
        raise SystemExit(f"bench: {many['findings']} findings with ten times the rules, expected {few['findings']}")
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
