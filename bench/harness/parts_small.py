"""The parts "start" (how long a small input takes) and "growth of nothing": many small files against one large one."""

import shutil
import struct
import zlib

from commands import Command, best
from lines import Line

HEADER, CHUNK = 4096, 65536


def one_chunk(header, chunk):
    """An EVTX file of a single chunk, from the header and a chunk of another."""
    header = bytearray(header)
    struct.pack_into("<QQ", header, 8, 0, 0)
    struct.pack_into("<H", header, 42, 1)
    struct.pack_into("<I", header, 124, zlib.crc32(bytes(header[:120])))
    return bytes(header) + chunk


def _chunks(data_set):
    """(header, chunk) of every chunk of the largest files first."""
    for path in sorted(data_set.files(), key=lambda file: -file.stat().st_size):
        with open(path, "rb") as file:
            header = file.read(HEADER)
            while len(chunk := file.read(CHUNK)) == CHUNK:
                yield header, chunk


def run(bench):
    return {"lines": [line.as_json() for line in _start(bench) + _many_files(bench)]}


def _start(bench):
    folder = bench.runner.work / "small"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    small = folder / "one.evtx"
    small.write_bytes(one_chunk(*next(_chunks(bench.fleet("evtx")))))
    cache = bench.runner.work / "cold-cache"
    scan = bench.scan(small)
    bench.runner.run(scan)  # the warm cache
    warm, cold, help_ = [], [], []
    for _ in range(bench.repeats):
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir()
        cold.append(bench.runner.run(scan.with_environment(XDG_CACHE_HOME=str(cache))))
        warm.append(bench.runner.run(scan))
        help_.append(bench.runner.run(Command.of(bench.tocsin, "--help")))
    warm, cold, help_ = best(warm), best(cold), best(help_)
    rules = bench.rules_name()
    found = [Line(f"one log of 69 kB: {rules}, warm", warm, None, "", "at most", 0.15, warm.wall, "s"),
             Line(f"one log of 69 kB: {rules}, cold cache", cold, None, "", "at most", 1.2, cold.wall, "s"),
             Line("tocsin --help", help_, None, "", "at most", 0.025, help_.wall, "s")]
    return found + _peer_start(bench, small)


def _peer_start(bench, small):
    """How long rsigma takes to get ready: one event, all rules."""
    rsigma = bench.peers.get("rsigma")
    if not rsigma or not bench.rules:
        return []
    event = small.with_name("one.ndjson")
    event.write_text('{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Image":"C:\\\\a.exe"}\n')
    command = Command.of(rsigma, "engine", "eval", "--rules", bench.rules[0], "--no-stats", "-q", stdin=event, fine=(0, 1))
    run_ = best([bench.runner.run(command) for _ in range(2)])
    return [Line("rsigma: one event, every SigmaHQ rule (for comparison)", None, run_, "rsigma")]


def _many_files(bench):
    """The same chunks as 2,000 files and as one; per byte of file."""
    folder = bench.runner.work / "many"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    source = bench.fleet("evtx")
    header, chunks = None, []
    for header_, chunk in _chunks(source):
        header = header or header_
        chunks.append(chunk)
        if len(chunks) == 2000:
            break
    for number, chunk in enumerate(chunks):
        (folder / f"{number:04}.evtx").write_bytes(one_chunk(header, chunk))
    large = bytearray(header)
    struct.pack_into("<QQ", large, 8, 0, len(chunks) - 1)
    struct.pack_into("<H", large, 42, len(chunks))
    struct.pack_into("<I", large, 124, zlib.crc32(bytes(large[:120])))
    one = folder.with_name("large.evtx")
    one.write_bytes(bytes(large) + b"".join(chunks))
    runs = bench.runner.interleave({"many": bench.scan(folder), "one": bench.scan(one)}, max(2, bench.repeats // 2))
    many, single = best(runs["many"]), best(runs["one"])
    value = many.wall / single.wall * one.stat().st_size / (len(chunks) * (HEADER + CHUNK))
    shutil.rmtree(folder)
    return [Line(f"{len(chunks):,} small files against one large, per byte", many, single, "one file", "at most", 1.0, value)]
