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
        """As findings(), with the event's identity for its line; (rule, event) -> how often."""
        found, unjudged = findings(self.bench, path)
        wanted = {line for _, line, *_ in found}
        with open(path, "rb") as lines:
            events = {number: identity(json.loads(line)) for number, line in enumerate(lines, 1) if number in wanted}
        counts, sources, assembled = collections.Counter(), {}, set()
        for rule, line, source, parts in found:
            key = rule, events[line]
            counts[key] += 1
            sources[key] = source
            if parts:
                assembled.add(key)
        return counts, sources, assembled, unjudged

    def compare(self, path):
        """(sentence, differences); the sentence begins with "equal" or "different"."""
        gates = gates_of(self.bench)
        theirs, outside, parts = self._theirs(path, gates)
        ours, sources, assembled, unjudged = self._ours(path)
        judge = Differences(self.bench, "rsigma", gates, sources, unjudged, parts | assembled)
        said, listed = judge.compare(ours, theirs)
        return said + f"; {outside:,} of rsigma's were outside the rules' log sources", listed


def gates_of(bench):
    """rule -> which events are of its log source (rsigma_gate.py)."""
    script = bench.root / "bench" / "harness" / "rsigma_gate.py"
    done = subprocess.run([bench.peers.get("python"), script, bench.root / "rules/logsources/windows.yml", *bench.rules],
                          capture_output=True, check=True)
    return json.loads(done.stdout)


def findings(bench, path):
    """[(rule, line, log source, whether of a script block of several events)], and rule -> why it was not judged."""
    output = bench.runner.work / "findings.jsonl"
    bench.runner.run(bench.scan(path, "--no-hygiene"), output)
    found, unjudged = [], {}
    with open(output, "rb") as lines:
        for line in lines:
            if line.startswith(b'{"type":"finding"'):
                finding = json.loads(line)
                found.append((finding["rule"]["id"], finding["place"]["line"], finding["log_source"], bool(finding["parts"])))
            elif line.startswith(b'{"type":"coverage"'):
                rule = json.loads(line)
                if rule["status"] == "not_evaluable":
                    unjudged[rule["rule"]["id"]] = rule["reason"] or "not evaluable"
    output.unlink()
    return found, unjudged


class Differences:
    """Compares how often (rule, event) was found, and gives each difference a class."""

    def __init__(self, bench, peer, gates, sources, unjudged, assembled):
        self.peer, self.gates, self.sources, self.unjudged, self.assembled = peer, gates, sources, unjudged, assembled
        self.known = json.loads((bench.root / "bench" / "known_differences.json").read_text())[peer]

    def compare(self, ours, theirs):
        classes, rules, unexplained = collections.Counter(), collections.defaultdict(collections.Counter), 0
        for key in ours.keys() | theirs.keys():
            difference = ours[key] - theirs[key]
            if difference == 0:
                continue
            kind = self._class(key, difference)
            unexplained += kind is None
            kind = kind or f"unexplained, only {'Tocsin' if difference > 0 else self.peer}'s"
            classes[kind] += abs(difference)
            rules[key[0]][kind] += abs(difference)
        said = f"{sum((ours & theirs).values()):,} findings equal, rule by rule and event by event"
        said += "".join(f"; {count:,} {kind}" for kind, count in sorted(classes.items()))
        return ("different: " if unexplained else "equal: ") + said, [{"rule": rule, **rules[rule]} for rule in sorted(rules)]

    def _class(self, key, difference):
        """The reason of a difference, or nothing."""
        rule = key[0]
        if key in self.assembled:
            return "in script blocks of several events, which Tocsin puts together and judges once"
        if difference > 0 and self.sources[key] not in self.gates.get(rule, {"variants": []})["variants"]:
            return f"only Tocsin's: it also knows the log that tells the same under other names ({self.sources[key]})"
        if difference < 0 and rule in self.unjudged:
            return f"only {self.peer}'s: Tocsin says that it cannot judge the rule ({self.unjudged[rule]})"
        return self.known.get(rule)
