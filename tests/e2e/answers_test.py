"""Questions that need no rules: search, on the demo's evidence; with their messages."""

import csv
import io
import json
import unittest

from tool import EVIDENCE, TestCase, tocsin

MAIL = EVIDENCE / "MAIL01"
HOSTS = [EVIDENCE / name for name in ("DC01", "FILES01", "MAIL01")]


def rows(run, *kinds):
    return [one for one in run.lines() if one["type"] in kinds]


class Search(TestCase):
    def test_finds_what_a_dump_holds(self):
        events = [json.loads(line) for line in tocsin("dump", *HOSTS).out.splitlines()]
        expected = sum(1 for one in events if one["Event"]["System"]["EventID"] == 1 and "EventData" in one["Event"] and
                       "monitor" in str(one["Event"]["EventData"]).lower())
        run = tocsin("search", "MONITOR", *HOSTS, "-e", "nothing", "--any", "--quiet")
        self.assertEnds(run, 2)  # with --pattern all that stands alone is a path
        run = tocsin("search", "-e", "MONITOR", "-e", "EventID=1", *HOSTS, "--format", "jsonl")
        self.assertEnds(run, 0)
        self.assertGreater(expected, 0)
        self.assertEqual(len(rows(run, "hit")), expected)
        self.assertEqual(run.lines()[-1]["hits"], expected)
        self.assertEqual(run.lines()[0]["schema"], "tocsin.search")
        for hit in rows(run, "hit"):
            data = (EVIDENCE / hit["source"]["path"]).read_bytes()
            offset = hit["place"]["offset"]
            self.assertEqual(data[offset:offset + 4], b"**\x00\x00")
            for match in hit["matches"]:
                begin, end = match["span"]
                self.assertIn(match["value"].encode()[begin:end].decode().lower(), ("monitor", "1"))

    def test_forms_agree(self):
        arguments = ("search", "Image=*\\cmd.exe", *HOSTS)
        lines = rows(tocsin(*arguments, "--format", "jsonl"), "hit")
        self.assertTrue(lines)
        whole = json.loads(tocsin(*arguments, "--format", "json").out)
        self.assertEqual(whole["rows"], lines)
        table = list(csv.DictReader(io.StringIO(tocsin(*arguments, "--format", "csv").out, newline="")))
        self.assertEqual([one["time"] for one in table], [one["time"] for one in lines])
        text = tocsin(*arguments, "--width", 160).out.splitlines()
        self.assertEqual(sum(1 for one in text if "Image: " in one), len(lines))
        self.assertIn(f"{len(lines):,} hits", text)
        self.assertEqual([one["time"] for one in lines], sorted(one["time"] for one in lines))

    def test_lines_keep_to_the_width(self):
        for width in (80, 100, 160):
            run = tocsin("search", "-e", "EventID=4624", *HOSTS, "--width", width, "--context", "1s")
            self.assertEnds(run, 0)
            self.assertLessEqual(max(map(len, run.out.splitlines())), width)

    def test_context_is_of_the_same_host_and_near(self):
        plain = tocsin("search", "whoami", *HOSTS, "--format", "jsonl")
        near = tocsin("search", "whoami", *HOSTS, "--format", "jsonl", "--context", "1m")
        self.assertEqual(len(rows(near, "hit")), len(rows(plain, "hit")))
        self.assertGreater(len(rows(near, "near")), 0)
        hosts = {one["host"] for one in rows(near, "hit")}
        self.assertTrue({one["host"] for one in rows(near, "near")} <= hosts)
        self.assertIn("\n--\n", tocsin("search", "Image=*\\cmd.exe", *HOSTS, "--context", "1s").out)

    def test_full_has_the_event_and_max_the_first(self):
        run = tocsin("search", "EventID=1", MAIL, "--max", 3, "--profile", "full", "--format", "jsonl")
        self.assertEqual(len(rows(run, "hit")), 3)
        self.assertGreater(run.lines()[-1]["hits"], 3)
        self.assertTrue(all(one["event"]["Event"]["System"]["EventID"] == 1 for one in rows(run, "hit")))
        self.assertIn("the first 3 are shown", tocsin("search", "EventID=1", MAIL, "--max", 3).out)

    def test_standard_input_threads_and_filters(self):
        lines = tocsin("dump", MAIL).raw_out
        source = self.folder / "all.ndjson"
        source.write_bytes(lines)
        with source.open("rb") as stream:
            run = tocsin("search", "whoami", "-", "--format", "jsonl", stdin=stream)
        self.assertEnds(run, 0)
        self.assertEqual(len(rows(run, "hit")), len(rows(tocsin("search", "whoami", MAIL, "--format", "jsonl"), "hit")))
        one = tocsin("search", "cmd", *HOSTS, "--format", "jsonl", "--threads", 1)
        self.assertEqual(tocsin("search", "cmd", *HOSTS[::-1], "--format", "jsonl", "--threads", 7).raw_out, one.raw_out)
        self.assertEqual(rows(tocsin("search", "*", MAIL, "--channel", "nope", "--format", "jsonl"), "hit"), [])

    def test_finding_nothing_is_done(self):
        run = tocsin("search", "no such text anywhere", MAIL)
        self.assertEnds(run, 0)
        self.assertTrue(run.out.startswith("0 hits\n"))

    def test_messages(self):
        for arguments, said in (
                (["search"], "expected a pattern to search for"),
                (["search", "x"], "expected a file or folder of evidence"),
                (["search", "", MAIL], "the pattern is empty"),
                (["search", "a(", MAIL, "--regex"], "--regex: a closing parenthesis `)` is missing"),
                (["search", "(?=a)", MAIL, "--regex"], "look-ahead"),
                (["search", "x", MAIL, "--context", "5x"], "expected a span of time like 30s, 5m, 2h or 1d, found '5x'"),
                (["search", "x", MAIL, "--context", "0s"], "found '0s'"),
                (["search", "x", "-", "--context", "5m"], "it is read only once"),
                (["search", "x", MAIL, "--max", "0"], "--max: expected a number from 1"),
                (["search", "x", MAIL, "--format", "sarif"], "--format sarif is for findings"),
                (["search", "x", MAIL, "--rules", "y"], "`tocsin search` has no flag --rules"),
                (["search", "x", self.folder / "absent"], "No such file or directory"),
                (["search", "x" * 5000, MAIL], "more than 4096")):
            with self.subTest(arguments=arguments):
                run = tocsin(*arguments)
                self.assertEnds(run, 2)
                self.assertSays(run, said, "error: ")


if __name__ == "__main__":
    unittest.main()
