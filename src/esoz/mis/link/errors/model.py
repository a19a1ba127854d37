"""Finding the explanation of a refusal: by central's own words, then by the rule, the type, the status."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import Known
from esoz.sdk import CentralBusy, CentralRefused, Fault

from .table import BY_RULE, BY_STATUS, BY_TYPE, TEXTS

UNKNOWN = _("ЕСОЗ відповіла помилкою, для якої ще немає пояснення.")
CALL = _(
    "Повторіть дію. Якщо не допоможе, зателефонуйте до контакт-центру 0-800-60-20-19 і назвіть текст помилки та номер"
    " запиту."
)
BUSY = _("ЕСОЗ просить зачекати: надто багато запитів за короткий час.")
WAIT = _("Повторіть дію за хвилину.")
WAIT_SECONDS = _("Повторіть дію через {0} с.")
_learned: list[Known] = list(TEXTS)


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

    def filled(self, words: str) -> str:
        """Words, translated already, with the values of central's text."""
        return words.format(*self.values) if self.values else words


def learn(texts: Iterable[Known]) -> None:
    """Texts of another section's operations; asked before those of this table."""
    _learned[:0] = [known for known in texts if known not in _learned]


def explain(refused: CentralRefused | CentralBusy) -> list[Explanation]:
    """Every fault of a refusal, at least one."""
    if isinstance(refused, CentralBusy):
        return [_of_busy(refused)]
    if refused.faults:
        return [_of_fault(refused, fault) for fault in refused.faults]
    return [_of_whole(refused)]


def field_faults(refused: CentralRefused | CentralBusy, fields: Mapping[str, str]) -> dict[str, str]:
    """Form field → what is wrong. `fields`: entry (its numbers as `[]`) → field; what has none comes under ""."""
    found: dict[str, str] = {}
    for explanation in explain(refused):
        field = fields.get(explanation.entry) or fields.get(re.sub(r"\[\d+\]", "[]", explanation.entry), "")
        found.setdefault(field, explanation.filled(explanation.text))
    return found


def _of_fault(refused: CentralRefused, fault: Fault) -> Explanation:
    code = f"{refused.type} {fault.rule}".strip()
    found = _by_text(fault.description, fault.entry, code)
    if found:
        return found
    words = BY_RULE.get(fault.rule)
    if words is None:
        return Explanation(UNKNOWN, CALL, fault.entry, fault.description, code, known=False)
    return Explanation(*words, fault.entry, fault.description, code, known=True)


def _of_whole(refused: CentralRefused) -> Explanation:
    code = f"{refused.status} {refused.type}".strip()
    found = _by_text(refused.message, "", code)
    if found:
        return found
    words = BY_TYPE.get(refused.type) or BY_STATUS.get(refused.status)
    if words is None:
        return Explanation(UNKNOWN, CALL, "", refused.message, code, known=False)
    return Explanation(*words, "", refused.message, code, known=True)


def _of_busy(busy: CentralBusy) -> Explanation:
    code = "429 too_many_requests"
    if busy.retry_after is None:
        return Explanation(BUSY, WAIT, "", busy.message, code, known=True)
    return Explanation(BUSY, WAIT_SECONDS, "", busy.message, code, known=True, values=(str(busy.retry_after),))


def _by_text(text: str, entry: str, code: str) -> Explanation | None:
    for known in _learned:
        if found := known.expression.search(text):
            values = tuple(value or "" for value in found.groups())
            return Explanation(known.text, known.advice, entry, text, code, known=True, values=values)
    return None
