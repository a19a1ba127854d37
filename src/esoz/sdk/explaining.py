"""What a refusal of central means to people: found by its own words, then by the rule, the type, the status."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .errors import CentralRefused

# What happened, and what to do.
Text: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One refusal for people: what happened, what to do; `original` is for the contact centre."""

    text: str
    advice: str
    original: str


@dataclass(frozen=True, slots=True)
class Explanations:
    """The texts of a program, looked through in this order; of patterns the first that fits."""

    texts: Sequence[tuple[re.Pattern[str], Text]]
    by_rule: Mapping[str, Text]
    by_type: Mapping[str, Text]
    by_status: Mapping[int, Text]
    unknown: Text

    def of(self, refused: CentralRefused) -> list[Explanation]:
        """Every fault of a refusal, each explanation once; at least one."""
        whole = f"{refused.status} {refused.type}: {refused.message}"
        if not refused.faults:
            return [Explanation(*self._text(refused, refused.message, ""), whole)]
        found = [
            Explanation(
                *self._text(refused, fault.description, fault.rule), f"{fault.rule} {fault.entry}: {fault.description}"
            )
            for fault in refused.faults
        ]
        return list({(each.text, each.advice): each for each in found}.values())

    def _text(self, refused: CentralRefused, text: str, rule: str) -> Text:
        for pattern, explained in self.texts:
            if pattern.search(text):
                return explained
        return (
            self.by_rule.get(rule)
            or self.by_type.get(refused.type)
            or self.by_status.get(refused.status)
            or self.unknown
        )
