"""Reads what make_writer_samples wrote with the `evtx` package and compares field for field with the expectation.

usage: compare_with_evtx.py MAKE_WRITER_SAMPLES FOLDER
Exit code 77 (skipped) where the package is not installed.
"""

import json
import pathlib
import re
import subprocess
import sys

SKIPPED = 77
GUID = re.compile(r"^\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?$")
TIME = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\d?Z$")
# What evtx 0.14 loses, by place: it keeps only the first root of a nested value.
KNOWN_LOST = {"/Event/RenderingInfo"}


def normal(value):
    """evtx 0.14 writes GUIDs upper-case without braces and times with six digits; nothing else is smoothed out."""
    if not isinstance(value, str):
        return value
    if GUID.match(value):
        return value.strip("{}").upper()
    if match := TIME.match(value):
        return match.group(1) + "Z"
    return value


def differences(found, expected, place=""):
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in expected:
            if key not in found:
                if f"{place}/{key}" not in KNOWN_LOST:
                    yield f"{place}/{key}: expected {expected[key]!r}, found nothing"
            else:
                yield from differences(found[key], expected[key], f"{place}/{key}")
        for key in found.keys() - expected.keys():
            yield f"{place}/{key}: expected nothing, found {found[key]!r}"
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for index, (left, right) in enumerate(zip(found, expected)):
            yield from differences(left, right, f"{place}[{index}]")
    elif normal(found) != normal(expected) or type(found) is not type(expected):
        yield f"{place}: expected {expected!r}, found {found!r}"


def compare(path, parser):
    expected = [json.loads(line) for line in path.with_suffix(".expected.jsonl").read_text().splitlines()]
    found = []
    for record in parser(str(path)).records_json():
        if isinstance(record, Exception):
            yield f"{path.name}: {record}"
        else:
            found.append(json.loads(record["data"]))
    if len(found) != len(expected):
        yield f"{path.name}: expected {len(expected)} records, found {len(found)}"
    for number, (left, right) in enumerate(zip(found, expected), 1):
        for difference in differences(left, right):
            yield f"{path.name} record {number} {difference}"


def main():
    try:
        from evtx import PyEvtxParser
    except ImportError:
        print("skipped: the Python package `evtx` is not installed (scripts/setup installs it)")
        return SKIPPED
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    subprocess.run([program, str(folder)], check=True)
    files = sorted(folder.glob("*.evtx"))
    problems = [problem for path in files for problem in compare(path, PyEvtxParser)]
    print("\n".join(problems[:50]))
    print(f"{len(files)} files, {len(problems)} differences")
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
