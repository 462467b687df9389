#!/usr/bin/env python3
"""The benchmark: measures Tocsin side by side with other tools and with the floor, compares the answers, prints a table.

What it does and how to read it: docs/performance.md. `make bench` builds what is needed and runs this.

Data sets, peers and results are kept in TOCSIN_BENCH_DIR (default build/bench); a part that was measured with the same
program and options is not measured again, so an interrupted run goes on where it was. Ends with 1 where answers differ
without a known reason, with 2 where it could not run.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench" / "harness"))

# pylint: disable=wrong-import-position
import lines as table_lines  # noqa: E402
import parts_archive  # noqa: E402
import parts_decode  # noqa: E402
import parts_given  # noqa: E402
import parts_growth  # noqa: E402
import parts_micro  # noqa: E402
import parts_ndjson  # noqa: E402
import parts_small  # noqa: E402
import parts_sqlite  # noqa: E402
import peers  # noqa: E402
import store  # noqa: E402
from bench import Bench  # noqa: E402
from commands import CommandFailed, Runner  # noqa: E402

PARTS = {"evtx": parts_decode, "ndjson": parts_ndjson, "start": parts_small, "archive": parts_archive,
         "growth": parts_growth, "micro": parts_micro, "sqlite": parts_sqlite, "given": parts_given}
FULL_ONLY = ("sqlite", "given")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--parts", help=f"of {', '.join(PARTS)}; parted by commas (default: all but {', '.join(FULL_ONLY)})")
    parser.add_argument("--tocsin", type=Path, help="another program than build/release/tocsin")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--rules", type=Path, action="append", help="folder of Sigma rules (default: those of the corpus)")
    parser.add_argument("--fleet", type=int, metavar="MB", help="size of the made evidence (default 256; full: 2000)")
    parser.add_argument("--repeats", type=int, help="runs of each command, of which the best counts (default 3; full: 5)")
    parser.add_argument("--full", action="store_true", help="everything, with larger evidence (also BENCH=full)")
    parser.add_argument("--again", action="store_true", help="measure also what has been measured")
    parser.add_argument("--no-install", action="store_true", help="only the peers that are there")
    parser.add_argument("--json", type=Path, help="where to write the results, too")
    parser.add_argument("--document", type=Path, help="a Markdown file whose part between the marks \"results\" is replaced")
    parser.add_argument("--pictures", type=Path, help="where to draw the pictures of growth")
    options = parser.parse_args()
    options.full = options.full or os.environ.get("BENCH") == "full"
    options.parts = (options.parts or ",".join(p for p in PARTS if options.full or p not in FULL_ONLY)).split(",")
    return options


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def make_bench(options, data):
    corpus = Path(os.environ.get("TOCSIN_CORPUS") or ROOT.parent / "shared" / "corpus").resolve()
    rules = tuple(path.resolve() for path in options.rules or [corpus / "sigma-rules"] if path.exists())
    if not rules:
        say("there are no SigmaHQ rules: the built-in ones are used, and rsigma is skipped")
    full = options.full
    found = peers.install(data / "peers", say, ROOT / "tests" / "requirements.txt", fetch=not options.no_install)
    for name, why in sorted(found.missing.items()):
        say(f"{name} is skipped: {why}")
    build = options.build.resolve()
    return Bench(root=ROOT, build=build, data=data, corpus=corpus, rules=rules, peers=found,
                 runner=Runner(build / "bench" / "measure", data / "work"), full=full, say=say,
                 program_path=(options.tocsin or build / "tocsin").resolve(),
                 repeats=options.repeats or (5 if full else 3), fleet_megabytes=options.fleet or (2000 if full else 256))


def measure_step(name, run, kept, again):
    result = None if again else kept.load(name)
    if result is not None:
        say(f"{name}: measured before")
        return result
    begin = time.monotonic()
    say(f"{name} …")
    result = run()
    kept.save(name, result)
    say(f"{name}: took {time.monotonic() - begin:.0f} s")
    return result


def measure(bench, options, kept):
    bench.step = lambda name, run: measure_step(name, run, kept, options.again)
    return {part: measure_step(part, lambda part=part: PARTS[part].run(bench), kept, options.again) for part in options.parts}


def as_text(report):
    """The report for people: the machine, the table, the stages."""
    parts = report["parts"]
    head = (f"{report['machine']['processor']}, {report['machine']['threads']} threads; commit {report['commit']}; "
            f"best of {report['repeats']}; {', '.join(report['peers'].values())}\n\n")
    text = head + table_lines.table([line for part in parts.values() for line in part["lines"]])
    stages = parts.get("micro", {}).get("stages")
    return text + ("\n" + parts_micro.table(stages) if stages else "")


def write_document(path, report):
    """Puts the report between the marks of a Markdown file."""
    begin, end = "<!-- results: scripts/bench --document -->\n", "<!-- end of results -->"
    head, found, rest = path.read_text("utf-8").partition(begin)
    if not found or end not in rest:
        raise SystemExit(f"bench: {path}: the marks of the results are missing")
    path.write_text(head + begin + "\n```text\n" + as_text(report) + "```\n\n" + end + rest.partition(end)[2], "utf-8")


def main():
    options = arguments()
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        say(f"there is no part \"{unknown[0]}\" (there are {', '.join(PARTS)})")
        return 2
    data = Path(os.environ.get("TOCSIN_BENCH_DIR") or ROOT / "build" / "bench").resolve()
    data.mkdir(parents=True, exist_ok=True)
    bench = make_bench(options, data)
    kept = store.Store(data / "results", bench.tocsin, {"fleet": bench.fleet_megabytes, "repeats": bench.repeats,
                                                        "rules": [str(path) for path in bench.rules]})
    try:
        results = measure(bench, options, kept)
    except CommandFailed as trouble:
        say(str(trouble))
        return 2
    report = {"machine": store.machine(), "commit": store.commit(bench.tocsin), "peers": bench.peers.versions,
              "fleet_megabytes": bench.fleet_megabytes, "repeats": bench.repeats, "parts": results}
    found = [line for part in results.values() for line in part["lines"]]
    print(as_text(report), end="")
    if options.document:
        write_document(options.document, report)
    for path in (data / "results.json", options.json):
        if path:
            path.write_text(json.dumps(report, indent=1) + "\n")
    if options.pictures and "growth" in results:
        parts_growth.draw(results["growth"], options.pictures)
    return 1 if any(line["answers"].startswith("different") for line in found) else 0


if __name__ == "__main__":
    sys.exit(main())
