"""rsigma: its fastest setting on this evidence, and whether it finds the same as Tocsin, rule by rule and event by event.

Differences have a class; those that nobody has explained (known_differences.json) make the answers different, and then
no ratio is printed.
"""

import collections
import hashlib
import itertools
import json
import subprocess
from pathlib import Path

from commands import Command

SETTINGS = ((), ("--bloom-prefilter",), ("--cross-rule-ac",), ("--bloom-prefilter", "--cross-rule-ac"))
SLICE = 20_000  # lines that the settings are tried on


def identity(event):
    return hashlib.blake2b(json.dumps(event, sort_keys=True).encode(), digest_size=12).digest()


def _text(value):
    return str(value).casefold()


def inside(gate, event):
    """Whether the event is of the rule's log source."""
    for wanted in gate["alternatives"]:
        if all(_text(event.get(field, "")) in map(_text, values) for field, values in wanted.items()):
            return True
    return False


class Rsigma:
    @staticmethod
    def of(bench):
        """Nothing where rsigma, the Python peers or the rules are missing."""
        if not bench.rules or not bench.peers.get("rsigma") or not bench.peers.get("python"):
            return None
        return Rsigma(bench)

    def __init__(self, bench):
        self.bench, self.best = bench, ()
        self.names = bench.root / "bench" / "rsigma_names.yml"

    def setting(self):
        return " ".join(self.best) or "none of its options"

    def command(self, path, *more):
        return Command.of(self.bench.peers.get("rsigma"), "engine", "eval", "--rules", self.bench.rules[0], "--pipeline",
                          self.names, "--quiet", *self.best, *more, stdin=path)

    def tune(self, path):
        """Tries each setting on the first lines and keeps the fastest."""
        part = self.bench.runner.work / "slice.ndjson"
        with open(path, "rb") as lines, open(part, "wb") as out:
            out.writelines(itertools.islice(lines, SLICE))
        times = {}
        for setting in SETTINGS:
            self.best = setting
            times[setting] = min(self.bench.runner.run(self.command(part)).cpu for _ in range(2))
        self.best = min(times, key=times.get)

    def _gates(self):
        script = self.bench.root / "bench" / "harness" / "rsigma_gate.py"
        done = subprocess.run([self.bench.peers.get("python"), script, self.bench.root / "rules/logsources/windows.yml",
                               *self.bench.rules], capture_output=True, check=True)
        return json.loads(done.stdout)

    def _theirs(self, path, gates):
        """(rule, event) -> how often, of what is in the gate; how many were outside; the events that are part of a
        script block."""
        found, outside, parts = collections.Counter(), 0, set()
        command = self.command(path, "--include-event")
        with open(path, "rb") as events, subprocess.Popen(command.arguments, stdin=events, stdout=subprocess.PIPE,
                                                          stderr=subprocess.DEVNULL) as process:
            for line in process.stdout:
                match = json.loads(line)
                gate = gates.get(match["rule_id"])
                if gate and not inside(gate, match["event"]):
                    outside += 1
                    continue
                key = match["rule_id"], identity(match["event"])
                found[key] += 1
                if str(match["event"].get("MessageTotal", 1)) != "1":
                    parts.add(key)
        if process.returncode != 0:
            raise SystemExit(f"bench: rsigma ended with {process.returncode}")
        return found, outside, parts

    def _ours(self, path):
        """((rule, event) -> how often, (rule, event) -> log source), rule -> why it was not judged, and the
        findings in a script block of several events."""
        output = self.bench.runner.work / "findings.jsonl"
        self.bench.runner.run(self.bench.scan(path, "--no-hygiene"), output)
        findings, unjudged, assembled = [], {}, set()
        with open(output, "rb") as lines:
            for line in lines:
                if line.startswith(b'{"type":"finding"'):
                    finding = json.loads(line)
                    findings.append((finding["rule"]["id"], finding["place"]["line"], finding["log_source"], finding["parts"]))
                elif line.startswith(b'{"type":"coverage"'):
                    rule = json.loads(line)
                    if rule["status"] == "not_evaluable":
                        unjudged[rule["rule"]["id"]] = rule["reason"] or "not evaluable"
        output.unlink()
        wanted = {line for _, line, *_ in findings}
        with open(path, "rb") as lines:
            events = {number: identity(json.loads(line)) for number, line in enumerate(lines, 1) if number in wanted}
        found, sources = collections.Counter(), {}
        for rule, line, source, parts in findings:
            found[rule, events[line]] += 1
            sources[rule, events[line]] = source
            if parts:
                assembled.add((rule, events[line]))
        return found, sources, unjudged, assembled

    def compare(self, path):
        """(sentence, differences); the sentence begins with "equal" or "different"."""
        gates = self._gates()
        theirs, outside, parts = self._theirs(path, gates)
        ours, sources, unjudged, assembled = self._ours(path)
        known = json.loads((self.bench.root / "bench" / "known_differences.json").read_text())["rsigma"]
        classes, unexplained = collections.Counter(), []
        rules = collections.defaultdict(collections.Counter)
        for key in ours.keys() | theirs.keys():
            difference = ours[key] - theirs[key]
            if difference == 0:
                continue
            if key in parts or key in assembled:
                kind = "in script blocks of several events, which Tocsin puts together and judges once"
            else:
                kind = _class(key, difference, gates, sources, unjudged, known)
            classes[kind or "unexplained"] += abs(difference)
            rules[key[0]][("only Tocsin: " if difference > 0 else "only rsigma: ") + (kind or "unexplained")] += abs(difference)
            if kind is None:
                unexplained.append(key)
        equal = sum((ours & theirs).values())
        said = f"{equal:,} findings equal, rule by rule and event by event; {outside:,} of rsigma's were outside the rules' log sources"
        said += "".join(f"; {count:,} {kind}" for kind, count in sorted(classes.items()))
        listed = [{"rule": rule, **counts} for rule, counts in sorted(rules.items())]
        return ("different: " if unexplained else "equal: ") + said, listed


def _class(key, difference, gates, sources, unjudged, known):
    """The reason of a difference, or nothing."""
    rule = key[0]
    gate = gates.get(rule, {"variants": []})
    if difference > 0 and sources[key] not in gate["variants"]:
        return f"only Tocsin's: it also knows the log that tells the same under other names ({sources[key]})"
    if difference < 0 and rule in unjudged:
        return f"only rsigma's: Tocsin says that it cannot judge the rule ({unjudged[rule]})"
    return known.get(rule)
