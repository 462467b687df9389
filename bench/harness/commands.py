"""Runs commands through `measure` (tools/measure.cpp) and keeps what the kernel counted for each."""

import dataclasses
import json
import os
import subprocess
import tempfile
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Command:
    """What to run: arguments, standard input from a file, variables over the caller's, and the statuses that are fine."""

    arguments: tuple
    stdin: str = os.devnull
    environment: tuple = ()  # of (name, value)
    fine: tuple = (0,)

    @staticmethod
    def of(*arguments, stdin=os.devnull, environment=None, fine=(0,)):
        variables = tuple(sorted((environment or {}).items()))
        return Command(tuple(str(word) for word in arguments), str(stdin), variables, fine)

    def with_environment(self, **variables):
        return dataclasses.replace(self, environment=tuple(sorted({**dict(self.environment), **variables}.items())))


@dataclasses.dataclass(frozen=True)
class Measured:
    """Seconds and bytes of one run; samples are (seconds since the start, resident bytes)."""

    wall: float
    cpu: float
    peak: int
    samples: tuple = ()

    def as_json(self):
        return {"wall": self.wall, "cpu": self.cpu, "peak": self.peak}


class CommandFailed(Exception):
    pass


class Runner:
    """Runs commands one after the other, in an empty folder, without config files of the user."""

    def __init__(self, measure, work):
        self.measure, self.work = Path(measure).resolve(), Path(work).resolve()
        self.work.mkdir(parents=True, exist_ok=True)

    def run(self, command, output=os.devnull):
        """Measures the command; its standard output goes to the file `output`."""
        with tempfile.TemporaryDirectory(dir=self.work) as folder, open(command.stdin, "rb") as stdin, \
                open(output, "wb") as stdout, open(Path(folder) / "errors", "w+b") as errors:
            report = Path(folder) / "report.json"
            here = Path(folder) / "here"
            here.mkdir()
            environment = {**os.environ, "XDG_CONFIG_HOME": str(here), "XDG_CACHE_HOME": str(self.work / "cache"),
                           **dict(command.environment)}
            subprocess.run([self.measure, report, *command.arguments], stdin=stdin, stdout=stdout, stderr=errors,
                           env=environment, cwd=here, check=False)
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace")[-2000:]
            if not report.exists():
                raise CommandFailed(f"{' '.join(command.arguments)}: did not run: {said}")
            values = json.loads(report.read_text())
        if values["status"] not in command.fine:
            raise CommandFailed(f"{' '.join(command.arguments)}: ended with {values['status']}: {said}")
        return Measured(values["wall"], values["user"] + values["system"], values["peak"],
                        tuple(tuple(sample) for sample in values["samples"]))

    def text(self, command):
        """What the command prints, and its measure."""
        with tempfile.NamedTemporaryFile(dir=self.work) as output:
            measured = self.run(command, output.name)
            return Path(output.name).read_text("utf-8", "replace"), measured

    def interleave(self, contenders, repeats):
        """Runs all contenders (name -> Command) in turn, `repeats` times: name -> list of Measured, so that a slow
        minute of the machine meets all of them."""
        found = {name: [] for name in contenders}
        for _ in range(repeats):
            for name, command in contenders.items():
                found[name].append(self.run(command))
        return found


def best(measures):
    """The run with the least wall time; the peak is that of all runs."""
    least = min(measures, key=lambda measured: measured.wall)
    return dataclasses.replace(least, cpu=min(m.cpu for m in measures), peak=max(m.peak for m in measures))
