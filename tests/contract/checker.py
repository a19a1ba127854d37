"""Compares what central answers with what is published; every API test goes through it.

Departures stand in docs/divergences.md as rows `| METHOD /path | what | why |`; `what` is `extension`, `scope`,
`request`, `status 200`, or `response $.data.field` (everything at and below that path; `*` = any list index).
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

from esoz import spec
from esoz.kernel.operation import spec_id

DIVERGENCES = Path(__file__).parent.parent.parent / "docs" / "divergences.md"
ROW = re.compile(r"^\| `?(GET|POST|PUT|PATCH|DELETE) (/\S*?)`? \| `?([^|`]+?)`? \| [^|]+ \|$", re.MULTILINE)


@cache
def departures() -> dict[str, set[str]]:
    """Operation (its spec id) → the ways in which it departs."""
    found: dict[str, set[str]] = {}
    for method, path, what in ROW.findall(DIVERGENCES.read_text("utf-8")):
        found.setdefault(spec_id(method, path), set()).add(what)
    return found


def must_be_as_published(response: httpx.Response) -> None:
    """Assert that an answer of a published operation has its published shape (errors: the published error shape)."""
    request = response.request
    operation = spec.find(request.method, request.url.path)
    if operation is None or response.status_code in (204, 404, 405):
        return
    if response.headers["content-type"].startswith(("text/csv", "text/html")):  # published without an envelope
        assert response.status_code in operation.success
        return
    body = response.json()
    if response.status_code >= 400:
        assert set(body) == {"meta", "error"}, body
        assert {"type", "message"} <= set(body["error"]) <= {"type", "message", "invalid"}
        return
    allowed = departures().get(spec_id(operation.method, operation.path), set())
    schema = spec.response_schema(operation.id, response.status_code)
    if schema is None:
        expected = operation.success
        assert not expected or response.status_code in expected or f"status {response.status_code}" in allowed, (
            f"{operation.method} {operation.path} answered {response.status_code}, published {expected}"
        )
        return
    faults = [fault for fault in _faults(operation.id, response.status_code, body) if not _is_listed(fault, allowed)]
    assert not faults, f"{operation.method} {operation.path} {response.status_code}:\n" + "\n".join(faults)


@cache
def _validator(id: str, status: int) -> jsonschema_rs.Draft202012Validator:
    schema = spec.response_schema(id, status)
    assert schema is not None
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _faults(id: str, status: int, body: Any) -> list[str]:
    """`path: sentence` of every difference; a null is one too: what has no value is left out."""
    return [f"{_path(error)}: {error.message[:160]}" for error in _validator(id, status).iter_errors(body)]


def _path(error: jsonschema_rs.ValidationError) -> str:
    missing = [error.kind.property] if error.kind.name == "required" else []
    parts = [*error.instance_path, *missing]
    return "$" + "".join("[*]" if isinstance(part, int) else f".{part}" for part in parts)


def _is_listed(fault: str, allowed: set[str]) -> bool:
    path = fault.partition(": ")[0]
    for what in allowed:
        kind, _, place = what.partition(" ")
        if kind == "response" and (path == place or path.startswith((f"{place}.", f"{place}["))):
            return True
    return False
