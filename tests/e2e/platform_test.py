"""What surrounds the work: doctor, the manual page, completions in the shells themselves."""

import json
import shutil
import subprocess
import unittest

from tool import TestCase, environment, tocsin


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment(), **options)


class Doctor(TestCase):
    def test_json_says_what_text_says(self):
        checks = json.loads(tocsin("doctor", "-f", "json").out)
        text = tocsin("doctor", "--width", "200")
        self.assertEnds(text, 0)
        names = {(one["group"], one["name"]) for one in checks}
        for wanted in [("build", "commit"), ("build", "libraries"), ("machine", "processors"), ("machine", "scratch"),
                       ("sandbox", "files"), ("sandbox", "system calls"), ("rules", "built in"),
                       ("surroundings", "config"), ("surroundings", "terminal")]:
            self.assertIn(wanted, names)
        for one in checks:
            self.assertEqual(one["type"], "check")
            self.assertIn(one["status"], ("ok", "warning", "failed"))
            self.assertEqual(one["remedy"] == "", one["status"] == "ok", one)
            if one["name"] not in ("memory", "scratch"):  # they change while we look
                self.assertIn(one["says"], text.out)
        warned = sum(one["status"] == "warning" for one in checks)
        self.assertIn(f"{warned} warning", text.out.splitlines()[-1])
        lines = tocsin("doctor", "-f", "jsonl").out.splitlines()
        self.assertEqual(len(lines), len(checks))

    def test_what_is_broken_ends_with_2_and_is_shown(self):
        config = self.folder / "tocsin.toml"
        config.write_text("levl = 1\n", encoding="utf-8")
        broken = tocsin("doctor", "--config", config, "--width", "200")
        self.assertEnds(broken, 2)
        self.assertIn(f"{config}:1:1: unknown key 'levl'", broken.out)
        self.assertIn("1 failure", broken.out)
        rules = tocsin("doctor", "--rules", self.folder / "absent")
        self.assertEnds(rules, 2)
        self.assertIn("FAIL", rules.out)

    def test_scratch_folder_that_is_none(self):
        absent = tocsin("doctor", "--width", "200", env=environment(TMPDIR=str(self.folder / "absent")))
        self.assertEnds(absent, 2)
        self.assertIn(f"nothing can be written in {self.folder}/absent", absent.out)
        self.assertIn("let TMPDIR name a folder that you may write to", absent.out)

    def test_the_sandbox_it_shows_is_its_own(self):
        off = tocsin("doctor", "--no-sandbox")
        self.assertEnds(off, 0)
        self.assertIn("off, as --no-sandbox asks", off.out)

    def test_csv_is_refused(self):
        refused = tocsin("doctor", "-f", "csv")
        self.assertEnds(refused, 2)
        self.assertSays(refused, "checks are written as text, table, json or jsonl")


class Manual(TestCase):
    def setUp(self):
        super().setUp()
        self.page = self.folder / "tocsin.1"
        self.page.write_bytes(tocsin("man").raw_out)

    def test_names_every_command_and_flag(self):
        page = self.page.read_text(encoding="utf-8").replace("\\-", "-")
        for line in tocsin("scan", "--help").out.splitlines():
            words = line.replace(",", " ").split()
            if line.startswith("  -") or line.startswith("      --"):
                flag = next(word for word in words if word.startswith("--"))
                if flag not in ("--", "--help"):
                    self.assertIn(flag + "\\fR", page)
        for command in ("scan", "rules check", "doctor", "completions"):
            self.assertIn(f".SS {command}\n", page)

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed (scripts/setup)")
    def test_mandoc_finds_nothing_to_say(self):
        lint = run("mandoc", "-Tlint", "-Wall", str(self.page))
        self.assertEqual((lint.stdout, lint.returncode), ("", 0))

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed (scripts/setup)")
    def test_reads_as_text(self):
        text = run("mandoc", "-Tascii", str(self.page)).stdout
        self.assertIn("tocsin - judge logs with Sigma rules", run("col", "-b", input=text).stdout or text)


class Completions(TestCase):
    def script(self, shell):
        path = self.folder / f"completion.{shell}"
        path.write_bytes(tocsin("completions", shell).raw_out)
        return path

    def bash(self, *words):
        line = " ".join(f"'{word}'" for word in words)
        code = (f"source '{self.script('bash')}'; COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); "
                "_tocsin; printf '%s\\n' \"${COMPREPLY[@]}\"")
        done = run("bash", "--norc", "-c", code, cwd=self.folder)
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        return done.stdout.split("\n")[:-1] if done.stdout.strip() else []

    def test_bash(self):
        (self.folder / "some evidence.evtx").touch()
        self.assertIn("scan", self.bash("tocsin", ""))
        self.assertEqual(self.bash("tocsin", "sc"), ["scan"])
        self.assertEqual(self.bash("tocsin", "rules", "li"), ["list"])
        self.assertEqual(self.bash("tocsin", "scan", "--lev"), ["--level"])
        self.assertEqual(self.bash("tocsin", "dump", "--lev"), [])
        self.assertEqual(self.bash("tocsin", "rules", "list", "--lev"), ["--level"])
        self.assertEqual(self.bash("tocsin", "scan", "-l", "h"), ["high"])
        self.assertEqual(self.bash("tocsin", "scan", "--level", "=", "h"), ["high"])
        self.assertEqual(self.bash("tocsin", "scan", "--level", "="),
                         ["informational", "low", "medium", "high", "critical"])
        self.assertEqual(self.bash("tocsin", "scan", "some"), ["some evidence.evtx"])
        self.assertEqual(self.bash("tocsin", "scan", "--rules", "some"), ["some evidence.evtx"])
        self.assertEqual(self.bash("tocsin", "scan", "--from", "some"), [])
        self.assertEqual(self.bash("tocsin", "completions", ""), ["bash", "zsh", "fish"])

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed (scripts/setup)")
    def test_fish(self):
        def complete(line):
            done = run("fish", "--no-config", "-c", f"source '{self.script('fish')}'; complete -C '{line}'",
                       cwd=self.folder)
            self.assertEqual((done.stderr, done.returncode), ("", 0))
            return [one.split("\t")[0] for one in done.stdout.splitlines()]

        self.assertIn("scan", complete("tocsin "))
        self.assertNotIn("completion.fish", complete("tocsin "))
        self.assertEqual(complete("tocsin rules li"), ["list"])
        self.assertEqual(complete("tocsin scan --lev"), ["--level"])
        self.assertEqual(complete("tocsin dump --lev"), [])
        self.assertEqual(complete("tocsin scan --level h"), ["high"])
        self.assertIn("completion.fish", complete("tocsin scan comp"))
        self.assertEqual(complete("tocsin completions "), ["bash", "fish", "zsh"])

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed (scripts/setup)")
    def test_zsh(self):
        # What the script hands to zsh's own functions, which need a terminal.
        def complete(*words):
            code = ("_arguments() { print -rl -- $words[1] $CURRENT \"$@\" }; _describe() { print -rl -- ${(P)2} }; "
                    f"compdef() {{ }}; source '{self.script('zsh')}'; words=({' '.join(repr(one) for one in words)}); "
                    "CURRENT=$#words; _tocsin")
            done = run("zsh", "-f", "-c", code)
            self.assertEqual((done.stderr, done.returncode), ("", 0))
            return done.stdout.splitlines()

        self.assertIn("scan:judge evidence with Sigma rules", complete("tocsin", ""))
        self.assertIn("list:which rules are there?", complete("tocsin", "rules", ""))
        scan = complete("tocsin", "scan", "")
        self.assertEqual(scan[:2], ["scan", "2"])
        self.assertTrue(any(one.startswith("--level=[only rules of this level or above\\: informational")
                            and one.endswith(":LEVEL:(informational low medium high critical)") for one in scan), scan)
        self.assertTrue(any(one.startswith("*-r+[") and one.endswith(":_files") for one in scan), scan)
        self.assertEqual(complete("tocsin", "rules", "list", "")[:2], ["list", "2"])
        self.assertFalse(any(one.startswith("--level") for one in complete("tocsin", "dump", "")))

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed (scripts/setup)")
    def test_zsh_takes_it_as_a_completion(self):
        (self.folder / "functions").mkdir()
        self.script("zsh").rename(self.folder / "functions/_tocsin")
        # Beside zsh's own folder of compinit alone: reading all its completions takes long on a busy machine.
        code = (f"fpath=('{self.folder}/functions' ${{^fpath}}/compinit(N:h)); autoload -U compinit; compinit -D -u; "
                "print $_comps[tocsin]")
        self.assertEqual(run("zsh", "-f", "-c", code).stdout, "_tocsin\n")

    def test_needs_a_shell(self):
        none = tocsin("completions", "tcsh")
        self.assertEnds(none, 2)
        self.assertSays(none, "expected one shell of bash, zsh, fish, found 'tcsh'")



if __name__ == "__main__":
    unittest.main()
