"""Carries the operations and shapes of the merged public contract into src/esoz/spec.

usage: python tools/convert_contract.py CONTRACT_JSON [SPEC_FOLDER]

The `state` column of an existing operations.csv is kept: it is ours, not the publication's. Operations that stand there
and not in the contract were added by hand from a later one: it is refused to lose them.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

from contract_defs import collapse, merge_equal, reachable, share
from contract_schema import reduce

SPEC = Path(__file__).parent.parent / "src" / "esoz" / "spec"
COLUMNS = (
    "id",
    "esoz_api_id",
    "area",
    "method",
    "path",
    "name",
    "scopes",
    "scope_inferred",
    "auth",
    "visibility",
    "deprecated",
    "publication",
    "maturity",
    "signed_fields",
    "async_mode",
    "success",
    "state",
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
DICTIONARY = re.compile(r"[Dd]ictionary `?(eHealth/[\w/]+|[A-Z][A-Z_]{3,}|device_[a-z_]+)|`(\w+)` dictionary", re.ASCII)
Operation = dict[str, Any]
# A scope of one source that contradicts its neighbours: reading one episode is given the scope of writing it.
MISPRINTED_SCOPES = {"get_api_patients_ID_episodes_ID": ["episode:read"]}


def main(source: Path, spec: Path) -> None:
    contract = json.loads(source.read_text("utf-8"))
    operations = sorted(contract["operations"], key=lambda op: (op["area"], op["path"], op["method"]))
    write_operations(operations, spec / "operations.csv")
    write_shapes(operations, contract["$defs"], spec / "shapes")


def write_operations(operations: list[Operation], target: Path) -> None:
    """One row an operation, in the order of area, path, method."""
    states = {}
    if target.exists():
        with target.open(encoding="utf-8", newline="") as file:
            states = {row["id"]: row["state"] for row in csv.DictReader(file)}
    if lost := states.keys() - {op["id"] for op in operations}:
        raise SystemExit(f"the contract lacks what stands here: {', '.join(sorted(lost))}")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(operation_row(op, states.get(op["id"], "planned")) for op in operations)


def operation_row(op: Operation, state: str) -> list[Any]:
    """The facts of one operation in the order of COLUMNS."""
    api_id = op["esoz_api_id"] if (op["esoz_api_id"] or "").startswith("API-") else ""
    inferred = MISPRINTED_SCOPES.get(op["id"]) or (op["scope_inferred"] or {}).get("scopes", [])
    scopes = inferred or op["scopes"]
    success = sorted({r["status"] for r in op["responses"] if r["status"][0] in "23"})
    fields = (op["signed"] or {}).get("fields", [])
    return [
        op["id"],
        api_id,
        op["area"],
        op["method"],
        op["path"],
        op["name"].strip(),
        " ".join(scopes),
        int(bool(inferred)),
        op["auth"],
        op["visibility"],
        int(bool(op["deprecated"])),
        op["source"],
        op["maturity"],
        " ".join(fields),
        op["async_mode"] or "",
        " ".join(success),
        state,
    ]


def write_shapes(operations: list[Operation], defs: dict[str, Any], folder: Path) -> None:
    """One file an area, and _defs.json with what they share."""
    facts = {name: reduce(body) for name, body in defs.items()}
    shapes = {op["id"]: operation_shapes(op) for op in operations}
    facts, shapes = merge_equal(facts, shapes)
    facts, shapes = share(facts, shapes)
    facts, shapes = merge_equal(facts, shapes)
    facts, shapes = merge_equal(collapse(facts), collapse(shapes))
    facts = reachable(facts, shapes)
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for area in sorted({op["area"] for op in operations}):
        write_json(folder / f"{area}.json", {op["id"]: shapes[op["id"]] for op in operations if op["area"] == area})
    write_json(folder / "_defs.json", facts)


def write_json(target: Path, shapes: dict[str, Any]) -> None:
    """Compact, yet one entry a line: differences stay readable."""
    lines = [f"{json.dumps(key)}:{compact(value)}" for key, value in shapes.items()]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def operation_shapes(op: Operation) -> dict[str, Any]:
    """The shapes of one operation; empty parts are left out."""
    shapes = {
        "request": request_shape(op),
        "path": [parameter(each) for each in op["path_params"]],
        "query": [parameter(each) for each in op["query_params"]],
        "responses": response_shapes(op),
        "signed": signed_shapes(op["signed"]) if op["signed"] else None,
    }
    return {key: value for key, value in shapes.items() if value}


def request_shape(op: Operation) -> dict[str, Any] | None:
    bodies = [op["request_body_schema"], *(v["request_body_schema"] for v in op.get("variants", []))]
    return either([reduce(body) for body in bodies if body])


def response_shapes(op: Operation) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for response in [*op["responses"], *(r for v in op.get("variants", []) for r in v["responses"])]:
        if response.get("schema"):
            found.setdefault(response["status"], []).append(reduce(response["schema"]))
    return {status: either(schemas) for status, schemas in sorted(found.items())}


def signed_shapes(signed: dict[str, Any]) -> dict[str, Any]:
    """What is signed: fields with the signature, schema of the content by its part, and where it comes from."""
    parts: dict[str, list[Any]] = {}
    given = signed.get("payload_from_response")
    if given and given.get("schema"):
        parts["$"] = [reduce(given["schema"])]
    for payload in signed.get("payload", []):
        part = payload.get("part") or "$"
        part = "$" if part.startswith("also") else part
        parts.setdefault(part, []).extend(reduce(each["schema"]) for each in payload["schemas"])
    shapes: dict[str, Any] = {"fields": signed["fields"]}
    if parts:
        shapes["parts"] = {part: either(schemas) for part, schemas in parts.items()}
    if given:
        shapes["given_by"] = {"operation": given["operation"], "path": given["json_path"]}
    return shapes


def either(schemas: list[Any]) -> Any:
    distinct = list({compact(schema): schema for schema in schemas}.values())
    if not distinct:
        return None
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


def parameter(given: dict[str, Any]) -> dict[str, Any]:
    """Name, whether required, and what a value looks like."""
    facts: dict[str, Any] = {"name": given["name"], "type": "string"}
    sample = str(given.get("example", ""))
    if given.get("required"):
        facts["required"] = True
    if given["name"] in {"page", "page_size", "page_number", "limit"}:
        facts["type"] = "integer"
    elif sample.strip("'").lower() in {"true", "false"}:
        facts["type"] = "boolean"
    elif UUID.fullmatch(sample) and not given["name"].endswith("ids"):  # `ids` may be a list
        facts["format"] = "uuid"
    elif DATE.fullmatch(sample):
        facts["format"] = "date"
    # One listed value is an example of a value, not the whole list.
    if len(given.get("enum_from_description", [])) > 1:
        facts["enum"] = given["enum_from_description"]
    if named := DICTIONARY.search(given.get("description", "")):
        facts["x-dictionary"] = named.group(1) or named.group(2)
    return facts


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else SPEC)
