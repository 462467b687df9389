#!/usr/bin/env python3
"""Fails on an #include that docs/layers.md does not allow.

Reads three tables there: which folder may include which, the public headers (include/tocsin may hold no others), and
which third-party headers may be used where. Prints "file:line: include: reason" per offence; ends with 1 if there was
one, with 2 if the tables cannot be read.

usage: check_layers.py [ROOT]
"""

import re
import sys
from pathlib import Path

SUFFIXES = {".hpp", ".cpp", ".in"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
ANYWHERE = "everything"
# Headers of the compiler and the C library; C++'s own have neither dot nor slash.
SYSTEM = re.compile(
    r"(arpa|asm|linux|net|netinet|sys)/\w+\.h|\w*intrin\.h|"
    r"(assert|cpuid|ctype|dirent|elf|errno|fcntl|float|fnmatch|glob|inttypes|langinfo|limits|link|locale|math|netdb|poll|pthread|"
    r"pwd|sched|signal|spawn|stdarg|stddef|stdint|stdio|stdlib|string|strings|termios|time|unistd|wchar|wctype)\.h")
TESTING = ("gtest/", "gmock/")


def table_below(text, header):
    """The rows of the Markdown table whose first header cell is `header`, as lists of cells."""
    rows, inside = [], False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and not inside and cells[0] == header:
            inside = True
        elif inside and not line.startswith("|"):
            break
        elif inside and not set(cells[0]) <= set("-:"):
            rows.append(cells)
    return rows


def split_names(cell):
    return [name.strip() for name in cell.split(",") if name.strip()]


class Layers:
    def __init__(self, root):
        self.root = root
        text = (root / "docs/layers.md").read_text(encoding="utf-8")
        rows = table_below(text, "folder")
        self.allowed = {name: split_names(row[1]) for row in rows for name in split_names(row[0])}
        self.public = {row[0] for row in table_below(text, "header") if row[0].endswith(".hpp")}
        third_party = text[text.find("## Third-party headers"):]
        self.third_party = {
            name: split_names(row[1]) for row in table_below(third_party, "header") for name in split_names(row[0])
        }
        if not (self.allowed and self.public and self.third_party):
            raise ValueError("docs/layers.md: one of the three tables is missing")

    def folder_of(self, path):
        """The longest row of the table that `path` (relative, POSIX) lies in."""
        fitting = [folder for folder in self.allowed if path == folder or path.startswith(folder + "/")]
        return max(fitting, key=len, default=None)

    def target_of(self, source, quote, name):
        """The repository path that an include names, or None where it is not ours."""
        if name.startswith("tocsin/"):
            return "include/" + name
        places = [self.root / "src", self.root, (self.root / source).parent]
        for place in places if quote == '"' else []:
            if (place / name).is_file():
                return (place / name).resolve().relative_to(self.root).as_posix()
        return None

    def third_party_rule(self, name):
        """The longest entry of the table that covers the header, or None."""
        fitting = [entry for entry in self.third_party if name == entry or entry.endswith("/") and name.startswith(entry)]
        return max(fitting, key=len, default=None)

    def offence(self, source, quote, name):
        folder = self.folder_of(source)
        if folder is None:
            return "the including file is in no folder of docs/layers.md"
        allowed = self.allowed[folder]
        target = self.target_of(source, quote, name)
        if target is not None:
            if ANYWHERE in allowed or self.folder_of(target) in allowed:
                return None
            return f"{folder} may not include {self.folder_of(target) or target}"
        if quote == '"' and "/" in name and (self.root / "src" / name.split("/")[0]).is_dir():
            return "no such file"
        if ANYWHERE in allowed or not re.search(r"[./]", name) or SYSTEM.fullmatch(name):
            return None
        rule = self.third_party_rule(name)
        if rule is None:
            return "a third-party header that docs/layers.md does not name"
        if any(source.startswith(place + "/") for place in self.third_party[rule]):
            return None
        return f"{rule} may only be used in {', '.join(self.third_party[rule])}"


def sources(root):
    for top in ("include", "src", "cli", "tests", "fuzz", "bench"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path.relative_to(root).as_posix()


def check(root):
    layers = Layers(root)
    offences = []
    for source in sources(root):
        if source.startswith("include/tocsin/") and source.removeprefix("include/tocsin/") not in layers.public:
            offences.append(f"{source}:1: not in the list of public headers of docs/layers.md")
        lines = (root / source).read_text(encoding="utf-8", errors="replace").splitlines()
        # A test beside the code may also use what lies below tests/, and GoogleTest.
        is_test = "_test" in source.rsplit("/", 1)[-1]
        for number, line in enumerate(lines, 1):
            found = INCLUDE.match(line)
            if not found or is_test and found[2].startswith(("tests/", *TESTING)):
                continue
            reason = layers.offence(source, found[1], found[2])
            if reason:
                offences.append(f"{source}:{number}: {found[2]}: {reason}")
    return offences


def main(arguments):
    root = Path(arguments[0] if arguments else Path(__file__).parent.parent).resolve()
    try:
        offences = check(root)
    except (OSError, ValueError) as error:
        print(f"check_layers: {error}", file=sys.stderr)
        return 2
    for offence in offences:
        print(offence)
    if offences:
        print(f"{len(offences)} includes against docs/layers.md", file=sys.stderr)
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
