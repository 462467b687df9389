"""Real output against the schemas in docs/formats, and nothing in it that they do not name."""

import json
import unittest
import zipfile

from schemas import ABSENT, Schema, jsonschema
from tool import EVIDENCE, TestCase, tocsin

KINDS = ("header", "source", "finding", "anomaly", "coverage", "technique", "setting", "summary")
HOSTS = [EVIDENCE / name for name in ("DC01", "FILES01", "MAIL01")]


@unittest.skipIf(jsonschema is None, ABSENT)
class Results(TestCase):
    schema = Schema("results.schema.json")

    def judge(self, objects):
        seen = set()
        for one in objects:
            seen.add(one["type"])
            self.assertEqual(self.schema.errors(one, one["type"]), [], json.dumps(one)[:1000])
        return seen

    def test_schema_is_a_schema(self):
        self.schema.is_sound()

    def test_json_lines_of_every_profile(self):
        for profile in ("minimal", "standard", "full"):
            run = tocsin("scan", EVIDENCE, "--format", "jsonl", "--profile", profile, "--quiet")
            self.assertEqual(self.judge(run.lines()), set(KINDS))

    def test_json_document(self):
        run = tocsin("scan", EVIDENCE, "--format", "json", "--quiet")
        self.assertEqual(self.schema.errors(json.loads(run.out), "document"), [])

    def test_odd_evidence(self):
        (self.folder / "odd.ndjson").write_bytes(
            b'{"Event":{"System":{"EventID":1,"Channel":"\xff\xfe","Computer":"\\ud800"},"EventData":{"a":1,"a":2}}}\n'
            b'{"broken\n[1,2,3]\n\x00\n')
        run = tocsin("scan", self.folder, EVIDENCE / "DC01" / "System.evtx", "--format", "jsonl", "--quiet",
                     "--rules", self.rule())
        self.assertEnds(run, 0)
        self.assertIn("anomaly", self.judge(run.lines()))


@unittest.skipIf(jsonschema is None, ABSENT)
class Answers(TestCase):
    schema = Schema("answers.schema.json")

    def judge(self, name, *arguments, kinds):
        """Lines and document of one answer, with objects of all of `kinds`."""
        run = tocsin(*arguments, "--format", "jsonl")
        self.assertEnds(run, 0)
        lines = run.lines()
        for one in lines:
            self.assertEqual(self.schema.errors(one, self.schema.definition(name, one["type"])), [], json.dumps(one)[:1000])
        self.assertEqual({one["type"] for one in lines}, set(kinds))
        document = json.loads(tocsin(*arguments, "--format", "json").out)
        self.assertEqual(self.schema.errors(document, f"{name}_document"), [])
        return lines

    def test_schema_is_a_schema(self):
        self.schema.is_sound()

    def test_what_is_wrong_is_told(self):
        for one, says in (({"type": "check"}, "'group' is a required property"),
                          ({"type": "check", "group": "build", "name": "x", "status": "ok", "says": "y", "remedy": "do"},
                           "remedy: 'do' is "),
                          ({"type": "check", "group": "build", "name": "x", "status": "ok", "says": "y", "remedy": "",
                            "more": 1}, ".more is not named")):
            self.assertIn(says, "\n".join(self.schema.errors(one, "check")))

    def test_search(self):
        self.judge("search", "search", "whoami", *HOSTS, "--context", "1m", kinds=("header", "hit", "near", "summary"))
        lines = self.judge("search", "search", "EventID=4104", *HOSTS, "--profile", "full",
                           kinds=("header", "hit", "summary"))
        self.assertIn("event", lines[1])
        self.judge("search", "search", "no such text", *HOSTS, kinds=("header", "summary"))

    def test_search_in_odd_evidence(self):
        (self.folder / "odd.ndjson").write_bytes(
            b'{"Event":{"System":{"EventID":"x","Channel":"\xff\xfe","Computer":"\\ud800"},"EventData":{"a":"b"}}}\n'
            b'{"x":"' + b"b" * 40000 + b'"}\n{"broken\n')
        lines = self.judge("search", "search", "b", self.folder, kinds=("header", "hit", "summary"))
        self.assertTrue(any("value_from" in match for one in lines[1:-1] for match in one["matches"]))

    def test_metrics(self):
        self.judge("metrics", "metrics", *HOSTS,
                   kinds=("header", "channel", "event_id", "host", "day", "missing", "setting", "summary"))

    def test_logons(self):
        self.judge("logons", "logons", *HOSTS, "--all", kinds=("header", "logon", "summary"))

    def test_timeline(self):
        lines = self.judge("timeline", "timeline", *HOSTS, kinds=("header", "row", "summary"))
        self.assertEqual(lines[0]["of"], "events")
        lines = self.judge("timeline", "timeline", *HOSTS, "--rules", self.rule(), "--by", "level",
                           kinds=("header", "row", "summary"))
        self.assertEqual(lines[0]["of"], "findings")

    def test_formats(self):
        self.judge("formats", "formats", kinds=("header", "format", "summary"))
        archive = self.folder / "two.zip"
        with zipfile.ZipFile(archive, "w") as out:
            out.write(HOSTS[0] / "System.evtx", "System.evtx")
            out.writestr("hive", b"regf" + bytes(600))
            out.writestr("empty", b"")
        self.judge("formats_why", "formats", "--why", archive, kinds=("header", "file", "summary"))

    def test_doctor(self):
        for arguments in ([], ["--rules", self.rule()], ["--rules", self.folder / "absent"]):
            run = tocsin("doctor", "--format", "jsonl", *arguments)
            lines = run.lines()
            for one in lines:
                self.assertEqual(self.schema.errors(one, "check"), [], json.dumps(one))
            self.assertEqual({one["group"] for one in lines}, {"build", "machine", "sandbox", "rules", "surroundings"})
            document = json.loads(tocsin("doctor", "--format", "json", *arguments).out)
            self.assertEqual(self.schema.errors(document, "doctor_document"), [])
            self.assertEqual(any(one["status"] == "failed" for one in lines), run.code == 2)


if __name__ == "__main__":
    unittest.main()
