#!/usr/bin/env python3
"""Tests of the benchmark's driver. Needs TOCSIN_BINARY and TOCSIN_BENCH_PROGRAMS (the folder of make_fleet and measure)."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "bench" / "harness")]

import decode_answers  # noqa: E402
import gate  # noqa: E402
import rule_answers  # noqa: E402
import rule_variants  # noqa: E402
import run  # noqa: E402
import store  # noqa: E402
import svg  # noqa: E402
from commands import Command, CommandFailed, Measured, Runner, best  # noqa: E402
from lines import Line, table  # noqa: E402

TOCSIN = os.environ["TOCSIN_BINARY"]
PROGRAMS = Path(os.environ["TOCSIN_BENCH_PROGRAMS"])


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)


class Fleet(Folder):
    def make(self, name, form, seed=1):
        done = subprocess.run([PROGRAMS / "make_fleet", self.folder / name, "--format", form, "--megabytes", "3", "--seed",
                               str(seed), "--planted", "2000"], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def bytes_of(self, name):
        folder = self.folder / name
        return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def test_equal_seeds_give_equal_bytes_and_others_do_not(self):
        self.make("a", "evtx")
        self.make("b", "evtx")
        self.make("c", "evtx", seed=2)
        self.assertEqual(self.bytes_of("a"), self.bytes_of("b"))
        self.assertNotEqual(self.bytes_of("a"), self.bytes_of("c"))

    def test_every_event_is_read_and_every_planted_one_found(self):
        for form in ("evtx", "ndjson"):
            facts = self.make(form, form)
            self.assertGreater(facts["planted"], 0)
            done = subprocess.run([TOCSIN, "scan", self.folder / form, "--rules", ROOT / "bench/fleet/planted.yml", "--format",
                                   "jsonl", "--quiet", "--no-hygiene"], capture_output=True, text=True, check=True)
            summary = json.loads(done.stdout.splitlines()[-1])
            self.assertEqual([summary["events"], summary["findings"] + summary["same_findings"], summary["anomalies"]],
                             [facts["events"], facts["planted"], 0])

    def test_wrong_arguments_are_told(self):
        done = subprocess.run([PROGRAMS / "make_fleet", self.folder / "x", "--format", "csv"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("usage: make_fleet OUT_DIR", done.stderr)


class Measuring(Folder):
    def test_time_memory_and_output_are_those_of_the_command(self):
        runner = Runner(PROGRAMS / "measure", self.folder)
        text, measured = runner.text(Command.of(sys.executable, "-c", "x = bytearray(80_000_000); print(len(x))"))
        self.assertEqual(text, "80000000\n")
        self.assertGreater(measured.peak, 80_000_000)
        self.assertGreater(measured.wall, 0)
        self.assertLess(runner.run(Command.of("/bin/true")).peak, 20_000_000)

    def test_a_command_that_fails_is_told_with_what_it_said(self):
        runner = Runner(PROGRAMS / "measure", self.folder)
        with self.assertRaisesRegex(CommandFailed, "ended with 3: no luck"):
            runner.run(Command.of("/bin/sh", "-c", "echo no luck >&2; exit 3"))
        with self.assertRaisesRegex(CommandFailed, "did not run"):
            runner.run(Command.of(self.folder / "nothing"))

    def test_the_best_run_keeps_the_largest_peak(self):
        self.assertEqual(best([Measured(2, 1.5, 10), Measured(1, 1.7, 30)]), Measured(1, 1.5, 30))


class Answers(Folder):
    def compare(self, theirs, ours):
        left, right = self.folder / "left", self.folder / "right"
        left.write_text(theirs)
        right.write_text(ours)
        return decode_answers.compare(left, right)[0]

    def test_equal_events_are_equal_whatever_the_place(self):
        self.assertEqual(self.compare('{"Event":{"a":1}}\n', '{"Event":{"a":1},"_tocsin":{"record":1}}\n'),
                         "equal: all 1 events")

    def test_the_same_values_printed_otherwise_are_counted(self):
        self.assertIn("1 of them printed otherwise", self.compare('{"Event":{"a":"\\u00e4"}}\n',
                                                                  '{"Event":{"a":"ä"},"_tocsin":{}}\n'))

    def test_other_values_and_missing_events_differ(self):
        self.assertIn("different: 1 events: other values", self.compare('{"Event":{"a":1}}\n', '{"Event":{"a":2},"_tocsin":{}}\n'))
        self.assertIn("only evtx_dump has it", self.compare('{"Event":{}}\n', ""))
        self.assertIn("only Tocsin has it", self.compare("", '{"Event":{},"_tocsin":{}}\n'))

    def test_a_gate_asks_for_one_of_its_alternatives(self):
        wanted = {"alternatives": [{"Channel": ["Security"], "EventID": [1, 2]}, {"Channel": ["System"]}]}
        self.assertTrue(rule_answers.inside(wanted, {"Channel": "security", "EventID": 2}))
        self.assertTrue(rule_answers.inside(wanted, {"Channel": "System", "EventID": 9}))
        self.assertFalse(rule_answers.inside(wanted, {"Channel": "Security", "EventID": 9}))


class Table(unittest.TestCase):
    def test_a_missed_target_says_by_how_much(self):
        line = Line("x", Measured(3, 3, 1), Measured(2, 1, 1), "peer", "at most", 1.0, 1.5).as_json()
        self.assertEqual([line["met"], line["gap"], line["by_cpu"]], [False, "1.50× short", 3.0])
        self.assertIn("1.50× short", table([line]))

    def test_a_met_target_says_so(self):
        self.assertTrue(Line("x", Measured(1, 1, 1), Measured(2, 2, 1), "peer", "at least", 1.5, 2.0).as_json()["met"])

    def test_no_ratio_without_equal_answers(self):
        line = Line("x", Measured(1, 1, 1), Measured(2, 2, 1), "peer", "at least", 1.5, 2.0, answers="different: 1 event").as_json()
        self.assertIsNone(line["value"])
        self.assertIsNone(line["met"])
        self.assertIn("no ratio: the answers differ", table([line]))


class Variants(Folder):
    RULE = ("title: A rule\nid: 00000000-0000-4000-8000-000000000001\nlogsource:\n  product: windows\n  category: "
            "process_creation\ndetection:\n  selection:\n    CommandLine|contains:\n      - 'first text'\n      - second\n"
            "    Image|re: 'a+.*bcd'\n    DestinationIp|cidr:\n      - '10.0.0.0/8'\n    EventID: 4688\n  condition: selection\nlevel: low\n")

    def test_texts_change_and_nothing_else(self):
        lines = list(zip(self.RULE.splitlines(), rule_variants.variant(self.RULE, 1, 1).splitlines(), strict=True))
        changed = [before.strip().split(":")[0] for before, after in lines if before != after]
        self.assertEqual(changed, ["title", "id", "- 'first text'", "- second"])

    def test_variants_are_sound_rules_and_all_different(self):
        rule_variants.write(self.folder / "rules", rule_variants.read_rules([ROOT / "rules" / "windows"]), 400)
        done = subprocess.run([TOCSIN, "rules", "check", self.folder / "rules"], capture_output=True, text=True, check=False)
        self.assertIn("400 rules loaded, 0 rejected", done.stdout + done.stderr)

    def test_only_rules_that_cannot_be_true_without_a_changed_text_are_varied(self):
        head = "title: A\nid: 1\nlogsource:\n  product: windows\ndetection:\n"
        cases = {
            "  selection:\n    EventID: 1\n    Image: 'some text'\n  condition: selection\n": True,
            "  selection:\n    EventID: 1\n  condition: selection\n": False,
            "  selection:\n    - Company:\n        - '4711'\n  condition: selection\n": False,
            "  selection:\n    - Image: 'some text'\n    - EventID: 1\n  condition: selection\n": False,
            "  selection:\n    Image:\n      - 'some text'\n      - '4711'\n  condition: selection\n": False,
            "  selection:\n    Image|contains|all:\n      - 'some text'\n      - '4711'\n  condition: selection\n": True,
            "  a:\n    EventID: 1\n  b:\n    Image: 'some text'\n  condition: a and b\n": True,
            "  a:\n    EventID: 1\n  b:\n    Image: 'some text'\n  condition: a or b\n": False,
            "  a:\n    EventID: 1\n  b:\n    Image: 'some text'\n  condition: a and not b\n": False,
            "  a_1:\n    EventID: 1\n  a_2:\n    Image: 'some text'\n  condition: all of a_*\nlevel: low\n": True,
            "  a_1:\n    EventID: 1\n  a_2:\n    Image: 'some text'\n  condition: 1 of a_*\n": False,
            "  words:\n    - 'some text'\n    - another  \n  condition: words\n": True,
            "  words:\n    - 'some text'\n  condition: words | count() > 3\n": False,
            "  selection:\n    Image|re:\n      - 'some.*text'\n  condition: selection\n": False,
        }
        for detection, varied in cases.items():
            with self.subTest(detection):
                self.assertEqual(rule_variants.can_be_varied(head + detection), varied)


class Gate(unittest.TestCase):
    def test_three_per_cent_either_way(self):
        accepted = {"start": 1000, "evtx event": 1000}
        self.assertEqual(gate.judge({"start": 1029, "evtx event": 971}, accepted), [])
        self.assertIn("4.0% more than the 1,000", gate.judge({"start": 1040}, accepted)[0])
        self.assertIn("4.0% fewer than the 1,000", gate.judge({"evtx event": 960}, accepted)[0])
        self.assertIn("no figure is checked in", gate.judge({"another": 1}, accepted)[0])


class Pictures(unittest.TestCase):
    def test_charts_are_sound_xml_and_equal_for_equal_data(self):
        points = {"a < b": [(0, 1.0), (30000, 2.5)], "c": [(0, 0.5), (30000, 0.7)]}
        chart = svg.line_chart("Title", "x", "y", points)
        xml.dom.minidom.parseString(chart)
        self.assertEqual(chart, svg.line_chart("Title", "x", "y", points))
        self.assertIn("a &lt; b", chart)


class Steps(Folder):
    def run_steps(self, runs, again=False):
        program = self.folder / "program"
        program.write_bytes(b"one")
        kept = store.Store(self.folder / "results", program, {})
        return run.measure_step("long", lambda: runs.append(1) or {"runs": len(runs)}, kept, again)

    def test_a_step_that_was_measured_is_not_measured_again(self):
        runs = []
        self.assertEqual([self.run_steps(runs), self.run_steps(runs), self.run_steps(runs, again=True)],
                         [{"runs": 1}, {"runs": 1}, {"runs": 2}])


class Store(Folder):
    def test_another_program_is_measured_anew(self):
        program = self.folder / "program"
        program.write_text("one")
        store.Store(self.folder / "results", program, {"a": 1}).save("part", {"lines": []})
        self.assertEqual(store.Store(self.folder / "results", program, {"a": 1}).load("part"), {"lines": []})
        self.assertIsNone(store.Store(self.folder / "results", program, {"a": 2}).load("part"))
        program.write_text("two")
        self.assertIsNone(store.Store(self.folder / "results", program, {"a": 1}).load("part"))


class Run(Folder):
    def run_bench(self, *arguments):
        environment = {**os.environ, "TOCSIN_BENCH_DIR": str(self.folder), "TOCSIN_CORPUS": str(self.folder / "none")}
        return subprocess.run([sys.executable, ROOT / "bench" / "run.py", "--no-install", "--fleet", "2", "--repeats", "1",
                               "--build", PROGRAMS.parent, "--tocsin", TOCSIN, *arguments], capture_output=True, text=True,
                              env=environment, check=False)

    def test_without_corpus_and_peers_the_rest_is_measured(self):
        done = self.run_bench("--parts", "evtx,archive")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("evtx_dump is skipped: is not installed", done.stderr)
        self.assertIn("the recorded EVTX files are skipped: there is no corpus", done.stderr)
        self.assertIn("every built-in rule, 2 threads", done.stdout)
        self.assertIn("gz member of", done.stdout)
        self.assertEqual(set(json.loads((self.folder / "results.json").read_text())["parts"]), {"evtx", "archive"})
        again = self.run_bench("--parts", "archive")
        self.assertIn("archive: measured before", again.stderr)

    def test_the_results_go_into_a_document(self):
        document = self.folder / "page.md"
        document.write_text("# Page\n\n<!-- results: scripts/bench --document -->\nold\n<!-- end of results -->\nend\n")
        self.assertEqual(self.run_bench("--parts", "archive", "--document", document).returncode, 0)
        text = document.read_text()
        self.assertIn("zip member of", text)
        self.assertTrue(text.endswith("<!-- end of results -->\nend\n"))
        self.assertNotIn("old", text)
        document.write_text("no marks")
        done = self.run_bench("--parts", "archive", "--document", document)
        self.assertIn("the marks of the results are missing", done.stderr)

    def test_a_part_that_does_not_exist_is_told(self):
        done = self.run_bench("--parts", "nothing")
        self.assertEqual(done.returncode, 2)
        self.assertIn('there is no part "nothing"', done.stderr)


if __name__ == "__main__":
    unittest.main()
