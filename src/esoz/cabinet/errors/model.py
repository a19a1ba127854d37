"""Finding the explanation of a refusal: by central's own words, then by the rule, the type, the status."""

from dataclasses import dataclass

from esoz.sdk import CentralRefused

from .table import BY_RULE, BY_STATUS, BY_TYPE, TEXTS, UNKNOWN, Text


@dataclass(frozen=True, slots=True)
class Explanation:
    """One refusal for people: what happened, what to do; `original` is for the contact centre."""

    text: str
    advice: str
    original: str


def explain(refused: CentralRefused) -> list[Explanation]:
    """Every fault of a refusal, each explanation once; at least one."""
    whole = f"{refused.status} {refused.type}: {refused.message}"
    if not refused.faults:
        return [Explanation(*_text(refused, refused.message, ""), whole)]
    found = [
        Explanation(*_text(refused, fault.description, fault.rule), f"{fault.rule} {fault.entry}: {fault.description}")
        for fault in refused.faults
    ]
    return list({(each.text, each.advice): each for each in found}.values())


def _text(refused: CentralRefused, text: str, rule: str) -> Text:
    for pattern, explained in TEXTS:
        if pattern.search(text):
            return explained
    return BY_RULE.get(rule) or BY_TYPE.get(refused.type) or BY_STATUS.get(refused.status) or UNKNOWN
