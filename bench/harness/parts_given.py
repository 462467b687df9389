"""The part "given": other detectors, where the user names their programs. They judge with rules of their own, so that their
answers cannot be compared: times and memory only, no ratio."""

import os
import shlex

from commands import Command, CommandFailed
from lines import Line

# {program}, {evidence}, {rules} and {output} are replaced. A variable NAME_ARGUMENTS overrides a line.
USUAL = {
    "hayabusa": "{program} json-timeline --directory {evidence} --output {output} --no-wizard --quiet --JSONL-output",
    "chainsaw": "{program} hunt {evidence} --sigma {rules} --mapping {program}.yml --json --output {output} --quiet",
    "zircolite": "python3 {program} --evtx {evidence} --outfile {output}",
}


def run(bench):
    data_set, lines = bench.channels() or bench.fleet("evtx"), []
    for name, usual in USUAL.items():
        program = bench.peers.get(name)
        if not program:
            bench.say(f"given: {name} is skipped: {bench.peers.missing[name]}")
            continue
        template = os.environ.get(f"TOCSIN_{name.upper()}_ARGUMENTS", usual)
        output = bench.runner.work / f"{name}.output"
        output.unlink(missing_ok=True)
        values = {"program": program, "evidence": data_set.path, "rules": bench.rules[0] if bench.rules else "", "output": output}
        try:
            measured = bench.runner.run(Command.of(*(word.format(**values) for word in shlex.split(template))))
        except CommandFailed as trouble:
            bench.say(f"given: {name} is skipped: {trouble}")
            continue
        finally:
            output.unlink(missing_ok=True)
        lines.append(Line(f"{data_set.name}: {name}", None, measured, name, note="its own rules: answers are not compared"))
    return {"lines": [line.as_json() for line in lines]}
