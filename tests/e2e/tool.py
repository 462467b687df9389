"""Runs the real binary as a user does, on the demo's evidence. For the *_test.py beside it.

TOCSIN_BINARY, TOCSIN_EVIDENCE (a folder of make_demo_evidence) and TOCSIN_SOURCE come from CTest.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

BINARY = Path(os.environ["TOCSIN_BINARY"])
EVIDENCE = Path(os.environ["TOCSIN_EVIDENCE"])
SOURCE = Path(os.environ["TOCSIN_SOURCE"])
TIMEOUT = 300


class Run:
    """How a run ended, and what it said. Bytes are kept; text is for asserting on."""

    def __init__(self, process):
        self.code, self.raw_out, self.raw_err = process.returncode, process.stdout, process.stderr
        self.out = self.raw_out.decode("utf-8", "replace") if self.raw_out is not None else ""
        self.err = self.raw_err.decode("utf-8", "replace") if self.raw_err is not None else ""

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind):
        return [one for one in self.lines() if one["type"] == kind]


def is_sanitized():
    """Whether the program keeps what it freed, so that its memory says nothing."""
    return b"__asan_init" in BINARY.read_bytes()


def environment(**changes):
    env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
    for name in os.environ:  # what sanitizers are told
        if name.endswith("SAN_OPTIONS"):
            env[name] = os.environ[name]
    env.update(changes)
    return env


def tocsin(*arguments, binary=BINARY, **options):
    options.setdefault("env", environment())
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    options.setdefault("stdin", subprocess.DEVNULL)
    return Run(subprocess.run([str(binary), *map(str, arguments)], timeout=TIMEOUT, check=False, **options))


class TestCase(unittest.TestCase):
    """With a folder of its own for each test, and messages that show what the program said."""

    longMessage = True
    maxDiff = 4000

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tocsin-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def assertEnds(self, run, code):
        self.assertEqual(run.code, code, f"\nstdout: {run.out[-2000:]}\nstderr: {run.err[-2000:]}")

    def assertSays(self, run, *texts):
        for text in texts:
            self.assertIn(text, run.err)

    def rule(self, name="own.yml", body=None):
        """A rule file that matches every process creation, or `body`."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body or GOOD_RULE, encoding="utf-8")
        return path


GOOD_RULE = """title: Any process of a shell
id: 7f8f1f0e-3d0c-4d57-9d2e-0c6c2f4b9a10
status: test
author: Tests
level: high
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\cmd.exe'
    condition: selection
"""
