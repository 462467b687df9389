#!/usr/bin/env python3
"""gate.py TOCSIN MAKE_FLEET [--accept]: the gate against slow changes that no noise can shake.

Counts the instructions that a scan of small made evidence with the built-in rules takes, under valgrind's cachegrind, and
compares them with bench/instructions.json. What a scan costs before it reads an event (loading, compiling) is counted apart,
on evidence without events that matter, and taken off, so that the figure is instructions per event.

More than 3 % off either way ends with 1: slower is to be mended or accepted, faster is to be kept. --accept writes the
new figures. Skipped (77) where there is no valgrind, or another compiler made the program.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FIGURES = Path(__file__).resolve().parent.parent / "instructions.json"
TOLERANCE = 0.03
MEGABYTES = {"evtx": 2, "ndjson": 2}
TOTAL = re.compile(r"I\s+refs:\s+([\d,]+)")


def instructions(tocsin, evidence, folder):
    """Of a scan on one thread; the output goes nowhere."""
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={folder}/counts", tocsin, "scan",
               evidence, "--threads", "1", "--format", "jsonl", "--quiet", "--no-config", "--no-sandbox"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          env={"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": f"{folder}/cache", "HOME": folder, "LC_ALL": "C"},
                          check=False)
    found = TOTAL.search(done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"gate: {' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return int(found[1].replace(",", ""))


def compiler(tocsin):
    said = subprocess.run([tocsin, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(GNU|GCC|Clang)[^\n,]*", said)
    return found[0].strip() if found else "unknown"


def measure(tocsin, make_fleet):
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder) / "nothing.ndjson"
        nothing.write_text('{"EventID":1,"Channel":"None"}\n')
        instructions(tocsin, nothing, folder)  # warms the rule cache
        begin = instructions(tocsin, nothing, folder)
        figures["start"] = begin
        for form, megabytes in MEGABYTES.items():
            evidence = Path(folder) / form
            made = subprocess.run([make_fleet, evidence, "--format", form, "--megabytes", str(megabytes), "--seed", "1"],
                                  capture_output=True, check=True)
            figures[f"{form} event"] = round((instructions(tocsin, evidence, folder) - begin) / json.loads(made.stdout)["events"])
    return figures


def judge(figures, accepted):
    """What is off, as sentences."""
    said = []
    for name, count in figures.items():
        before = accepted.get(name)
        if before is None:
            said.append(f"{name}: no figure is checked in, {count:,} counted")
        elif abs(count / before - 1) > TOLERANCE:
            word = "more" if count > before else "fewer"
            said.append(f"{name}: {count:,} instructions, {abs(count / before - 1):.1%} {word} than the {before:,} checked in")
    return said


def main(arguments):
    accept = "--accept" in arguments
    words = [word for word in arguments if word != "--accept"]
    if len(words) != 2:
        sys.exit("usage: gate.py TOCSIN MAKE_FLEET [--accept]")
    if not shutil.which("valgrind"):
        print("gate: skipped: valgrind is not here (scripts/setup installs it)")
        return 77
    tocsin, make_fleet = (Path(word).resolve() for word in words)
    kept = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    if not accept and kept.get("compiler") != compiler(tocsin):
        print(f"gate: skipped: built by {compiler(tocsin)}, the figures are of {kept.get('compiler')}")
        return 77
    figures = measure(tocsin, make_fleet)
    for name, count in figures.items():
        print(f"gate: {name}: {count:,} instructions")
    if accept:
        FIGURES.write_text(json.dumps({"compiler": compiler(tocsin), "instructions": figures}, indent=1) + "\n")
        print(f"gate: accepted into bench/{FIGURES.name}; commit it with the change that explains it")
        return 0
    off = judge(figures, kept["instructions"])
    for sentence in off:
        print(f"gate: {sentence}")
    if off:
        print("gate: allowed is 3 % either way. If the change is wanted, run `make bench-accept` and commit "
              f"bench/{FIGURES.name} with the reason")
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
