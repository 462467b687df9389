"""tocsin dump, explain and rules, on the demo's evidence."""

import json
import re
import shutil
import subprocess
import unittest

from tool import BINARY, EVIDENCE, GOOD_RULE, TIMEOUT, TestCase, environment, tocsin

MAIL = EVIDENCE / "MAIL01"
HOT = MAIL / "Microsoft-Windows-Sysmon%4Operational.evtx"


class Dump(TestCase):
    def test_json_has_one_event_a_line_with_its_place(self):
        run = tocsin("dump", HOT)
        self.assertEnds(run, 0)
        data = HOT.read_bytes()
        events = [json.loads(line) for line in run.out.splitlines()]
        self.assertGreater(len(events), 1000)
        for event in events:
            place = event["_tocsin"]
            text = json.dumps(place)
            self.assertIn("Sysmon", text)
            self.assertIn("EventID", event["Event"]["System"])
        first = events[0]["_tocsin"]
        offset = first.get("offset", first.get("place", {}).get("offset"))
        self.assertEqual(data[offset:offset + 4], b"**\x00\x00")

    def test_xml(self):
        run = tocsin("dump", MAIL / "System.evtx", "--as", "xml")
        self.assertEnds(run, 0)
        lines = run.out.splitlines()
        self.assertTrue(all(line.startswith("<Event") and line.endswith("</Event>") for line in lines), lines[:2])
        json_lines = tocsin("dump", MAIL / "System.evtx").out.splitlines()
        self.assertEqual(len(lines), len(json_lines))

    def test_xml_says_which_events_it_cannot_hold(self):
        source = self.folder / "one.ndjson"
        source.write_text('{"EventID": 1, "Channel": "Security"}\n', encoding="utf-8")
        run = tocsin("dump", source, "--as", "xml", "--quiet")
        self.assertEnds(run, 0)
        self.assertEqual(run.out, "")
        self.assertSays(run, "1 event is not written", "--as json")

    def test_dump_can_be_scanned_again(self):
        output = self.folder / "events.ndjson"
        self.assertEnds(tocsin("dump", HOT, "--output", output, "--quiet"), 0)
        evtx = tocsin("scan", HOT, "--format", "jsonl", "--quiet").of("finding")
        again = tocsin("scan", output, "--format", "jsonl", "--quiet").of("finding")

        def told(findings):
            return sorted((one["rule"]["id"], one["time"]) for one in findings)

        self.assertTrue(evtx)
        self.assertEqual(told(again), told(evtx))


class Explain(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scan = tocsin("scan", MAIL, "--format", "jsonl", "--quiet")
        cls.finding = next(one for one in cls.scan.of("finding")
                           if one["matches"] and not one["parts"] and one["place"]["kind"] == "evtx")

    def test_from_a_results_file(self):
        for form in ("jsonl", "json"):
            results = self.folder / f"results.{form}"
            self.assertEnds(tocsin("scan", MAIL, "--format", form, "--profile", "full", "--output", results, "--quiet"), 0)
            run = tocsin("explain", self.finding["id"], "--results", results)
            self.assertEnds(run, 0)
            for text in (self.finding["id"], self.finding["rule"]["title"], self.finding["source"]["sha256"], "«", "THE EVENT"):
                self.assertIn(text, run.out)
            short = tocsin("explain", self.finding["id"][:10], "--results", results)
            self.assertEqual(short.out, run.out)

    def test_by_judging_again(self):
        run = tocsin("explain", self.finding["id"], MAIL)
        self.assertEnds(run, 0)
        self.assertTrue(run.out.startswith("The rule matches this event\n"))
        for text in (self.finding["rule"]["title"], "CONDITION", "WHAT MATCHED", "ITS BYTES", "00000000  2a 2a 00 00"):
            self.assertIn(text, run.out)

    def test_judging_again_reads_once_and_writes_nothing_later(self):
        """Standard input can be read only once; and the scratch files are made before it is."""
        data = HOT.read_bytes()
        rule = ("scan", HOT, "--format", "jsonl", "--quiet")
        finding = next(one for one in tocsin(*rule).of("finding") if not one["parts"])
        process = subprocess.run([str(BINARY), "explain", finding["id"], "-"], input=data, env=environment(),
                                 capture_output=True, timeout=TIMEOUT, check=False)
        self.assertEqual(process.returncode, 0, process.stderr[-2000:])
        text = process.stdout.decode()
        self.assertTrue(text.startswith("The rule matches this event\n"))
        for name, value in (("time", finding["time"]), ("host", finding["host"]), ("channel", finding["channel"])):
            self.assertRegex(text, rf"\n  {name} +{re.escape(value)}")

    def test_an_event_must_be_named_clearly(self):
        for name in ("one", "two"):
            (self.folder / name).mkdir()
            shutil.copy(HOT, self.folder / name / "log.evtx")
        record = next(one for one in self.scan.of("finding") if one["source"]["path"].endswith(HOT.name))["place"]["record"]
        rule = self.finding["rule"]["id"]
        run = tocsin("explain", self.folder, "--rule", rule, "--event", f"log.evtx:{record}")
        self.assertEnds(run, 2)
        self.assertSays(run, "fits 2 events", f"one/log.evtx:{record}, ", f"two/log.evtx:{record}", "write more of the source's path")
        self.assertEnds(tocsin("explain", self.folder, "--rule", rule, "--event", f"two/log.evtx:{record}"), 0)

    def test_from_a_results_file_and_the_evidence(self):
        results = self.folder / "both.jsonl"
        self.assertEnds(tocsin("scan", MAIL, "--format", "jsonl", "--output", results, "--quiet"), 0)
        run = tocsin("explain", self.finding["id"], MAIL, "--results", results)
        self.assertEnds(run, 0)
        for text in (self.finding["source"]["sha256"], "CONDITION", "ITS BYTES", "00000000  2a 2a 00 00"):
            self.assertIn(text, run.out)

    def test_why_a_rule_did_not_match(self):
        others = [one for one in self.scan.of("coverage") if one["status"] == "not_seen"]
        rule = others[0]["rule"]["id"] if others else next(
            one["rule"]["id"] for one in self.scan.of("coverage") if one["rule"]["id"] != self.finding["rule"]["id"])
        event = f"{self.finding['source']['path']}:{self.finding['place']['record']}"
        run = tocsin("explain", MAIL, "--rule", rule, "--event", event)
        self.assertEnds(run, 0)
        self.assertTrue(run.out.startswith("The rule does not"), run.out[:200])
        self.assertIn("LOG SOURCE", run.out)

    def test_what_is_not_there(self):
        results = self.folder / "results.jsonl"
        tocsin("scan", MAIL / "System.evtx", "--format", "jsonl", "--output", results, "--quiet")
        for arguments in (["0" * 32, "--results", results], ["0" * 32, MAIL / "System.evtx"],
                          ["0" * 32, "--results", self.folder / "absent"],
                          [MAIL, "--rule", "nope", "--event", "System.evtx:1"]):
            run = tocsin("explain", *arguments)
            self.assertEnds(run, 2)
            self.assertSays(run, "error: ")


class Rules(TestCase):
    def test_built_in_rules_are_sound(self):
        run = tocsin("rules", "check")
        self.assertEnds(run, 0)
        self.assertRegex(run.out.splitlines()[-1], r"^\d+ rules loaded, 0 rejected$")

    def test_list_names_authors_in_every_form(self):
        rules = [json.loads(line) for line in tocsin("rules", "list", "--format", "jsonl").out.splitlines()]
        self.assertGreaterEqual(len(rules), 12)
        self.assertEqual(json.loads(tocsin("rules", "list", "--format", "json").out), rules)
        text = tocsin("rules", "list", "--width", 200).out
        for rule in rules:
            self.assertTrue(rule["author"])
            self.assertIn(rule["title"], text)
        self.assertIn(f"by {rules[0]['author']}", text)
        self.assertEnds(tocsin("rules", "list", "--format", "csv"), 2)

    def test_show(self):
        rule = json.loads(tocsin("rules", "list", "--format", "jsonl").out.splitlines()[0])
        run = tocsin("rules", "show", rule["id"])
        self.assertEnds(run, 0)
        self.assertIn(rule["title"], run.out)
        absent = tocsin("rules", "show", "nope")
        self.assertEnds(absent, 2)
        self.assertSays(absent, "no rule nope is loaded")

    def test_an_id_that_no_rule_has_is_told(self):
        first, second = (json.loads(line)["id"]
                         for line in tocsin("rules", "list", "--format", "jsonl").out.splitlines()[:2])
        slip = second[:-1] + ("0" if second[-1] != "0" else "1")
        for command in (["scan", MAIL / "System.evtx"], ["rules", "list"], ["rules", "check"]):
            run = tocsin(*command, "--include", first, "--include", slip, "--exclude", "nothing-like-it")
            self.assertEnds(run, 0)
            self.assertSays(run, f"warning: --include {slip}: no rule here has that id or name; did you mean {second}?",
                            "warning: --exclude nothing-like-it: no rule here has that id or name; "
                            "`tocsin rules list` shows the ids")
        self.assertNotIn("warning", tocsin("rules", "list", "--include", first, "--exclude", second).err)

    def test_two_rules_of_one_id(self):
        self.rule("rules/a.yml")
        self.rule("rules/b.yml", GOOD_RULE.replace("level: high", "level: low"))
        run = tocsin("rules", "check", self.folder / "rules")
        self.assertEnds(run, 1)
        for text in ("error[S014]", "--> rules/b.yml:2:5", "id: 7f8f1f0e", "^" * 36, "the first one is in rules/a.yml:1"):
            self.assertIn(text, run.out)

    def test_the_users_rules_replace_the_built_in_ones(self):
        run = tocsin("scan", MAIL, "--rules", self.rule(), "--format", "jsonl", "--quiet")
        self.assertEqual({one["rule"]["file"].rsplit("/", 1)[-1] for one in run.of("finding")}, {"own.yml"})


if __name__ == "__main__":
    unittest.main()
