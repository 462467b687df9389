"""The part "ndjson": JSON lines judged by one thread, beside rsigma and beside the floor of parsing and hashing."""

import rule_answers
from commands import Command, best
from lines import Line, of_data_sets


def run(bench):
    return of_data_sets(bench, (bench.windows_ndjson(), bench.fleet("ndjson")),
                        "ndjson: the recorded simulations are skipped: there is no corpus", _on)


def _ours(bench, data_set):
    ours = {"1 thread": bench.scan(data_set.path, threads=1), "2 threads": bench.scan(data_set.path)}
    if bench.has_flag("--no-hash"):
        ours["1 thread, no hash"] = bench.scan(data_set.path, "--no-hash", threads=1)
    return ours


def _on(bench, data_set):
    recorded = not data_set.path.is_dir()  # rsigma reads one stream, and takes its minutes
    rsigma = rule_answers.Rsigma.of(bench) if recorded else None
    floors = {"parse": bench.floor("parse", data_set), "judge": bench.floor("judge", data_set)}
    runs = {name: best(found) for name, found in
            bench.runner.interleave({**_ours(bench, data_set), **floors}, bench.repeats).items()}
    title = f"{data_set.name} ({data_set.size() / 1e6:.0f} MB)"
    rules, one = bench.rules_name(), runs["1 thread"]
    found, unequal = [], []
    if rsigma:
        rsigma.tune(data_set.path)
        answers, unequal = rsigma.compare(data_set.path)
        pair = bench.runner.interleave({"rsigma": rsigma.command(data_set.path),
                                        "ours": bench.scan(data_set.path, threads=1)}, max(1, bench.repeats // 2))
        peer, beside = best(pair["rsigma"]), best(pair["ours"])
        found.append(Line(f"{title}: {rules}, 1 thread", beside, peer, "rsigma", "at least", 30.0, peer.wall / beside.wall,
                          answers=answers, note=f"rsigma's fastest setting here: {rsigma.setting()}"))
    elif recorded:
        bench.say(f"ndjson: rsigma is skipped: {bench.peers.missing.get('rsigma', 'there are no Sigma rules')}")
    found.append(Line(f"{title}: {rules}, 1 thread", one, runs["judge"], "simdjson parse + SHA-256", "at most", 1.6,
                      one.wall / runs["judge"].wall))
    if "1 thread, no hash" in runs:
        bare = runs["1 thread, no hash"]
        found.append(Line(f"{title}: {rules}, 1 thread, no hashing", bare, runs["parse"], "simdjson parse", "", None,
                          bare.wall / runs["parse"].wall))
    found.append(Line(f"{title}: two threads against one", runs["2 threads"], one, "one thread", "at least", 1.85,
                      one.wall / runs["2 threads"].wall))
    return found + _search(bench, data_set, recorded), unequal


def _search(bench, data_set, recorded):
    """Looking for one text, beside ripgrep over the same bytes."""
    program = bench.peers.get("rg")
    if not program or not recorded:
        return []
    word = "lsass.exe"
    ours = Command.of(bench.tocsin, "search", word, data_set.path, "--threads", 2, "--quiet", "--format", "jsonl")
    theirs = Command.of(program, "--ignore-case", "--fixed-strings", "--count", "--threads", 2, word, data_set.path)
    runs = bench.runner.interleave({"ours": ours, "theirs": theirs}, 2)
    mine, peer = best(runs["ours"]), best(runs["theirs"])
    return [Line(f"search {word}, 2 threads", mine, peer, "ripgrep (counts lines)", value=mine.wall / peer.wall,
                 note="ripgrep reads lines as text and prints a number; Tocsin parses, orders by time and prints the events")]
