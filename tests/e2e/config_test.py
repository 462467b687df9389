"""tocsin.toml with the real program: what it decides, where it is found, and what is said of its errors."""

import os
import unittest

from tool import EVIDENCE, TestCase, environment, tocsin


class Config(TestCase):
    def config(self, text, name="xdg/tocsin/tocsin.toml"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def with_xdg(self, *arguments, **options):
        return tocsin(*arguments, env=environment(XDG_CONFIG_HOME=str(self.folder / "xdg")), **options)

    def test_defaults_come_from_the_file_and_debug_says_so(self):
        path = self.config('level = "critical"\n[rules-list]\nformat = "json"\n')
        listed = self.with_xdg("rules", "list", "--debug")
        self.assertEnds(listed, 0)
        self.assertSays(listed, f"debug: config: defaults from {path}")
        self.assertTrue(listed.out.startswith("["), listed.out[:100])
        self.assertNotIn('"high"', listed.out)
        self.assertIn('"high"', self.with_xdg("rules", "list", "--level", "low").out)
        self.assertEqual(self.with_xdg("rules", "list", "--no-config").raw_out, tocsin("rules", "list").raw_out)

    def test_a_file_in_the_working_folder_is_not_read(self):
        self.config('exclude = ["everything"]\nnonsense = 1\n', "tocsin.toml")
        self.config("nonsense = 1\n", ".config/tocsin/tocsin.toml")
        run = tocsin("scan", EVIDENCE, "-f", "jsonl", "-q", cwd=self.folder)
        self.assertEnds(run, 0)
        self.assertEqual(run.raw_out, tocsin("scan", EVIDENCE, "-f", "jsonl", "-q").raw_out)

    def test_errors_name_the_place(self):
        path = self.config("[scan]\nlevl = 'high'\n")
        run = self.with_xdg("scan", EVIDENCE)
        self.assertEnds(run, 2)
        self.assertSays(run, "unknown key 'levl' in [scan]", f"{path}:2:1", "did you mean 'level'?")
        self.assertEqual(run.out, "")
        self.assertEnds(self.with_xdg("scan", "--help"), 0)  # help goes on

    def test_the_named_file_must_be_there(self):
        run = tocsin("rules", "list", "--config", self.folder / "absent.toml")
        self.assertEnds(run, 2)
        self.assertSays(run, "cannot read the config file: No such file or directory", "--no-config goes on without one")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_file_that_may_not_be_read_is_no_missing_file(self):
        self.config("").chmod(0)
        run = self.with_xdg("rules", "list")
        self.assertEnds(run, 2)
        self.assertSays(run, "cannot read the config file: Permission denied")

    def test_paths_start_from_the_files_folder(self):
        self.rule("xdg/tocsin/sigma/own.yml")
        self.config('rules = "sigma"\n')
        run = self.with_xdg("rules", "list", cwd="/")
        self.assertEnds(run, 0)
        self.assertIn("Any process of a shell", run.out)


if __name__ == "__main__":
    unittest.main()
