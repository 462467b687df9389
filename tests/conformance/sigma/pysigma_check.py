#!/usr/bin/env python3
"""Asks pySigma with its SQLite backend what the suite asks Tocsin, and compares with pysigma_differences.yml.

Each event is one row of a table; its columns compare without case, as Zircolite builds them. Left out are events that
are not flat (arrays, objects, several findings from several events) and the files about log sources, twins and script
blocks: without a pipeline of its own the backend knows no log sources.

A difference that the file does not explain fails, and so does an explanation of what is no difference any more.
Ends with 0, 1 for that, and 77 where pySigma is not installed.
"""

import json
import re
import sqlite3
import sys

try:
    import suite
    import yaml
    from sigma.backends.sqlite import sqliteBackend
    from sigma.collection import SigmaCollection
    from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
    from sigma.processing.transformations import ValueListPlaceholderTransformation
except ImportError as error:
    print(f"skipped: {error} (scripts/setup installs it)")
    sys.exit(77)

LEFT_OUT = re.compile("^(4|60)")  # log sources, twins, script blocks; proofs
FULL_TEXT = "all_values"


def column(value):
    return str(value).lower() if isinstance(value, bool) else value


def table(events, fields):
    connection = sqlite3.connect(":memory:")
    connection.create_function(
        "regexp", 2, lambda pattern, value: value is not None and re.search(pattern, str(value)) is not None)
    quoted = ", ".join('"{}" COLLATE NOCASE'.format(name.replace('"', '""')) for name in fields)
    connection.execute(f"CREATE TABLE logs ({quoted})")
    for event in events:
        text = "\n".join(str(column(value)) for value in event.values() if value is not None)
        row = [text if name == FULL_TEXT else column(event.get(name)) for name in fields]
        row = [str(value) if isinstance(value, int) and abs(value) >= 2**63 else value for value in row]
        connection.execute(f"INSERT INTO logs VALUES ({', '.join('?' * len(row))})", row)
    return connection


def is_flat(event):
    return not any(isinstance(value, (list, dict)) for value in event.values())


def backend(placeholders):
    pipeline = ProcessingPipeline(items=[ProcessingItem(ValueListPlaceholderTransformation())], vars=placeholders)
    return sqliteBackend(pipeline, fulltext_field=FULL_TEXT)


def answers(case, placeholders):
    """(side, event, found) for each event that the backend can be asked about."""
    query = backend(placeholders).convert(SigmaCollection.from_yaml(case.rule))
    for side in ("match", "miss"):
        for line in getattr(case, side):
            event = json.loads(line)
            if not is_flat(event):
                continue
            named = {name.replace(" ", ""): value for name, value in event.items()}
            rule_fields = re.findall(r"\w+", case.rule)  # and more words than fields
            fields = list(dict.fromkeys([*named, *rule_fields, FULL_TEXT]))
            seen = set()
            fields = [f for f in fields if not (f.lower() in seen or seen.add(f.lower()))]
            connection = table([named], fields)
            yield side, line, any(connection.execute(one).fetchall() for one in query)
            connection.close()


def difference(case, placeholders):
    """In words, or None; and how many events were asked about."""
    if case.refused:
        try:
            backend(placeholders).convert(SigmaCollection.from_yaml(case.rule))
        except Exception:  # noqa: BLE001 - any refusal is one
            pass
        else:
            return "takes the rule that is to be refused", 1
        try:
            backend(placeholders).convert(SigmaCollection.from_yaml(case.twin))
        except Exception as error:  # noqa: BLE001
            return f"refuses the twin: {type(error).__name__}: {error}", 1
        return None, 2
    try:
        said = list(answers(case, placeholders))
    except Exception as error:  # noqa: BLE001 - whatever it cannot do is told
        return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}", 0
    for side, line, found in said:
        if found != (side == "match"):
            return f"{'finds' if found else 'does not find'} in `{side}`: {line}", len(said)
    return None, len(said)


def main():
    cases, placeholders = suite.load()
    explained = {}
    document = yaml.safe_load((suite.HERE / "pysigma_differences.yml").read_text(encoding="utf-8"))
    for entry in document["differences"]:
        for name in entry["cases"]:
            if name in explained:
                print(f"{name} is explained twice")
            explained[name] = entry["reason"]
    asked, differences, wrong = 0, {}, []
    for case in cases:
        if LEFT_OUT.match(case.file):
            continue
        found, events = difference(case, placeholders)
        asked += events
        if found:
            differences[case.id] = found
    for name in differences.keys() - explained.keys():
        wrong.append(f"{name}: pySigma {differences[name]}; the file does not explain it")
    for name in explained.keys() - differences.keys():
        wrong.append(f"{name}: explained, but pySigma now says the same")
    for text in sorted(wrong):
        print(text)
    print(f"{asked} questions, {len(differences)} cases with differences, {len(explained)} explained, "
          f"{len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
