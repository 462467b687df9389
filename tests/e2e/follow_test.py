"""`scan --follow` on files that a writer appends to, rotates and truncates, and on EVTX logs that grow record by record."""

import json
import os
import queue
import signal
import struct
import subprocess
import threading
import time
import unittest
import zlib

from tool import BINARY, EVIDENCE, GOOD_RULE, TIMEOUT, TestCase, environment, is_sanitized, tocsin

CHUNK, HEADER = 65536, 4096
PATIENCE = 30  # on a busy machine; how fast it is on a quiet one is measured apart
RULE = GOOD_RULE.replace("Any process of a shell", "A word").replace("Image|endswith: '\\cmd.exe'",
                                                                     "CommandLine|contains: 'needle'")


def event(number, word="needle"):
    return json.dumps({"Event": {"System": {"Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}}, "EventID": 1,
                                            "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "host",
                                            "EventRecordID": number,
                                            "TimeCreated": {"#attributes": {"SystemTime": "2021-07-19T12:00:00.0Z"}}},
                                 "EventData": {"Image": "C:\\\\a.exe", "CommandLine": f"{word} {number}"}}}) + "\n"


class Following:
    """A run in the background; its lines with the time at which they came."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([str(BINARY), "scan", "--follow", *map(str, arguments)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=environment())
        self.lines, self.all = queue.Queue(), []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put((time.monotonic(), line.decode("utf-8", "replace")))

    def next(self, kind="finding", seconds=PATIENCE):
        """The next object of this kind; AssertionError where none comes."""
        end = time.monotonic() + seconds
        while True:
            try:
                came, line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty as error:
                raise AssertionError(f"no {kind} within {seconds} s; before: {self.all[-3:]}") from error
            one = json.loads(line)
            self.all.append(one)
            if one["type"] == kind:
                return came, one

    def quiet(self, seconds=1.5):
        """Nothing comes for so long."""
        time.sleep(seconds)
        return self.lines.empty()

    def has_open(self, path):
        held = f"/proc/{self.process.pid}/fd"
        return str(path) in (os.path.realpath(f"{held}/{one}") for one in os.listdir(held))

    def until(self, holds, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "not within the time"
            time.sleep(0.05)

    def stop(self, how=signal.SIGINT):
        self.process.send_signal(how)
        self.process.wait(TIMEOUT)
        self.reader.join(TIMEOUT)
        self.err = self.process.stderr.read().decode("utf-8", "replace")
        self.process.stderr.close()
        self.process.stdout.close()
        self.text = ""
        while not self.lines.empty():
            self.text += self.lines.get()[1]
        return self.process.returncode

    def rest(self):
        return [json.loads(line) for line in self.text.splitlines()]


def words(finding):
    return [match["value"] for match in finding["matches"]]


class FollowCase(TestCase):
    def setUp(self):
        super().setUp()
        self.logs = self.folder / "logs"
        self.logs.mkdir()
        self.log = self.logs / "app.ndjson"
        self.own = self.rule(body=RULE)

    def follow(self, *arguments, form="jsonl"):
        run = Following(*arguments, "--rules", self.own, "--format", form, "--no-config", "--no-cache")
        self.addCleanup(run.process.kill)
        if form == "jsonl":
            run.next("header")
        return run

    def append(self, text, path=None):
        with (path or self.log).open("a", encoding="utf-8") as stream:
            stream.write(text)


class Follow(FollowCase):
    def test_tells_what_is_there_and_what_is_appended(self):
        self.append(event(1) + event(2, "nothing"))
        run = self.follow(self.log)
        self.assertEqual(words(run.next()[1]), ["needle 1"])
        self.append(event(3))
        _, found = run.next()
        self.assertEqual(words(found), ["needle 3"])
        self.assertEqual(found["place"]["line"], 3)
        self.assertEqual(found["place"]["offset"], len(event(1) + event(2, "nothing")))
        self.assertIsNone(found["source"]["sha256"])
        self.assertEqual(found["source"]["growing"]["read_to"], self.log.stat().st_size)
        half = event(4)
        self.append(half[:40])
        self.assertTrue(run.quiet())
        self.append(half[40:])
        self.assertEqual(words(run.next()[1]), ["needle 4"])
        self.assertEqual(run.stop(), 0, run.err)
        rest = run.rest()
        self.assertEqual([one["type"] for one in rest if one["type"] in ("finding", "source", "summary")],
                         ["source", "summary"])
        self.assertFalse(rest[-1]["interrupted"])
        self.assertEqual((rest[-1]["findings"], rest[-1]["events"]), (3, 4))
        whole = tocsin("scan", self.log, "--rules", self.own, "--format", "jsonl").of("finding")
        told = [one for one in run.all if one["type"] == "finding"]
        self.assertEqual([one["id"] for one in told], [one["id"] for one in whole])
        self.assertEqual(rest[0]["sha256_prefix"]["length"], self.log.stat().st_size)
        self.assertEqual(rest[0]["sha256_prefix"]["sha256"], whole[0]["source"]["sha256"])
        self.assertIn("1 rule", run.err)  # the summary, beside

    def test_within_a_second(self):
        run = self.follow(self.logs)
        self.append(event(0))
        run.next()
        late = []
        for number in range(1, 6):
            time.sleep(0.3)
            self.append(event(number))
            written = time.monotonic()
            late.append(run.next()[0] - written)
        run.stop()
        self.assertLess(min(late), 1.0, late)  # the others are the machine's

    def test_rotation_by_renaming(self):
        self.append(event(1))
        run = self.follow(self.logs)
        run.next()
        self.log.rename(self.logs / "app.ndjson.1")
        self.append(event(2), self.logs / "app.ndjson.1")  # the writer has it open yet
        self.append(event(3))
        self.assertEqual({words(run.next()[1])[0] for _ in range(2)}, {"needle 2", "needle 3"})
        self.append(event(4))
        self.assertEqual(words(run.next()[1]), ["needle 4"])
        self.assertTrue(run.quiet())
        self.assertEqual(run.stop(signal.SIGTERM), 0, run.err)
        self.assertEqual([one["size"] for one in run.rest() if one["type"] == "source"],
                         [len(event(1) + event(2)), len(event(3) + event(4))])

    def test_a_renamed_file_outside_is_read_to_its_end(self):
        self.append(event(1))
        run = self.follow(self.log)
        run.next()
        self.append(event(2))
        self.log.rename(self.folder / "old.ndjson")
        self.assertEqual(words(run.next()[1]), ["needle 2"])
        self.append(event(3))
        self.assertEqual(words(run.next()[1]), ["needle 3"])
        run.until(lambda: not run.has_open(self.folder / "old.ndjson"))  # then it is left: it is whole, and has its hash
        run.stop()
        first = next(one for one in run.rest() if one["type"] == "source")
        old = tocsin("scan", self.folder / "old.ndjson", "--rules", self.own, "--format", "jsonl").of("source")[0]
        self.assertEqual(first["sha256"], old["sha256"])

    def test_copied_and_truncated(self):
        self.append(event(1) + event(2))
        run = self.follow(self.logs)
        run.next(), run.next()
        (self.logs / "app.ndjson.1").write_bytes(self.log.read_bytes())
        os.truncate(self.log, 0)
        self.append(event(3))
        self.assertEqual(words(run.next()[1]), ["needle 3"])
        self.assertTrue(run.quiet(4))  # the copy tells nothing new
        run.stop()
        self.assertEqual(sum(1 for one in run.rest() if one["type"] == "anomaly" and one["code"] == "file_rewritten"), 1)

    def test_rewritten_at_the_same_size(self):
        self.append(event(1))
        run = self.follow(self.log)
        run.next()
        self.log.write_text(event(2), encoding="utf-8")
        self.assertEqual(words(run.next()[1]), ["needle 2"])
        run.stop()

    def test_new_files_of_other_formats(self):
        run = self.follow(self.logs)
        rows = tocsin("dump", EVIDENCE / "MAIL01", "--as", "xml").raw_out
        with (self.logs / "more.xml").open("wb") as stream:
            stream.write(rows)
        self.append(event(1))
        self.assertEqual(words(run.next()[1]), ["needle 1"])
        self.assertEqual(run.stop(), 0, run.err)
        sources = {one["path"].rsplit("/")[-1]: one for one in run.rest() if one["type"] == "source"}
        self.assertEqual(sources["more.xml"]["records"], rows.count(b"</Event>"))
        self.assertEqual(sources["more.xml"]["format"], "xml.events")

    def test_text(self):
        run = self.follow(self.log.parent, form="text")
        self.append(event(1))
        end = time.monotonic() + PATIENCE
        seen = ""
        while "«needle» 1" not in seen and time.monotonic() < end:
            try:
                seen += run.lines.get(timeout=0.5)[1]
            except queue.Empty:
                pass
        self.assertIn("2021-07-19T12:00:00.0000000Z  high  A word", seen)
        self.assertIn("CommandLine|contains: «needle» 1", seen)
        self.assertEqual(run.stop(), 0)
        self.assertIn("1 finding  1 high", run.text)
        self.assertIn("FINDINGS BY LEVEL", run.text)

    @unittest.skipIf(is_sanitized(), "a sanitizer keeps what was freed")
    def test_memory_is_flat(self):
        run = self.follow(self.log.parent)
        status = f"/proc/{run.process.pid}/status"

        def resident():
            with open(status, encoding="ascii") as stream:
                return next(int(line.split()[1]) for line in stream if line.startswith("VmRSS"))

        filler = "".join(event(number, "nothing") for number in range(20))
        sizes = []
        for batch in range(10_000):
            self.append(filler + (event(batch) if batch % 100 == 0 else ""))
            if batch % 100 == 0:
                run.next()
                sizes.append(resident())
        self.assertEqual(run.stop(), 0, run.err)
        self.assertEqual(run.rest()[-1]["events"], 10_000 * 20 + 100)
        self.assertLess(max(sizes[50:]) - max(sizes[10:50]), 8 * 1024, sizes[::10])  # kB

    def test_refused(self):
        archive = self.folder / "a.gz"
        archive.write_bytes(b"\x1f\x8b\x08\x00" + bytes(20))
        for arguments, said in ((["-"], "standard input cannot be followed"), ([archive], "an archive (gzip) cannot be followed"),
                                ([self.folder / "absent"], "No such file or directory"),
                                ([self.log, "--format", "csv"], "--follow does not go with this format"),
                                ([self.log, "--output", self.folder / "x"], "--follow does not go with --output"),
                                ([self.log, "--carve"], "--follow does not go with --carve"),
                                ([self.log, "--profile", "verbose", "--format", "jsonl"], "--follow does not go with a profile")):
            with self.subTest(arguments=arguments):
                self.append("")
                run = tocsin("scan", "--follow", *arguments, "--rules", self.own)
                self.assertEnds(run, 2)
                self.assertSays(run, said)

    def test_what_cannot_be_followed_in_a_folder_is_said(self):
        run = self.follow(self.logs)
        (self.logs / "a.zip").write_bytes(b"PK\x03\x04" + bytes(100))
        (self.logs / "b.json").write_text("[" + event(1), encoding="utf-8")
        self.append(event(2))
        self.assertEqual(words(run.next()[1]), ["needle 2"])
        self.assertTrue(run.quiet())
        run.stop()
        self.assertEqual([one["source"]["path"].rsplit("/")[-1] for one in run.rest()
                          if one["type"] == "anomaly" and one["code"] == "not_followed"], ["a.zip", "b.json"])


class FollowMended(FollowCase):
    """What was lost or doubled when logs are rotated, refused, away for a while or cut in the middle of a line."""

    def told(self, run, count):
        return sorted(words(run.next()[1])[0] for _ in range(count))

    def test_unreadable_at_first(self):
        run = self.follow(self.logs)
        self.append(event(1))
        self.log.chmod(0)
        if os.access(self.log, os.R_OK):
            self.log.chmod(0o644)
            self.assertEqual(self.told(run, 1), ["needle 1"])
            self.skipTest("root reads all files")
        self.assertTrue(run.quiet(0.6))
        self.log.chmod(0o644)
        self.assertEqual(self.told(run, 1), ["needle 1"])

    def test_refused_and_then_another_file(self):
        self.log.write_text("[" + event(1), encoding="utf-8")
        run = self.follow(self.logs)
        self.log.write_text(event(2), encoding="utf-8")
        self.assertEqual(self.told(run, 1), ["needle 2"])
        run.stop()

    def test_last_line_before_truncation(self):
        self.append(event(1))
        run = self.follow(self.logs)
        self.told(run, 1)
        self.append(event(2).rstrip("\n"))
        time.sleep(1)  # it waits for its end, and nobody sees from outside that it was read
        (self.logs / "app.ndjson.1").write_text(event(1) + event(2), encoding="utf-8")
        self.log.write_text(event(3), encoding="utf-8")
        self.assertEqual(self.told(run, 2), ["needle 2", "needle 3"])
        self.assertTrue(run.quiet(3))
        run.stop()

    def test_copied_with_more_in_it_and_again(self):
        for arguments in ([], ["--no-hash"]):
            with self.subTest(arguments=arguments):
                for old in self.logs.iterdir():
                    old.unlink()
                first, second = self.logs / "app.ndjson.1", self.logs / "app.ndjson.2"
                self.append(event(1))
                run = self.follow(self.logs, *arguments)
                self.told(run, 1)
                first.write_text(event(1) + event(2), encoding="utf-8")  # 2 was written just before the truncation
                os.truncate(self.log, 0)
                self.append(event(3))
                self.assertEqual(self.told(run, 2), ["needle 2", "needle 3"])
                first.rename(second)
                first.write_text(event(3), encoding="utf-8")
                os.truncate(self.log, 0)
                self.append(event(4))
                self.assertEqual(self.told(run, 1), ["needle 4"])
                self.assertTrue(run.quiet(3))
                run.stop()

    def test_away_and_back(self):
        self.append(event(1))
        run = self.follow(self.log)
        self.told(run, 1)
        away = self.folder / "away.ndjson"
        self.log.rename(away)
        run.until(lambda: not run.has_open(away))  # then it is left
        away.rename(self.log)
        self.append(event(2))
        self.assertEqual(self.told(run, 1), ["needle 2"])
        self.assertEqual(run.stop(), 0)
        new = [one for one in run.rest() if one["type"] == "source"][-1]
        self.assertEqual(new["sha256_prefix"]["length"], self.log.stat().st_size)

    def test_named_document_ends_at_once(self):
        self.log.write_text("[" + event(1), encoding="utf-8")
        run = tocsin("scan", "--follow", self.log, "--rules", self.own)
        self.assertEnds(run, 2)
        self.assertSays(run, "one JSON document cannot be followed")

    def test_planning_is_told_once(self):
        (self.logs / "a").symlink_to(self.logs / "b")
        (self.logs / "b").symlink_to(self.logs / "a")
        run = self.follow(self.logs, "--follow-symlinks")
        self.append(event(1))
        self.told(run, 1)
        self.assertTrue(run.quiet(0.7))
        run.stop()
        about = [one for one in run.rest() if one["type"] == "anomaly"]
        self.assertEqual([(one["code"], one["count"]) for one in about], [("file_unreadable", 1)] * 2)

    def test_stops_in_the_middle_of_much(self):
        block = "".join(event(number, "nothing") for number in range(3000))
        with self.log.open("w", encoding="utf-8") as stream:
            stream.write(event(1))
            for _ in range(300):
                stream.write(block)
        run = self.follow(self.log)
        self.told(run, 1)
        begun = time.monotonic()
        self.assertEqual(run.stop(signal.SIGTERM), 0, run.err)
        self.assertLess(time.monotonic() - begun, 10)
        source = next(one for one in run.rest() if one["type"] == "source")
        self.assertEqual(source["sha256_prefix"]["length"], source["growing"]["read_to"])

    def test_renamed_just_before_the_stop(self):
        self.append(event(1))
        run = self.follow(self.log)
        self.told(run, 1)
        self.log.rename(self.folder / "old.ndjson")
        time.sleep(0.4)
        run.stop()
        self.assertIsNone(next(one for one in run.rest() if one["type"] == "source")["sha256"])

    def test_nothing_came(self):
        run = self.follow(self.logs)
        self.assertEqual(run.stop(), 0)
        self.assertIn("nothing was read", run.err)

    def test_unknown_content_is_not_held_open(self):
        odd = self.logs / "odd.txt"
        odd.write_text("words\n", encoding="utf-8")
        run = self.follow(self.logs)
        self.append(event(1))
        self.told(run, 1)
        self.assertFalse(run.has_open(odd))
        odd.write_text(event(2), encoding="utf-8")
        self.assertEqual(self.told(run, 1), ["needle 2"])
        run.stop()


class LiveLog:
    """An EVTX log of the demo, given out record by record as Windows writes it: the chunk is rewritten in place."""

    def __init__(self, path):
        data = path.read_bytes()
        self.header = data[:HEADER]
        self.chunks = [data[at:at + CHUNK] for at in range(HEADER, len(data), CHUNK)]

    @staticmethod
    def records(chunk):
        at, found = 512, []
        while at + 28 <= CHUNK and chunk[at:at + 4] == b"**\0\0":
            size = struct.unpack_from("<I", chunk, at + 4)[0]
            found.append((at, size, struct.unpack_from("<Q", chunk, at + 8)[0]))
            at += size
        return found

    def chunk(self, number, count):
        """The chunk as it was when it had `count` records."""
        chunk = bytearray(self.chunks[number])
        records = self.records(chunk)[:count]
        at, size, ident = records[-1]
        first = struct.unpack_from("<Q", chunk, 8)[0]
        struct.pack_into("<Q", chunk, 16, first + len(records) - 1)
        struct.pack_into("<Q", chunk, 32, ident)
        struct.pack_into("<II", chunk, 44, at, at + size)
        chunk[at + size:] = bytes(CHUNK - at - size)
        struct.pack_into("<I", chunk, 52, zlib.crc32(bytes(chunk[512:at + size])))
        struct.pack_into("<I", chunk, 124, zlib.crc32(bytes(chunk[128:512]), zlib.crc32(bytes(chunk[:120]))))
        return bytes(chunk)


class FollowEvtx(TestCase):
    def test_chunks_that_are_rewritten_in_place(self):
        made = EVIDENCE / "MAIL01" / "System.evtx"
        live = LiveLog(made)
        log = self.folder / "live.evtx"
        rule = self.rule(body=RULE.replace("    category: process_creation\n", "").replace(
            "CommandLine|contains: 'needle'", "EventRecordID|contains: ''").replace("high", "low"))
        whole = tocsin("scan", made, "--rules", rule, "--format", "jsonl").of("finding")
        self.assertGreater(len(whole), 100)
        log.write_bytes(live.header + live.chunk(0, 1))
        run = Following(log, "--rules", rule, "--format", "jsonl", "--no-config", "--no-cache")
        self.addCleanup(run.process.kill)
        run.next("header")
        told = [run.next()[1]]
        for number, chunk in enumerate(live.chunks):
            records = len(live.records(chunk))
            steps = sorted({1, 2, records // 2 or 1, records}) if number == 0 else [records]
            before = 1 if number == 0 else 0
            for count in steps:
                with log.open("r+b") as stream:
                    stream.seek(HEADER + number * CHUNK)
                    part = live.chunk(number, count)
                    stream.write(part[:40_000])
                    stream.flush()
                    stream.write(part[40_000:])
                told += [run.next()[1] for _ in range(count - before)]
                before = count
        self.assertTrue(run.quiet())
        self.assertEqual(run.stop(), 0, run.err)
        self.assertEqual([one["id"] for one in told], [one["id"] for one in whole])
        self.assertEqual(len({one["id"] for one in told}), len(whole))
        source = next(one for one in run.rest() if one["type"] == "source")
        self.assertIsNone(source["sha256"])
        self.assertIn("chunks change in place", source["no_hash"])
        self.assertEqual(source["growing"]["read_to"], log.stat().st_size)
        self.assertEqual([one for one in run.rest() if one["type"] == "anomaly"], [])


if __name__ == "__main__":
    unittest.main()
