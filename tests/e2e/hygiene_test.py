"""Findings on the logs themselves, on the demo's evidence: Sysmon of one server was silenced for an evening."""

import json
import unittest

from tool import EVIDENCE, TestCase, tocsin

FILES = EVIDENCE / "FILES01"


def hygiene(run):
    return [one for one in run.of("finding") if one["rule"]["file"] == "tocsin/log-hygiene"]


class Hygiene(TestCase):
    def test_missing_records_are_proved_by_both_neighbours(self):
        found = hygiene(tocsin("scan", EVIDENCE, "--format", "jsonl", "--quiet"))
        self.assertEqual([(one["rule"]["title"], one["host"]) for one in found],
                         [("Records are missing inside a log", "FILES01.campus.example")])
        finding = found[0]
        self.assertEqual(finding["evidence_class"], "E7")
        before, after = finding["matches"]
        self.assertGreater(int(after["value"]), int(before["value"]) + 40)
        for part, match in zip(finding["parts"], finding["matches"]):
            data = (EVIDENCE.parent / part["source"]["path"]).read_bytes()
            record = data[part["place"]["offset"]:part["place"]["offset"] + part["place"]["length"]]
            self.assertEqual(record[:4], b"**\x00\x00")
            self.assertEqual(int.from_bytes(record[8:16], "little"), int(match["value"]))

    def test_the_summary_and_a_results_file_show_it(self):
        results = self.folder / "results.jsonl"
        run = tocsin("scan", FILES, "--format", "jsonl", "--output", results)
        self.assertEnds(run, 0)
        self.assertIn("Records are missing inside a log", run.out)
        (finding,) = hygiene(tocsin("scan", FILES, "--format", "jsonl", "--quiet"))
        shown = tocsin("explain", finding["id"], "--results", results)
        self.assertEnds(shown, 0)
        self.assertIn(finding["matches"][0]["value"], shown.out)

    def test_explain_finds_it_in_the_evidence(self):
        (finding,) = hygiene(tocsin("scan", FILES, "--format", "jsonl", "--quiet"))
        before, after = (match["value"] for match in finding["matches"])
        run = tocsin("explain", finding["id"], FILES, "--width", 160)
        self.assertEnds(run, 0)
        self.assertTrue(run.out.startswith(f"The logs show it\nfinding {finding['id']}\n"), run.out[:200])
        for text in (finding["rule"]["title"], finding["source"]["sha256"], finding["notes"][0], f"«{before}»",
                     f"«{after}»", "2 records make this finding", f"record {before}, ", f"record {after}, ",
                     "needs record numbers as Windows wrote them", "THE EVENT", f'"EventRecordID": {after}',
                     "00000000  2a 2a 00 00"):
            self.assertIn(text, run.out)
        self.assertEqual(tocsin("explain", finding["id"][:8], FILES, "--width", 160).out, run.out)
        # Whatever rules are chosen; another file alone is another evidence.
        self.assertEqual(tocsin("explain", finding["id"], FILES, "--width", 160, "--rules", self.rule()).out, run.out)
        self.assertEnds(tocsin("explain", finding["id"], FILES / "System.evtx"), 2)

    def test_explain_reads_standard_input_once(self):
        (finding,) = hygiene(tocsin("scan", FILES, "--format", "jsonl", "--quiet"))
        with (EVIDENCE / finding["source"]["path"]).open("rb") as stream:
            run = tocsin("explain", finding["id"], "-", "--width", 160, stdin=stream)
        self.assertEnds(run, 0)
        self.assertIn(finding["notes"][0], run.out)
        self.assertIn("standard input can be read only once", run.out)
        self.assertNotIn("ITS BYTES", run.out)

    def test_it_goes_with_whole_rule_sets_only(self):
        for flags in (["--no-hygiene"], ["--level", "medium"], ["--tag", "attack.t1070"]):
            run = tocsin("scan", FILES, "--format", "jsonl", "--quiet", *flags)
            self.assertEnds(run, 0)
            self.assertEqual(hygiene(run), [], flags)

    def test_an_export_proves_no_hole(self):
        run = tocsin("scan", EVIDENCE / "MAIL01/System.evtx", "--format", "jsonl", "--quiet")
        coverage = {one["rule"]["title"]: one["status"] for one in run.of("coverage")}
        self.assertEqual(coverage["Records are missing inside a log"], "not_evaluable")
        self.assertEqual(coverage["The clock went back inside a log"], "not_seen")

    def clock(self, **changes):
        data = {"NewTime": "2021-07-14T02:10:00.0000000Z", "OldTime": "2021-07-14T05:10:00.0000000Z", "Reason": "1",
                "ProcessName": r"\Device\HarddiskVolume2\Windows\System32\cmd.exe", **changes}
        event = {"Event": {"System": {"Provider": {"#attributes": {"Name": "Microsoft-Windows-Kernel-General"}},
                                      "EventID": 1, "TimeCreated": {"#attributes": {"SystemTime": data["NewTime"]}},
                                      "EventRecordID": 9, "Channel": "System", "Computer": "FILES01",
                                      "Security": {"#attributes": {"UserID": "S-1-5-21-1-2-3-1104"}}},
                           "EventData": data}}
        path = self.folder / "clock.jsonl"
        path.write_text(json.dumps(event) + "\n", encoding="utf-8")
        return hygiene(tocsin("scan", path, "--format", "jsonl", "--quiet"))

    def test_a_clock_that_somebody_set_is_told(self):
        (finding,) = self.clock()
        self.assertEqual((finding["rule"]["title"], finding["level"]),
                         ("The clock was set by a person or a program", "low"))
        self.assertEqual([match["value"] for match in finding["matches"]],
                         ["2021-07-14T05:10:00.0000000Z", "2021-07-14T02:10:00.0000000Z",
                          r"\Device\HarddiskVolume2\Windows\System32\cmd.exe"])
        self.assertIn("the clock was set back by 10800 seconds", finding["notes"])

    def test_a_clock_that_is_kept_is_not(self):
        for changes in ({"Reason": "2"}, {"NewTime": "2021-07-14T05:12:00.0000000Z"},
                        {"ProcessName": r"\Device\HarddiskVolume2\Windows\System32\svchost.exe"}):
            self.assertEqual(self.clock(**changes), [], changes)


if __name__ == "__main__":
    unittest.main()
