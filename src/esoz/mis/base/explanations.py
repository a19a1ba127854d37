"""What a refusal of central means: found by central's own words, then by the rule, the type, the status."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from esoz.kernel.pages import mark as _
from esoz.sdk import CentralBusy, CentralRefused, Fault

UNKNOWN = _("ЕСОЗ відповіла помилкою, для якої ще немає пояснення.")
CALL = _(
    "Повторіть дію. Якщо не допоможе, зателефонуйте до контакт-центру 0-800-60-20-19 і назвіть текст помилки та номер"
    " запиту."
)
BUSY = _("ЕСОЗ просить зачекати: надто багато запитів за короткий час.")
WAIT = _("Повторіть дію за хвилину.")
WAIT_SECONDS = _("Повторіть дію через {0} с.")


@dataclass(frozen=True, slots=True)
class ErrorPattern:
    """What one of central's texts means: a regular expression, what happened, what to do.

    Groups of the expression may stand in both texts as {0}, {1}. `told` is the text where central gives the
    parameters of the fault, which stand in it in the same way.
    """

    pattern: str
    text: str
    advice: str
    told: str = ""
    expression: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "expression", re.compile(self.pattern, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class Explanation:
    """One refusal in words for people; `text` and `advice` are translated where shown, then `values` are put in."""

    text: str
    advice: str
    entry: str
    original: str
    code: str
    known: bool
    values: tuple[str, ...] = ()
    place: tuple[tuple[str, str], ...] = ()  # words of the members that lead to the fault, each with its number or ""

    def told(self, translate: Callable[[str], str]) -> str:
        """What happened, with the words of the place where no field of a form shows it: «Діагноз 2, Код: …»."""
        words = self.filled(translate(self.text))
        place = ", ".join(f"{translate(name)} {number}".strip() for name, number in self.place)
        return f"{place}: {words}" if place else words

    def filled(self, text: str) -> str:
        """A text, translated already, with the values of central's own."""
        return text.format(*self.values) if self.values else text


@dataclass(frozen=True, slots=True)
class Explanations:
    """All explanations of an installation. `known`: by central's words, the first that fits is taken.

    The others give what happened and what to do by the rule of a fault, the type and the status of a refusal.
    """

    known: Sequence[ErrorPattern] = ()
    by_rule: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    by_type: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    by_status: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)  # published member → the words of our forms

    def of(self, refused: CentralRefused | CentralBusy) -> list[Explanation]:
        """Every fault of a refusal, at least one."""
        if isinstance(refused, CentralBusy):
            return [_of_busy(refused)]
        if refused.faults:
            return [replace(self._of_fault(refused, fault), place=self._place(fault.entry)) for fault in refused.faults]
        return [self._of_whole(refused)]

    def at_fields(
        self, refused: CentralRefused | CentralBusy, fields: Mapping[str, str], translate: Callable[[str], str]
    ) -> dict[str, str]:
        """Form field → what is wrong. `fields`: entry (its numbers as `[]`) → field; what has none comes under ""."""
        found: dict[str, str] = {}
        for each in self.of(refused):
            name = fields.get(each.entry) or fields.get(re.sub(r"\[\d+\]", "[]", each.entry), "")
            found.setdefault(name, each.filled(translate(each.text)) if name else each.told(translate))
        return found

    def _place(self, entry: str) -> tuple[tuple[str, str], ...]:
        """The last two members of an entry that have words: what it is, and what of it."""
        parts = re.findall(r"([a-z_]+)(?:\[(\d+)\])?", entry)
        known = [
            (self.fields[name], str(int(number) + 1) if number else "") for name, number in parts if name in self.fields
        ]
        return tuple(known[-2:])

    def _of_fault(self, refused: CentralRefused, fault: Fault) -> Explanation:
        code = f"{refused.type} {fault.rule}".strip()
        found = self._by_text(fault.description, fault.entry, code, fault.params)
        if found:
            return found
        texts = self.by_rule.get(fault.rule)
        if texts is None:
            return Explanation(UNKNOWN, CALL, fault.entry, fault.description, code, known=False)
        return Explanation(*texts, fault.entry, fault.description, code, known=True)

    def _of_whole(self, refused: CentralRefused) -> Explanation:
        code = f"{refused.status} {refused.type}".strip()
        found = self._by_text(refused.message, "", code)
        if found:
            return found
        texts = self.by_type.get(refused.type) or self.by_status.get(refused.status)
        if texts is None:
            return Explanation(UNKNOWN, CALL, "", refused.message, code, known=False)
        return Explanation(*texts, "", refused.message, code, known=True)

    def _by_text(self, text: str, entry: str, code: str, params: tuple[str, ...] = ()) -> Explanation | None:
        for known in self.known:
            if found := known.expression.search(text):
                if known.told and params:
                    return Explanation(known.told, known.advice, entry, text, code, known=True, values=params)
                values = tuple(value or "" for value in found.groups())
                return Explanation(known.text, known.advice, entry, text, code, known=True, values=values)
        return None


def _of_busy(busy: CentralBusy) -> Explanation:
    code = "429 too_many_requests"
    if busy.retry_after is None:
        return Explanation(BUSY, WAIT, "", busy.message, code, known=True)
    return Explanation(BUSY, WAIT_SECONDS, "", busy.message, code, known=True, values=(str(busy.retry_after),))
