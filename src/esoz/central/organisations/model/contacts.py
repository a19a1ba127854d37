"""Telephones and addresses, of legal entities and of divisions alike."""

import re
from collections.abc import Iterable, Iterator, Sequence

from esoz.central.dictionaries import Address, Phone
from esoz.kernel.errors import Invalid

_PHONE = re.compile(r"\+38[0-9]{10}")


_ZIP = re.compile(r"[0-9]{5}")


def repeated(values: Iterable[str]) -> str | None:
    """The first value met twice, or None."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def phone_faults(phones: Sequence[Phone], root: str) -> Iterator[Invalid]:
    """Numbers that are not Ukrainian ones in the international form, and kinds told twice (LE-3, DV-3)."""
    for number, phone in enumerate(phones):
        if not _PHONE.fullmatch(phone.number):
            yield Invalid(f"{root}[{number}].number", "format", f"string does not match pattern {_PHONE.pattern}")
    if repeated(phone.type for phone in phones) is not None:
        yield Invalid(root, "invalid", "No duplicate values.")


def zip_faults(addresses: Sequence[Address], root: str) -> Iterator[Invalid]:
    """Postal codes that are not five digits (AD-3)."""
    for number, address in enumerate(addresses):
        if address.zip is not None and not _ZIP.fullmatch(address.zip):
            yield Invalid(f"{root}[{number}].zip", "format", f"string does not match pattern {_ZIP.pattern}")
