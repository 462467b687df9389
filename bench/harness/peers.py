"""Other tools to measure against, from the public registries at pinned versions, or at a path that the user gives.

A peer that cannot be had is skipped with a word; nothing depends on one being there.
"""

import dataclasses
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Crate:
    name: str
    version: str
    program: str
    features: tuple = ()


# rsigma without its daemon, with its optional index over all rules; evtx_dump with the faster allocator. Each is then
# run with the fastest of its settings.
CRATES = (
    Crate("evtx", "0.15.1", "evtx_dump", ("--features", "fast-alloc")),
    Crate("rsigma", "0.23.0", "rsigma", ("--no-default-features", "--features", "daachorse-index,evtx")),
    Crate("ripgrep", "15.1.0", "rg"),
)
# Only where the variable names the program.
GIVEN = {"hayabusa": "TOCSIN_HAYABUSA", "chainsaw": "TOCSIN_CHAINSAW", "zircolite": "TOCSIN_ZIRCOLITE"}


class Peers:
    """Paths of what is there; `missing` says why something is not."""

    def __init__(self):
        self.paths, self.missing, self.versions = {}, {}, {}

    def get(self, name):
        return self.paths.get(name)


def install(folder, say, lock, fetch=True):
    """Installs the crates and the Python packages of the lock file `lock` below `folder`. fetch=False: only what is
    there already."""
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    peers = Peers()
    for crate in CRATES:
        _add_crate(peers, folder, crate, say, fetch)
    _add_python(peers, folder, Path(lock), say, fetch)
    for name, variable in GIVEN.items():
        path = os.environ.get(variable)
        if path and Path(path).exists():
            peers.paths[name] = Path(path).resolve()
        else:
            peers.missing[name] = f"{variable} names no program" + (f" ({path})" if path else "")
    return peers


def _add_crate(peers, folder, crate, say, fetch):
    program = folder / "bin" / crate.program
    stamp = folder / f".{crate.name}"
    wanted = " ".join((crate.name, crate.version, *crate.features))
    if not (program.exists() and stamp.exists() and stamp.read_text() == wanted):
        trouble = _cargo(folder, crate, say) if fetch else "is not installed (scripts/bench installs it)"
        if trouble:
            peers.missing[crate.program] = trouble
            return
        stamp.write_text(wanted)
    peers.paths[crate.program] = program
    peers.versions[crate.program] = f"{crate.name} {crate.version}"


def _cargo(folder, crate, say):
    """Nothing, or why it could not be built."""
    if not shutil.which("cargo"):
        return "cargo is not here"
    say(f"building {crate.name} {crate.version} (once)")
    log = folder / f"{crate.name}.log"
    with open(log, "wb") as output:
        done = subprocess.run(
            ["cargo", "install", "--locked", "--force", "--root", folder, f"{crate.name}@{crate.version}", *crate.features],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False,
            env={**os.environ, "CARGO_TARGET_DIR": str(folder / "target")})
    return None if done.returncode == 0 else f"{crate.name} {crate.version} could not be built: {log}"


def _add_python(peers, folder, lock, say, fetch):
    """evtx, pySigma and its SQLite backend: the same versions as the test oracles."""
    venv = folder / "venv"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = venv / ".lock"
    if not (stamp.exists() and stamp.read_text() == wanted):
        if not fetch:
            peers.missing["python"] = "the Python packages are not installed (scripts/bench installs them)"
            return
        say("installing Python peers (once)")
        log = folder / "python.log"
        with open(log, "wb") as output:
            for command in ([sys.executable, "-m", "venv", "--clear", venv],
                            [venv / "bin/pip", "--quiet", "--no-input", "install", "--only-binary", ":all:",
                             "--require-hashes", "-r", lock]):
                if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False).returncode:
                    peers.missing["python"] = f"could not be installed: {log}"
                    return
        stamp.write_text(wanted)
    peers.paths["python"] = venv / "bin" / "python"
    for line in lock.read_text().splitlines():
        name, _, version = line.split(" ")[0].partition("==")
        if name in ("evtx", "pysigma", "pysigma-backend-sqlite"):
            peers.versions[name] = f"{name} {version}"
