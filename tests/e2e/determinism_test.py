"""Equal input gives equal bytes: for any number of threads, order of arguments, locale, time zone, umask, folder."""

import itertools
import os
import unittest

from tool import EVIDENCE, TestCase, environment, tocsin

PATHS = [EVIDENCE / name for name in ("DC01", "FILES01", "MAIL01", "log-server")]
FORMATS = ("text", "table", "jsonl", "json", "csv", "sarif")


def scan(*arguments, paths=PATHS, **options):
    run = tocsin("scan", *paths, "--quiet", "--profile", "full", *arguments, **options)
    assert run.code == 0, run.err
    return run.raw_out


class Determinism(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.expected = {form: scan("--format", form, "--threads", 1) for form in FORMATS}
        assert all(cls.expected.values())

    def test_threads(self):
        for threads in (2, 7, 16):
            for form in FORMATS:
                with self.subTest(threads=threads, format=form):
                    self.assertEqual(scan("--format", form, "--threads", threads), self.expected[form])

    def test_again_and_again(self):
        for _ in range(3):
            self.assertEqual(scan("--format", "jsonl", "--threads", 16), self.expected["jsonl"])

    def test_order_of_arguments(self):
        for paths in (PATHS[::-1], PATHS[2:] + PATHS[:2]):
            self.assertEqual(scan("--format", "jsonl", paths=paths), self.expected["jsonl"])

    def test_surroundings(self):
        for env in (environment(LANG="tr_TR.UTF-8", LC_ALL="tr_TR.UTF-8"), environment(LANG="C", TZ="Asia/Kathmandu"), environment(TOCSIN_CPU="scalar"),
                    environment(COLUMNS="60", TERM="xterm-256color", LC_ALL="de_DE.ISO-8859-1")):
            for form in ("text", "jsonl"):
                self.assertEqual(scan("--format", form, env=env), self.expected[form])

    # Judging with and without indexes, values remembered (so few that they are thrown away all the time) or not, kernels,
    # compiled rules kept before or not, buffers, threads: each pair of ways of two of them stands in some line.
    WAYS = (
        ("", "tiny", "", "cold", "", 1), ("plain", "off", "scalar", "warm", "tiny", 1),
        ("", "tiny", "scalar", "warm", "tiny", 2), ("plain", "off", "", "cold", "", 2),
        ("", "off", "", "warm", "tiny", 7), ("plain", "tiny", "scalar", "cold", "", 7),
        ("", "off", "scalar", "cold", "tiny", 2), ("plain", "tiny", "", "warm", "", 7))

    def test_every_pair_of_ways_is_tried(self):
        for one, other in itertools.combinations(zip(*self.WAYS, strict=True), 2):
            self.assertEqual(set(zip(one, other, strict=True)), set(itertools.product(one, other)))

    def test_ways_to_the_same_answer(self):
        for number, (judge, values, cpu, rules, buffers, threads) in enumerate(self.WAYS):
            cache = self.folder / f"cache{number}"
            cache.mkdir()
            env = environment(TOCSIN_JUDGE=judge, TOCSIN_VALUE_CACHE=values, TOCSIN_CPU=cpu, TOCSIN_BUFFERS=buffers,
                              XDG_CACHE_HOME=str(cache))
            for kept in (False, True) if rules == "warm" else (False,):
                self.assertEqual(any(cache.rglob("*.rules")), kept)
                with self.subTest(number=number, kept=kept):
                    self.assertEqual(scan("--format", "jsonl", "--threads", threads, env=env), self.expected["jsonl"])

    def test_umask_and_folder(self):
        before = os.umask(0o077)
        try:
            self.assertEqual(scan("--format", "jsonl", cwd=self.folder), self.expected["jsonl"])
            relative = [path.relative_to(EVIDENCE) for path in PATHS]
            self.assertEqual(scan("--format", "jsonl", paths=relative, cwd=EVIDENCE), self.expected["jsonl"])
        finally:
            os.umask(before)

    def test_dump(self):
        one = tocsin("dump", *PATHS, "--threads", 1)
        for paths, threads in ((PATHS[::-1], 2), (PATHS, 16)):
            self.assertEqual(tocsin("dump", *paths, "--threads", threads).raw_out, one.raw_out)

    def test_results_hold_nothing_of_this_machine(self):
        host = os.uname().nodename.encode()
        for form in FORMATS:
            self.assertNotIn(str(EVIDENCE.parent).encode(), self.expected[form])
            if len(host) > 4:
                self.assertNotIn(host, self.expected[form])


if __name__ == "__main__":
    unittest.main()
