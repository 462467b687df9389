"""tocsin scan, and what all commands have in common, on the demo's evidence."""

import csv
import fcntl
import hashlib
import io
import json
import os
import pty
import re
import struct
import subprocess
import termios
import unittest
import zipfile

from tool import BINARY, EVIDENCE, SOURCE, TestCase, environment, tocsin

MAIL = EVIDENCE / "MAIL01"
HOT = MAIL / "Microsoft-Windows-Sysmon%4Operational.evtx"
# Without --rules: which are used, and where more are.
HINT = (r"\Ajudging with the \d+ built-in rules and 4 on the logs themselves; for SigmaHQ's: git clone "
        r"https://github.com/SigmaHQ/sigma and --rules sigma\n\Z")
LEVELS = ["informational", "low", "medium", "high", "critical"]


class WithoutHashes(TestCase):
    def test_findings_are_the_same_and_say_so(self):
        archive = self.folder / "logs.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            out.write(MAIL / "System.evtx", "System.evtx")
        usual = tocsin("scan", MAIL, archive, "--format", "jsonl")
        bare = tocsin("scan", MAIL, archive, "--format", "jsonl", "--no-hash")
        self.assertEnds(bare, 0)
        self.assertTrue(usual.of("finding"))
        for source in bare.of("source"):
            self.assertIsNone(source["sha256"])
        said = '"sha256":null,"no_hash":"not asked for (--no-hash)"'
        hashed = [source["sha256"] for source in usual.of("source")]
        expected = usual.out
        for one in hashed:
            expected = expected.replace(f'"sha256":"{one}"', said)
        self.assertEqual(bare.out, expected)
        stored = self.folder / "bare.jsonl"
        stored.write_bytes(bare.raw_out)
        told = tocsin("explain", bare.of("finding")[0]["id"], "--results", stored)
        self.assertIn("none: not asked for (--no-hash)", told.out)


class Scan(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.results = tocsin("scan", EVIDENCE, "--format", "jsonl", "--quiet")
        cls.findings = cls.results.of("finding")
        cls.summary = cls.results.of("summary")[0]

    def test_finds_the_story_and_counts_it(self):
        self.assertEnds(self.results, 0)
        self.assertEqual(self.results.err, "")
        self.assertGreater(len(self.findings), 10)
        first = [finding for finding in self.findings if finding["same_as"] is None]
        self.assertEqual(self.summary["findings"], len(first))
        self.assertEqual(self.summary["same_findings"], len(self.findings) - len(first))
        for level in LEVELS:
            self.assertEqual(self.summary["findings_by_level"][level], sum(finding["level"] == level for finding in first))
        self.assertEqual(len({finding["id"] for finding in self.findings}), len(self.findings))

    def test_every_finding_is_provable_to_the_byte(self):
        for finding in self.findings:
            source, place = finding["source"], finding["place"]
            if source["container"] is not None:
                continue
            data = (EVIDENCE.parent / source["path"]).read_bytes()
            record = data[place["offset"]:place["offset"] + place["length"]]
            self.assertEqual(record[:4], b"**\x00\x00")
            self.assertEqual(int.from_bytes(record[4:8], "little"), place["length"])
            for match in finding["matches"]:
                begin, end = match["span"]
                self.assertLessEqual(0 <= begin and begin, end)
                self.assertLessEqual(end, len(match["value"].encode()))

    def test_hashes_are_those_of_the_files(self):
        for source in self.results.of("source"):
            if source["container"] is None:
                data = (EVIDENCE.parent / source["path"]).read_bytes()
                self.assertEqual(source["sha256"], hashlib.sha256(data).hexdigest(), source["path"])

    def test_each_selected_rule_has_its_coverage(self):
        coverage = self.results.of("coverage")
        self.assertEqual(len(coverage), self.summary["rules"]["selected"])
        matched = {finding["rule"]["id"] for finding in self.findings}
        for one in coverage:
            self.assertEqual(one["status"] == "matched", one["rule"]["id"] in matched)
            self.assertEqual(one["reason"] is not None, one["status"] == "not_evaluable")

    def test_text_summary_shows_all_sections(self):
        run = tocsin("scan", EVIDENCE)
        self.assertEnds(run, 0)
        self.assertRegex(run.err, HINT)
        for heading in ("SOURCES AND REACH", "FINDINGS BY LEVEL", "TECHNIQUES SEEN", "MOST TELLING", "COULD NOT BE CHECKED",
                        "DAMAGED OR ODD EVIDENCE", "WHAT TO DO NEXT"):
            self.assertIn(heading, run.out)
        self.assertNotIn("\x1b", run.out)
        for width in (80, 160):
            lines = tocsin("scan", EVIDENCE, "--width", width).out.splitlines()
            self.assertLessEqual(max(map(len, lines)), width)

    def test_machine_formats_agree_with_each_other(self):
        table = list(csv.DictReader(io.StringIO(tocsin("scan", EVIDENCE, "--format", "csv", "--quiet").raw_out.decode(),
                                                newline="")))
        self.assertEqual([row["finding_id"] for row in table], [finding["id"] for finding in self.findings])
        self.assertEqual([row["same_as"] or None for row in table], [finding["same_as"] for finding in self.findings])
        self.assertTrue(any(row["same_as"] for row in table))
        document = json.loads(tocsin("scan", EVIDENCE, "--format", "json", "--quiet").out)
        self.assertEqual(document["findings"], self.findings)
        self.assertEqual(document["summary"], self.summary)
        sarif = json.loads(tocsin("scan", EVIDENCE, "--format", "sarif", "--quiet").out)
        results = sarif["runs"][0]["results"]
        self.assertEqual([result["fingerprints"]["tocsin/v1"] for result in results],
                         [finding["id"] for finding in self.findings])
        lines = tocsin("scan", EVIDENCE, "--format", "table", "--quiet").out.splitlines()
        self.assertEqual(sum(bool(re.match(r"\d{4}-\d\d-\d\d ", line)) for line in lines), len(self.findings))

    def test_summary_goes_where_results_do_not(self):
        output = self.folder / "out.jsonl"
        to_file = tocsin("scan", MAIL, "--format", "jsonl", "--output", output)
        self.assertIn("WHAT TO DO NEXT", to_file.out)
        self.assertTrue(output.read_text().startswith('{"type":"header"'))
        piped = tocsin("scan", MAIL, "--format", "jsonl")
        self.assertIn("WHAT TO DO NEXT", piped.err)
        self.assertEqual(piped.raw_out, output.read_bytes())
        self.assertEqual(tocsin("scan", MAIL, "--output", output, "--quiet").out, "")

    def test_fail_on(self):
        self.assertEnds(tocsin("scan", EVIDENCE, "--quiet", "--fail-on", "high"), 1)
        system = MAIL / "System.evtx"
        none = tocsin("scan", system, "--quiet", "--fail-on", "informational", "--format", "jsonl")
        self.assertEnds(none, 1 if none.of("finding") else 0)
        self.assertEnds(tocsin("scan", EVIDENCE, "--quiet", "--level", "critical", "--exclude", "none", "--fail-on",
                               "critical"), 1)

    def test_selection_of_rules(self):
        high = tocsin("scan", EVIDENCE, "--level", "high", "--format", "jsonl", "--quiet")
        self.assertEqual({one["level"] for one in high.of("finding")} - {"high", "critical"}, set())
        wanted = self.findings[0]["rule"]["id"]
        only = tocsin("scan", EVIDENCE, "--include", wanted, "--format", "jsonl", "--quiet")
        self.assertEqual([one["id"] for one in only.of("finding")],
                         [one["id"] for one in self.findings if one["rule"]["id"] == wanted])
        without = tocsin("scan", EVIDENCE, "--exclude", wanted, "--format", "jsonl", "--quiet")
        self.assertNotIn(wanted, {one["rule"]["id"] for one in without.of("finding")})

    def test_time_and_channel(self):
        day = tocsin("scan", EVIDENCE, "--from", "2021-07-13", "--to", "2021-07-14", "--format", "jsonl", "--quiet")
        expected = [one["id"] for one in self.findings if (one["time"] or "").startswith("2021-07-13")]
        self.assertTrue(expected)
        self.assertEqual([one["id"] for one in day.of("finding")], expected)
        security = tocsin("scan", EVIDENCE, "--channel", "security", "--format", "jsonl", "--quiet")
        self.assertEqual({one["channel"] for one in security.of("finding")}, {"Security"})

    def test_profiles(self):
        sizes = {}
        for profile in ("minimal", "standard", "full"):
            run = tocsin("scan", MAIL, "--profile", profile, "--format", "jsonl", "--quiet")
            sizes[profile] = len(run.raw_out)
            for finding in run.of("finding"):
                self.assertEqual("event" in finding, profile == "full")
                self.assertTrue(finding["matches"])
                if profile == "full":
                    self.assertIn("System", finding["event"]["Event"])
        self.assertLess(sizes["minimal"], sizes["standard"])
        self.assertLess(sizes["standard"], sizes["full"])

    def test_standard_input(self):
        with open(HOT, "rb") as stream:
            piped = tocsin("scan", "-", "--format", "jsonl", "--quiet", stdin=stream)
        self.assertEnds(piped, 0)
        named = tocsin("scan", HOT, "--format", "jsonl", "--quiet")
        self.assertEqual([one["id"] for one in piped.of("finding")], [one["id"] for one in named.of("finding")])

    def test_colours_and_progress(self):
        coloured = tocsin("scan", MAIL, "--color", "always")
        self.assertIn("\x1b[", coloured.out)
        self.assertNotIn("\x1b[", tocsin("scan", MAIL, "--color", "never").out)
        plain = tocsin("scan", EVIDENCE, "--progress", "plain", "--quiet")
        self.assertRegex(plain.err, r"events +\d+ findings")
        self.assertNotIn("\r", plain.err)

    def test_debug_and_stats_stay_on_standard_error(self):
        quiet = tocsin("scan", MAIL, "--format", "jsonl", "--quiet")
        loud = tocsin("scan", MAIL, "--format", "jsonl", "--quiet", "--debug", "--stats")
        self.assertEqual(loud.raw_out, quiet.raw_out)
        self.assertIn("stats: ", loud.err)
        self.assertRegex(loud.err, r"stats: +[0-9.]+ s +[1-9]\d* evaluations  [0-9a-f-]{36}  \w")
        self.assertIn("debug: ", loud.err)
        self.assertIn("System.evtx", loud.err)


class Terminal(TestCase):
    """On a pseudo-terminal: colours, its width, a progress line that goes away."""

    def on_terminal(self, *arguments, columns=90, **changes):
        main, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        process = subprocess.Popen([BINARY, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=other, stderr=other,
                                   env=environment(TERM="xterm", LANG="C.UTF-8", **changes))
        os.close(other)
        said = b""
        while True:
            try:
                block = os.read(main, 65536)
            except OSError:  # the other end is closed
                break
            if not block:
                break
            said += block
        os.close(main)
        self.assertEqual(process.wait(), 0, said)
        return said.decode()

    def test_colours_width_and_progress(self):
        said = self.on_terminal("scan", EVIDENCE)
        self.assertIn("\x1b[1m", said)
        self.assertRegex(said, r"\r\x1b\[K.* events  \d+ findings")
        summary = re.sub(r"\x1b\[[0-9;]*[mK]", "", said[said.rindex("\r\x1b[K"):])
        widths = [len(line.rstrip("\r")) for line in summary.split("\n")]
        self.assertLessEqual(max(widths), 90)
        self.assertGreater(max(widths), 80)

    def test_no_color_and_plain_terminals(self):
        self.assertNotIn("\x1b[1m", self.on_terminal("scan", MAIL, NO_COLOR="1"))
        self.assertIn("\x1b[1m", self.on_terminal("scan", MAIL, "--color", "always", NO_COLOR="1"))
        ascii_only = self.on_terminal("scan", MAIL, "--quiet", LC_ALL="C")
        self.assertTrue(ascii_only.isascii())
        self.assertNotIn("\r\x1b[K", ascii_only)


class Profiles(TestCase):
    """--profile as a flat table: columns of one's own for timelines and spreadsheets."""

    @classmethod
    def setUpClass(cls):
        cls.findings = tocsin("scan", EVIDENCE, "--format", "jsonl", "--quiet", "--profile", "full").of("finding")

    def flat(self, *arguments, **options):
        run = tocsin("scan", EVIDENCE, "-q", *arguments, **options)
        self.assertEnds(run, 0)
        return run

    def test_timesketch_gets_what_it_must_have(self):
        rows = self.flat("-f", "jsonl", "--profile", "timesketch").lines()
        self.assertEqual(len(rows), len(self.findings))
        for row, finding in zip(rows, self.findings):
            self.assertRegex(row["datetime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$")
            self.assertEqual(row["datetime"][:26], finding["time"][:26])
            self.assertTrue(row["message"].startswith(finding["rule"]["title"]), row["message"])
            self.assertEqual(row["timestamp_desc"], "Event logged")
            self.assertEqual(row["finding_id"], finding["id"])
            self.assertEqual(row["event_id"], finding["event_id"])
        self.assertEqual(json.loads(self.flat("-f", "json", "--profile", "timesketch").out), rows)

    def test_csv_has_the_columns_and_values_of_jsonl(self):
        for profile in ("timesketch", "hayabusa", "verbose", "all-fields"):
            rows = self.flat("-f", "jsonl", "--profile", profile).lines()
            table = list(csv.DictReader(io.StringIO(self.flat("-f", "csv", "--profile", profile).out, newline="")))
            self.assertEqual(len(table), len(rows))
            for line, row in zip(table, rows):
                self.assertEqual(list(line), list(row), profile)
                for name, value in row.items():
                    if isinstance(value, int):
                        self.assertEqual(line[name], str(value))

    def test_whole_events_are_there_where_they_are_asked_for(self):
        rows = self.flat("-f", "jsonl", "--profile", "all-fields").lines()
        told = 0
        for row, finding in zip(rows, self.findings):
            data = ((finding["event"] or {}).get("Event") or {}).get("EventData") or {}
            for name, value in data.items():
                if isinstance(value, str) and name != "#attributes":
                    self.assertIn(f"{name}: {value}", row["all_fields"])
                    told += 1
        self.assertGreater(told, 20)

    def test_own_profile_of_the_config_file(self):
        config = self.folder / "tocsin.toml"
        config.write_text('[profiles.mine]\ncolumns = ["Computer=host", "title", "event.Image"]\n'
                          '[scan]\nprofile = "mine"\nformat = "jsonl"\n', encoding="utf-8")
        rows = self.flat("--config", config).lines()
        self.assertEqual(list(rows[0]), ["Computer", "title", "event.Image"])
        self.assertEqual([row["Computer"] for row in rows], [one["host"] for one in self.findings])
        images = [row["event.Image"] for row in rows if row["event.Image"]]
        self.assertTrue(images and all(image.endswith(".exe") for image in images), images)

    def test_errors_say_what_was_expected(self):
        run = tocsin("scan", EVIDENCE, "--profile", "timesketch")
        self.assertEnds(run, 2)
        self.assertSays(run, "a profile that is a flat table goes with --format csv, jsonl or json")
        run = tocsin("explain", "0123", EVIDENCE, "--profile", "timesketch")
        self.assertEnds(run, 2)
        self.assertSays(run, "a profile that is a flat table goes with `tocsin scan`")
        run = tocsin("scan", EVIDENCE, "--profile", "timesketsch")
        self.assertSays(run, "expected one of minimal, standard, full, timesketch, hayabusa, verbose, all-fields",
                        "did you mean 'timesketch'?")


class Hint(TestCase):
    def test_is_one_line_and_can_be_switched_off(self):
        self.assertRegex(tocsin("scan", EVIDENCE).err, HINT)
        self.assertEqual(tocsin("scan", EVIDENCE, "-q").err, "")
        self.assertNotIn("judging with", tocsin("scan", EVIDENCE, "--rules", self.rule()).err)


class Words(TestCase):
    def test_help_of_every_command(self):
        for arguments in (["--help"], ["help"], ["scan", "--help"], ["dump", "-h"], ["rules", "check", "--help"],
                          ["rules", "list", "--help"], ["rules", "show", "--help"], ["explain", "--help"], ["help", "scan"]):
            run = tocsin(*arguments)
            self.assertEnds(run, 0)
            self.assertIn("Examples:", run.out)
            self.assertEqual(run.err, "")

    def test_version_tells_what_it_is_made_of(self):
        run = tocsin("--version")
        self.assertEnds(run, 0)
        for name in ("version: ", "commit: ", "compiler: ", "libraries: ", "built-in rules: "):
            self.assertIn(name, run.out)

    def test_works_from_any_folder_without_the_source_tree(self):
        run = tocsin("rules", "check", cwd=self.folder, env=environment(HOME=str(self.folder)))
        self.assertEnds(run, 0)
        self.assertTrue((SOURCE / "rules").is_dir())


if __name__ == "__main__":
    unittest.main()
