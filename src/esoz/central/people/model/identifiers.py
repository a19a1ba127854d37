"""Numbers that identify a person, names as they are stored, and what of them may be shown."""

import re
from collections.abc import Sequence
from datetime import date

from esoz.kernel.spelling import plain_name

_UNZR = re.compile(r"(\d{8})-\d{5}", re.ASCII)
_SPACES = re.compile(r"\s+")


def unzr_is_valid(unzr: str, birth_date: date) -> bool:
    """Whether a number of the demographic register has its form and begins with the birth date."""
    # PS-3: YYYYMMDD-NNNNN, the first eight digits are the birth date.
    match = _UNZR.fullmatch(unzr)
    return match is not None and match.group(1) == birth_date.strftime("%Y%m%d")


def tidy(name: str) -> str:
    """A name as it is stored: runs of spaces are one space (PS-19)."""
    return _SPACES.sub(" ", name).strip()


def mask_phone(number: str) -> str:
    """First six symbols, five stars, last two: +38050*****70 (DC-10)."""
    return f"{number[:6]}*****{number[-2:]}"


def mask_number(number: str) -> str:
    """All but the last two symbols hidden."""
    return "*" * max(0, len(number) - 2) + number[-2:]


def short_name(names: Sequence[str | None]) -> str:
    """Last name and initials: ('Петров', 'Андрій', None) → 'Петров А.'; who has no last name is called by the first."""
    last, *others = names
    if not plain_name(last or ""):
        last, *others = others
    return f"{last} {''.join(f'{name[0]}.' for name in others if name)}".strip()
