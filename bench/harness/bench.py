"""What every part of the benchmark is given: the programs, the data, the rules, and how often to repeat."""

import dataclasses
import subprocess
from pathlib import Path

import sets
from commands import Command


@dataclasses.dataclass
class Bench:
    root: Path  # the source tree
    build: Path  # build/release
    data: Path  # where data sets, peers and results are kept
    corpus: Path  # or nothing there
    rules: tuple  # folders of Sigma rules; empty: the built-in ones
    peers: object
    runner: object
    program_path: Path  # the tocsin that is measured
    repeats: int = 5
    fleet_megabytes: int = 256
    full: bool = False
    say: object = print
    # step(name, measure): what measure() gives, or gave before the benchmark was interrupted; for steps that take long
    step: object = lambda name, measure: measure()

    @property
    def tocsin(self):
        return self.program_path

    def program(self, name):
        return self.build / "bench" / name

    def rule_flags(self):
        return [word for folder in self.rules for word in ("--rules", folder)]

    def rules_name(self):
        return "every SigmaHQ rule" if self.rules else "every built-in rule"

    def scan(self, evidence, *flags, threads=2, rules=None):
        """A scan with all rules that prints its findings as JSON lines."""
        chosen = self.rule_flags() if rules is None else rules
        return Command.of(self.tocsin, "scan", evidence, *chosen, "--threads", threads, "--format", "jsonl", "--quiet", *flags)

    def has_flag(self, flag, command="scan"):
        """Whether this build knows the flag."""
        done = subprocess.run([self.tocsin, command, "--help"], capture_output=True, text=True, check=False)
        return flag in done.stdout.split()

    def channels(self):
        """The recorded EVTX files, or nothing where there is no corpus."""
        tools = self.corpus.parent / "tools"
        if not (tools / "channel_corpus.py").exists() or not self.peers.get("python"):
            return None
        return sets.channels(self.data / "sets", self.corpus, tools, self.peers.get("python"))

    def windows_ndjson(self):
        if not (self.corpus / "windows-json").exists():
            return None
        return sets.windows_ndjson(self.data / "sets", self.corpus)

    def fleet(self, form, megabytes=None, **options):
        return sets.fleet(self.data / "sets", self.program("make_fleet"), form, megabytes or self.fleet_megabytes, **options)

    def floor(self, work, data_set):
        return Command.of(self.program("floor"), work, *data_set.files())
