"""Who is registered already and may be the one that stands at the desk: what of them differs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_name

SAME_TAX_ID = _("той самий РНОКПП")
OTHER_TAX_ID = _("інший РНОКПП або без нього")
SAME_SECOND = _("те саме по батькові")
OTHER_SECOND = _("інше по батькові")
NO_SECOND = _("по батькові не вказано")


@dataclass(frozen=True, slots=True)
class Similar:
    """Somebody found, with what speaks for the same person and what against; `is_same`: it is surely they."""

    found: Mapping[str, Any]
    alike: tuple[str, ...]
    differs: tuple[str, ...]
    is_same: bool


def compared(found: Mapping[str, Any], asked: Mapping[str, str], with_tax_id: Collection[str]) -> Similar:
    """Somebody of the same surname, first name and birth date beside what was typed.

    `with_tax_id`: ids of those whom central found by the РНОКПП too; the answer tells no more of it (PS-16).
    """
    alike: list[str] = []
    differs: list[str] = []
    is_same = found["id"] in with_tax_id
    if asked.get("tax_id"):
        (alike if is_same else differs).append(SAME_TAX_ID if is_same else OTHER_TAX_ID)
    second = found.get("second_name") or ""
    if plain_name(second) == plain_name(asked.get("second_name", "")):
        alike += [SAME_SECOND] if second else []
    else:
        differs.append(OTHER_SECOND if second else NO_SECOND)
    return Similar(found, tuple(alike), tuple(differs), is_same)
