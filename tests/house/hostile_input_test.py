"""Every test that docs/hostile-input.md names exists."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEST = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)")


def defined():
    names = set()
    for folder in ("src", "cli", "tests"):
        for source in (ROOT / folder).rglob("*_test.cpp"):
            names.update(f"{suite}.{name}" for suite, name in TEST.findall(source.read_text(encoding="utf-8")))
    return names


def named():
    text = (ROOT / "docs/hostile-input.md").read_text(encoding="utf-8")
    return set(re.findall(r"`([A-Z]\w+\.[A-Z]\w+)`", text))


class HostileInput(unittest.TestCase):
    def test_names_tests_that_exist(self):
        self.assertGreater(len(named()), 15)
        self.assertEqual(named() - defined(), set())

    def test_every_row_names_a_test(self):
        rows = [line for line in (ROOT / "docs/hostile-input.md").read_text(encoding="utf-8").splitlines()
                if line.startswith("| ") and not line.startswith("| input")]
        for row in rows:
            self.assertRegex(row.split("|")[-2], r"`[A-Z]\w+\.[A-Z]\w+`", row)


if __name__ == "__main__":
    unittest.main()
