"""That scripts/check_layers.py catches what it is there for: each test plants one include in a copy of a small tree."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREE = {
    "include/tocsin/result.hpp": "#include <expected>\n",
    "src/base/text.hpp": '#include <string>\n#include "tocsin/result.hpp"\n',
    "src/model/event.hpp": '#include "base/text.hpp"\n',
    "src/evidence/evtx/chunk.hpp": '#include "evidence/evtx/record.hpp"\n#include "model/event.hpp"\n',
    "src/evidence/evtx/record.hpp": "#pragma once\n",
    "src/detect/sigma/rule.hpp": "#include <fmt/format.h>\n",
    "cli/main.cpp": "#include <CLI/CLI.hpp>\n#include <unistd.h>\n",
    "tests/makers/maker.hpp": '#include "evidence/evtx/chunk.hpp"\n#include <nlohmann/json.hpp>\n',
}


class CheckLayers(unittest.TestCase):
    def check(self, planted=None):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "docs").mkdir()
            (root / "docs/layers.md").write_text((ROOT / "docs/layers.md").read_text())
            for name, text in {**TREE, **(planted or {})}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            command = [sys.executable, ROOT / "scripts/check_layers.py", folder]
            done = subprocess.run(command, capture_output=True, text=True)
            return done.returncode, done.stdout

    def assert_caught(self, name, text, *expected):
        code, output = self.check({name: text})
        self.assertEqual(code, 1, output)
        for part in expected:
            self.assertIn(part, output)

    def test_allowed_includes_pass(self):
        self.assertEqual(self.check(), (0, ""))

    def test_against_the_arrows(self):
        self.assert_caught("src/base/bad.cpp", '// one\n#include "model/event.hpp"\n',
                           "src/base/bad.cpp:2: model/event.hpp", "src/base may not include src/model")

    def test_report_may_not_reach_into_a_reader(self):
        self.assert_caught("src/report/bad.cpp", '#  include "evidence/evtx/chunk.hpp"\n', "src/report/bad.cpp:1:")

    def test_relative_way_around(self):
        self.assert_caught("src/match/bad.cpp", '#include "../model/event.hpp"\n', "src/match may not include src/model")

    def test_the_command_sees_only_the_contract(self):
        self.assert_caught("cli/bad.cpp", '#include "base/text.hpp"\n', "cli may not include src/base")

    def test_an_eleventh_public_header(self):
        self.assert_caught("include/tocsin/extra.hpp", "#pragma once\n", "include/tocsin/extra.hpp:1:", "public headers")

    def test_third_party_header_in_a_foreign_folder(self):
        self.assert_caught("src/evidence/bad.cpp", "#include <re2/re2.h>\n", "re2/ may only be used in src/match")

    def test_unknown_third_party_header(self):
        self.assert_caught("src/base/bad.cpp", "#include <boost/any.hpp>\n", "does not name")

    def test_the_contract_uses_the_standard_library_only(self):
        self.assert_caught("include/tocsin/result.hpp", "#include <fmt/format.h>\n", "include/tocsin/result.hpp:1:")

    def test_a_folder_without_a_row(self):
        self.assert_caught("src/unheard_of/a.cpp", "#include <string>\n", "in no folder of docs/layers.md")


if __name__ == "__main__":
    unittest.main()
