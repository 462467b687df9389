"""The part "sqlite": the first lines of the recorded simulations judged by pySigma's SQLite backend, answers compared."""

import collections
import itertools
import json

import rule_answers
from commands import Command, best
from lines import Line


def run(bench):
    data_set = bench.windows_ndjson()
    if data_set is None or not bench.rules or not bench.peers.get("python"):
        bench.say("sqlite is skipped: it needs the corpus, the SigmaHQ rules and the Python peers")
        return {"lines": []}
    part = bench.runner.work / "slice.ndjson"
    with open(data_set.path, "rb") as lines, open(part, "wb") as out:
        out.writelines(itertools.islice(lines, rule_answers.SLICE))
    script = bench.root / "bench" / "harness" / "sqlite_judge.py"
    command = Command.of(bench.peers.get("python"), script, bench.root / "rules/logsources/windows.yml", part, *bench.rules)
    text, peer = bench.runner.text(command)
    answer = json.loads(text)
    theirs = collections.Counter({(rule, line): 1 for rule, lines in answer["found"].items() for line in lines})
    said, listed = _compare(bench, part, theirs, answer["refused"])
    ours = best([bench.runner.run(bench.scan(part)) for _ in range(bench.repeats)])
    line = Line(f"{rule_answers.SLICE:,} lines, {bench.rules_name()}, 2 threads", ours, peer, "pySigma, SQLite",
                value=peer.wall / ours.wall, goal="at least", answers=said,
                note=f"pySigma refused {len(answer['refused'])} rules; its conversion is in the time")
    return {"lines": [line.as_json()], "differences": listed}


def _compare(bench, part, theirs, refused):
    found, unjudged = rule_answers.findings(bench, part)
    ours = collections.Counter((rule, line) for rule, line, *_ in found if rule not in refused)
    sources = {(rule, line): source for rule, line, source, _ in found}
    assembled = {(rule, line) for rule, line, _, parts in found if parts}
    judge = rule_answers.Differences(bench, "sqlite", rule_answers.gates_of(bench), sources, unjudged, assembled)
    return judge.compare(ours, theirs)
