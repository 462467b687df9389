"""What has been measured, one JSON file for each part, so that a benchmark that was interrupted goes on where it was."""

import hashlib
import json
import os
import platform
import subprocess
from pathlib import Path


def machine():
    """What the figures depend on, without names of hosts or paths."""
    model, memory = "unknown", 0
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
        memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024
    except (OSError, IndexError, ValueError):
        pass
    return {"processor": model, "threads": len(os.sched_getaffinity(0)), "memory_mb": memory, "kernel": platform.release()}


def commit(program):
    """The commit that the measured program was built from, as it says itself."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return next((line[8:] for line in done.stdout.splitlines() if line.startswith("commit: ")), "unknown")


class Store:
    """Parts are kept below `folder` under a key (the program's hash and the options): another key, another measuring."""

    def __init__(self, folder, program, options):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key = hashlib.sha256(Path(program).read_bytes() + repr(sorted(options.items())).encode()).hexdigest()

    def path(self, part):
        return self.folder / f"{part}.json"

    def load(self, part):
        """What was measured with this key, or nothing."""
        try:
            kept = json.loads(self.path(part).read_text())
        except (OSError, ValueError):
            return None
        return kept["result"] if kept.get("key") == self.key else None

    def save(self, part, result):
        draft = self.path(part).with_suffix(".draft")
        draft.write_text(json.dumps({"key": self.key, "part": part, "result": result}, indent=1) + "\n")
        draft.rename(self.path(part))
