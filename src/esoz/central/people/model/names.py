"""Names of a person by language, and what of them the versions of the API see that know one name in three fields."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec
from msgspec import structs

from esoz.kernel.spelling import plain_name

from .identifiers import tidy

UKRAINIAN, ENGLISH = "uk", "en"
# What stands in the place of a surname that somebody does not have, where one is demanded: compared, it is no name.
NO_LAST_NAME = "-"
PARTS = ("first_name", "last_name", "second_name")

# PS-13: Ukrainian letters without ы ъ э ё, apostrophe, hyphen, space.
UKRAINIAN_NAME = re.compile(r"(?!.*[ЫЪЭЁыъэё])[А-ЯҐЇІЄа-яґїіє'’ʼ\-\s]{1,255}")
# PS-29: letters of the Latin alphabet with their marks, as passports print them.
LATIN_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-zÀ-ÖØ-öø-ÿĀ-žƠơƯưȘ-țẀ-ỹ'’ʼ.\-\s]{1,255}")
_LETTERS = {
    UKRAINIAN: (UKRAINIAN_NAME, "string does not match pattern of Ukrainian names"),
    ENGLISH: (LATIN_NAME, "string does not match pattern of Latin names"),
}


class Name(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody is called in one language; who has no surname says so."""

    language: str
    first_name: str
    last_name: str | None = None
    second_name: str | None = None
    no_last_name: bool = False

    @property
    def full(self) -> str:
        """Last, first, second name."""
        return " ".join(part for part in (self.last_name, self.first_name, self.second_name) if part)


class Named(Protocol):
    """Who has one name in three fields, and all of them by language when they were told so."""

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def second_name(self) -> str | None: ...
    @property
    def names(self) -> Sequence[Name]: ...


def principal(names: Sequence[Name]) -> Name:
    """The name for whoever knows one only: the Ukrainian one where there is one."""
    return next((name for name in names if name.language == UKRAINIAN), names[0])


def tidied(name: Name) -> Name:
    """A name as it is stored (PS-19)."""
    return structs.replace(
        name, **{part: text and tidy(text) for part in PARTS if (text := getattr(name, part)) is not None}
    )


def names_of(person: Named) -> Sequence[Name]:
    """Every name of a person; told in three fields it is the Ukrainian one."""
    if person.names:
        return person.names
    has_none = not plain_name(person.last_name)
    return (
        Name(
            language=UKRAINIAN,
            first_name=person.first_name,
            last_name=None if has_none else person.last_name,
            second_name=person.second_name,
            no_last_name=has_none,
        ),
    )


def name_in(person: Named, language: str) -> Name | None:
    """The name in this language, or None."""
    return next((name for name in names_of(person) if name.language == language), None)


def is_called(person: Named, other: Named) -> bool:
    """Whether the three fields of both say the same name."""
    return all(plain_name(getattr(person, part) or "") == plain_name(getattr(other, part) or "") for part in PARTS)


def with_others(person: Named, told: Named) -> Sequence[Name]:
    """PS-29: all names after a change; one that knows a single name leaves those in other languages as they are.

    Who is told by the name that such a version sees is called as before, spelled as it is told now; another name is
    the Ukrainian one.
    """
    if told.names or not person.names:
        return told.names
    if is_called(person, told):
        seen = principal(person.names)
        return tuple(_spelled(name, told) if name is seen else name for name in person.names)
    return (*names_of(told), *(name for name in person.names if name.language != UKRAINIAN))


def _spelled(name: Name, told: Named) -> Name:
    """The same name with the apostrophes and capitals of three fields; in letters of another language, as it was."""
    last_name = None if name.no_last_name else told.last_name
    new = structs.replace(name, first_name=told.first_name, last_name=last_name, second_name=told.second_name)
    return name if any(_faults_of_one(new, "")) else new


def name_faults(names: Sequence[Name]) -> Iterator[tuple[str, str, str]]:
    """PS-29: one name for each language, in its letters; a surname, or the word that there is none.

    Each fault is a place below the person, a rule, a sentence.
    """
    seen: set[str] = set()
    for number, name in enumerate(names):
        place = f".names[{number}]"
        if name.language in seen:
            yield f"{place}.language", "invalid", "No duplicate values."
        seen.add(name.language)
        if name.language in _LETTERS:
            yield from _faults_of_one(name, place)
        else:
            yield f"{place}.language", "inclusion", "value is not allowed in enum"


def _faults_of_one(name: Name, place: str) -> Iterator[tuple[str, str, str]]:
    pattern, message = _LETTERS[name.language]
    if name.no_last_name and name.last_name is not None:
        yield f"{place}.last_name", "invalid", "Persons without last name should be without last_name"
    elif not name.no_last_name and name.last_name is None:
        yield f"{place}.last_name", "required", "required property last_name was not present"
    for part in PARTS:
        text = getattr(name, part)
        if text is not None and not (pattern.fullmatch(text) and plain_name(text)):
            yield f"{place}.{part}", "format", message
