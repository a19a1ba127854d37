"""What a certificate decides about its holder, and what it lets be guessed, as pure functions."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from esoz.kernel.spelling import in_cyrillic, plain_name, plain_number
from esoz.kernel.tax_id import tax_id_is_valid

from ..access import Newcomer

# PS-13: Ukrainian letters without ы ъ э ё, apostrophe, hyphen, space.
_NAME = re.compile(r"[А-ЩЬЮЯҐЇІЄа-щьюяґїіє'’ʼ\-\s]{1,255}")
_PATRONYMIC = re.compile(r"(?:ович|йович|евич|івич|ич|івна|ївна|овна|евна|ична)$")
_OF_FATHER = frozenset({"огли", "кизи"})  # «Алі огли»: of two words
_PASSPORTS = {
    "PASSPORT": re.compile(r"[А-ЩЬЮЯҐЇІЄ]{2}\d{6}", re.ASCII),
    "NATIONAL_ID": re.compile(r"\d{9}", re.ASCII),
}
_EPOCH = date(1899, 12, 31)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who registers, as the certificate says; what it decides may not be changed by who types (CB-2, SG-4)."""

    last_name: str
    first_name: str
    second_name: str
    tax_id: str = ""
    passport: str = ""  # in the place of the tax id of who refused it
    unzr: str = ""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.second_name) if part)

    @property
    def passport_type(self) -> str:
        """The kind of the document that stands in the place of the tax id; empty when none does."""
        return next((type for type, pattern in _PASSPORTS.items() if pattern.fullmatch(self.passport)), "")

    @property
    def is_readable(self) -> bool:
        """Can the index keep this name (PS-13): of names in Latin letters a clinic has to see the papers."""
        return all(_NAME.fullmatch(name) for name in (self.last_name, self.first_name))


def holder_of(newcomer: Newcomer) -> Holder:
    """The names as they are written in the index, and which number it is that the certificate has."""
    first, second = names_of(_written(newcomer.given_name))
    number = plain_number(newcomer.drfo)
    is_tax_id = tax_id_is_valid(number)
    return Holder(
        _written(newcomer.surname),
        first,
        second,
        tax_id=number if is_tax_id else "",
        passport="" if is_tax_id else number,
        unzr=newcomer.unzr,
    )


def names_of(given: str) -> tuple[str, str]:
    """First and second name of what certificates have in one: the patronymic is the last word, when it is one."""
    words = given.split()
    size = 0
    if len(words) > 2 and plain_name(words[-1]) in _OF_FATHER:
        size = 2
    elif len(words) > 1 and _PATRONYMIC.search(plain_name(words[-1])):
        size = 1
    kept = len(words) - size
    return " ".join(words[:kept]), " ".join(words[kept:])


def _written(names: str) -> str:
    """Names as people write them; some trust centres write all in capital letters."""
    meant = in_cyrillic(names)
    if not meant.isupper():
        return meant
    return re.sub(r"[^\s\-]+", lambda word: word[0][:1] + word[0][1:].lower(), meant)


def birth_date_of(tax_id: str) -> date | None:
    """The day that a tax id begins with, counted from the end of 1899; None of who has no tax id."""
    return _EPOCH + timedelta(days=int(tax_id[:5])) if tax_id and int(tax_id[:5]) else None


def gender_of(tax_id: str) -> str:
    """The ninth digit of a tax id is odd of men; empty for who has none."""
    if not tax_id:
        return ""
    return "MALE" if int(tax_id[8]) % 2 else "FEMALE"
