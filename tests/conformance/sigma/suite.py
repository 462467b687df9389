"""The conformance suite as data, for run.py and pysigma_check.py. README.md describes the format."""

import re
import uuid
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
NAMESPACE = uuid.UUID("6f0c2f6e-52c4-4a0a-9d3c-2f1d1f8b7c51")


class Loader(yaml.SafeLoader):
    """Every scalar as the text it is written as."""


Loader.yaml_implicit_resolvers = {}


def indented(text, by):
    return "".join(by + line + "\n" if line else "\n" for line in text.splitlines())


def merged(base, event):
    base, event = base.strip(), event.strip()
    if base in ("", "none"):
        return event
    rest = event[1:].strip()
    return base[:-1] + ("" if rest.startswith("}") else ", ") + rest


class Case:
    def __init__(self, file, settings, node):
        self.file, self.id, self.why, self.cell = file, node["id"], node["why"], node.get("cell", "")
        self.uuid = str(uuid.uuid5(NAMESPACE, self.id))
        self.refused = node.get("refused")
        base = node.get("base", settings.get("base", ""))
        logsource = node.get("logsource", settings.get("logsource", ""))
        form = node.get("form") or next((k for k in ("selection", "detection", "rule") if k in node), "selection")
        self.rule = self.rule_text(form, node[form], logsource)
        if self.refused:
            self.twin = self.rule_text(form, node["twin"], logsource)
            return
        self.match, self.miss = ([merged(base, line) for line in node[key].split("\n") if line.strip()]
                                 for key in ("match", "miss"))
        self.findings = int(node.get("findings", len(self.match)))

    def rule_text(self, form, body, logsource):
        if form == "rule":
            return f"id: {self.uuid}\n{body}"
        if form == "selection":
            body = "selection:\n" + indented(body, "  ") + "condition: selection\n"
        return (f"title: {self.id}\nid: {self.uuid}\nlogsource: {logsource}\n"
                f"detection:\n{indented(body, '  ')}")


def load(only=""):
    """All cases whose id holds `only` (a regular expression), and the values of all placeholders."""
    cases, placeholders = [], {}
    for path in sorted((HERE / "cases").glob("*.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), Loader)
        placeholders.update(document.get("placeholders", {}))
        cases += [Case(path.stem, document, node) for node in document["cases"]]
    return [case for case in cases if re.search(only, case.id)], placeholders
