#!/usr/bin/env python3
"""Fails on a relative link in a Markdown file, or a docs/ path named in the code, that leads to nothing.

usage: check_links.py [ROOT]
"""

import re
import sys
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"\bdocs/[\w./-]*\w\.md\b")
CODE = {".hpp", ".cpp", ".py", ".yml", ".txt", ".cmake"}


def dead_links(root):
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if name.parts[0] in ("build", ".git") or not path.is_file():
            continue
        if path.suffix == ".md":
            pattern, base = LINK, path.parent
        elif path.suffix in CODE:
            pattern, base = NAMED, root
        else:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            for target in pattern.findall(line):
                if "://" not in target and not target.startswith("mailto:") and not (base / target).exists():
                    yield f"{name}:{number}: {target}: no such file"


def main(arguments):
    root = Path(arguments[0] if arguments else Path(__file__).parent.parent).resolve()
    dead = list(dead_links(root))
    for text in dead:
        print(text)
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
