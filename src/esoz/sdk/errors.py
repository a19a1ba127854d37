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
    params: tuple[str, ...] = ()


class CentralError(Exception):
    """Central did not do what was asked."""


class CentralUnavailable(CentralError):
    """Central did not answer, or could not serve now: the same request may succeed later.

    `retry_after`: seconds that central asked to wait, None when it did not say.
    """

    def __init__(self, reason: str, *, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class CentralBusy(CentralUnavailable):
    """Central was asked too often (429) and did nothing; `message` says what was too much."""

    def __init__(self, message: str, *, retry_after: int | None = None, request_id: str = "") -> None:
        super().__init__(f"429: {message}", retry_after=retry_after)
        self.message, self.request_id = message, request_id


class CentralClosed(CentralUnavailable):
    """Central takes nothing from this program: its key is of nobody, or it is blocked in the register.

    It did nothing, and the same request may succeed later: this says nothing of a record, a grant or a code.
    `refusal` has central's words.
    """

    def __init__(self, refusal: "CentralRefused") -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class CentralUnreadable(CentralUnavailable):
    """Central answered in another form than the published one; what was asked for may have been done."""


class CentralRefused(CentralError):
    """Central answered with an error. `faults` names the fields when it is about fields.

    `retry_after`: seconds until it may be tried again; `attempts_left`: tries before central closes for a while (a
    patient's code, a password). None when central did not say.
    """

    retry_after: int | None = None
    attempts_left: int | None = None

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
        faults = [fault for item in _mappings(error.get("invalid")) for fault in _faults(item)]
        return cls(status, str(error.get("type", "")), str(error.get("message", "")), faults, request_id)


def _faults(item: Mapping[str, Any]) -> list[Fault]:
    return [
        Fault(str(item.get("entry", "")), str(rule.get("rule", "")), str(rule.get("description", "")), _params(rule))
        for rule in _mappings(item.get("rules")) or [{}]
    ]


def _params(rule: Mapping[str, Any]) -> tuple[str, ...]:
    given = rule.get("params")
    return tuple(str(each) for each in given) if isinstance(given, list) else ()


def _mappings(value: object) -> list[Mapping[str, Any]]:
    """Those items of a list that can be read; a refusal stays one in whatever form its details are told."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
