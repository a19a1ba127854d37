"""What can go wrong when central is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that central found: where, which rule, in its own (English) words."""

    entry: str
    rule: str
    description: str


class CentralError(Exception):
    """Central did not do what was asked."""


class CentralUnavailable(CentralError):
    """Central did not answer, or could not serve now: the same request may succeed later."""


class CentralRefused(CentralError):
    """Central answered with an error. `faults` names the fields when it is about fields."""

    def __init__(
        self, status: int, type: str, message: str, faults: Sequence[Fault] = (), request_id: str = ""
    ) -> None:
        super().__init__(f"{status} {type}: {message}")
        self.status, self.type, self.message = status, type, message
        self.faults, self.request_id = tuple(faults), request_id

    @classmethod
    def from_error(cls, status: int, error: object, request_id: str = "") -> "CentralRefused":
        """From the published `error` block: of an answer, or of a failed job (where it may be a bare string)."""
        if not isinstance(error, Mapping):
            return cls(status, "error", str(error or ""), (), request_id)
        faults = [fault for item in error.get("invalid") or () for fault in _faults(item)]
        return cls(status, str(error.get("type", "")), str(error.get("message", "")), faults, request_id)


def _faults(item: Mapping[str, Any]) -> list[Fault]:
    return [
        Fault(str(item.get("entry", "")), str(rule.get("rule", "")), str(rule.get("description", "")))
        for rule in item.get("rules") or [{"rule": "", "description": ""}]
    ]
