#!/usr/bin/env python3
"""rsigma_gate.py LOGSOURCES.yml RULES_DIR...: for each rule, as JSON, which events are of its log source, as Tocsin's own
log-source file has it: {rule id: {"variants": [names], "wanted": {field: [values]}}}.

rsigma judges every rule on every event. It can be told the log sources by a pipeline of added conditions, but these take
its index of literals away and make it ten times slower; so it is timed without, and what it finds is gated afterwards,
at no cost to it. Not in the gate: logs that tell the same under other field names (a Security 4688 for a rule on process
creation), which rsigma does not know. Needs PyYAML.
"""

import json
import sys
from pathlib import Path

import yaml


def listed(value):
    return value if isinstance(value, list) else [value]


def variants(entry, logs):
    """(name, channels, event ids, other fields' values) of each log of the entry that needs no mapping of fields."""
    for variant in entry.get("variants", [entry] if "log" in entry or "channel" in entry else []):
        log = logs.get(variant.get("log"), {})
        channels = variant.get("channel", log.get("channel"))
        if "mapping" in variant or channels is None:
            continue
        name = variant.get("name") or variant.get("log") or entry.get("service")
        yield name, listed(channels), listed(variant.get("event-id", [])), variant.get("only", {})


def gate_of(document, source):
    """What an event must have to be of this log source: alternatives, each field -> values."""
    product, category, service = source
    names, alternatives = [], []
    for entry in document["logsources"]:
        key, value = ("category", category) if category else ("service", service)
        if product not in ("windows", None) or (product is None and not entry.get("any-product")) or entry.get(key) != value:
            continue
        for name, channels, ids, only in variants(entry, document.get("logs", {})):
            names.append(name)
            wanted = {"Channel": channels, **{field: listed(values) for field, values in only.items()}}
            alternatives.append({**wanted, "EventID": ids} if ids else wanted)
    if product == "windows" and not category and not service:
        names, alternatives = ["any-windows-event"], [{}]
    return {"variants": names, "alternatives": alternatives}


def main(log_sources, *folders):
    document = yaml.load(Path(log_sources).read_text("utf-8"), yaml.CSafeLoader)
    gates, known = {}, {}
    for path in (path for folder in folders for path in sorted(Path(folder).rglob("*.yml"))):
        for rule in yaml.load_all(path.read_text("utf-8", "replace"), yaml.CSafeLoader):
            source = rule.get("logsource") if isinstance(rule, dict) else None
            if not isinstance(source, dict):
                continue
            key = tuple(source.get(part) for part in ("product", "category", "service"))
            if key not in known:
                known[key] = gate_of(document, key)
            gates[str(rule.get("id"))] = known[key]
    json.dump(gates, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
