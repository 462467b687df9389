"""The Debian package as its user meets it: lintian, what is in it, an installation into an empty root, removal.

  tests/package/deb_test.py build/tocsin_VERSION_ARCH.deb
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PACKAGE = Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else None
SOURCE = Path(__file__).resolve().parents[2]


def run(*command, code=0, **options):
    done = subprocess.run([str(one) for one in command], capture_output=True, text=True, check=False, timeout=120, **options)
    if code is not None and done.returncode != code:
        raise AssertionError(f"{command} ended with {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done


@unittest.skipIf(PACKAGE is None, "name the package: tests/package/deb_test.py build/tocsin_VERSION_ARCH.deb")
class Package(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="tocsin-deb-"))
        cls.root = cls.folder / "root"
        database = cls.root / "var/lib/dpkg"
        (database / "updates").mkdir(parents=True)
        (database / "info").mkdir()
        (database / "status").touch()
        (database / "available").touch()
        cls.dpkg = ["dpkg", f"--root={cls.root}", "--force-not-root", "--force-depends", "--force-bad-path",
                    "--log=/dev/null"]
        run(*cls.dpkg, "--install", PACKAGE)
        cls.binary = cls.root / "usr/bin/tocsin"
        cls.doc = cls.root / "usr/share/doc/tocsin"

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    @unittest.skipUnless(shutil.which("lintian"), "lintian is not installed (scripts/setup)")
    def test_lintian_has_nothing_against_it(self):
        said = run("lintian", "--allow-root", "--fail-on", "error,warning", PACKAGE)
        self.assertEqual(said.stdout, "")

    def test_says_what_it_needs(self):
        fields = run("dpkg-deb", "--field", PACKAGE).stdout
        for library in ("libc6 (>=", "libarchive13", "libdeflate0", "libre2-", "libseccomp2", "libyaml-0-2", "libssl3", "zlib1g"):
            self.assertIn(library, fields)
        self.assertNotIn("-dev", fields)

    def test_the_installed_program_works(self):
        self.assertIn("version: ", run(self.binary, "--version").stdout)
        listed = run(self.binary, "rules", "list", "--no-config", cwd="/").stdout.splitlines()[-1]
        self.assertRegex(listed, r"^\d+ rules: ")
        # The rules that lie beside it are those inside it.
        beside = run(self.binary, "rules", "list", "--no-config", self.root / "usr/share/tocsin/rules").stdout
        self.assertEqual(beside.splitlines()[-1], listed)
        events = '{"Event":{"System":{"Channel":"Security","EventID":1102,"Provider":{"#attributes":{"Name":"x"}}}}}\n'
        self.assertIn('"records":1', run(self.binary, "scan", "-", "-f", "jsonl", "-q", "--no-config", input=events).stdout)

    def test_manual_and_completions_are_those_of_the_program(self):
        page = gzip.decompress((self.root / "usr/share/man/man1/tocsin.1.gz").read_bytes())
        self.assertEqual(page.decode(), run(self.binary, "man").stdout)
        for shell, path in (("bash", "bash-completion/completions/tocsin"), ("zsh", "zsh/vendor-completions/_tocsin"),
                            ("fish", "fish/vendor_completions.d/tocsin.fish")):
            installed = (self.root / "usr/share" / path).read_text(encoding="utf-8")
            self.assertEqual(installed, run(self.binary, "completions", shell).stdout)

    def test_legal_papers_are_there(self):
        for name in ("copyright", "NOTICE", "changelog.gz", "CHANGELOG.md.gz", "sbom.cdx.json", "third-party/libcli11",
                     "third-party/libtomlplusplus", "third-party/nlohmann-json3", "third-party/libfmt"):
            self.assertGreater((self.doc / name).stat().st_size, 100, name)

    def test_sbom_lists_what_is_loaded(self):
        bom = json.loads((self.doc / "sbom.cdx.json").read_text(encoding="utf-8"))
        self.assertEqual((bom["bomFormat"], bom["specVersion"]), ("CycloneDX", "1.5"))
        own = bom["metadata"]["component"]
        self.assertEqual(own["hashes"][0]["content"], hashlib.sha256(self.binary.read_bytes()).hexdigest())
        parts = {one["name"]: one for one in bom["components"]}
        self.assertTrue({"libc6", "libarchive13", "libdeflate0", "libseccomp2", "libcli11-dev", "libtomlplusplus-dev"} <= set(parts))
        for one in parts.values():
            version = run("dpkg-query", "-W", "-f", "${Version}", one["name"]).stdout
            self.assertEqual(one["version"].split(":")[-1], version.split(":")[-1], one["name"])
            self.assertTrue(one["licenses"], one["name"])
        refs = {one["bom-ref"] for one in bom["components"]}
        self.assertTrue(set(bom["dependencies"][0]["dependsOn"]) <= refs)
        self.assertTrue(any("libre2" in ref for ref in bom["dependencies"][0]["dependsOn"]))

    def test_equal_trees_give_equal_packages(self):
        digest = hashlib.sha256(PACKAGE.read_bytes()).hexdigest()
        copy = self.folder / "first.deb"
        shutil.copy(PACKAGE, copy)
        run("scripts/deb", cwd=SOURCE)
        self.assertEqual(hashlib.sha256(PACKAGE.read_bytes()).hexdigest(), digest)

    def test_zz_removal_leaves_nothing(self):
        run(*self.dpkg, "--purge", "tocsin")
        left = [one for one in self.root.rglob("*") if one.is_file() and "var/lib/dpkg" not in str(one)]
        self.assertEqual(left, [])


class Install(unittest.TestCase):
    def test_destdir_and_prefix_are_honoured(self):
        folder = Path(tempfile.mkdtemp(prefix="tocsin-install-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        run("make", "install", f"DESTDIR={folder}", "PREFIX=/opt/tocsin", cwd=SOURCE,
            env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")})
        files = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
        self.assertTrue(all(one.startswith("opt/tocsin/") for one in files), files)
        for wanted in ("bin/tocsin", "share/man/man1/tocsin.1", "share/bash-completion/completions/tocsin",
                       "share/zsh/site-functions/_tocsin", "share/fish/vendor_completions.d/tocsin.fish",
                       "share/tocsin/rules/evidence-classes.yml", "share/doc/tocsin/NOTICE"):
            self.assertIn(f"opt/tocsin/{wanted}", files)


if __name__ == "__main__":
    unittest.main()
