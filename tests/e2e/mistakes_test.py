"""Slips of the pen: each is told, with what was likely meant, instead of looking like "nothing found"."""

import json
import unittest

from schemas import Schema
from tool import EVIDENCE, TestCase, tocsin

DC = EVIDENCE / "DC01"
SMALL = DC / "System.evtx"
HOT = EVIDENCE / "MAIL01" / "Microsoft-Windows-Sysmon%4Operational.evtx"
HOSTS = [EVIDENCE / name for name in ("DC01", "FILES01", "MAIL01")]
READERS = ("scan", "dump", "metrics", "logons", "timeline")


def unmet(run):
    return run.lines()[-1].get("unmet_filters", [])


class Filters(TestCase):
    def test_a_channel_that_is_not_there(self):
        for command in READERS:
            with self.subTest(command=command):
                run = tocsin(command, *HOSTS, "--channel", "Securty", "-c", "system")
                self.assertEnds(run, 0)
                self.assertSays(run, "warning: --channel Securty: no event that was read is of this channel; did you mean "
                                     "Security?\n")
                self.assertNotIn("--channel system", run.err)
                self.assertNotIn("warning", tocsin(command, *HOSTS, "-c", "Security", "--quiet").err)
        run = tocsin("search", "x", *HOSTS, "-c", "sysmon")
        self.assertSays(run, "did you mean Microsoft-Windows-Sysmon/Operational?")
        run = tocsin("search", "x", SMALL, "-c", "Forwarded")
        self.assertSays(run, "; there are, among others: System\n")

    def test_the_summary_says_it_even_where_nothing_else_does(self):
        run = tocsin("scan", SMALL, "-c", "Securty", "--quiet")
        self.assertEqual(run.err, "")
        self.assertIn("\n--channel Securty met nothing: no event that was read is of this channel\n", run.out)

    def test_machines_are_told_too(self):
        for command in ("scan", "search", "metrics", "logons", "timeline"):
            pattern = ["x"] if command == "search" else []
            run = tocsin(command, *pattern, *HOSTS, "-c", "Securty", "--format", "jsonl")
            (one,) = unmet(run)
            self.assertEqual((one["flag"], one["value"], one["nearest"], one["seen"]),
                             ("--channel", "Securty", "Security", []))
            self.assertEqual(unmet(tocsin(command, *pattern, *HOSTS, "-c", "Security", "--format", "jsonl")), [])
        schema = Schema("answers.schema.json")
        summary = tocsin("search", "Nam=x", *HOSTS, "-c", "Securty", "--format", "jsonl").lines()[-1]
        self.assertEqual(list(schema.undocumented(summary, {"$ref": "#/$defs/search_summary"})), [])
        summary = tocsin("scan", SMALL, "-c", "Securty", "--format", "jsonl", "-q").lines()[-1]
        documented = Schema("results.schema.json").undocumented(summary, {"$ref": "#/$defs/summary"})
        self.assertEqual(list(documented), [])

    def test_times_outside_the_evidence(self):
        run = tocsin("scan", SMALL, "--from", "2031-01-01")
        self.assertEnds(run, 0)
        self.assertSays(run, "warning: --from 2031-01-01T00:00:00.0000000Z: all events with a time are earlier: the last")
        run = tocsin("metrics", SMALL, "--to", "2001-01-01")
        self.assertSays(run, "warning: --to 2001-01-01T00:00:00.0000000Z: all events with a time are later: the first")

    def test_a_field_that_no_event_has(self):
        for threads in (1, 4):
            run = tocsin("search", "CommandLin=*x*", *HOSTS, "--threads", threads)
            self.assertEnds(run, 0)
            self.assertSays(run, "warning: pattern CommandLin=*x*: no event that was read has a field CommandLin; did you "
                                 "mean CommandLine?\n")
        for arguments in (["CommandLine=*no such text*"], ["eventdata.Image=*x*"], ["image=*cmd*"], ["EventID=1"]):
            self.assertNotIn("warning", tocsin("search", *arguments, *HOSTS).err, arguments)
        run = tocsin("search", "EventID=1", "--not", "Imagee=*", *HOSTS, "--max", 1)
        self.assertSays(run, "warning: --not Imagee=*: ", "did you mean Image?")

    def test_a_value_that_no_head_has(self):
        run = tocsin("search", "-e", "Channel=Securty", "-e", "EventID=4624", *HOSTS)
        self.assertSays(run, "warning: pattern Channel=Securty: no event that was read has such a value of Channel; did you "
                             "mean Security?")
        self.assertNotIn("EventID=4624:", run.err)
        run = tocsin("search", "EventID=46244", *HOSTS)
        self.assertSays(run, "warning: pattern EventID=46244: no event that was read has such a value of EventID\n")
        run = tocsin("search", "Computer=DC02*", *HOSTS)
        self.assertSays(run, "warning: pattern Computer=DC02*: ")


class Patterns(TestCase):
    def test_a_second_pattern_is_no_path(self):
        run = tocsin("search", "cmd", "whoami", HOT)
        self.assertEnds(run, 2)
        self.assertEqual(run.out, "")
        self.assertSays(run, "whoami is neither a file nor a folder: without -e only the first word is a pattern",
                        "did you mean `tocsin search -e 'cmd' -e 'whoami' ")
        self.assertEnds(tocsin("search", "cmd", HOT, self.folder / "absent"), 2)  # reads what is there
        self.assertIn("hit", tocsin("search", "cmd", HOT, self.folder / "absent").out)


class CutOff(TestCase):
    """A log without one event that could be read was not read, however much of it is left."""

    def test_nothing_could_be_read(self):
        data = HOT.read_bytes()
        for size in (0, 7, 8, 100, 3000, 4096):
            path = self.folder / f"{size}.evtx"
            path.write_bytes(data[:size])
            for command in READERS:
                with self.subTest(size=size, command=command):
                    run = tocsin(command, path, "--quiet")
                    self.assertEnds(run, 2)
                    self.assertSays(run, "error: no source was read: ")
        for size, said in ((0, "is empty (0 bytes)"), (7, "is a log that Tocsin knows"),
                           (100, "1 file begins as a log and is damaged or cut off before its first event"),
                           (3000, "cut off before its first event")):
            self.assertSays(tocsin("scan", self.folder / f"{size}.evtx", "--quiet"), said)

    def test_beside_a_log_it_changes_no_code(self):
        (self.folder / "cut.evtx").write_bytes(HOT.read_bytes()[:3000])
        run = tocsin("scan", self.folder, SMALL, "--format", "jsonl", "--quiet")
        self.assertEnds(run, 0)
        self.assertEqual(run.lines()[-1]["sources_read"], 1)
        self.assertTrue(any(one["source"]["path"].endswith("cut.evtx") for one in run.of("anomaly")))

    def test_an_empty_log_was_read(self):
        (self.folder / "empty.evtx").write_bytes(self.empty_log())
        self.assertEnds(tocsin("scan", self.folder / "empty.evtx", "--quiet"), 0)

    def empty_log(self):
        """Header and one chunk without a record, as Windows makes a channel."""
        import struct
        import zlib
        head = b"ElfFile\0" + struct.pack("<QQQIHHHH", 0, 0, 1, 128, 1, 3, 4096, 1)
        head = head.ljust(120, b"\0")
        header = (head + struct.pack("<II", 0, zlib.crc32(head))).ljust(4096, b"\0")
        chunk = bytearray(65536)
        chunk[:0x34] = b"ElfChnk\0" + struct.pack("<QQQQIIII", 1, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
                                                  0xFFFFFFFFFFFFFFFF, 128, 0, 512, zlib.crc32(b""))
        struct.pack_into("<I", chunk, 0x7C, zlib.crc32(bytes(chunk[:0x78]) + bytes(chunk[0x80:0x200])))
        return header + bytes(chunk)


class RulesOnTheLogs(TestCase):
    """They are judged with every whole rule set; so they are known wherever rules are."""

    def test_lists_and_counts_agree(self):
        listed = tocsin("rules", "list", "--format", "jsonl").lines()
        on_logs = [one for one in listed if one["file"] == "tocsin/log-hygiene"]
        self.assertEqual(len(on_logs), 4)
        run = tocsin("scan", SMALL, "--format", "jsonl")
        self.assertEqual(run.lines()[-1]["rules"]["selected"], len(listed))
        self.assertSays(run, f"judging with the {len(listed) - 4} built-in rules and 4 on the logs themselves")
        text = tocsin("rules", "list").out.splitlines()[-1]
        self.assertIn(f"{len(listed)} rules: {len(listed) - 4} of Sigma, 4 on the logs themselves", text)
        self.assertEqual(len(tocsin("rules", "list", "--no-hygiene", "--format", "jsonl").lines()), len(listed) - 4)
        version = tocsin("--version").out
        self.assertIn(f"built-in rules: {len(listed) - 4} of Sigma, 4 on the logs themselves\n", version)
        self.assertIn(f", of these {len(listed) - 4} rules; the others are log sources", version)

    def test_each_is_shown_and_explained(self):
        for name in ("log_records_missing", "log_clock_back", "log_stops", "clock_set"):
            with self.subTest(name=name):
                run = tocsin("rules", "explain", name)
                self.assertEnds(run, 0)
                for text in ("built into the program", "Not one event but whole logs, in which:", "LOOK AT NEXT",
                             "class E7: a weakness or lack of hygiene"):
                    self.assertIn(text, run.out)
                run = tocsin("rules", "show", name)
                self.assertEnds(run, 0)
                self.assertIn("file: none: built into the program", run.out)
        words = json.loads(tocsin("rules", "explain", "clock_set", "--format", "json").out)
        self.assertEqual(words["logs"][0]["event_ids"], [1])

    def test_they_judge_no_single_event(self):
        run = tocsin("explain", SMALL, "--rule", "log_stops", "--event", "System.evtx:1")
        self.assertEnds(run, 2)
        self.assertSays(run, "log_stops judges whole logs, not one event", "tocsin explain FINDING-ID PATH")
        run = tocsin("scan", SMALL, "--exclude", "log_stops")
        self.assertSays(run, "this is a rule on the logs themselves, which cannot be chosen one by one", "--no-hygiene")

    def test_why_they_could_not_be_judged(self):
        (self.folder / "empty").mkdir()
        (self.folder / "empty" / "x.evtx").write_bytes(b"")
        def reasons(*arguments):
            run = tocsin("scan", *arguments, "--format", "jsonl", "--quiet")
            titles = {one["id"]: one["title"] for one in tocsin("rules", "list", "--format", "jsonl").lines()
                      if one["file"] == "tocsin/log-hygiene"}
            return {titles[one["rule"]["id"]]: one["reason"] for one in run.of("coverage") if one["rule"]["id"] in titles}
        self.assertEqual(set(reasons(self.folder / "empty").values()), {"channel_absent"})
        self.assertEqual(set(reasons(SMALL, "-c", "Securty").values()), {"out_of_reach"})
        self.assertEqual(reasons(HOT)["The clock was set by a person or a program"], "channel_absent")
        mail = reasons(EVIDENCE / "MAIL01/System.evtx")
        self.assertEqual(mail["Records are missing inside a log"], "channel_absent")


class Timelines(TestCase):
    def test_findings_are_those_of_a_scan(self):
        rules = ["--rules", self.rule()]
        copy = self.folder / "copy"
        copy.mkdir()
        (copy / "Sysmon.evtx").write_bytes(HOT.read_bytes())  # the same records once more
        scan = tocsin("scan", *HOSTS, copy, *rules, "--format", "jsonl", "--quiet").lines()[-1]
        self.assertGreater(scan["same_findings"], 0)
        for extra in ([], ["--no-hygiene"]):
            scan = tocsin("scan", *HOSTS, copy, *rules, *extra, "--format", "jsonl", "--quiet").lines()[-1]
            run = tocsin("timeline", *HOSTS, copy, *rules, *extra, "--by", "level", "--format", "jsonl")
            self.assertEnds(run, 0)
            levels = {one["name"]: one["total"] for one in run.of("row")}
            expected = {name: count for name, count in scan["findings_by_level"].items() if count}
            self.assertEqual(levels, expected)


class Messages(TestCase):
    def test_a_flag_without_its_value(self):
        run = tocsin("scan", SMALL, "--rules")
        self.assertEnds(run, 2)
        self.assertSays(run, "error: --rules: expected DIR|FILE behind it, found nothing")
        self.assertSays(tocsin("search", "x", SMALL, "-C"), "error: --context: expected TIME behind it, found nothing")

    def test_words_in_the_wrong_place(self):
        run = tocsin("explain", SMALL)
        self.assertEnds(run, 2)
        self.assertSays(run, "expected a finding's id, found ", "--rule ID --event SOURCE:RECORD")
        run = tocsin("scan", SMALL, "--channel", "")
        self.assertEnds(run, 2)
        self.assertSays(run, "--channel: expected a value, found an empty one")

    def test_nothing_read_is_not_no_findings(self):
        run = tocsin("scan", self.folder / "absent")
        self.assertEnds(run, 2)
        self.assertTrue(run.out.startswith("Nothing was read, so nothing was found\n"), run.out[:100])
        run = tocsin("logons", HOT, "-c", "Securty")
        self.assertIn(", 0 inside the filters", run.out)
        self.assertNotIn("No log-on in this evidence", run.out)

    def test_a_rule_that_is_not_there(self):
        rule = tocsin("rules", "list", "--format", "jsonl").lines()[0]
        for wanted, said in ((rule["id"][:10], rule["title"]), ("log_stop", "did you mean log_stops?"),
                             ("shadow cop", "did you mean "), ("nosuchthing", "`tocsin rules list` shows the ids")):
            for command in ("show", "explain"):
                run = tocsin("rules", command, wanted)
                self.assertEnds(run, 2)
                self.assertSays(run, f"no rule {wanted} is loaded", said)
        run = tocsin("scan", SMALL, "--tag", "T1059")
        self.assertEnds(run, 2)
        self.assertSays(run, "did you mean --tag attack.T1059?")

    def test_what_damage_left_nothing_of(self):
        (self.folder / "cut.evtx").write_bytes(HOT.read_bytes()[:100])
        run = tocsin("formats", "--why", self.folder / "cut.evtx")
        self.assertIn("begins as evtx: nothing of it could be read", run.out)
        self.assertIn("what to do: copy it again from its origin", run.out)
        (row,) = [one for one in tocsin("formats", "--why", self.folder / "cut.evtx", "--format", "jsonl").lines()
                  if one["type"] == "file"]
        self.assertFalse(row["read"])
        run = tocsin("metrics", self.folder / "cut.evtx")
        self.assertNotIn("CHANNELS", run.out)

    def test_no_rule_is_chosen(self):
        run = tocsin("scan", SMALL, "--include", "nosuch")
        self.assertEnds(run, 2)
        self.assertSays(run, "warning: --include nosuch: no rule here has that id or name", "leave none")
        self.assertNotIn("judging with", run.err)
        (self.folder / "empty").mkdir()
        for arguments in (["scan", SMALL, "--rules", self.folder / "empty"], ["rules", "list", self.folder / "empty"],
                          ["rules", "list", "--tag", "attack.t9999"]):
            run = tocsin(*arguments)
            self.assertEnds(run, 2)
            self.assertSays(run, "no rule to judge with: none was found, or none was selected")

    def test_classes_of_evidence_are_explained(self):
        run = tocsin("scan", *HOSTS, "--width", 100)
        self.assertRegex(run.out, r"\n  1  (critical|high) E[1-7]  ")
        self.assertIn("E1 is the strongest class of evidence, E7 the weakest.", run.out)
        self.assertIn("E6: behaviour that resembles an attack", " ".join(run.out.split()))
        finding = tocsin("scan", *HOSTS, "--format", "jsonl", "--quiet").of("finding")[0]["id"]
        self.assertIn("evidence class E", tocsin("explain", finding, *HOSTS).out)

    def test_advice_names_no_log_as_if_it_were_a_setting(self):
        for evidence in (SMALL, HOT):
            text = tocsin("scan", evidence, "--width", 160).out.split("COULD NOT BE CHECKED")[1]
            self.assertNotRegex(text, r"event id [0-9, ]+: the \w+ log\n")
            self.assertIn("fetch ", text)


if __name__ == "__main__":
    unittest.main()
