"""A part of a page that comes from central: what was answered, or why there is nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from esoz.mis.link.errors import Explanation, explain
from esoz.sdk import Answer, CentralError, CentralRefused


@dataclass(frozen=True, slots=True)
class Part:
    """A list of central, or the refusal; `away` when central did not answer."""

    rows: Sequence[Mapping[str, Any]]
    refused: Sequence[Explanation] = ()
    away: bool = False
    total: int = 0

    @property
    def is_here(self) -> bool:
        return not self.refused and not self.away


def part(answer: Answer | CentralError) -> Part:
    """An answer as a part."""
    if isinstance(answer, CentralRefused):
        return Part((), explain(answer))
    if isinstance(answer, CentralError):
        return Part((), away=True)
    rows = answer.data if isinstance(answer.data, list) else [answer.data] if answer.data else []
    return Part(rows, total=int(answer.paging.get("total_entries") or len(rows)))
