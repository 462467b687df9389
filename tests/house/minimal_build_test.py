"""That the program, its demo and its benchmark are built from what `scripts/setup --minimal` installs, without tests."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def packages(name):
    text = (ROOT / "scripts/setup").read_text()
    return set(re.search(rf"^{name}=\(\n(.*?)^\)", text, re.M | re.S)[1].split())


@unittest.skipIf(shutil.which("cmake") is None or shutil.which("ninja") is None, "cmake or ninja is not here")
class MinimalBuild(unittest.TestCase):
    def test_it_needs_no_package_of_the_tests(self):
        for package in ("libgtest-dev", "libgmock-dev", "libsimdjson-dev"):
            self.assertIn(package, packages("test_packages"))
            self.assertNotIn(package, packages("build_packages"))
        with tempfile.TemporaryDirectory(prefix="tocsin-minimal-") as tree:
            run = subprocess.run(["cmake", "-S", ROOT, "-B", tree, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                                  "-DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON"], capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 0, run.stdout[-2000:] + run.stderr[-2000:])
            self.assertIn("Without tests: scripts/setup installs what they need", run.stdout)
            cache = (Path(tree) / "CMakeCache.txt").read_text()
            self.assertNotRegex(cache, r"(?m)^(SIMDJSON_FOUND|pkgcfg_lib_SIMDJSON)")
            ninja = (Path(tree) / "build.ninja").read_text()
            for target in ("tocsin", "make_demo_evidence", "scan_bench"):
                self.assertRegex(ninja, rf"(?m)^build {target}: ")
            self.assertNotRegex(ninja, r"(?m)^build scan_test: ")
            self.assertNotIn("gtest", ninja)


if __name__ == "__main__":
    unittest.main()
