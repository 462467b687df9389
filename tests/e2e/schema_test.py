"""Real output against docs/formats/results.schema.json, and nothing in it that the schema does not name."""

import json
import unittest

from tool import EVIDENCE, SOURCE, TestCase, tocsin

try:
    import jsonschema
except ImportError:
    jsonschema = None

KINDS = ("header", "source", "finding", "anomaly", "coverage", "technique", "setting", "summary")
SCHEMA = json.loads((SOURCE / "docs/formats/results.schema.json").read_text())


def resolved(schema):
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def undocumented(value, schema, path=""):
    """Members of `value` that the schema does not name."""
    schema = resolved(schema)
    if isinstance(value, dict) and "properties" in schema:
        for key, member in value.items():
            if key in schema["properties"]:
                yield from undocumented(member, schema["properties"][key], f"{path}.{key}")
            elif "additionalProperties" not in schema:
                yield f"{path}.{key}"
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for item in value:
            yield from undocumented(item, schema["items"], path + "[]")


@unittest.skipIf(jsonschema is None, "the Python package jsonschema is not here (scripts/setup installs it)")
class Schema(TestCase):
    def judge(self, objects):
        validators = {kind: jsonschema.Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{kind}"}]})
                      for kind in KINDS}
        seen = set()
        for one in objects:
            kind = one["type"]
            seen.add(kind)
            errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
                      for error in validators[kind].iter_errors(one)]
            self.assertEqual(errors, [], json.dumps(one)[:1000])
            self.assertEqual(list(undocumented(one, {"$ref": f"#/$defs/{kind}"})), [])
        return seen

    def test_schema_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_json_lines_of_every_profile(self):
        for profile in ("minimal", "standard", "full"):
            run = tocsin("scan", EVIDENCE, "--format", "jsonl", "--profile", profile, "--quiet")
            self.assertEqual(self.judge(run.lines()), set(KINDS))

    def test_json_document(self):
        run = tocsin("scan", EVIDENCE, "--format", "json", "--quiet")
        document = {**SCHEMA, "oneOf": [{"$ref": "#/$defs/document"}]}
        jsonschema.Draft202012Validator(document).validate(json.loads(run.out))

    def test_odd_evidence(self):
        (self.folder / "odd.ndjson").write_bytes(
            b'{"Event":{"System":{"EventID":1,"Channel":"\xff\xfe","Computer":"\\ud800"},"EventData":{"a":1,"a":2}}}\n'
            b'{"broken\n[1,2,3]\n\x00\n')
        run = tocsin("scan", self.folder, EVIDENCE / "DC01" / "System.evtx", "--format", "jsonl", "--quiet",
                     "--rules", self.rule())
        self.assertEnds(run, 0)
        self.assertIn("anomaly", self.judge(run.lines()))


if __name__ == "__main__":
    unittest.main()
