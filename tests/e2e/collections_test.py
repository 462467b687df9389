"""Collections of KAPE, Velociraptor, UAC and CyLR as labs hand them in, and encrypted archives of them."""

import hashlib
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import tarfile
import time
import unittest
import zipfile
import zlib
from pathlib import Path

from tool import BINARY, EVIDENCE, TestCase, environment, tocsin

LOG = next(path for path in sorted(EVIDENCE.rglob("*.evtx")))
LOGS_ON_C = "Windows/System32/winevt/Logs/Security.evtx"
ORIGINAL = r"C:\Windows\System32\winevt\Logs\Security.evtx"
PASSWORD = "correct horse 7"


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


CRC_TABLE = [zlib.crc32(bytes([i]), 0xFFFFFFFF) ^ 0xFFFFFFFF for i in range(256)]


def zip_crypto(password, data):
    """Traditional PKZIP encryption (APPNOTE 6.1)."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value, byte):
        return (value >> 8) ^ CRC_TABLE[(value ^ byte) & 0xFF]

    def feed(byte):
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password:
        feed(byte)
    out = bytearray()
    for byte in data:
        word = (keys[2] & 0xFFFF) | 2
        out.append(byte ^ (((word * (word ^ 1)) >> 8) & 0xFF))
        feed(byte)
    return bytes(out)


def encrypted(members):
    body, central = b"", b""
    for name, data in members.items():
        crc = zlib.crc32(data)
        stored = zip_crypto(PASSWORD.encode(), bytes(11) + bytes([crc >> 24]) + data)
        common = struct.pack("<HHHIIIIHH", 20, 1, 0, 0, crc, len(stored), len(data), len(name), 0)
        central += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\x03\x04" + common + name.encode() + stored
    return body + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(central), len(body), 0)


def velociraptor():
    log = LOG.read_bytes()
    shadow = "uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/"
    row = {"System": {"Channel": "Security", "EventID": {"Value": 4688}}, "EventData": {"NewProcessName": "C:\\a.exe"}}
    return {"client_info.json": json.dumps({"client_id": "C.1", "Hostname": "SRV-WEB1"}),
            "uploads.json": json.dumps({"vfs_path": ORIGINAL, "file_size": len(log), "uploaded_size": len(log)}) + "\n",
            "log.json": json.dumps({"_ts": 1, "client_time": 1, "level": "INFO", "message": "Starting"}) + "\n",
            "results/Windows.EventLogs.Evtx.json": json.dumps(row) + "\n",
            "uploads/auto/C%3A/" + LOGS_ON_C: log,
            "uploads/auto/C%3A/" + LOGS_ON_C + ".idx": json.dumps(
                {"ranges": [{"file_length": len(log), "length": len(log)},
                            {"file_offset": len(log), "original_offset": len(log), "length": 65536}]}),
            shadow + LOGS_ON_C: log}


class Collections(TestCase):
    def scan(self, *arguments):
        run = tocsin("scan", *arguments, "--format", "jsonl", "--debug")
        self.assertEnds(run, 0)
        return run

    def logs(self, run):
        return [one["collected"] for one in run.of("source") if one["format"] == "evtx"]

    def test_velociraptor(self):
        path = self.folder / "Collection.zip"
        path.write_bytes(zipped(velociraptor()))
        run = self.scan(path)
        live = {"kind": "velociraptor", "host": "SRV-WEB1", "original_path": ORIGINAL, "shadow_copy": None}
        self.assertEqual(self.logs(run), [live, {**live, "shadow_copy": "HarddiskVolumeShadowCopy1"}])
        sources = {one["container"]: one for one in run.of("source")}
        self.assertEqual(sources["results/Windows.EventLogs.Evtx.json"]["records"], 1)
        for name in ("client_info.json", "uploads.json", "log.json", "uploads/auto/C%3A/" + LOGS_ON_C + ".idx"):
            self.assertEqual(sources[name]["status"], "not_recognised", name)
            self.assertEqual(sources[name]["anomalies"], 0, name)
        self.assertSays(run, "Collection.zip!/uploads.json: not read, the list of what was collected",
                        "Security.evtx.idx: not read, where the holes of a sparse file were",
                        f"Security.evtx: was {ORIGINAL} of SRV-WEB1 (velociraptor)")

    def test_velociraptors_sparse_files_are_read_as_they_were(self):
        log = LOG.read_bytes()
        self.assertEqual(log[128:4096], bytes(4096 - 128), "the rest of a log's header is empty")
        stored = log[:128] + log[4096:]
        index = json.dumps({"ranges": [
            {"file_length": 128, "length": 128}, {"file_offset": 128, "original_offset": 128, "length": 3968},
            {"file_offset": 128, "original_offset": 4096, "file_length": len(log) - 4096, "length": len(log) - 4096}]})
        folder = self.folder / "uploads" / "ntfs" / "C%3A" / "Logs"
        folder.mkdir(parents=True)
        (folder / "Security.evtx").write_bytes(stored)
        (folder / "Security.evtx.idx").write_text(index)
        (self.folder / "Collection.zip").write_bytes(zipped({"uploads/ntfs/C%3A/Logs/Security.evtx": stored,
                                                             "uploads/ntfs/C%3A/Logs/Security.evtx.idx": index}))
        (self.folder / "rule.yml").write_text(json.dumps({
            "title": "Any", "id": "7f8f1f0e-3d0c-4d57-9d2e-000000000091", "level": "low", "author": "Tests",
            "logsource": {"product": "windows"}, "detection": {"any": {"EventID|gte": 1}, "condition": "any"}}))
        whole = self.scan(LOG, "--rules", self.folder / "rule.yml")
        places = [one["place"] for one in whole.of("finding")]
        self.assertGreater(len(places), 1)
        for path in (self.folder / "uploads", self.folder / "Collection.zip"):
            run = self.scan(path, "--rules", self.folder / "rule.yml")
            self.assertEqual([one["place"] for one in run.of("finding")], places)
            self.assertEqual([one["code"] for one in run.of("anomaly")],
                             ["sparse_expanded"] + [one["code"] for one in whole.of("anomaly")])
            self.assertIn("3968 bytes of zeros", run.of("anomaly")[0]["message"])
            source = next(one for one in run.of("source") if one["format"] == "evtx")
            self.assertEqual((source["size"], source["sha256"]), (len(stored), hashlib.sha256(stored).hexdigest()))
        # Without its index it is damage, which leaves nothing to read.
        (folder / "Security.evtx.idx").unlink()
        run = tocsin("scan", self.folder / "uploads", "--rules", self.folder / "rule.yml", "--format", "jsonl", "--quiet")
        self.assertEnds(run, 2)
        self.assertNotEqual([one["place"] for one in run.of("finding")], places)

    def test_the_summary_shows_the_original_path(self):
        path = self.folder / "Collection.zip"
        path.write_bytes(zipped(velociraptor()))
        run = tocsin("scan", path)
        self.assertIn(f"was: {ORIGINAL} of SRV-WEB1 (velociraptor)", re.sub(r"\s+", " ", run.out))

    def test_kape_in_a_folder(self):
        drop = self.folder / "drop"
        (drop / "C" / LOGS_ON_C).parent.mkdir(parents=True)
        (drop / "C" / LOGS_ON_C).write_bytes(LOG.read_bytes())
        stamp = drop / "2023-05-04T11_51_06_5397121"
        Path(f"{stamp}_ConsoleLog.txt").write_text(
            "KAPE version 1.3.0.2\r\nSystem info: Machine name: SRV-DC1, 64-bit: True\r\n", encoding="utf-8-sig")
        Path(f"{stamp}_CopyLog.csv").write_text("CopiedTimestamp,SourceFile,DestinationFile\r\n", encoding="utf-8")
        (drop / "image.vhdx").write_bytes(b"vhdxfile" + bytes(1000))
        run = self.scan(drop)
        self.assertEqual(self.logs(run), [{"kind": "kape", "host": "SRV-DC1", "original_path": ORIGINAL,
                                           "shadow_copy": None}])
        of_image = [one for one in run.of("anomaly") if "vhdx" in one["source"]["path"]]
        self.assertEqual([one["code"] for one in of_image], ["container_unsupported", "unrecognised"])
        for way in ("7zz x FILE", "Mount-DiskImage -Access ReadOnly"):
            self.assertIn(way, of_image[0]["remedy"])
        why = tocsin("formats", "--why", drop / "image.vhdx")
        self.assertIn("virtual disk (VHDX)", why.out)
        self.assertIn("7zz x FILE", why.out)

    def test_kapes_shadow_copies(self):
        drop = self.folder / "drop"
        for place in ("C", "VSS1", "VSS2"):
            (drop / place / LOGS_ON_C).parent.mkdir(parents=True)
            (drop / place / LOGS_ON_C).write_bytes(LOG.read_bytes())
        (drop / "2023-05-04T11_51_06_5397121_ConsoleLog.txt").write_text(
            "KAPE version 1.3.0.2\r\nSystem info: Machine name: SRV-DC1, 64-bit: True\r\n", encoding="utf-8-sig")
        live = {"kind": "kape", "host": "SRV-DC1", "original_path": ORIGINAL, "shadow_copy": None}
        self.assertEqual(self.logs(self.scan(drop)),
                         [live, {**live, "shadow_copy": "VSS1"}, {**live, "shadow_copy": "VSS2"}])

    def test_uac(self):
        path = self.folder / "uac-mail-linux-20240102030405.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for name, data in {"uac.log": b"INF Unix-like Artifacts Collector 3.0.0\nINF Hostname: mail\n",
                               "hash_list.md5": b"d41d8cd98f00b204e9800998ecf8427e  a\n",
                               "[root]/var/log/sysmon.json": b'{"Event":{"System":{"EventID":1}}}\n'}.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        run = self.scan(path)
        read = [one["collected"] for one in run.of("source") if one["records"]]
        self.assertEqual(read, [{"kind": "uac", "host": "mail", "original_path": "/var/log/sysmon.json",
                                 "shadow_copy": None}])
        self.assertSays(run, "hash_list.md5: not read, a list of hashes")

    def test_cylr(self):
        host = next(one for one in self.scan(LOG).of("source"))["computers"][0].split(".")[0]
        path = self.folder / f"{host}.zip"
        path.write_bytes(zipped({"C/" + LOGS_ON_C: LOG.read_bytes(),
                                 "CyLR_Collection_Log_2024-01-02_03-04-05.log": "2024-01-02T03:04:05 [info] Start\n"}))
        self.assertEqual(self.logs(self.scan(path)), [{"kind": "cylr", "host": host, "original_path": ORIGINAL,
                                                       "shadow_copy": None}])


class Passwords(TestCase):
    def setUp(self):
        super().setUp()
        (self.folder / "log.evtx").write_bytes(LOG.read_bytes())
        (self.folder / "data.zip").write_bytes(zipped(velociraptor()))
        self.path = self.folder / "locked.zip"
        self.path.write_bytes(encrypted({name: (self.folder / name).read_bytes() for name in ("data.zip", "log.evtx")}))

    def given(self, text):
        path = self.folder / "passwords.txt"
        path.write_text(text, encoding="utf-8")
        return tocsin("scan", self.path, "--archive-password", path, "--format", "jsonl", "--debug")

    def test_from_a_file(self):
        run = self.given(PASSWORD + "\r\n")
        self.assertEnds(run, 0)
        self.assertGreater(sum(one["records"] for one in run.of("source")), 2)
        self.assertEqual([one["code"] for one in run.of("anomaly") if "encrypted" in one["code"]], [])
        hosts = {one["collected"]["host"] for one in run.of("source") if one["collected"]}
        self.assertEqual(hosts, {"SRV-WEB1"}, "the collection in the encrypted archive")

    def test_without_and_with_a_wrong_one(self):
        run = tocsin("scan", self.path, "--format", "jsonl")
        self.assertEnds(run, 2)
        self.assertEqual([one["message"] for one in run.of("anomaly")], ["The member is encrypted; it was not read."] * 2)
        self.assertIn("--archive-password FILE", run.of("anomaly")[0]["remedy"])
        self.assertSays(run, "no source was read")
        run = self.given("not this one 9\n")
        self.assertEqual(run.of("anomaly")[0]["source"]["path"], "locked.zip!/data.zip")

    def test_is_never_shown(self):
        for text in (PASSWORD, "not this one 9"):
            run = self.given(text)
            self.assertNotIn(text, run.out + run.err)

    def test_bad_files(self):
        for text, said in (("", "expected a password a line, found none"), ("x" * 70000, "File too large")):
            run = self.given(text)
            self.assertEnds(run, 2)
            self.assertSays(run, said, "passwords.txt")
        run = tocsin("scan", self.path, "--archive-password", self.folder / "absent")
        self.assertEnds(run, 2)
        self.assertSays(run, "cannot read the password file: No such file or directory", "one password a line")

    def test_is_asked_for_unseen(self):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(BINARY, [str(BINARY), "scan", str(self.path), "--archive-password", "-", "--format", "jsonl",
                               "--output", str(self.folder / "out.jsonl")], environment())
        seen = b""
        while b"Password of the archives: " not in seen:
            seen += os.read(terminal, 1000)
        os.write(terminal, PASSWORD.encode() + b"\n")
        try:
            while block := os.read(terminal, 1000):
                seen += block
        except OSError:  # the terminal is closed
            pass
        self.assertEqual(os.waitpid(pid, 0)[1], 0, seen)
        self.assertNotIn(PASSWORD.encode(), seen)
        self.assertIn("SRV-WEB1", (self.folder / "out.jsonl").read_text(encoding="utf-8"))

    def test_without_a_terminal_says_so(self):
        run = tocsin("scan", self.path, "--archive-password", "-", start_new_session=True)
        self.assertEnds(run, 2)
        self.assertSays(run, "there is no terminal to ask for the password at", "--archive-password FILE")


class Scratch(TestCase):
    """What has to be read in any order and is too large for memory leaves nothing behind, however it ends."""

    def test_nothing_is_left(self):
        log = LOG.read_bytes()
        big = io.BytesIO()
        with zipfile.ZipFile(big, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("noise", os.urandom(70 << 20))
            archive.writestr("log.evtx", log)
        path = self.folder / "outer.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("inner.zip", big.getvalue())
        scratch = self.folder / "tmp"
        scratch.mkdir()
        env = environment(TMPDIR=str(scratch))
        run = tocsin("scan", path, "--format", "jsonl", "--debug", env=env)
        self.assertEnds(run, 0)
        self.assertSays(run, "bytes held in a scratch file")
        self.assertEqual(list(scratch.iterdir()), [])
        self.assertEqual([one["format"] for one in run.of("source") if one["container"] == "inner.zip!/log.evtx"], ["evtx"])

        with subprocess.Popen([BINARY, "scan", "--debug", path], env=env, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE) as process:
            for line in process.stderr:
                if b"scratch file" in line:
                    process.send_signal(signal.SIGKILL)
                    break
            process.wait()
        end = time.monotonic() + 20
        while list(scratch.iterdir()) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(list(scratch.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
