"""What the audit log says of ways to confirm, and what of a method is shown."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from esoz.kernel.errors import NotFound

Method = Mapping[str, Any]


class Event(StrEnum):
    LISTED = "own_methods.read"
    CODE_SENT = "own_method.code_sent"
    ASKED = "own_method.requested"
    ADDED = "own_method.added"
    CODE_REFUSED = "own_method.code_refused"
    RENAMED = "own_method.renamed"
    ENDED = "own_method.ended"


def active(methods: Sequence[Method]) -> list[Method]:
    return [method for method in methods if method.get("is_active", True)]


def one_of(methods: Sequence[Method], id: str) -> Method:
    """Raises NotFound."""
    found = next((method for method in active(methods) if method["id"] == id), None)
    if found is None:
        raise NotFound()
    return found
