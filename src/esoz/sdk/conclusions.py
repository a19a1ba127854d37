"""Medical conclusions as central shows them: their days and their words, for whoever shows them to people."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from esoz.kernel.clock import kyiv_date
from esoz.kernel.fhir import words_of
from esoz.spec.compositions import Days


def validity(found: Mapping[str, Any]) -> Days | None:
    """For which days a conclusion is valid, in Kyiv; None for one without a period."""
    for each in found.get("event") or ():
        period = each.get("period") or {}
        try:
            first, last = (kyiv_date(datetime.fromisoformat(str(period[name]))) for name in ("start", "end"))
        except (KeyError, ValueError):
            continue
        return Days(first, last)
    return None


def stated(found: Mapping[str, Any]) -> Iterator[str]:
    """The words of its sections, those inside of sections too, a line for each paragraph."""
    yield from _stated(found.get("section") or ())


def _stated(sections: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for each in sections:
        yield from words_of(str((each.get("text") or {}).get("div", "")))
        yield from _stated(each.get("section") or ())


def related(found: Mapping[str, Any], type: str) -> str:
    """The id of the conclusion that this one replaces, or goes on after; empty when there is none."""
    for each in found.get("relates_to") or ():
        if each.get("type") == type:
            return str(each["identifier"]["value"])
    return ""


def code_of(found: Mapping[str, Any], name: str) -> str:
    """The code of its type or category."""
    codings = (found.get(name) or {}).get("coding") or [{}]
    return str(codings[0].get("code", ""))
