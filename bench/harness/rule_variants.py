"""Rule sets of any size from a smaller one: the rules themselves, and beyond those variants of them in which each text that
is looked for has been changed, so that nothing of a variant is equal to the rule it came from. Variants are made only of
rules that cannot be true without one of these texts: a larger set costs what its rules cost, not what more findings do."""

import hashlib
import random
import re
from pathlib import Path

import rule_parts

ID = re.compile(r"^id:.*$", re.MULTILINE)
TITLE = re.compile(r"^title:\s*(.*?)\s*$", re.MULTILINE)
# A line of a detection whose value is a plain or quoted text: "- 'x'", "key: x", "key|contains: "x"".
HEAD = r"^(?P<head>\s+(?:-\s+|[\w .|-]+:\s+|-\s+[\w .|-]+:\s+))"
PLAIN = re.compile(HEAD + r"(?P<quote>)(?P<text>(?!.*:(?:\s|$))[^'\"#{}\[\]%&*!|>]{3,}?)(?P<tail>\s*)$")
QUOTED = re.compile(HEAD + r"(?P<quote>['\"])(?P<text>[^'\"%]{3,})(?P=quote)(?P<tail>\s*(?:\s#.*)?)$")
KEPT = re.compile(r"\|(re|cidr|exists|lt|lte|gt|gte|fieldref|expand|base64offset|base64)\b|condition:|timeframe:")
CODE_POINT = re.compile(r"\\[xuU]")  # an escape of several characters, in double quotes
NO_TEXT = re.compile(r"^(0x[0-9a-fA-F]+|-?\d+|true|false|null|[0-9a-fA-F.:]+(/\d+)?)$")  # numbers, addresses, networks


def read_rules(folders):
    """The texts of all detection rules below the folders, in an order that does not depend on their names' meaning."""
    texts = []
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.yml")):
            text = path.read_text("utf-8", "replace")
            if "\ndetection:" in text and "\n---" not in text:
                texts.append(text)
    return sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())


def variant(text, number, seed):
    """The rule with another id and title, and other texts to look for."""
    digits = hashlib.sha256(f"{seed} {number} {text}".encode()).hexdigest()
    text = ID.sub(f"id: {digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}", text, count=1)
    text = TITLE.sub(lambda found: "title: '%s, variant %d'" % (found[1].strip("'\"").replace("'", "''"), number), text, count=1)
    head, mark, detection = text.partition("\ndetection:")
    lines = _changed_lines(detection.split("\n"), random.Random(f"{seed} {number}"))
    return head + mark + "\n".join(lines)


def can_be_varied(text):
    """Whether no variant of the rule can be true where none of its changed texts is."""
    lines = rule_parts.detection_lines(text)
    changed = _changed_lines(lines, random.Random(0))
    return not rule_parts.true_without(lines, [before != after for before, after in zip(lines, changed, strict=True)])


def _changed_lines(lines, draw):
    found, kept = [], False
    for line in lines:
        if line and not line.startswith((" ", "#")):
            kept = True  # the next key of the rule: level, falsepositives
        found.append(line if kept else _changed_line(line, draw, found))
    return found


def _changed_line(line, draw, before):
    match = PLAIN.match(line) or QUOTED.match(line)
    if not match or NO_TEXT.match(match["text"]) or KEPT.search(line) or _below_kept(line, before):
        return line
    if match["quote"] == '"' and CODE_POINT.search(match["text"]):
        return line
    return f"{match['head']}{match['quote']}{_changed(match['text'], draw)}{match['quote']}{match['tail']}"


def _below_kept(line, before):
    """A value in the list of a key whose values are no plain texts."""
    if not line.lstrip().startswith("- "):
        return False
    keys = (other for other in reversed(before) if not other.lstrip().startswith(("- '", '- "', "#")) and ":" in other)
    return bool(KEPT.search(next(keys, "")))


def _changed(text, draw):
    """One character in the middle becomes three letters; wildcards and escapes stay where they are."""
    places = [i for i, character in enumerate(text) if character.isalnum() and (i == 0 or text[i - 1] != "\\")]
    if not places:
        return text
    at = places[len(places) // 2]
    return text[:at] + "".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(3)) + text[at + 1:]


def write(folder, texts, count, seed=1):
    """`count` rules as one file each below `folder`; all of `texts` first, then variants."""
    folder = Path(folder)
    folder.mkdir(parents=True)
    sources = [text for text in texts if can_be_varied(text)]
    for number in range(count):
        text = texts[number] if number < len(texts) else variant(sources[number % len(sources)], number, seed)
        place = folder / f"{number // 1000:02}"
        place.mkdir(exist_ok=True)
        (place / f"{number:05}.yml").write_text(text, "utf-8")
