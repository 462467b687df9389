#!/usr/bin/env python3
"""Writes src/knowledge/data/attack-18.tsv from MITRE's STIX 2 bundles of ATT&CK.

    scripts/attack_tables.py --release 18.1 enterprise-attack.json[.gz] mobile-attack.json[.gz] > src/knowledge/data/attack-18.tsv

Ids, names, tactics and years only: no descriptions. What was revoked keeps its line, with the id that took its place.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path

NOTICE = """\
# (c) The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
# ATT&CK(R) is a registered trademark of The MITRE Corporation. Ids, names, tactics and years; made by
# scripts/attack_tables.py from MITRE's STIX bundles.
"""
COLUMNS = "# kind\tdomain\tid\tname\tyear\ttactics, or the id that took its place\tstate"
SOURCE_NAMES = ("mitre-attack", "mitre-mobile-attack", "mobile-mitre-attack")
TACTIC_KIND, TECHNIQUE_KIND = "x-mitre-tactic", "attack-pattern"


def load(path: Path) -> list[dict]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return json.load(file)["objects"]


def external_id(thing: dict) -> str:
    return next(r["external_id"] for r in thing["external_references"] if r["source_name"] in SOURCE_NAMES)


def state_of(thing: dict) -> str:
    if thing.get("revoked"):
        return "revoked"
    return "deprecated" if thing.get("x_mitre_deprecated") else "current"


def successors(objects: list[dict]) -> dict[str, str]:
    ids = {o["id"]: o for o in objects}
    return {
        o["source_ref"]: external_id(ids[o["target_ref"]])
        for o in objects
        if o["type"] == "relationship" and o["relationship_type"] == "revoked-by" and o["target_ref"] in ids
        and ids[o["target_ref"]]["type"] == TECHNIQUE_KIND
    }


def rows(objects: list[dict], domain: str):
    taken_by = successors(objects)
    for thing in objects:
        if thing["type"] == TACTIC_KIND:
            yield ("tactic", domain, external_id(thing), thing["name"], "", thing["x_mitre_shortname"], state_of(thing))
        elif thing["type"] == TECHNIQUE_KIND:
            state = state_of(thing)
            phases = [p["phase_name"] for p in thing.get("kill_chain_phases", []) if "mitre" in p["kill_chain_name"]]
            where = taken_by.get(thing["id"], "") if state == "revoked" else ",".join(sorted(phases))
            yield ("technique", domain, external_id(thing), thing["name"], thing["created"][:4], where, state)


def order(row: tuple) -> tuple:
    # One id may stand on an old, revoked object and on the one in force: that comes first.
    return (row[0], row[1], row[2], row[6] != "current", row[3])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--release", required=True, help="of ATT&CK: the bundles do not say it")
    parser.add_argument("bundles", nargs=2, type=Path, metavar="BUNDLE", help="Enterprise, then Mobile")
    arguments = parser.parse_args()
    found = {}
    for domain, path in zip(("enterprise", "mobile"), arguments.bundles):
        for row in sorted(rows(load(path), domain), key=order):
            found.setdefault(row[:3], row)
    sys.stdout.write(f"{NOTICE}# release\t{arguments.release}\n{COLUMNS}\n")
    for row in sorted(found.values(), key=order):
        if any("\t" in cell or "\n" in cell for cell in row):
            sys.exit(f"a tab or line break in {row}")
        sys.stdout.write("\t".join(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
