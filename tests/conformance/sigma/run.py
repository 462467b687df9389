#!/usr/bin/env python3
"""Holds a Sigma engine against the conformance suite. README.md describes the format and how to drive an engine.

Ends with 0 if every case went as it should, 1 if one did not, 2 if the engine could not be asked.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

try:
    import suite
except ImportError as error:
    sys.exit(f"run.py needs the Python package PyYAML (pip install pyyaml): {error}")

TOCSIN = os.environ.get("TOCSIN_BINARY", "tocsin")
TIMEOUT = 300


class CannotAsk(Exception):
    pass


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def export(cases, placeholders, folder):
    for case in cases:
        if case.refused:
            write(folder / "refused" / f"{case.id}.yml", case.rule)
            write(folder / "refused" / f"{case.id}.twin.yml", case.twin)
            continue
        write(folder / "rules" / case.file / f"{case.id}.yml", case.rule)
        for side in ("match", "miss"):
            log = "".join(event + "\n" for event in getattr(case, side))
            write(folder / "logs" / case.file / f"{case.id}.{side}.json", log)
    for name, values in placeholders.items():
        write(folder / "placeholders" / f"{name}.txt", "".join(value + "\n" for value in values))
    expected = [{"id": case.id, "rule": case.uuid, "match": case.findings, "miss": 0}
                for case in cases if not case.refused]
    write(folder / "expected.json", json.dumps(expected, indent=1) + "\n")


def ask(command, **places):
    words = []
    for word in shlex.split(command):
        words += places["expand"] if word == "{expand}" else [word.format(**places)]
    try:
        return subprocess.run(words, capture_output=True, timeout=TIMEOUT, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotAsk(f"{' '.join(words)}: {error}") from error


def at(value, path):
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def is_finding(line, only_type):
    """Is the line a finding? One that is no JSON object, or has no `type`, is."""
    try:
        record = json.loads(line.decode("utf-8", "replace"))
    except ValueError:
        return True
    return not only_type or not isinstance(record, dict) or record.get("type", only_type) == only_type


def batch(options, cases, folder, expand):
    """Findings by (rule's id, log's name)."""
    found = Counter()
    for file in sorted({case.file for case in cases}):
        run = ask(options.batch, rules=folder / "rules" / file, logs=folder / "logs" / file, expand=expand)
        if run.returncode != 0:
            raise CannotAsk(f"{file}: the engine ended with {run.returncode}: {run.stderr.decode('utf-8', 'replace')}")
        for line in run.stdout.split(b"\n"):
            if not line.strip() or not is_finding(line, options.only_type):
                continue
            record = json.loads(line.decode("utf-8", "replace"))
            found[at(record, options.rule_key), Path(at(record, options.log_key) or "").name] += 1
    return found


def each(options, cases, folder, expand):
    found = Counter()
    for case in cases:
        for side in ("match", "miss"):
            name = f"{case.id}.{side}.json"
            run = ask(options.each, rule=folder / "rules" / case.file / f"{case.id}.yml",
                      log=folder / "logs" / case.file / name, expand=expand)
            if run.returncode != 0:
                raise CannotAsk(f"{name}: the engine ended with {run.returncode}: "
                                + run.stderr.decode("utf-8", "replace"))
            found[case.uuid, name] = sum(case.uuid.encode() in line and is_finding(line, options.only_type)
                                         for line in run.stdout.split(b"\n"))
    return found


def wrong_refusals(options, case, folder):
    if not options.check:
        return
    for name, refuse in ((f"{case.id}.yml", True), (f"{case.id}.twin.yml", False)):
        run = ask(options.check, rule=folder / "refused" / name, expand=[])
        said = (run.stdout + run.stderr).decode("utf-8", "replace")
        if (run.returncode != 0) != refuse:
            yield f"{name} was {'taken' if refuse else 'refused'}: {said}"
        elif refuse and options.codes and case.refused not in said:
            yield f"{name} was refused without {case.refused}: {said}"


def judge(options, cases, placeholders, folder):
    """What went otherwise, one text each."""
    export(cases, placeholders, folder)
    expand = []
    for name in placeholders:
        expand += ["--expand", f"{name}={folder / 'placeholders' / name}.txt"]
    logs = [case for case in cases if not case.refused]
    found = (each if options.each else batch)(options, logs, folder, expand)
    for case in cases:
        if case.refused:
            for text in wrong_refusals(options, case, folder):
                yield f"{case.file}: {case.id}: {case.why}\n  {text}"
            continue
        for side, expected in (("match", case.findings), ("miss", 0)):
            count = found[case.uuid, f"{case.id}.{side}.json"]
            if count != expected:
                yield (f"{case.file}: {case.id}: {case.why}\n  {count} findings in `{side}`, expected {expected}\n"
                       + suite.indented(case.rule, "    ") + "".join(f"    {e}\n" for e in getattr(case, side)))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", metavar="COMMAND",
                        default=f"{TOCSIN} scan {{logs}} --rules {{rules}} {{expand}} --format jsonl --quiet")
    parser.add_argument("--each", metavar="COMMAND", default="")
    parser.add_argument("--check", metavar="COMMAND", default=f"{TOCSIN} rules check {{rule}}")
    parser.add_argument("--codes", action="store_true", help="refusals must name the code of the case")
    parser.add_argument("--rule-key", default="rule.id")
    parser.add_argument("--log-key", default="source.path")
    parser.add_argument("--only-type", default="finding", help="of the JSON objects with a `type`; '' takes all")
    parser.add_argument("--only", metavar="REGEX", default="", help="only the cases whose id holds this")
    parser.add_argument("--export", metavar="DIR", help="write rules and logs there and run nothing")
    return parser.parse_args()


def main():
    options = parse()
    cases, placeholders = suite.load(options.only)
    if options.export:
        export(cases, placeholders, Path(options.export))
        print(f"{len(cases)} cases written to {options.export}")
        return 0
    with tempfile.TemporaryDirectory(prefix="sigma-suite-") as folder:
        try:
            wrong = list(judge(options, cases, placeholders, Path(folder)))
        except CannotAsk as error:
            print(f"run.py: {error}", file=sys.stderr)
            return 2
    for text in wrong:
        print(text)
    print(f"{len(cases)} cases, {len(wrong)} went otherwise")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
