"""The paper of a medical conclusion: an A5 page with number and square, as PDF/UA.

An employer or an office reads it, so it has the doctor's conclusion and no diagnosis.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from .barcodes import IN_BARS, qr_code
from .clock import kyiv_date
from .compositions import CONCLUSION, stated, validity
from .printing import Text, typeset

TEMPLATE = files("esoz.kernel").joinpath("certificate.typ").read_bytes()


class CannotPrint(ValueError):
    """The conclusion has no number: a paper without it proves nothing."""


def certificate(
    found: Mapping[str, Any],
    *,
    patient: str,
    words: Sequence[str],
    printed_on: date,
    conditions: Sequence[str] = (),
) -> bytes:
    """Typeset a conclusion as central shows it; `words` are its type and its category, `conditions` those that it sets.

    Raises CannotPrint.
    """
    number = str(found.get("title") or "")
    if not IN_BARS.fullmatch(number):
        raise CannotPrint("A conclusion without a number cannot be printed")
    type, category = words
    days = validity(found)
    note: dict[str, Text] = {
        "number": number,
        "type": type,
        "category": category,
        "patient": patient,
        "first": f"{days.first:%d.%m.%Y}" if days else "",
        "last": f"{days.last:%d.%m.%Y}" if days else "",
        "words": "\n".join(stated(found, only=CONCLUSION)),
        "conditions": "\n".join(conditions),
        "created": _day(found.get("date")),
        "doctor": _name(found.get("author")),
        "clinic": _name(found.get("custodian")),
        "printed": f"{printed_on:%d.%m.%Y}",
    }
    return typeset(TEMPLATE, note, {"qr": qr_code(number)})


def _day(moment: object) -> str:
    """The day of a moment in Kyiv; what is none as it stands: the paper is printed in any case."""
    try:
        return f"{kyiv_date(datetime.fromisoformat(str(moment))):%d.%m.%Y}"
    except ValueError:
        return str(moment or "")


def _name(reference: object) -> str:
    return str(reference.get("display_value") or "") if isinstance(reference, Mapping) else ""
