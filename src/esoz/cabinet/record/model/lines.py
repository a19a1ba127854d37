"""One record, one visit, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .kinds import Kind
from .words import Words, place

Document = Mapping[str, Any]

TAKEN_BACK = "entered_in_error"
VALUE = "value_"  # what a measurement found stands in one of several fields that begin so


class Event(StrEnum):
    READ = "medical_record.read"


@dataclass(frozen=True, slots=True)
class Line:
    """A record: what it is, what was found, when, by whom, more about it as (name, words)."""

    title: str
    value: str
    day: str
    author: str
    details: Sequence[tuple[str, str]]
    is_taken_back: bool
    is_not_done: bool

    @classmethod
    def of(cls, kind: Kind, document: Document, words: Words) -> "Line":
        """A record as central answers it."""
        code = place(document, kind.code)
        details = [(each.name, words.of(place(document, each.place), each.dictionary)) for each in kind.details]
        return cls(
            title=words.coded(code) if kind.with_code else words.of(code),
            value=_value(document, words),
            day=str(next(filter(None, (place(document, date) for date in kind.dates)), "")),
            author=words.of(place(document, kind.author)),
            details=[(name, told) for name, told in details if told],
            is_taken_back=document.get(kind.status) == TAKEN_BACK,
            is_not_done=document.get("not_given") is True,
        )


def _value(document: Document, words: Words) -> str:
    """What a measurement found; of one with parts, each part: «Систолічний тиск 120 мм рт. ст.; …»."""
    parts = [f"{words.of(each.get('code'))} {_found(each, words)}" for each in document.get("components") or ()]
    return "; ".join(filter(None, (_found(document, words), *parts)))


def _found(document: Document, words: Words) -> str:
    for name, value in document.items():
        if name == "value_date_time" and value:
            return words.moment(value)
        if name.startswith(VALUE):
            return words.of(value)
    return ""


@dataclass(frozen=True, slots=True)
class Visit:
    """An encounter as central answers it."""

    content: Document
    words: Words

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def start(self) -> str:
        return str(place(self.content, "period.start") or self.content["inserted_at"])

    @property
    def end(self) -> str:
        return str(place(self.content, "period.end") or "")

    @property
    def doctor(self) -> str:
        return self.words.of(self.content.get("performer"))

    @property
    def division(self) -> str:
        return self.words.of(self.content.get("division"))

    @property
    def kind(self) -> str:
        """How it took place: at the clinic, at home, from afar."""
        return self.words.of(self.content.get("type"))

    @property
    def is_taken_back(self) -> bool:
        return self.content.get("status") == TAKEN_BACK

    @property
    def diagnoses(self) -> Sequence[str]:
        """The chief one first, as central has them; doctors' codes beside the words."""
        return [told for each in self.content.get("diagnoses") or () if (told := self.words.coded(each.get("code")))]

    @property
    def reasons(self) -> Sequence[str]:
        return [told for each in self.content.get("reasons") or () if (told := self.words.of(each))]

    @property
    def actions(self) -> Sequence[str]:
        done = [*(self.content.get("actions") or ()), *(self.content.get("action_references") or ())]
        return [told for each in done if (told := self.words.of(each))]

    @property
    def advice(self) -> str:
        """What the doctor told the patient to take and to do."""
        return self.words.of(self.content.get("prescriptions"))
