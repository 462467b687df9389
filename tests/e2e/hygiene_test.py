"""Findings on the logs themselves, on the demo's evidence: Sysmon of one server was silenced for an evening."""

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


if __name__ == "__main__":
    unittest.main()
