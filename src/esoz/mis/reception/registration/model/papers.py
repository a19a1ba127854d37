"""Papers of a person: which are known, what is checked of each, how the scans are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_number

CHILD_AGE, ADULT_AGE = 14, 18  # PS-1, PS-4, PS-8; GP-1
MOST_DOCUMENTS = 8  # one of each kind (PS-5)
BIRTH_CERTIFICATE, PASSPORT, NATIONAL_ID = "BIRTH_CERTIFICATE", "PASSPORT", "NATIONAL_ID"
MOST_BYTES = 10 * 1024 * 1024
ASKED = ("last_name", "first_name", "second_name", "birth_date")  # of who speaks for another, to be found by
TOO_YOUNG = _("Представляти іншу людину може лише повнолітня.")
PAPER = ("type", "number", "issued_by", "issued_at", "active_to")  # of a paper by which somebody speaks for another

_LETTERS = "А-ЩЬЮЯҐЇІЄ"
_PERMIT = re.compile(rf"(?:[{_LETTERS}]{{2}}\d{{4,6}}|\d{{9}}|[{_LETTERS}]{{2}}\d{{5}}/\d{{5}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of document: what its number looks like, whether it has a last day, what to look at."""

    number: re.Pattern[str] | None
    expires: bool
    advice: str


# PS-10, PS-13: numbers and last days as central checks them.
KINDS: Mapping[str, PaperKind] = {
    PASSPORT: PaperKind(
        re.compile(rf"[{_LETTERS}]{{2}}\d{{6}}", re.ASCII),
        False,
        _("Паспорт-книжечка: дві літери й шість цифр, наприклад АА123456. Перевірте фото за віком: 25 і 45 років."),
    ),
    NATIONAL_ID: PaperKind(
        re.compile(r"\d{9}", re.ASCII),
        True,
        _("ID-картка: дев’ять цифр, строк дії й УНЗР (на картці – «Запис №»)."),
    ),
    BIRTH_CERTIFICATE: PaperKind(
        re.compile(rf"[0-9A-Z{_LETTERS}№\\/()\- ]{{2,25}}"),
        False,
        _("Свідоцтво про народження: для дитини до 14 років обов’язкове. Серія, дві літери, номер: 1-БК123456."),
    ),
    "TEMPORARY_PASSPORT": PaperKind(None, True, _("Тимчасове посвідчення громадянина: перевірте строк дії.")),
    "TEMPORARY_CERTIFICATE": PaperKind(_PERMIT, True, _("Посвідка на проживання: перевірте строк дії.")),
    "PERMANENT_RESIDENCE_PERMIT": PaperKind(_PERMIT, True, _("Посвідка на постійне проживання: перевірте строк дії.")),
    "REFUGEE_CERTIFICATE": PaperKind(_PERMIT, True, _("Посвідчення біженця: перевірте строк дії.")),
    "COMPLEMENTARY_PROTECTION_CERTIFICATE": PaperKind(
        _PERMIT, True, _("Посвідчення особи, яка потребує додаткового захисту: перевірте строк дії.")
    ),
}

NO_FILE = _("Оберіть файл.")
NOT_PHOTO = _(
    "Потрібне зображення у форматі JPEG (файл .jpg). Сфотографуйте документ телефоном або збережіть скан як JPEG."
)
TOO_LARGE = _("Файл завеликий: не більше 10 МБ.")
TAX_ID_PAPER = _("РНОКПП: картка, довідка або відмітка")
REFUSAL_PAPER = _("Відмітка про відмову від РНОКПП")


def whole_years(born: date, today: date) -> int:
    """PS-15: whole years by the calendar; who was born on 29 February has the birthday on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def is_child(born: date, today: date) -> bool:
    """Does another person confirm for this one (PS-7, PS-8)."""
    return whole_years(born, today) < CHILD_AGE


def wanted_first(born: date, today: date) -> str:
    """The document that is asked for first: a child's is the birth certificate (PS-4)."""
    return BIRTH_CERTIFICATE if is_child(born, today) else NATIONAL_ID


def number_as_written(text: str, kind: str | None = None) -> str:
    """The number of a document in capital letters; of a passport, letters and digits as they are printed in it.

    People type «аа 123456», and the two letters on the Latin keyboard.
    """
    return plain_number(text) if kind in (PASSPORT, NATIONAL_ID) else " ".join(text.split()).upper()


def scan_words(type: str) -> tuple[str, str, str]:
    """What a scan shows, of central's `person.PASSPORT`: words, or dictionary and code when a dictionary has them."""
    whose, _dot, kind = type.rpartition(".")
    if kind == "tax_id":
        return TAX_ID_PAPER, "", ""
    if kind == "no_tax_id":
        return REFUSAL_PAPER, "", ""
    return ("", "DOCUMENT_RELATIONSHIP_TYPE", kind) if "RELATIONSHIP" in whose else ("", "DOCUMENT_TYPE", kind)


def scan_fault(content: bytes | None) -> str:
    """What is wrong with a file before it goes to central, which takes one kind of them; "" when nothing is."""
    if not content:
        return NO_FILE
    if len(content) > MOST_BYTES:
        return TOO_LARGE
    return "" if content.startswith(b"\xff\xd8\xff") else NOT_PHOTO
