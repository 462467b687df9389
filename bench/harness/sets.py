"""The data sets: those built from the public corpus (only where it is), and those that the makers write (anywhere)."""

import dataclasses
import gzip
import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import rule_parts
import rule_variants

CHANNEL_MEGABYTES = 296  # of the tool's argument; gives about 247 MB
NDJSON_BYTES = 593_000_000


@dataclasses.dataclass(frozen=True)
class DataSet:
    name: str
    path: Path
    note: str

    def files(self):
        return sorted(p for p in self.path.rglob("*") if p.is_file()) if self.path.is_dir() else [self.path]

    def facts(self):
        """What make_fleet said of it: files, events, planted, bytes."""
        return json.loads(self.path.with_name(self.path.name + ".facts").read_text())

    def remove(self):
        """Frees the disk; the set is made anew when it is wanted again."""
        self.path.with_name(self.path.name + ".stamp").unlink(missing_ok=True)
        shutil.rmtree(self.path)

    def size(self):
        return sum(file.stat().st_size for file in self.files())


def _stamped(path, key, make):
    """Makes `path` anew if its stamp is not `key`: made beside it, and moved there when complete."""
    stamp = path.with_name(path.name + ".stamp")
    if path.exists() and stamp.exists() and stamp.read_text() == key:
        return
    draft = path.with_name(path.name + ".draft")
    for old in (path, draft):
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    make(draft)
    draft.rename(path)
    stamp.write_text(key)


def channels(folder, corpus, tools, python):
    """One EVTX file for each channel, from recorded attacks."""
    path = Path(folder) / "evtx-channels"
    script = Path(tools) / "channel_corpus.py"
    key = f"{hashlib.sha256(script.read_bytes()).hexdigest()} {CHANNEL_MEGABYTES}"
    _stamped(path, key, lambda draft: subprocess.run(
        [python, script, str(CHANNEL_MEGABYTES), draft, corpus / "evtx-attack-samples", corpus / "evtx-live-samples"],
        check=True))
    found = DataSet("evtx-channels", path, "recorded attacks, whole chunks repeated")
    return dataclasses.replace(found, note=f"{len(found.files())} EVTX files of one channel each; {found.note}")


def windows_ndjson(folder, corpus):
    """Windows events of attack simulations, one JSON object a line, repeated until the file has its size."""
    path = Path(folder) / "windows.ndjson"
    archives = sorted((Path(corpus) / "windows-json" / "compound").glob("*/*.zip"))
    key = f"{NDJSON_BYTES} {[(a.name, a.stat().st_size) for a in archives]}"

    def make(draft):
        size = 0
        with open(draft, "wb") as out:
            while size < NDJSON_BYTES:
                for line in _lines(archives):
                    if size >= NDJSON_BYTES:
                        break
                    size += out.write(line)

    _stamped(path, key, make)
    return DataSet("windows-ndjson", path, f"{len(archives)} recorded simulations, repeated")


def _lines(archives):
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    for line in member:
                        yield line if line.endswith(b"\n") else line + b"\n"


def fleet(folder, program, form, megabytes, seed=1, planted=1000):
    """What the makers write: `form` is evtx or ndjson; `planted` events in a million are found by fleet/planted.yml."""
    path = Path(folder) / f"fleet-{form}-{megabytes}mb-{seed}-{planted}"
    key = f"{hashlib.sha256(Path(program).read_bytes()).hexdigest()} {form} {megabytes} {seed} {planted}"

    def make(draft):
        with open(path.with_name(path.name + ".facts"), "wb") as facts:
            subprocess.run([program, draft, "--format", form, "--megabytes", str(megabytes), "--seed", str(seed),
                            "--planted", str(planted)], check=True, stdout=facts)

    _stamped(path, key, make)
    return DataSet(path.name, path, f"made: four machines, fresh values, seed {seed}")


def rules(folder, texts, count, no_rule):
    """`count` rules, one file each: `texts`, then variants of them. None: only `no_rule`, which is true for no event of the
    evidence, since no folder without a rule is taken."""
    path = Path(folder) / f"rules-{count}"
    makers = b"".join(Path(module.__file__).read_bytes() for module in (rule_variants, rule_parts))
    key = hashlib.sha256(makers + "\0".join(texts).encode()).hexdigest()

    def make(draft):
        rule_variants.write(draft, texts, count)
        if count == 0:
            shutil.copy(no_rule, draft)

    _stamped(path, key, make)
    return path


def compressed(folder, source):
    """The file as gzip and as the only member of a zip."""
    folder = Path(folder)
    found = []
    for ending in ("gz", "zip"):
        path = folder / f"{source.parent.name}-{source.name}.{ending}"
        key = f"{source.stat().st_size} {source.stat().st_mtime_ns} deflate 6"
        _stamped(path, key, lambda draft, ending=ending: _pack(source, draft, ending))
        found.append(DataSet(path.name, path, f"{source.name}, deflate"))
    return found


def _pack(source, draft, ending):
    if ending == "gz":
        with open(source, "rb") as plain, gzip.GzipFile(draft, "wb", compresslevel=6, mtime=0) as packed:
            shutil.copyfileobj(plain, packed, 1 << 20)
        return
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed, open(source, "rb") as plain:
        info = zipfile.ZipInfo(source.name)
        info.compress_type = zipfile.ZIP_DEFLATED
        with packed.open(info, "w", force_zip64=True) as member:
            shutil.copyfileobj(plain, member, 1 << 20)
