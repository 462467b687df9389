#!/usr/bin/env python3
"""The table of docs/rules.md: every rule of ours, and how often it fires on public samples and on normal weeks.

usage: rules_table.py [--check] [--tocsin PROGRAM] [--makers PROGRAM] [--corpus FOLDER]

Without --check it scans and rewrites what stands between the marks of docs/rules.md. With --check it scans nothing and
fails where the table lacks a rule, has one that is gone, or says another level or other techniques than the rule.
"""

import argparse
import collections
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/rules.md"
BEGIN, END = "<!-- rules_table.py writes from here -->\n", "<!-- to here -->\n"
LEVELS = ["critical", "high", "medium", "low", "informational"]
SEEDS = [20260302, 1, 2]


def read_rules():
    """Name, level and techniques of each rule; our rules are written in one plain form, which needs no YAML reader."""
    for path in sorted((ROOT / "rules/windows").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        level = re.search(r"^level: (\w+)$", text, re.M)
        techniques = re.findall(r"^  - attack\.(t\d{4}(?:\.\d{3})?)$", text, re.M)
        if not level or level[1] not in LEVELS or not techniques:
            sys.exit(f"{path.name}: expected a level and a tag attack.tNNNN, each on a line of its own")
        yield path.stem, level[1], [technique.upper() for technique in techniques]


def row_head(name, level, techniques):
    return f"| [{name}](../rules/windows/{name}.yml) | {level} | {' '.join(dict.fromkeys(techniques))} |"


def scan(tocsin, evidence):
    """Findings (each happening once) and files with findings, by rule."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.jsonl"
        command = [tocsin, "scan", evidence, "--rules", ROOT / "rules/windows", "-f", "jsonl", "-o", results, "-q"]
        subprocess.run(command, check=True)
        findings, files = collections.Counter(), collections.defaultdict(set)
        for line in results.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            if item["type"] == "finding" and not item.get("same_as"):
                name = Path(item["rule"]["file"]).stem
                findings[name] += 1
                files[name].add((item["source"]["path"], item["source"]["container"]))
        return findings, files


def normal_weeks(tocsin, makers):
    total = collections.Counter()
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            scenario = ROOT / "tests/makers/scenarios/normal_week.yml"
            subprocess.run([makers, folder, scenario, str(seed)], check=True, stdout=subprocess.DEVNULL)
            total += scan(tocsin, folder)[0]
    return total


def table(rules, options):
    campaigns, _ = scan(options.tocsin, options.corpus / "windows-json/compound")
    _, samples = scan(options.tocsin, options.corpus / "evtx-attack-samples")
    weeks = normal_weeks(options.tocsin, options.makers)
    lines = ["| rule | level | techniques | campaigns | samples | weeks |\n", "|---|---|---|---|---|---|\n"]
    for name, level, techniques in sorted(rules, key=lambda rule: (LEVELS.index(rule[1]), rule[0])):
        counts = (campaigns[name], len(samples[name]), weeks[name])
        cells = " | ".join(str(count) if count else "–" for count in counts)
        lines.append(f"{row_head(name, level, techniques)} {cells} |\n")
    return "".join(lines)


def parts_of_page():
    head, found, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    middle, found_end, tail = rest.partition(END)
    if not found or not found_end:
        sys.exit(f"{PAGE.name}: expected the lines {BEGIN.strip()} and {END.strip()}")
    return head, middle, tail


def check(rules):
    expected = {row_head(*rule) for rule in rules}
    found = {re.match(r"^\|[^|]*\|[^|]*\|[^|]*\|", line)[0] for line in parts_of_page()[1].splitlines()[2:]}
    wrong = sorted(expected ^ found)
    for head in wrong:
        print(f"docs/rules.md: {'missing' if head in expected else 'not so in rules/windows'}: {head}")
    if wrong:
        print("run scripts/rules_table.py, and look at what the new counts say")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="scan nothing; say where table and rules differ")
    parser.add_argument("--tocsin", type=Path, default=ROOT / "build/release/tocsin")
    parser.add_argument("--makers", type=Path, default=ROOT / "build/release/tests/makers/make_demo_evidence")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared/corpus")
    options = parser.parse_args()
    rules = list(read_rules())
    if options.check:
        return check(rules)
    for needed in (options.tocsin, options.makers, options.corpus):
        if not needed.exists():
            sys.exit(f"not there: {needed}; build first (make build), or name it (--help)")
    head, _, tail = parts_of_page()
    PAGE.write_text(head + BEGIN + table(rules, options) + END + tail, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
