"""The one box of the search: what is read from a line as people type it, and what of it is not understood."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from esoz.kernel.spelling import in_cyrillic
from esoz.kernel.tax_id import tax_id_is_valid

Fields = Mapping[str, str]
Names = tuple[str, str, str]  # last, first, second

_MONTHS = (
    *("січня", "лютого", "березня", "квітня", "травня", "червня"),
    *("липня", "серпня", "вересня", "жовтня", "листопада", "грудня"),
)
_MONTH = "|".join(_MONTHS)
# 7.7.92, 07/07/1992, 07071992, 1992-07-07, 7 липня 1992; nothing that goes on with more digits.
_DAYS = re.compile(
    r"(?<![\d.])(?:(?P<d>\d{1,2})\s?[./-]\s?(?P<m>\d{1,2})\s?[./-]\s?(?P<y>\d{4}|\d{2})"
    r"|(?P<d2>\d{2})(?P<m2>\d{2})(?P<y2>(?:19|20)\d{2})"
    r"|(?P<y3>\d{4})[./-](?P<m3>\d{1,2})[./-](?P<d3>\d{1,2})"
    rf"|(?P<d4>\d{{1,2}})\s+(?P<word>{_MONTH})\s+(?P<y4>\d{{4}}))(?!\d)",
    re.IGNORECASE,
)
# What people write beside them, and what is no name.
_LABELS = re.compile(
    r"(?<!\w)(?:р\.? ?н|д\.? ?н|нар|народження|народи(?:вся|лася?)|рік|року?|р|дата|тел(?:ефон)?|моб|рнокпп|іпн)"
    r"(?!\w)[.:]*",
    re.IGNORECASE,
)
# Digits in any groups; whole ones are told apart by their control digit.
_PHONE = re.compile(r"(?<![\d+])\(?(?:\+?3[\s()-]*8[\s()-]*)?0(?:[\s()./-]*\d){9}(?!\d)")
_TAX_ID = re.compile(r"(?<!\d)\d{10}(?!\d)")
_NAME = re.compile(r"[^\W\d_]+(?:['’ʼ`\"´‘-][^\W\d_]+)*[.]?")
_LATIN = re.compile("[A-Za-z]")
_PATRONYMIC = re.compile("(?:ович|євич|ьович|івна|ївна|івич|ївич|лліч|ьмич|ична|оглу|огли|кизи)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says: fields, ways to understand its names (the likeliest first), words that say nothing to us."""

    fields: Fields
    names: Sequence[Names] = ()
    unread: Sequence[str] = ()

    def readings(self) -> Iterator[Fields]:
        """The fields of the search in each way to understand the names, at least one."""
        for last, first, second in self.names or (("", "", ""),):
            names = {"last_name": last, "first_name": first, "second_name": second}
            yield {**self.fields, **{name: value for name, value in names.items() if value}}


def read_line(text: str, today: date) -> Line:
    """Names in their usual orders, birth date, РНОКПП and telephone, anywhere in the line."""
    fields: dict[str, str] = {}
    text = _without_day(text, fields, today)
    text = _LABELS.sub(" ", _without_numbers(text, fields))
    names, unread = [], []
    for word in re.split(r"[\s,;|]+", text):
        plain = in_cyrillic(word).strip("-–—")
        if _NAME.fullmatch(plain) and not _LATIN.search(plain):
            names.append(plain.rstrip("."))
        elif plain.strip(".:()"):
            unread.append(word)
    ways, more = _ways(names)
    return Line(fields, ways, [*unread, *more])


def read_day(text: str, today: date) -> date | None:
    """A day in any of the usual spellings; None of anything else, or when there is no such day."""
    found = _DAYS.fullmatch(text.strip())
    return _day(found, today) if found else None


def _without_day(text: str, fields: dict[str, str], today: date) -> str:
    for found in _DAYS.finditer(text):
        day = _day(found, today)
        if day is not None:
            fields["birth_date"] = f"{day:%d.%m}.{day.year}"
            return f"{text[: found.start()]} | {text[found.end() :]}"
    return text


def _day(found: re.Match[str], today: date) -> date | None:
    given = {name.rstrip("1234"): value for name, value in found.groupdict().items() if value}
    month = given.get("m") or str(_MONTHS.index(given["word"].lower()) + 1)
    year = int(given["y"])
    try:
        if len(given["y"]) > 2:
            return date(year, int(month), int(given["d"]))
        # Two digits are the latest such year in which somebody can have been born.
        day = date(2000 + year, int(month), int(given["d"]))
        return day if day <= today else day.replace(year=1900 + year)
    except ValueError:
        return None


def _without_numbers(text: str, fields: dict[str, str]) -> str:
    for found in _TAX_ID.finditer(text):
        if not found[0].startswith("0") or tax_id_is_valid(found[0]):
            fields["tax_id"] = found[0]
            text = f"{text[: found.start()]} | {text[found.end() :]}"
            break
    if phone := _PHONE.search(text):
        fields["phone_number"] = re.sub(r"[^\d+]", "", phone[0])
        text = f"{text[: phone.start()]} | {text[phone.end() :]}"
    return text


def _ways(names: Sequence[str]) -> tuple[list[Names], list[str]]:
    """The ways to understand so many names, and those that are too many.

    The patronymic tells the order. A surname of two words may lack its hyphen: it is the same to central.
    """
    at = next((place for place, name in enumerate(names) if place and _PATRONYMIC.search(name)), None)
    if at is None or len(names) == 2:  # there are surnames that end like patronymics
        return _ways_without_patronymic(names)
    before, patronymic, after = names[:at], names[at], names[at + 1 :]
    if len(before) == 1:  # Тарас Григорович Шевченко
        return [(" ".join(after[:2]), before[0], patronymic)], list(after[2:])
    first, rest = before[-1], before[:-1]
    ways = [(" ".join(rest[:2]), first, patronymic)]
    if len(rest) == 2:  # Шевченко Анна Марія Григорівна
        ways.append((rest[0], f"{rest[1]} {first}", patronymic))
    return ways, [*rest[2:], *after]


def _ways_without_patronymic(names: Sequence[str]) -> tuple[list[Names], list[str]]:
    match list(names[:3]):
        case []:
            return [], []
        case [last]:
            return [(last, "", "")], []
        case [one, two]:
            return [(one, two, ""), (two, one, "")], []
        case [one, two, three]:
            ways = [(one, two, three), (f"{one} {two}", three, ""), (f"{two} {three}", one, "")]
            return ways, list(names[3:])
    return [], list(names)
