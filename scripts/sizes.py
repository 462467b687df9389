#!/usr/bin/env python3
"""Reports files and functions that are longer than the house likes (CONTRIBUTING.md, "Sizes").

Files: 300 lines are normal, 600 the limit. Functions: 35 lines are normal, 60 the limit. Generated files do not count.
A function over the limit says why: its comment, directly above, begins a line with "Long:".

usage: sizes.py [--strict] [ROOT]
With --strict ends with 1 if anything is over a limit; else always with 0.
"""

import re
import sys
from pathlib import Path

FILE_NORMAL, FILE_LIMIT = 300, 600
FUNCTION_NORMAL, FUNCTION_LIMIT = 35, 60
FOLDERS = ("include", "src", "cli", "tests", "fuzz", "bench", "scripts")
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
NO_FUNCTION = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")


def blank_out(text):
    """The same text, line for line, without comments, literals and preprocessor lines."""
    text = TOKEN.sub(lambda found: "\n" * found[0].count("\n") or " ", text)
    return re.sub(r"^\s*#.*(?:\\\n.*)*", lambda found: "\n" * found[0].count("\n"), text, flags=re.MULTILINE)


def functions(text):
    """(first line, last line, head) of every function body that stands at namespace or class level."""
    code = blank_out(text)
    kinds = []  # what each open brace is: "scope", "function" or "inner"
    start, line = None, 1  # where the current statement began
    head, function = "", None
    for character in code:
        if character == "\n":
            line += 1
        if character == "{":
            if "inner" in kinds or "function" in kinds:
                kinds.append("inner")
            elif "(" in head and "=" not in head.split("(")[0] and not NO_FUNCTION.search(head):
                kinds.append("function")
                function = (start or line, " ".join(head.split()))
            else:
                kinds.append("scope" if NO_FUNCTION.search(head) else "inner")
            head, start = "", None
        elif character == "}" and kinds:
            if kinds.pop() == "function":
                yield function[0], line, function[1]
            head, start = "", None
        elif character == ";":
            head, start = "", None
        elif not character.isspace() or head:
            start = start or line
            head += character


def says_why(lines, first):
    """Whether the comment that ends on the line above `first` (1-based) has a line that begins with "Long:"."""
    index = first - 2
    while index >= 0 and lines[index].lstrip().startswith("//"):
        if lines[index].lstrip("/ ").startswith("Long:"):
            return True
        index -= 1
    return False


def report_file(path, name):
    """(over a limit, text) for each thing worth saying about one file."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if lines and re.search(r"\bgenerated\b", lines[0], re.IGNORECASE):
        return
    if len(lines) > FILE_NORMAL:
        yield len(lines) > FILE_LIMIT, f"{name}: {len(lines)} lines"
    if path.suffix not in (".cpp", ".hpp"):
        return
    for first, last, head in functions(text):
        length = last - first + 1
        if length > FUNCTION_NORMAL:
            short = re.sub(r"\(.*", "()", head)[-60:]
            over = length > FUNCTION_LIMIT and not says_why(lines, first)
            yield over, f"{name}:{first}: {short}: {length} lines"


def main(arguments):
    strict = "--strict" in arguments
    rest = [argument for argument in arguments if argument != "--strict"]
    root = Path(rest[0] if rest else Path(__file__).parent.parent).resolve()
    notes, over = [], []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".cpp", ".hpp", ".py") and path.is_file():
                for beyond, text in report_file(path, path.relative_to(root).as_posix()):
                    (over if beyond else notes).append(text)
    for title, texts in (("longer than normal", notes), ("over the limit", over)):
        if texts:
            print(f"{title} ({len(texts)}):")
            print("".join(f"  {text}\n" for text in texts), end="")
    if not notes and not over:
        print("nothing is longer than normal")
    return 1 if strict and over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
