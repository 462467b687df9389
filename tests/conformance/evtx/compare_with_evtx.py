"""Field for field equality with PyPI's `evtx` package on every record of the corpus.

usage: compare_with_evtx.py DUMP_RECORDS [CORPUS_FOLDER]
The corpus is TOCSIN_CORPUS where that is set. Exit code 77 (skipped) where the package or the corpus is absent.

Compared is the JSON of every record: keys, their order, values and types. What is made equal first, and which
differences are known, is in the two sections below, each with its reason; anything else fails.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import warnings

SKIPPED = 77
FOLDERS = ("evtx-attack-samples", "sigma-regression", "evtx-live-samples")

# --- made equal before comparing -----------------------------------------------------------------------------------

GUID = re.compile(r"^\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?$")
TIME = re.compile(r"^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\d*Z$")
NUMBER = re.compile(r"^-?\d+$")


class Absent:
    def __repr__(self):
        return "nothing"


ABSENT = Absent()


class Pairs(list):
    """A JSON object with its keys in order, duplicates kept."""


def normal(value):
    """evtx 0.14 writes GUIDs upper-case without braces and times with six digits (ours: as Windows, seven)."""
    if isinstance(value, str):
        if match := GUID.match(value):
            return match.group(1).upper()
        if match := TIME.match(value):
            return match.group(1) + "Z"
        return value
    if isinstance(value, Pairs):
        return Pairs((key, normal(item)) for key, item in value)
    if isinstance(value, list):
        return [normal(item) for item in value]
    return value


# --- known differences ---------------------------------------------------------------------------------------------


# Records that only we read, by file: evtx goes on behind the size of a half overwritten record, we look inside it.
ONLY_OURS = {"evtx-live-samples/sample_with_a_bad_chunk_magic.evtx": set(range(47675, 47706))}


def known(ours, theirs, where):
    """The reason why this difference is right, or None."""
    null_kept = "evtx 0.14 shows an element that depends on a NULL value; Windows and evtx 0.15 leave it out"
    if ours is ABSENT and (theirs is None or where.endswith("/Data") and theirs == [("#text", "")]):
        return null_kept
    if ours is None and theirs == [("Data", [("#text", "")]), ("Binary", None)]:
        return null_kept
    if where == "/Event/RenderingInfo" and theirs is ABSENT:
        return "evtx keeps only the first of several trees in one nested value"
    return None


# --- comparing -----------------------------------------------------------------------------------------------------


def differences(ours, theirs, where=""):
    if isinstance(ours, Pairs) and isinstance(theirs, Pairs):
        yield from differences_of_objects(ours, theirs, where)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for left, right in zip(ours, theirs):
            yield from differences(left, right, f"{where}[]")
    elif ours != theirs or type(ours) is not type(theirs):
        yield where, ours, theirs


def differences_of_objects(ours, theirs, where):
    """Walks both in order; a key that only one side has is a difference by itself."""
    left, right, seen = list(ours), list(theirs), collections.Counter()
    while left or right:
        if right and left:
            # evtx 0.14 repeats a key that comes back later in an EventData; ours (and 0.15) counts it: X, X_1.
            key = right[0][0]
            expected = f"{key}_{seen[key]}" if seen[key] else key
        if left and right and left[0][0] == expected:
            seen[key] += 1
            (key, mine), (_, other) = left.pop(0), right.pop(0)
            yield from differences(mine, other, f"{where}/{key}")
        elif right and not (left and any(key == expected for key, _ in left)):
            key, other = right.pop(0)
            yield f"{where}/{key}", ABSENT, other
        elif left:
            key, mine = left.pop(0)
            yield f"{where}/{key}", mine, ABSENT


def ours_of(program, paths):
    """Path -> list of (header id, event), and path -> anomalies."""
    events, anomalies, current = collections.defaultdict(list), collections.defaultdict(list), None
    run = subprocess.run([program, *map(str, paths)], stdout=subprocess.PIPE, check=True)
    for line in run.stdout.split(b"\n"):
        if not line:
            continue
        item = dict(json.loads(line.decode("utf-8"), object_pairs_hook=Pairs))
        if "file" in item:
            current = item["file"]
        elif "anomaly" in item:
            anomalies[current].append(item)
        else:
            events[current].append((item["header_id"], normal(item["event"])))
    return events, anomalies


def theirs_of(parser, path):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            records = parser(str(path), skip_errors=True).records_json()
            found = [(r["event_record_id"], normal(json.loads(r["data"], object_pairs_hook=Pairs))) for r in records]
        except RuntimeError as error:
            return [], [str(error)]
    return found, [str(warning.message) for warning in caught]


def compare_file(path, ours, theirs, counts):
    """Each of their records must be among ours; what only we have is counted."""
    by_id = collections.defaultdict(list)
    for number, event in ours:
        by_id[number].append(event)
    for number, event in theirs:
        candidates = by_id.get(number)
        if not candidates:
            yield f"{path}: record {number} is missing"
            continue
        counts["compared"] += 1
        best = min(candidates, key=lambda candidate: len(list(differences(candidate, event))))
        candidates.remove(best)
        for where, left, right in differences(best, event):
            if reason := known(left, right, where):
                counts[reason] += 1
            else:
                yield f"{path}: record {number} {where}: ours {left!r}, theirs {right!r}"
    for number, events in by_id.items():
        if events and number not in ONLY_OURS.get(str(path), ()):
            yield f"{path}: record {number} is only ours"
        counts["ours only"] += len(events)


def main():
    try:
        from evtx import PyEvtxParser
    except ImportError:
        print("skipped: the Python package evtx is not installed (tests/requirements.in)")
        return SKIPPED
    default = pathlib.Path(__file__).resolve().parents[3].parent / "shared" / "corpus"
    corpus = pathlib.Path(os.environ.get("TOCSIN_CORPUS") or (sys.argv[2] if len(sys.argv) > 2 else default))
    paths = sorted(path for folder in FOLDERS for path in (corpus / folder).rglob("*.evtx"))
    if not paths:
        print(f"skipped: no EVTX files below {corpus}")
        return SKIPPED
    events, anomalies = ours_of(sys.argv[1], paths)
    counts, failures = collections.Counter(), []
    for path in paths:
        theirs, errors = theirs_of(PyEvtxParser, path)
        counts["their errors"] += len(errors)
        failures += compare_file(path.relative_to(corpus), events[str(path)], theirs, counts)
    print("\n".join(failures[:100]))
    print(f"{len(paths)} files, {counts.pop('compared')} records compared, {len(failures)} unknown differences")
    for reason, count in sorted(counts.items()):
        print(f"  {count} times: {reason}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
