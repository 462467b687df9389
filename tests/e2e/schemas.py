"""Objects against a JSON schema of docs/formats, and nothing in them that the schema does not name."""

import json

from tool import SOURCE

try:
    import jsonschema
except ImportError:
    jsonschema = None

ABSENT = "the Python package jsonschema is not here (scripts/setup installs it)"


class Schema:
    def __init__(self, name):
        self.schema = json.loads((SOURCE / "docs/formats" / name).read_text())

    def is_sound(self):
        jsonschema.Draft202012Validator.check_schema(self.schema)

    def resolved(self, schema):
        while "$ref" in schema:
            schema = self.schema["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def definition(self, name, kind):
        """Of the alternatives of `name`, the one whose objects are of this `type`."""
        for one in self.schema["$defs"][name]["oneOf"]:
            of_type = self.resolved(one)["properties"]["type"]
            if kind == of_type.get("const") or kind in of_type.get("enum", ()):
                return one["$ref"].rsplit("/", 1)[-1]
        raise AssertionError(f"{name} has no objects of type {kind}")

    def errors(self, value, name):
        """Whatever is wrong with `value` as $defs/NAME, members without a name in the schema too."""
        validator = jsonschema.Draft202012Validator(
            {"$defs": self.schema["$defs"], "$ref": f"#/$defs/{name}"})
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(value)] + [
            f"{path} is not named" for path in self.undocumented(value, {"$ref": f"#/$defs/{name}"})]

    def undocumented(self, value, schema, path=""):
        schema = self.resolved(schema)
        if isinstance(value, dict) and "properties" in schema:
            for key, member in value.items():
                if key in schema["properties"]:
                    yield from self.undocumented(member, schema["properties"][key], f"{path}.{key}")
                elif "additionalProperties" not in schema:
                    yield f"{path}.{key}"
        elif isinstance(value, list) and isinstance(schema.get("items"), dict):
            for item in value:
                yield from self.undocumented(item, schema["items"], path + "[]")
