"""A line of the table: what was measured, against what, with which target, and whether it was met."""

import dataclasses
from typing import Optional


@dataclasses.dataclass
class Line:
    name: str
    ours: object  # commands.Measured
    theirs: object = None
    against: str = ""  # what `theirs` is
    goal: str = ""  # "at most" or "at least"
    target: Optional[float] = None
    value: Optional[float] = None  # what the target is about
    unit: str = "×"
    answers: str = ""  # how the answers compare; what begins with "different" withholds the ratio
    note: str = ""

    def comparable(self):
        return not self.answers.startswith("different")

    def met(self):
        """None where there is no target, or nothing that may be compared."""
        if self.target is None or self.value is None or not self.comparable():
            return None
        return self.value <= self.target if self.goal == "at most" else self.value >= self.target

    def by_cpu(self):
        """The ratio of processor seconds in the same direction as the value: steadier than time on a busy machine."""
        if self.unit != "×" or not self.ours or not self.theirs or not self.comparable():
            return None
        ours, theirs = self.ours.as_json()["cpu"], self.theirs.as_json()["cpu"]
        return theirs / ours if self.goal == "at least" else ours / theirs

    def gap(self):
        """How many times too slow, too large, or too little."""
        if self.met() is not False:
            return ""
        factor = self.value / self.target if self.goal == "at most" else self.target / self.value
        return f"{factor:.2f}× short"

    def as_json(self):
        found = {key: getattr(self, key) for key in ("name", "against", "goal", "target", "value", "unit", "answers", "note")}
        if not self.comparable():
            found["value"] = None
        found["ours"] = self.ours.as_json() if self.ours else None
        found["theirs"] = self.theirs.as_json() if self.theirs else None
        found["by_cpu"] = self.by_cpu()
        found["met"] = self.met()
        found["gap"] = self.gap()
        return found


def _amount(value, unit):
    if value is None:
        return "-"
    if unit == "MB":
        return f"{value:.0f} MB"
    return f"{value:.2f}×" if unit == "×" and value >= 0.1 else f"{value:.3f} {unit}".replace(" ×", "×")


def _run(measured):
    if not measured:
        return ("-", "-", "-")
    return (f"{measured['wall']:.3f}", f"{measured['cpu']:.3f}", f"{measured['peak'] / 1e6:.0f}")


def table(lines):
    """The lines (as JSON) as text."""
    head = ("what", "wall s", "CPU s", "peak MB", "against", "wall s", "CPU s", "MB", "measured", "by CPU", "target", "")
    rows = [head]
    for line in lines:
        sign = {"at most": "≤ ", "at least": "≥ "}.get(line["goal"], "")
        target = sign + _amount(line["target"], line["unit"]) if line["target"] is not None else ""
        verdict = {True: "met", False: line["gap"], None: ""}[line["met"]]
        if line["answers"].startswith("different"):
            verdict = "no ratio: the answers differ"
        rows.append((line["name"], *_run(line["ours"]), line["against"], *_run(line["theirs"]),
                     _amount(line["value"], line["unit"]), _amount(line["by_cpu"], "×"), target, verdict))
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    left = (0, 4, 11)
    text = "\n".join("  ".join(cell.ljust(width) if i in left else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)
    notes = [f"{line['name']}: {said}" for line in lines for said in (line["answers"], line["note"]) if said]
    return text + "\n" + ("\n" + "\n".join(notes) + "\n" if notes else "")


def of_data_sets(bench, data_sets, skipped, measure):
    """A part's result: lines and unequal answers of each data set; one that is not there is told in the words given."""
    lines, differences = [], {}
    for data_set in data_sets:
        if data_set is None:
            bench.say(skipped)
            continue
        found, unequal = measure(bench, data_set)
        lines += found
        if unequal:
            differences[data_set.name] = unequal
    return {"lines": [line.as_json() for line in lines], "differences": differences}
