"""The sandbox of the real program: in force while evidence is read, and what is left when it is ended."""

import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

from tool import BINARY, EVIDENCE, TestCase, environment, tocsin

EVENT = b'{"Event":{"System":{"Channel":"Security","EventID":4688}}}\n'


def status_of(process):
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


class Sandbox(TestCase):
    def sandbox(self):
        run = tocsin("rules", "list", "--debug")
        return [line for line in run.err.splitlines() if line.startswith("debug: sandbox: ")]

    def need(self, what):
        if not any(what in line for line in self.sandbox() if "no " + what not in line):
            self.skipTest(f"the kernel or this build has no {what}: {self.sandbox()}")

    def start(self, *arguments):
        process = subprocess.Popen([BINARY, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment(TMPDIR=str(self.folder)))
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def test_debug_says_what_is_in_force(self):
        self.assertTrue(self.sandbox(), "nothing was said")
        self.assertEqual(tocsin("rules", "list").err, "")

    def test_no_sandbox_is_warned_of(self):
        run = tocsin("rules", "list", "--no-sandbox", "--debug")
        self.assertEnds(run, 0)
        self.assertSays(run, "warning: no sandbox: evidence that exploits an error of Tocsin could do what you can do",
                        "debug: sandbox: off, as --no-sandbox asks")

    def test_is_in_force_while_evidence_is_read(self):
        self.need("seccomp")
        for command in (["scan", "-"], ["dump", "-"]):
            process = self.start(*command)
            self.assertTrue(wait_until(lambda: status_of(process)["Seccomp"] == "2"), command)
            self.assertEqual(status_of(process)["NoNewPrivs"], "1")
            # Each thread is inside.
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                self.assertIn("Seccomp:\t2", (thread / "status").read_text(encoding="utf-8"))

    def test_equal_results_with_and_without(self):
        arguments = ("scan", EVIDENCE, "--format", "jsonl", "--quiet")
        inside, outside = tocsin(*arguments), tocsin(*arguments, "--no-sandbox")
        self.assertEnds(inside, 0)
        self.assertEqual(inside.raw_out, outside.raw_out)

    def test_ctrl_c_leaves_no_temporary_file(self):
        self.need("Landlock")
        target = self.folder / "results.jsonl"
        for ends in ([signal.SIGINT], [signal.SIGKILL], [signal.SIGHUP]):
            process = self.start("dump", "-", "--output", target)
            process.stdin.write(EVENT)
            process.stdin.flush()
            self.assertTrue(wait_until(lambda: list(self.folder.glob("results.jsonl.partial-*"))))
            self.assertTrue(wait_until(lambda: status_of(process)["Seccomp"] == "2"))
            for sent in ends:
                process.send_signal(sent)
            process.stdin.close()
            process.wait(20)
            # The first Ctrl-C keeps what was read so far; nothing else keeps anything.
            self.assertEqual(process.returncode, 130 if ends == [signal.SIGINT] else -ends[0])
            self.assertTrue(wait_until(lambda: {one.name for one in self.folder.iterdir()} <= {"results.jsonl"}),
                            list(self.folder.iterdir()))
            self.assertEqual(target.exists(), ends == [signal.SIGINT])
            target.unlink(missing_ok=True)
            process.stdin = None

    def test_does_not_keep_a_pipe_open(self):
        shell = f"'{BINARY}' rules list | cat >/dev/null; echo done"
        run = subprocess.run(["sh", "-c", shell], capture_output=True, timeout=60, check=True,
                             env=environment(TMPDIR=os.fspath(self.folder)))
        self.assertEqual(run.stdout, b"done\n")


if __name__ == "__main__":
    unittest.main()
