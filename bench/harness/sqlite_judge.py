#!/usr/bin/env python3
"""sqlite_judge.py LOGSOURCES.yml LINES.ndjson RULES_DIR...: judges flat events with pySigma's SQLite backend.

Prints one JSON object: {"found": {rule id: [line numbers]}, "refused": {rule id: why}, "seconds": of the queries}. Each query
gets the conditions of the rule's log source (rsigma_gate.py). Needs PyYAML, pySigma and its SQLite backend.
"""

import json
import re
import sqlite3
import sys
import time
from pathlib import Path

import yaml
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

from rsigma_gate import gate_of

RENAMED = {"SourceName": "Provider_Name"}
NO_COLUMN = re.compile(r"no such column: (.+)")


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def text_of(value):
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, (dict, list, bool)) else str(value)


class Table:
    """All events as rows of texts; a column that a rule asks for and no event has is added, empty."""

    def __init__(self, path):
        self.database = sqlite3.connect(":memory:")
        self.database.create_function("REGEXP", 2, lambda pattern, text: text is not None and re.search(pattern, text) is not None)
        with open(path, encoding="utf-8") as lines:
            events = [json.loads(line) for line in lines]
        names = {}
        for event in events:
            for name in event:
                names.setdefault(RENAMED.get(name, name).casefold(), RENAMED.get(name, name))
        self.columns = list(names.values())
        self.database.execute(f"CREATE TABLE logs ({', '.join(quoted(name) + ' TEXT' for name in self.columns)})")
        insert = f"INSERT INTO logs VALUES ({', '.join('?' * len(self.columns))})"
        self.database.executemany(insert, (self._row(event) for event in events))

    def _row(self, event):
        values = {RENAMED.get(name, name).casefold(): text_of(value) for name, value in event.items()}
        return [values.get(name.casefold()) for name in self.columns]

    def lines(self, condition):
        """Numbers of the lines that a WHERE condition holds for."""
        for _ in range(100):
            try:
                return [row[0] for row in self.database.execute(f"SELECT rowid FROM logs WHERE {condition}")]
            except sqlite3.OperationalError as error:
                missing = NO_COLUMN.search(str(error))
                if not missing:
                    raise
                self.database.execute(f"ALTER TABLE logs ADD COLUMN {quoted(missing[1].strip('`').strip(chr(34)))} TEXT")
        raise sqlite3.OperationalError("more columns than anybody asks for")


def literal(value):
    return "'" + str(value).replace("'", "''") + "'"


def gate_condition(gate):
    ways = []
    for wanted in gate["alternatives"]:
        parts = [f"{quoted(field)} COLLATE NOCASE IN ({', '.join(map(literal, values))})" for field, values in wanted.items()]
        ways.append("(" + (" AND ".join(parts) or "1") + ")")
    return " OR ".join(ways)


def judge(rule_text, document, table, known):
    """(rule id, lines or nothing, why it was refused) of one rule file."""
    rule = yaml.load(rule_text, yaml.CSafeLoader)
    source = tuple(rule["logsource"].get(key) for key in ("product", "category", "service"))
    gate = known.setdefault(source, gate_of(document, source))
    if not gate["alternatives"]:
        return str(rule["id"]), [], None
    try:
        queries = sqliteBackend().convert(SigmaCollection.from_yaml(rule_text))
        conditions = " OR ".join(f"({query.partition(' WHERE ')[2]})" for query in queries)
        return str(rule["id"]), table.lines(f"({gate_condition(gate)}) AND ({conditions})"), None
    except Exception as error:  # pylint: disable=broad-except  # whatever the backend throws, the rule is refused
        return str(rule["id"]), None, f"{type(error).__name__}: {error}"[:200]


def main(log_sources, events, *folders):
    document = yaml.load(Path(log_sources).read_text("utf-8"), yaml.CSafeLoader)
    table, known = Table(events), {}
    found, refused, begin = {}, {}, time.monotonic()
    for path in (path for folder in folders for path in sorted(Path(folder).rglob("*.yml"))):
        text = path.read_text("utf-8", "replace")
        if "\ndetection:" not in text or "\n---" in text:
            continue
        rule, lines, why = judge(text, document, table, known)
        if why:
            refused[rule] = why
        elif lines:
            found[rule] = lines
    json.dump({"found": found, "refused": refused, "seconds": time.monotonic() - begin}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
