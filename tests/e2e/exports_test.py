"""Every form in which labs hand in events: one file each, made by make_export_samples, and rules that must fire on it.

The Windows forms hold the same events, so the same rules must fire on each, and nothing may be said to be damaged.
"""

import json
import os
import shutil
import unittest
from collections import Counter
from pathlib import Path

from tool import SOURCE, TestCase, tocsin

EXPORTS = Path(os.environ["TOCSIN_EXPORTS"])


def rule(number, product, condition, **logsource):
    """A rule as JSON, which is YAML too."""
    return json.dumps({
        "title": f"Rule {number}", "id": f"7f8f1f0e-3d0c-4d57-9d2e-{number:012}", "status": "test", "level": "high",
        "author": "Tests", "logsource": {"product": product, **logsource},
        "detection": {"selection": condition, "condition": "selection"}})


# Rule -> how often it fires on each Windows form.
WINDOWS = {
    "process": (rule(1, "windows", {"Image": "C:\\Windows\\System32\\cmd.exe", "CommandLine|startswith": "cmd.exe /c "},
                     category="process_creation"), 2),
    "quoted": (rule(2, "windows", {"CommandLine|contains": "/c \"whoami > C:\\Temp\\out"}, category="process_creation"), 1),
    "logon": (rule(3, "windows", {"EventID": 4624, "LogonType": 3, "TargetUserName": "k.weiß",
                                  "IpAddress|cidr": "192.0.2.0/24"}, service="security"), 1),
    "service": (rule(4, "windows", {"EventID": 7045, "Provider_Name": "Service Control Manager",
                                    "ImagePath|endswith": "\\ph.exe"}, service="system"), 1),
    "script": (rule(5, "windows", {"ScriptBlockText|contains": "Write-Output"}, category="ps_script"), 1),
    "cleared": (rule(6, "windows", {"EventID": 1102, "SubjectUserName": "Administrator"}, service="security"), 1),
    "nothing": (rule(7, "windows", {"CommandLine|contains": "whoami > C:\\\\\\\\Temp"}, category="process_creation"), 0),
}

# File -> the rule that fires once, on the first of its two records.
CLOUD = {
    "azure_activity.json": rule(21, "azure", {"operationName": "MICROSOFT.STORAGE/STORAGEACCOUNTS/DELETE"},
                                service="activitylogs"),
    "azure_signin.json": rule(22, "azure", {"ResultType": 50057, "Username|endswith": "campus.example"},
                              service="signinlogs"),
    "graph_signin.json": rule(32, "azure", {"ResultType": 50053, "Username|endswith": "campus.example",
                                            "ClientApp": "Browser", "DeviceDetail.trusttype|startswith": "Azure AD"},
                              service="signinlogs"),
    "azure_audit.json": rule(23, "azure", {"properties.message": "Add user", "Status": "Success",
                                           "AccountEnabled|contains": "true"}, service="auditlogs"),
    "azure_risk.json": rule(24, "azure", {"riskEventType": "anonymizedIPAddress"}, service="riskdetection"),
    "m365.json": rule(25, "m365", {"eventName": "New-InboxRule", "status": "success", "ForwardTo|endswith": "example.org"},
                      service="exchange"),
    "m365_alert.json": rule(33, "m365", {"eventSource": "SecurityComplianceCenter", "status": "success",
                                         "eventName": "Messages removed after delivery"}, service="threat_management"),
    "m365_rows.json": rule(31, "m365", {"Operation": "New-InboxRule", "Workload": "Exchange",
                                        "ForwardTo|endswith": "example.org"}, service="audit"),
    "gcp.json": rule(26, "gcp", {"gcp.audit.method_name": "storage.buckets.delete"}, service="gcp.audit"),
    "google_workspace.json": rule(27, "gcp", {"eventService": "admin.googleapis.com", "new_value": "false",
                                              "eventName": "ENFORCE_STRONG_AUTHENTICATION"},
                                  service="google_workspace.admin"),
    "okta.json": rule(28, "okta", {"eventType": "user.mfa.factor.deactivate", "actor.alternateId|contains": "meier",
                                   "target.displayName": "Phone"}, service="okta"),
    "github.json": rule(29, "github", {"action": "repo.destroy"}, service="audit"),
    "kubernetes.json": rule(30, "kubernetes", {"verb": "delete", "objectRef.resource": "events"},
                            category="application", service="audit"),
}


# One rule for each of Defender's tables, in the words of Sysmon.
DEFENDER = {
    "process": rule(41, "windows", {"Image": "C:\\Windows\\System32\\cmd.exe", "ParentImage|endswith": "\\w3wp.exe",
                                    "User": "IIS APPPOOL\\DefaultAppPool", "CommandLine|contains": "whoami"},
                    category="process_creation"),
    "network": rule(42, "windows", {"Image": "C:\\Temp\\a.exe", "DestinationPort": 4444, "Initiated": "true"},
                    category="network_connection"),
    "image": rule(43, "windows", {"Image|endswith": "\\a.exe", "ImageLoaded": "C:\\Temp\\b.dll"}, category="image_load"),
    "file": rule(44, "windows", {"TargetFilename|endswith": ".aspx", "Image|endswith": "\\a.exe"}, category="file_event"),
    "registry": rule(45, "windows", {"TargetObject": "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\Limit",
                                     "Details": "DWORD (0x00000001)"}, category="registry_set"),
    "driver": rule(46, "windows", {"ImageLoaded|contains": "\\Temp\\", "Hashes|contains": "SHA256=00FF"},
                   category="driver_load"),
    "pipe": rule(47, "windows", {"PipeName|startswith": "\\MSSE-", "Image|endswith": "\\a.exe"},
                 category="pipe_created"),
    "dns": rule(48, "windows", {"QueryName|endswith": ".drop.example", "Image": "C:\\Temp\\a.exe"}, category="dns_query"),
    "logon": rule(49, "windows", {"EventID": 4624, "LogonType": 10, "TargetUserName": "k.weiß",
                                  "IpAddress|cidr": "203.0.113.0/24"}, service="security"),
    "failed": rule(50, "windows", {"EventID": 4625, "LogonType": 10, "Provider_Name": "Microsoft-Windows-Security-Auditing"},
                   service="security"),
}


# Of script blocks in parts: the words of the first stand on both sides of a cut.
SCRIPTS = {
    "whole": rule(51, "windows", {"ScriptBlockText|contains": "Write-Output \"$a, seen\"", "Path|endswith": "words.ps1"},
                  category="ps_script"),
    "end": rule(52, "windows", {"ScriptBlockText|re": "Set-Marker -Name done\\r\\n$"}, category="ps_script"),
    "any": rule(53, "windows", {"ScriptBlockText|startswith": "$a = 'first'"}, category="ps_script"),
    "near": rule(54, "windows", {"ScriptBlockText|contains": "ScriptBlock ID"}, category="ps_script"),
}


class Exports(TestCase):
    def scan(self, paths, rules, anomalies=()):
        path = self.folder / "rules"
        path.mkdir()
        for name, text in rules.items():
            (path / f"{name}.yml").write_text(text, encoding="utf-8")
        paths = paths if isinstance(paths, list) else [paths]
        run = tocsin("scan", *paths, "--rules", path, "--format", "jsonl", "--quiet")
        self.assertEnds(run, 0)
        self.assertEqual({one["code"] for one in run.of("anomaly")}, set(anomalies))
        return run

    def found(self, run):
        """(file name, rule title) -> findings."""
        return Counter((Path(one["source"]["path"]).name, one["rule"]["title"]) for one in run.of("finding"))

    def test_windows_events_are_the_same_in_every_form(self):
        run = self.scan(EXPORTS / "windows", {name: text for name, (text, _) in WINDOWS.items()})
        found = self.found(run)
        for file in sorted(path.name for path in (EXPORTS / "windows").iterdir()):
            for name, (text, count) in WINDOWS.items():
                with self.subTest(file=file, rule=name):
                    self.assertEqual(found[file, json.loads(text)["title"]], count)
        times = Counter(one["time"] for one in run.of("finding"))
        self.assertTrue(all(time and time.startswith("2021-07-13T02:14:") for time in times), times)

    def test_each_cloud_log_fires_its_rule(self):
        run = self.scan(EXPORTS / "cloud", {Path(file).stem: text for file, text in CLOUD.items()})
        expected = Counter({(file, json.loads(text)["title"]): 1 for file, text in CLOUD.items()})
        # The same record in both ways to export it.
        for file, other in (("m365.json", "m365_rows.json"), ("m365_rows.json", "m365.json")):
            expected[file, json.loads(CLOUD[other])["title"]] = 1
        self.assertEqual(self.found(run), expected)
        self.assertEqual({path.name for path in (EXPORTS / "cloud").iterdir()}, set(CLOUD))

    def test_what_event_viewer_saves_is_judged_like_its_log(self):
        run = self.scan(EXPORTS / "viewer", {name: text for name, (text, _) in WINDOWS.items()}, {"csv_local_time"})
        found = self.found(run)
        files = sorted(path.name for path in (EXPORTS / "viewer").iterdir())
        self.assertEqual(len(files), 5)
        for file in files:
            for name, (text, count) in WINDOWS.items():
                with self.subTest(file=file, rule=name):
                    self.assertEqual(found[file, json.loads(text)["title"]], count)
        self.assertEqual({one["time"] for one in run.of("finding")}, {None})

    def test_script_blocks_are_joined_in_every_form(self):
        def told(one):
            matched = [(match["field"], match["value"]) for match in one["matches"]]
            return one["rule"]["title"], matched, one["notes"], len(one["parts"])

        seen = {}
        for name in ("whole.evtx", "get_winevent.csv", "event_viewer.csv"):
            seen[name] = sorted(map(told, self.scan(EXPORTS / "scripts" / name, SCRIPTS).of("finding")))
            shutil.rmtree(self.folder / "rules")
        self.assertEqual(Counter(title for title, *_ in seen["whole.evtx"]), {"Rule 51": 1, "Rule 52": 1, "Rule 53": 2})
        self.assertEqual(seen["get_winevent.csv"], seen["whole.evtx"])
        self.assertEqual(seen["event_viewer.csv"], seen["whole.evtx"])
        run = self.scan([EXPORTS / "scripts" / name for name in ("begin.evtx", "rest.csv")], SCRIPTS)
        self.assertEqual(sorted(map(told, run.of("finding"))), seen["whole.evtx"])

    def test_each_table_of_defender_fires_its_rule(self):
        run = self.scan(EXPORTS / "defender", DEFENDER)
        expected = Counter({(file, json.loads(text)["title"]): 1
                            for file in ("rows.json", "streaming.json") for text in DEFENDER.values()})
        self.assertEqual(self.found(run), expected)

    def test_our_own_rules_judge_defenders_rows(self):
        run = tocsin("scan", EXPORTS / "defender" / "rows.json", "--rules", SOURCE / "rules" / "windows",
                     "--format", "jsonl", "--quiet")
        self.assertEnds(run, 0)
        found = Counter(Path(one["rule"]["file"]).stem for one in run.of("finding"))
        self.assertEqual(found["framework_pipe_made"], 1)
        self.assertEqual(found["remote_desktop_from_outside"], 1)


if __name__ == "__main__":
    unittest.main()
