"""FHIR's Composition as it is answered: its days, its words, what it stands for; for whoever shows one to people."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from .clock import kyiv_date
from .fhir import words_of

CONCLUSION = "55110-1"  # the section with the doctor's own conclusion


class Validity(NamedTuple):
    """Days in Kyiv, both are in."""

    first: date
    last: date


def validity(found: Mapping[str, Any]) -> Validity | None:
    """For which days a conclusion is valid, in Kyiv; None for one without a period."""
    for each in found.get("event") or ():
        period = each.get("period") or {}
        try:
            first, last = (kyiv_date(datetime.fromisoformat(str(period[name]))) for name in ("start", "end"))
        except (KeyError, ValueError):
            continue
        return Validity(first, last)
    return None


def stated(found: Mapping[str, Any], *, only: str = "") -> Iterator[str]:
    """The words of its sections, those inside of sections too, a line for each paragraph; `only` of this code."""
    for each in found.get("section") or ():
        if only in ("", code_of(each, "code")):
            yield from _words(each)


def sections(found: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Title and words of each section that has words."""
    for each in found.get("section") or ():
        if lines := list(_words(each)):
            yield str(each.get("title", "")), lines


def _words(section: Mapping[str, Any]) -> Iterator[str]:
    yield from words_of(str((section.get("text") or {}).get("div", "")))
    for each in section.get("section") or ():
        yield from _words(each)


def related(found: Mapping[str, Any], type: str) -> str:
    """The id of the conclusion that this one replaces, or goes on after; empty when there is none."""
    for each in found.get("relates_to") or ():
        if each.get("type") == type:
            return str(each["identifier"]["value"])
    return ""


def code_of(found: Mapping[str, Any], name: str) -> str:
    """The code of its type, category or section."""
    codings = (found.get(name) or {}).get("coding") or [{}]
    return str(codings[0].get("code", ""))


def admissions(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Conditions that it sets, by dictionary and code."""
    concepts = [(each.get("valueCodeableConcept") or {}).get("code") or {} for each in found.get("extension") or ()]
    codings = [coding for concept in concepts for coding in concept.get("coding") or ()]
    return [(str(each.get("system", "")), str(each.get("code", ""))) for each in codings]
