"""The part "evtx": EVTX decoded, and decoded and judged, beside evtx_dump, which only prints it."""

import tempfile
from pathlib import Path

import decode_answers
from commands import Command, best
from lines import Line, of_data_sets


def _evtx_dump(program, files, threads):
    """One process after the other: evtx_dump takes one file."""
    script = 'program=$1 threads=$2; shift 2; for file; do "$program" -t "$threads" -o jsonl "$file"; done'
    return Command.of("/bin/sh", "-c", script, "sh", program, threads, *files)


COUNT_RECORDS = """
import sys
from evtx import PyEvtxParser
print(sum(1 for path in sys.argv[1:] for _ in PyEvtxParser(path).records_json()))
"""


def _python_package(bench, data_set, dump):
    """The evtx package, which gives Python each event as JSON text: one run, the number of events compared."""
    python = bench.peers.get("python")
    if not python:
        return []
    text, measured = bench.runner.text(Command.of(python, "-c", COUNT_RECORDS, *data_set.files()))
    ours = bench.runner.text(Command.of(bench.tocsin, "dump", data_set.path, "--quiet"))[0].count("\n")
    answers = f"equal: {ours:,} events" if int(text) == ours else f"different: {int(text):,} events, Tocsin has {ours:,}"
    return [Line(f"{data_set.name}: dump, 2 threads", dump, measured, "evtx for Python", "at least", None,
                 measured.wall / dump.wall, answers=answers)]


def run(bench):
    return of_data_sets(bench, (bench.channels(), bench.fleet("evtx")),
                        "evtx: the recorded EVTX files are skipped: there is no corpus", _on)


def _answers(bench, peer, data_set):
    dump = Command.of(bench.tocsin, "dump", data_set.path, "--threads", 2, "--quiet")
    with tempfile.TemporaryDirectory(dir=bench.runner.work) as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        bench.runner.run(dump, ours)
        bench.runner.run(peer, theirs)
        return decode_answers.compare(theirs, ours)


def _on(bench, data_set):
    dump = Command.of(bench.tocsin, "dump", data_set.path, "--threads", 2, "--quiet")
    ours = {"dump": dump, "scan 2": bench.scan(data_set.path), "scan 1": bench.scan(data_set.path, threads=1)}
    if bench.has_flag("--no-hash"):
        ours["scan 2, no hash"] = bench.scan(data_set.path, "--no-hash")
    program = bench.peers.get("evtx_dump")
    theirs = {f"evtx_dump, {n} threads": _evtx_dump(program, data_set.files(), n) for n in (1, 2)} if program else {}
    answers, unequal = _answers(bench, theirs["evtx_dump, 2 threads"], data_set) if program else ("not compared", [])
    runs = {name: best(found) for name, found in bench.runner.interleave({**ours, **theirs}, bench.repeats).items()}
    name = min(theirs, key=lambda contender: runs[contender].wall) if theirs else ""
    peer = runs.get(name)
    size = data_set.size() / 1e6
    title = f"{data_set.name} ({size:.0f} MB)"

    def against_peer(label, key, target, goal, invert):
        value = None
        if peer:
            value = peer.wall / runs[key].wall if invert else runs[key].wall / peer.wall
        return Line(f"{title}: {label}", runs[key], peer, name or "evtx_dump is not here", goal, target, value,
                    answers=answers if invert else "", note="")

    found = [against_peer(f"{bench.rules_name()}, 2 threads", "scan 2", 1.0, "at most", False),
             against_peer("dump, 2 threads", "dump", 1.5, "at least", True)]
    if not answers.startswith("equal"):
        found[0].answers = answers
    found.append(Line(f"{title}: two threads against one", runs["scan 2"], runs["scan 1"], "one thread", "at least", 1.85,
                      runs["scan 1"].wall / runs["scan 2"].wall))
    if not data_set.name.startswith("fleet"):
        found += _python_package(bench, data_set, runs["dump"])
    if "scan 2, no hash" in runs:
        found.append(against_peer("without hashing, 2 threads", "scan 2, no hash", None, "", False))
    return found, unequal
