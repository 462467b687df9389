"""Compiled rules that are kept between runs: the same bytes cold, warm and without; made anew when anything changed."""

import os
import shutil
import stat
import struct
import unittest

from tool import EVIDENCE, GOOD_RULE, SOURCE, TestCase, environment, tocsin

PATHS = [EVIDENCE / name for name in ("DC01", "FILES01", "MAIL01", "log-server")]


class RuleCache(TestCase):
    def setUp(self):
        super().setUp()
        self.cache = self.folder / "cache"
        self.rules = self.folder / "rules"
        shutil.copytree(SOURCE / "rules" / "windows", self.rules / "windows")
        self.rule("rules/own.yml")
        self.rule("rules/bad.yml", "title: Bad\nlogsource: {product: windows}\ndetection: 7\n")

    def run_with(self, command, *arguments, **changes):
        changes.setdefault("XDG_CACHE_HOME", str(self.cache))
        return tocsin(command, *arguments, env=environment(**changes))

    def scan(self, *arguments, **changes):
        return self.run_with("scan", *PATHS, "--rules", self.rules, *arguments, **changes)

    def files(self):
        return sorted((self.cache / "tocsin").glob("*"))

    def what_became(self, run):
        return [line for line in run.err.splitlines() if line.startswith("debug: rules: ")]

    def assertTaken(self, run, taken=True):
        lines = self.what_became(run)
        self.assertEqual(any("as they would be compiled now" in line for line in lines), taken, lines)

    def test_cold_warm_and_without_are_the_same_bytes(self):
        self.cache.mkdir()
        for form in ("text", "jsonl", "json", "csv", "sarif"):
            with self.subTest(format=form):
                shutil.rmtree(self.cache / "tocsin", ignore_errors=True)
                arguments = ("--format", form, "--profile", "full")
                cold, warm = self.scan(*arguments), self.scan(*arguments)
                without = self.scan(*arguments, "--no-cache")
                self.assertEnds(cold, 0)
                self.assertIn("1 rule is rejected and not judged", cold.err)
                for run in (warm, without):
                    self.assertEqual(run.raw_out, cold.raw_out)
                    self.assertEqual(run.raw_err, cold.raw_err)
                self.assertEqual(len(self.files()), 1)

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "there is only one processor")
    def test_compiled_on_any_number_of_processors_it_is_the_same_bytes(self):
        tables = []
        for processors in (1, 2):
            cache = self.folder / f"cache{processors}"
            cache.mkdir()
            chosen = sorted(os.sched_getaffinity(0))[:processors]
            run = tocsin("rules", "compile", env=environment(XDG_CACHE_HOME=str(cache)),
                         preexec_fn=lambda chosen=chosen: os.sched_setaffinity(0, chosen))
            self.assertEnds(run, 0)
            kept = next((cache / "tocsin").glob("*.rules")).read_bytes()
            beside = struct.unpack_from("<Q", kept, 160 + 16)[0]  # behind the sources, which hold the time
            tables.append(kept[beside:])
        self.assertGreater(len(tables[0]), 100_000)
        self.assertEqual(tables[0], tables[1])

    def test_other_commands_say_the_same(self):
        self.cache.mkdir()
        rule = "7f8f1f0e-3d0c-4d57-9d2e-0c6c2f4b9a10"
        commands = (("rules", "check"), ("rules", "list", "--format", "json"), ("rules", "show", rule),
                    ("rules", "explain", rule))
        for command in commands:
            with self.subTest(command=command):
                shutil.rmtree(self.cache / "tocsin", ignore_errors=True)
                runs = [self.run_with(*command, "--rules", self.rules, *more) for more in ((), (), ("--no-cache",))]
                for run in runs[1:]:
                    self.assertEqual((run.code, run.raw_out, run.raw_err),
                                     (runs[0].code, runs[0].raw_out, runs[0].raw_err))

    def test_is_private_and_used(self):
        self.cache.mkdir()
        self.assertTaken(self.scan("--debug"), False)
        self.assertEqual(stat.S_IMODE(os.stat(self.cache / "tocsin").st_mode), 0o700)
        self.assertEqual([stat.S_IMODE(os.stat(path).st_mode) for path in self.files()], [0o600])
        self.assertTaken(self.scan("--debug"))
        self.assertTaken(self.scan("--debug", "--no-sandbox"))
        self.assertEqual(self.what_became(self.scan("--debug", "--no-cache")),
                         ["debug: rules: nothing is kept: --no-cache was given"])

    def test_a_change_is_seen(self):
        self.cache.mkdir()
        before = self.scan("--format", "jsonl")
        self.rule("rules/own.yml", GOOD_RULE.replace("cmd.exe", "CMD.EXE").replace("high", "low"))
        after = self.scan("--format", "jsonl", "--debug")
        self.assertIn("own.yml was changed", after.err)
        self.assertEqual(after.raw_out, self.scan("--format", "jsonl", "--no-cache").raw_out)
        self.assertNotEqual(after.raw_out, before.raw_out)

    def test_damage_is_no_error(self):
        self.cache.mkdir()
        good = self.scan("--format", "jsonl")
        path = self.files()[0]
        whole = path.read_bytes()
        middle = len(whole) // 2
        for bad in (b"", whole[:1000], whole[:-1], whole + b"x", whole[:middle] + b"\xff" * 9 + whole[middle + 9:]):
            path.write_bytes(bad)
            run = self.scan("--format", "jsonl", "--debug")
            self.assertTaken(run, False)
            self.assertEqual((run.code, run.raw_out), (0, good.raw_out))
            self.assertEqual(len(path.read_bytes()), len(whole))
        path.write_bytes(b"nonsense")
        run = self.scan("--format", "jsonl")
        self.assertEqual((run.raw_out, run.raw_err), (good.raw_out, good.raw_err))

    def test_places_that_are_not_used(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir(mode=0o700)
        self.cache.mkdir()
        (self.cache / "tocsin").symlink_to(elsewhere)
        run = self.scan("--debug")
        self.assertEnds(run, 0)
        self.assertSays(run, "not kept: ", "expected a folder, found a link or a file")
        self.assertEqual(list(elsewhere.iterdir()), [])
        run = self.scan("--debug", XDG_CACHE_HOME="")
        self.assertSays(run, "nothing is kept: neither XDG_CACHE_HOME nor HOME names a folder")

    def test_evidence_is_never_written(self):
        evidence = self.folder / "evidence"
        shutil.copytree(EVIDENCE / "FILES01", evidence)
        run = self.run_with("scan", evidence, "--rules", self.rules, "--debug", XDG_CACHE_HOME=str(evidence))
        self.assertSays(run, "lies inside the evidence")
        self.assertFalse((evidence / "tocsin").exists())

    def test_compile_says_where_how_large_and_how_long(self):
        self.cache.mkdir()
        run = self.run_with("rules", "compile", self.rules)
        self.assertEnds(run, 0)
        first, second = run.out.splitlines()
        self.assertEqual([first], [str(path) for path in self.files()])
        self.assertRegex(second, r"^\d+ rules, [0-9.]+ [kM]B, compiled in \d+\.\d{3} s$")
        self.assertRegex(self.run_with("rules", "compile", self.rules).out, r"compiled already, read in")
        self.assertTaken(self.scan("--debug"))
        run = self.run_with("rules", "compile", self.rules, "--no-cache")
        self.assertEnds(run, 2)
        self.assertSays(run, "compiled rules cannot be kept: --no-cache was given")

    def test_config_and_doctor(self):
        self.cache.mkdir()
        config = self.folder / "tocsin.toml"
        config.write_text("no-cache = true\n", encoding="utf-8")
        self.scan("--config", config)
        self.assertFalse((self.cache / "tocsin").exists())
        self.assertIn("nothing is kept yet", self.run_with("doctor", "--width", 300).out)
        self.scan()
        self.assertIn("1 compiled set, ", self.run_with("doctor", "--width", 300).out)


if __name__ == "__main__":
    unittest.main()
