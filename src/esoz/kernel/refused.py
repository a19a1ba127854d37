"""What the audit log keeps of a refusal: the published error, without anything that the caller wrote."""

import re

from .errors import VALIDATION_MESSAGE, Invalid, Problem

MOST = 10  # faults of one request that are kept; a caller may send thousands
LONGEST = 200  # characters of one text
_NUMBER = re.compile(r"[0-9]{6,}")  # may be a telephone, a document, a tax number
_MEMBER = re.compile(r"[A-Za-z_$][A-Za-z0-9_-]{0,39}(\[[0-9]{1,5}\])*", re.ASCII)
HIDDEN = "…"


def facts_of(problem: Problem) -> dict[str, object]:
    """Status, words and faulty fields as the caller was told, for whoever is asked later why it was refused."""
    facts: dict[str, object] = {"status": problem.status}
    if problem.message != VALIDATION_MESSAGE:
        facts["message"] = _text(problem.message)
    if problem.invalid:
        facts["invalid"] = [_fault(each) for each in problem.invalid[:MOST]]
    return facts


def _fault(fault: Invalid) -> dict[str, str]:
    # A member that nobody knows was named by the caller: only what looks like a name of a field stays.
    place = ".".join(_member(each) for each in fault.entry.split("."))
    return {"entry": place[:LONGEST], "rule": fault.rule, "description": _text(fault.description)}


def _member(name: str) -> str:
    return name if _MEMBER.fullmatch(name) and not _NUMBER.search(name) else HIDDEN


def _text(text: str) -> str:
    return _NUMBER.sub(HIDDEN, text)[:LONGEST]
