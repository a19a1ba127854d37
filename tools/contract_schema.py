"""Reduces a JSON Schema of the published contract to its facts: shapes and dictionaries without prose and samples."""

from __future__ import annotations

import json
import re
from typing import Any

Schema = dict[str, Any]

KEPT = (
    "type",
    "enum",
    "required",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "additionalProperties",
    "default",
)
# Words that the publication's "Dictionary ..." sentences put where a name was expected.
NOT_A_DICTIONARY = {"value", "used", "and", "name", "description", "entries", "specified", "some_dictionary"}
# Names the publication spells in two ways; the right one stands alone here.
RENAMED = {
    "Health/encounter_admit_source": "eHealth/encounter_admit_source",
    "Health/encounter_re_admission": "eHealth/encounter_re_admission",
    "Health/encounter_discharge_disposition": "eHealth/encounter_discharge_disposition",
    "Health/encounter_discharge_department": "eHealth/encounter_discharge_department",
    "TIMING_ABBREVIATIONS": "TIMING_ABBREVIATION",
    "eHealth/ICPC2/conditions": "eHealth/ICPC2/condition_codes",
    "eHealth/medication_satement_statuses": "eHealth/medication_statement_statuses",
}
# A diagnosis may be coded in any of the three: the samples name one of them at random.
DIAGNOSES = ["eHealth/ICD10/condition_codes", "eHealth/ICD10_AM/condition_codes", "eHealth/ICPC2/condition_codes"]
RESOURCES = "eHealth/resources"
# Misprints of values.
VALUE_RENAMED = {"cencelled": "cancelled", "oservation": "observation"}
RESOURCE_RENAMED = {"legal_enity": "legal_entity"}
# Both words are used for the same resource.
EPISODES = ["episode", "episode_of_care"]
LISTS = ("x-coding", "x-resource")
# Samples that look like a moment or an id where the property is something else.
NOT_OF_FORMAT = {
    ("date-time", "scheduled_string"),
    ("date-time", "inserted_by"),
    ("date-time", "updated_by"),
    ("date-time", "birth_date"),
    ("date", "certificate_number"),
    ("uuid", "new_value"),
    ("uri", "system"),
}
ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
TIME_OF_DAY = r"^\d{2}:\d{2}(:\d{2})?$"


def reduce(schema: Schema, name: str = "") -> Schema:
    """Return the schema as facts only; `name` is the property it stands at."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    reduced: Schema = {key: schema[key] for key in KEPT if key in schema}
    if "enum" in reduced:
        reduced["enum"] = [VALUE_RENAMED.get(each, each) for each in reduced["enum"]]
    if "const" in schema and name == "grant_type":
        reduced["const"] = schema["const"]
    _add_format(reduced, schema, name)
    if "properties" in schema:
        properties = {key: value for key, value in schema["properties"].items() if key != "..."}
        reduced["properties"] = {key: reduce(value, key) for key, value in properties.items()}
    if "items" in schema:
        reduced["items"] = reduce(schema["items"], name)
    _add_alternatives(reduced, schema, name)
    _add_dictionary(reduced, schema)
    _add_coding(reduced, schema)
    return reduced


def dictionary_name(schema: Schema) -> str | None:
    """Return the dictionary that the publication names for a value, in its right spelling."""
    name = schema.get("x-dictionary")
    if name == "-":  # `dictionary - eHealth/…`: the dash was taken for the name
        found = re.search(r"dictionary\s+-\s+([\w/]+)", schema.get("description", ""))
        name = found.group(1) if found else None
    if name == "used" and "FORM_PHARM_LIST" in schema.get("description", ""):
        return "FORM_PHARM_LIST"
    if name is None or name in NOT_A_DICTIONARY or "Довідник" in name:
        return None
    return RENAMED.get(name, name)


def _add_format(reduced: Schema, schema: Schema, name: str) -> None:
    kind = schema.get("x-format")
    samples = [str(sample) for sample in schema.get("examples", [])]
    if kind is None or (kind, name) in NOT_OF_FORMAT:
        return
    if kind == "date-time" and not all(ZONED.fullmatch(sample) for sample in samples):
        return  # a moment without a zone is not RFC 3339: not checked
    if kind == "time":
        reduced["pattern"] = TIME_OF_DAY
    elif kind in {"uuid", "date", "date-time", "email", "uri", "phone"}:
        reduced["format"] = kind


def _add_alternatives(reduced: Schema, schema: Schema, name: str) -> None:
    for part in schema.get("allOf", []):
        if set(part) - {"anyOf", "x-one-of"}:
            raise ValueError(f"unexpected allOf at {name}: {sorted(part)}")
        _add_choice(reduced, part["anyOf"], name)
    if "anyOf" in schema:
        _add_choice(reduced, schema["anyOf"], name)


def _add_choice(reduced: Schema, alternatives: list[Schema], name: str) -> None:
    """Write a choice of properties as `x-one-of` (at most one); keep real alternatives as anyOf."""
    names = [next(iter(each.get("properties", {})), "") for each in alternatives]
    plain = all(
        set(each) <= {"properties", "required"} and len(each.get("properties", {})) == 1 for each in alternatives
    )
    if plain and len(set(names)) == len(names):
        properties = reduced.setdefault("properties", {})
        for each in alternatives:
            properties.update({key: reduce(value, key) for key, value in each["properties"].items()})
        reduced.setdefault("x-one-of", []).append(names)
        if all("required" in each for each in alternatives):
            reduced.setdefault("allOf", []).append({"anyOf": [{"required": [each]} for each in names]})
        return
    merged = _distinct([reduce(each, name) for each in alternatives if "..." not in each.get("properties", {})])
    if len(merged) == 1:
        reduced.update(merged[0])
    else:
        reduced["anyOf"] = merged


def _distinct(alternatives: list[Schema]) -> list[Schema]:
    """Join alternatives that differ only in the dictionaries or resources named inside."""
    distinct: dict[str, Schema] = {}
    for each in alternatives:
        key = json.dumps(_skeleton(each), sort_keys=True)
        distinct[key] = _union(distinct[key], each) if key in distinct else each
    return list(distinct.values())


def _skeleton(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _skeleton(value) for key, value in node.items() if key not in LISTS}
    return [_skeleton(value) for value in node] if isinstance(node, list) else node


def _union(first: Any, second: Any) -> Any:
    if isinstance(first, dict):
        joined = {key: _union(first[key], second[key]) for key in first if key in second and key not in LISTS}
        # An alternative that names no dictionary leaves the place open.
        named = {key: sorted({*first[key], *second[key]}) for key in LISTS if key in first and key in second}
        return joined | named
    if isinstance(first, list):
        return [_union(one, two) for one, two in zip(first, second, strict=True)]
    return first


def _add_dictionary(reduced: Schema, schema: Schema) -> None:
    name = dictionary_name(schema)
    kind = schema.get("type")
    if name is None or kind is None:
        return
    if kind == "string" or (isinstance(kind, list) and "string" in kind):
        reduced["x-dictionary"] = name
    elif kind == "array" and reduced.get("items", {}).get("type") == "string":
        reduced["items"]["x-dictionary"] = name


def _add_coding(reduced: Schema, schema: Schema) -> None:
    """Name the dictionaries of a `{system, code}` pair, and the resource types of a reference."""
    properties = schema.get("properties", {})
    if "system" not in properties or "code" not in properties:
        return
    system, code = properties["system"], properties["code"]
    samples = [*system.get("examples", []), *system.get("enum", [])]
    systems = {RENAMED.get(s.strip("'"), s.strip("'")) for s in samples if isinstance(s, str)}
    systems = {s for s in systems if "/" in s or "_" in s}
    systems = {s for s in systems if s not in NOT_A_DICTIONARY and "Довідник" not in s and not s.startswith("http")}
    if systems & set(DIAGNOSES):
        systems |= set(DIAGNOSES)
    if systems:
        reduced["x-coding"] = sorted(systems)
    # The pair is checked as a whole: a dictionary on one half would repeat it.
    for half in ("system", "code"):
        reduced["properties"][half].pop("x-dictionary", None)
    if systems == {RESOURCES}:
        resources = [each for sample in code.get("examples", []) for each in _resources(str(sample))]
        if resources:
            reduced["properties"]["code"]["x-resource"] = sorted(set(resources))


def _resources(sample: str) -> list[str]:
    words = [word.strip(" '").lower().replace(" ", "_") for word in re.split(r"[|/]", sample)]
    words = [RESOURCE_RENAMED.get(word, word) for word in words if word]
    return [each for word in words for each in (EPISODES if word in EPISODES else [word])]
