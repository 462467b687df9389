"""Each kind of bad input that the documents name: the message and the exit code."""

import os
import shutil
import signal
import subprocess
import time
import unittest

from tool import BINARY, EVIDENCE, GOOD_RULE, TIMEOUT, TestCase, environment, tocsin

SMALL = EVIDENCE / "DC01" / "System.evtx"
HOT = EVIDENCE / "MAIL01" / "Microsoft-Windows-Sysmon%4Operational.evtx"
NOBODY = 65534


class Usage(TestCase):
    def test_unknown_flag(self):
        run = tocsin("scan", SMALL, "--ruels", "x")
        self.assertEnds(run, 2)
        self.assertEqual(run.err, "error: unknown flag --ruels\n   = help: did you mean --rules?\n")
        self.assertEqual(run.out, "")

    def test_unknown_command(self):
        run = tocsin("scna", SMALL)
        self.assertEnds(run, 2)
        self.assertSays(run, "unknown command 'scna'", "did you mean 'scan'?")

    def test_no_arguments(self):
        for arguments in ([], ["scan"], ["dump"], ["explain"], ["rules"], ["rules", "show"]):
            run = tocsin(*arguments)
            self.assertEnds(run, 2)
            self.assertSays(run, "error: expected", "help: ")

    def test_a_time_that_is_no_time(self):
        for text in ("yesterday", "2021-02-30", "2021-13-01T00:00:00Z", "12:00", ""):
            run = tocsin("scan", SMALL, "--from", text)
            self.assertEnds(run, 2)
            self.assertSays(run, f"--from: expected a time like 2021-07-19T12:00:00Z, found '{text}'")
        run = tocsin("scan", SMALL, "--from", "2021-07-19", "--to", "2021-07-18")
        self.assertEnds(run, 2)
        self.assertSays(run, "is not before")

    def test_values_of_closed_lists(self):
        for flag, value, meant in (("--level", "hihg", "high"), ("--format", "jsnol", "jsonl"),
                                   ("--profile", "ful", "full"), ("--fail-on", "critcal", "critical")):
            run = tocsin("scan", SMALL, flag, value)
            self.assertEnds(run, 2)
            self.assertSays(run, f"{flag}: expected one of", f"did you mean '{meant}'?")


    def test_no_rule_to_judge_with(self):
        (self.folder / "rules").mkdir()
        for flags, hint in ((["--include", "no-such-rule"], "`tocsin rules list` without them"),
                            (["--rules", self.folder / "rules"], "rules are YAML files")):
            run = tocsin("scan", SMALL, *flags)
            self.assertEnds(run, 2)
            self.assertSays(run, "no rule to judge with", hint)
            self.assertNotIn("No findings", run.out)


class Evidence(TestCase):
    def test_path_that_does_not_exist(self):
        run = tocsin("scan", self.folder / "absent", "--quiet")
        self.assertEnds(run, 2)
        self.assertSays(run, "error: ", "absent", "no source was read")

    def test_one_path_fails_and_the_rest_is_read_all_the_same(self):
        run = tocsin("scan", SMALL, self.folder / "absent", "--format", "jsonl", "--quiet", "--fail-on", "informational")
        self.assertEnds(run, 2)  # 2 beats 1
        self.assertSays(run, "absent")
        self.assertEqual(len(run.of("source")), 1)
        self.assertEqual(run.of("summary")[0]["paths_failed"], 1)

    def test_nothing_readable(self):
        (self.folder / "notes.txt").write_text("nothing but words\n")
        for path in (self.folder, self.folder / "notes.txt"):
            run = tocsin("scan", path, "--quiet")
            self.assertEnds(run, 2)
            self.assertSays(run, "no source was read", "--debug says why")
        (self.folder / "notes.txt").unlink()
        self.assertEnds(tocsin("scan", self.folder, "--quiet"), 2)

    def test_unrecognised_file_beside_a_log_changes_no_code(self):
        (self.folder / "notes.txt").write_text("nothing but words\n")
        shutil.copy(SMALL, self.folder)
        run = tocsin("scan", self.folder, "--format", "jsonl", "--quiet")
        self.assertEnds(run, 0)
        status = {source["path"].rsplit("/", 1)[-1]: source["status"] for source in run.of("source")}
        self.assertEqual(status, {"System.evtx": "read", "notes.txt": "not_recognised"})

    def test_corrupted_log(self):
        data = bytearray(HOT.read_bytes())
        for at in range(70000, 70400):
            data[at] ^= 0x5A
        broken = self.folder / "broken.evtx"
        broken.write_bytes(data[: len(data) - 30000])
        run = tocsin("scan", broken, "--format", "jsonl", "--quiet")
        self.assertEnds(run, 0)
        anomalies = run.of("anomaly")
        self.assertTrue(anomalies)
        for anomaly in anomalies:
            self.assertEqual(anomaly["source"]["path"], "broken.evtx")
            self.assertRegex(anomaly["message"], r"\w+ .*\.$")
        self.assertTrue(any(65536 <= anomaly["offset"] < 4096 + 2 * 65536 for anomaly in anomalies), anomalies)
        self.assertGreater(run.of("source")[0]["records"], 4000)
        text = tocsin("scan", broken)
        self.assertEnds(text, 0)
        self.assertIn("DAMAGED OR ODD EVIDENCE", text.out)

    def test_unreadable_folder(self):
        shutil.copy(BINARY, self.folder / "tocsin")
        closed = self.folder / "logs" / "closed"
        closed.mkdir(parents=True)
        shutil.copy(SMALL, self.folder / "logs")
        shutil.copy(SMALL, closed)
        os.chmod(self.folder, 0o755)
        closed.chmod(0)
        self.addCleanup(closed.chmod, 0o700)
        as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        binary = self.folder / "tocsin"
        named = tocsin("scan", closed, "--quiet", binary=binary, **as_user)
        self.assertEnds(named, 2)
        self.assertSays(named, "closed", "Permission denied")
        inside = tocsin("scan", self.folder / "logs", "--format", "jsonl", "--quiet", binary=binary, **as_user)
        self.assertEnds(inside, 0)
        found = [anomaly for anomaly in inside.of("anomaly") if anomaly["source"]["path"].endswith("logs/closed")]
        self.assertEqual(len(found), 1, inside.of("anomaly"))
        self.assertIn("Permission denied", found[0]["message"])

    def test_hostile_names_do_not_reach_the_terminal(self):
        name = self.folder / "log\x1b[2J\u202e.evtx"
        shutil.copy(SMALL, name)
        for arguments in (["scan", name], ["scan", name, "--format", "table"], ["scan", str(name) + "absent"],
                          ["scan", name, "--debug"], ["scan", name, "--format", "csv"]):
            run = tocsin(*arguments)
            self.assertNotIn("\x1b", run.out + run.err)
            self.assertNotIn("\u202e", run.out + run.err)
        self.assertIn("\\x1B[2J\\u{202E}", tocsin("scan", name).out)


class Rules(TestCase):
    def test_rule_with_a_typo(self):
        self.rule("good.yml")
        self.rule("typo.yml", GOOD_RULE.replace("endswith", "endswiht").replace("7f8f1f0e", "8f8f1f0e"))
        check = tocsin("rules", "check", self.folder)
        self.assertEnds(check, 1)
        self.assertRegex(check.out, r"error\[\w+\]: .*endswiht")
        self.assertIn("typo.yml:11:15", check.out)
        self.assertIn("Image|endswiht: '\\cmd.exe'", check.out)
        self.assertIn("^^^^^^^^", check.out)
        self.assertIn("`endswith`", check.out)
        self.assertEqual(check.out.splitlines()[-1], "1 rules loaded, 1 rejected")
        scan = tocsin("scan", EVIDENCE / "MAIL01", "--rules", self.folder, "--format", "jsonl", "--quiet")
        self.assertEnds(scan, 0)
        self.assertEqual(scan.of("summary")[0]["rules"]["rejected"], 1)
        self.assertTrue(scan.of("finding"))

    def test_check_without_errors_ends_well(self):
        self.rule()
        run = tocsin("rules", "check", self.folder)
        self.assertEnds(run, 0)
        self.assertEqual(run.out.splitlines()[-1], "1 rules loaded, 0 rejected")

    def test_missing_rules(self):
        for arguments in (["scan", SMALL, "--rules"], ["rules", "check"], ["rules", "list"]):
            run = tocsin(*arguments, self.folder / "absent")
            self.assertEnds(run, 2)
            self.assertSays(run, "error: ", "absent")
        self.assertEnds(tocsin("rules", "check", self.folder), 2)

    def test_file_that_is_no_yaml(self):
        self.rule("quote.yml", GOOD_RULE.replace("cmd.exe'", "cmd.exe"))
        run = tocsin("rules", "check", self.folder)
        self.assertEnds(run, 1)
        self.assertRegex(run.out, r"error\[\w+\]: this is not valid YAML")
        self.assertRegex(run.out, r"--> .*quote\.yml:\d+:\d+\n")

    def test_yaml_that_is_no_rule_is_counted(self):
        self.rule()
        self.rule("other.yml", "name: something else\nvalues: [1, 2]\n")
        run = tocsin("rules", "check", self.folder)
        self.assertEnds(run, 0)
        self.assertIn("1 document that is no rule", run.out)

    def test_two_rules_of_one_id(self):
        self.rule("a.yml")
        self.rule("b.yml", GOOD_RULE.replace("cmd.exe", "powershell.exe"))
        run = tocsin("rules", "check", self.folder)
        self.assertEnds(run, 1)
        self.assertRegex(run.out, r"error\[S014\]: the id `[0-9a-f-]{36}` is taken by another rule\n +--> .*b\.yml:2:5")
        self.assertEqual(run.out.splitlines()[-1], "1 rules loaded, 1 rejected")
        self.assertSays(tocsin("scan", SMALL, "--rules", self.folder), "1 rule is rejected and not judged")

    def test_log_source_file_with_a_typo(self):
        path = self.folder / "mine.yml"
        path.write_text("product: windows\nlogsources:\n  - {service: mine, chanel: Application}\n", encoding="utf-8")
        run = tocsin("scan", SMALL, "--logsources", path)
        self.assertEnds(run, 2)
        self.assertSays(run, "error[L003]: the key `chanel` is not known here", "mine.yml:3:21", "known keys:")
        self.assertEnds(tocsin("rules", "check", "--logsources", path), 1)
        for arguments in (("rules", "list"), ("explain", "0" * 32, SMALL)):
            self.assertEnds(tocsin(*arguments, "--logsources", path), 2)

    def test_missing_side_files(self):
        for flag in ("--logsources", "--mapping"):
            run = tocsin("scan", SMALL, flag, self.folder / "absent.yml")
            self.assertEnds(run, 2)
            self.assertSays(run, "absent.yml")
        run = tocsin("scan", SMALL, "--expand", f"admins={self.folder}/absent.txt")
        self.assertEnds(run, 2)
        self.assertSays(run, "absent.txt")


class Outputs(TestCase):
    def test_full_disk(self):
        for run in (tocsin("scan", EVIDENCE / "DC01", "--format", "jsonl", "--quiet", "--output", "/dev/full"),
                    tocsin("dump", SMALL, "--output", "/dev/full")):
            self.assertEnds(run, 2)
            self.assertSays(run, "cannot write the output: No space left on device", "--> /dev/full", "the disk is full")
        with open("/dev/full", "wb") as full:
            for arguments in (["scan", SMALL], ["dump", SMALL], ["--help"], ["rules", "list"]):
                run = tocsin(*arguments, stdout=full)
                self.assertEnds(run, 2)
                self.assertSays(run, "No space left on device", "standard output")

    def test_closed_pipe_is_a_quiet_success(self):
        for arguments in (["dump", HOT], ["scan", EVIDENCE / "MAIL01", "--format", "jsonl", "--quiet"], ["rules", "list"],
                          ["scan", SMALL, "-q"]):
            reader, writer = os.pipe()
            os.close(reader)
            try:
                run = tocsin(*arguments, stdout=writer)
            finally:
                os.close(writer)
            self.assertEnds(run, 0)
            self.assertEqual(run.err, "")

    def test_output_inside_the_evidence(self):
        logs = self.folder / "logs"
        logs.mkdir()
        shutil.copy(SMALL, logs)
        (self.folder / "link").symlink_to(logs)
        before = sorted(path.name for path in logs.iterdir())
        for output in (logs / "out.jsonl", self.folder / "link" / "out.jsonl", logs / ".." / "logs" / "out.jsonl"):
            run = tocsin("scan", logs, "--format", "jsonl", "--output", output)
            self.assertEnds(run, 2)
            self.assertSays(run, "the output lies inside the evidence", "evidence is never written")
        run = tocsin("dump", logs / "System.evtx", "--output", logs / "System.evtx")
        self.assertEnds(run, 2)
        self.assertSays(run, "the output is the input")
        with open(logs / "redirected", "wb") as target:
            run = tocsin("scan", logs, stdout=target)
        (logs / "redirected").unlink()
        self.assertEnds(run, 2)
        self.assertSays(run, "the output lies inside the evidence")
        self.assertEqual(sorted(path.name for path in logs.iterdir()), before)
        self.assertEqual((logs / "System.evtx").read_bytes(), SMALL.read_bytes())

    def test_output_in_a_folder_that_is_not_there(self):
        run = tocsin("scan", SMALL, "--output", self.folder / "absent" / "out")
        self.assertEnds(run, 2)
        self.assertSays(run, "cannot open the output: No such file or directory", "make the folder first")

    def test_failure_leaves_the_old_output_alone(self):
        output = self.folder / "out.jsonl"
        output.write_text("old\n")
        for extra in ([], ["--no-sandbox"]):
            run = tocsin("scan", SMALL, "--rules", self.folder / "absent", "--output", output, *extra)
            self.assertEnds(run, 2)
            self.assertEqual(output.read_text(), "old\n")
            self.assertEqual([path.name for path in self.folder.iterdir()], ["out.jsonl"], extra)


class Interrupts(TestCase):
    """A pipe that stays open keeps the scan busy until the signal."""

    def start(self, *arguments):
        process = subprocess.Popen([BINARY, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment())
        self.addCleanup(process.kill)
        event = '{"Event":{"System":{"EventID":1,"Channel":"Security","EventRecordID":%d}}}\n'
        process.stdin.write("".join(event % i for i in range(2000)).encode())
        process.stdin.flush()
        time.sleep(1.0)
        return process

    def test_ctrl_c_ends_with_what_was_found(self):
        process = self.start("scan", "-", "--format", "jsonl", "--quiet")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn(b"interrupted", err)
        self.assertIn(b'"interrupted":true', out.splitlines()[-1])

    def test_second_ctrl_c_ends_at_once(self):
        process = self.start("scan", "-", "--quiet")
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=TIMEOUT)
        self.assertIn(process.returncode, (130, -signal.SIGINT))

    def left_over(self):
        return list(self.folder.glob("out.jsonl.partial-*"))

    def ends_without_a_temporary_file(self, signals, extra):
        process = self.start("scan", "-", "--quiet", "--output", self.folder / "out.jsonl", *extra)
        self.assertTrue(self.left_over())
        for one in signals:
            process.send_signal(one)
        process.communicate(timeout=TIMEOUT)
        until = time.monotonic() + 5
        while self.left_over() and time.monotonic() < until:
            time.sleep(0.02)
        self.assertEqual(self.left_over(), [], (signals, extra))
        return process.returncode

    def test_second_ctrl_c_leaves_no_temporary_file(self):
        for extra in ([], ["--no-sandbox"]):
            code = self.ends_without_a_temporary_file([signal.SIGINT, signal.SIGINT], extra)
            self.assertIn(code, (130, -signal.SIGINT))

    def test_a_closed_terminal_leaves_no_temporary_file(self):
        for extra in ([], ["--no-sandbox"]):
            for one in (signal.SIGHUP, signal.SIGQUIT):
                self.assertEqual(self.ends_without_a_temporary_file([one], extra), -one)
                self.assertEqual(list(self.folder.iterdir()), [])

    def test_nohup_outlives_the_terminal(self):
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what the child starts with
        try:
            process = self.start("scan", "-", "--quiet", "--no-sandbox", "--output", self.folder / "out.jsonl")
        finally:
            signal.signal(signal.SIGHUP, before)
        process.send_signal(signal.SIGHUP)
        _, err = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["out.jsonl"])

    def test_ctrl_c_ends_a_dump(self):
        process = self.start("dump", "-", "--quiet")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 130, err)


if __name__ == "__main__":
    unittest.main()
