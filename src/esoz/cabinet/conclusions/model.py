"""A medical conclusion as a patient reads it, from central's answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from esoz.kernel.barcodes import IN_BARS
from esoz.kernel.compositions import Validity, admissions, code_of, related, sections, validity
from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_name

Answer = Mapping[str, Any]

TYPES, CATEGORIES = "COMPOSITION_TYPES", "COMPOSITION_CATEGORIES"


class Event(StrEnum):
    LIST_READ = "conclusions.read"
    READ = "conclusion.read"
    PRINTED = "conclusion.printed"


class Status(StrEnum):
    """Ours, but for the last: whether it is valid today tells its days, and whether another one stands for it."""

    VALID = "valid"
    AHEAD = "ahead"
    OVER = "over"
    REPLACED = "replaced"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


# Word and colour of each status.
STATUS_WORDS: Mapping[Status, tuple[str, str]] = {
    Status.VALID: (_("Чинний"), "green"),
    Status.AHEAD: (_("Іще не почав діяти"), "blue"),
    Status.OVER: (_("Строк минув"), "grey"),
    Status.REPLACED: (_("Замінено"), "grey"),
    Status.ENTERED_IN_ERROR: (_("Складено помилково"), "red"),
}


def words_of(reference: object) -> str:
    """How a register calls what is pointed at; empty when nobody says."""
    return str(reference.get("display_value") or "") if isinstance(reference, Mapping) else ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One conclusion; `is_replaced` where another one of the list stands for it."""

    content: Answer
    is_replaced: bool = False

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def number(self) -> str:
        return str(self.content["title"])

    @property
    def has_code(self) -> bool:
        return bool(IN_BARS.fullmatch(self.number))

    @property
    def type(self) -> tuple[str, str]:
        """Dictionary and code."""
        return TYPES, code_of(self.content, "type")

    @property
    def category(self) -> tuple[str, str]:
        return CATEGORIES, code_of(self.content, "category")

    @property
    def clinic(self) -> str:
        return words_of(self.content.get("custodian"))

    @property
    def doctor(self) -> str:
        return words_of(self.content.get("author"))

    @property
    def days(self) -> Validity | None:
        return validity(self.content)

    @property
    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Title and words of each part that has words."""
        yield from sections(self.content)

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """Conditions of admission to driving, by dictionary and code."""
        return admissions(self.content)

    @property
    def replaces(self) -> str:
        return related(self.content, "replaces")

    def status_on(self, today: date) -> Status:
        if self.content["status"] != "FINAL":
            return Status.ENTERED_IN_ERROR
        if self.is_replaced:
            return Status.REPLACED
        days = self.days
        if days is not None and days.last < today:
            return Status.OVER
        return Status.AHEAD if days is not None and today < days.first else Status.VALID

    def is_named(self, words: str, kind: str) -> bool:
        """By the beginnings of words of its kind, or by a part of its number."""
        typed = "".join(letter for letter in words.upper() if letter.isalnum())
        is_number = bool(typed) and typed in self.number.replace("-", "")
        name = f" {plain_name(kind)}"
        return is_number or all(f" {word}" in name for word in plain_name(words).split())


def all_of(rows: list[Answer]) -> list[Conclusion]:
    """The conclusions of a list, each knowing whether another one stands for it."""
    replaced = {related(row, "replaces") for row in rows if row.get("status") == "FINAL"}
    return [Conclusion(row, row.get("id") in replaced) for row in rows]
