"""The paper of a conclusion: an A5 page for the patient with number and square, as PDF/UA."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any

from esoz.kernel.barcodes import IN_BARS, qr_code
from esoz.kernel.clock import kyiv_date
from esoz.kernel.pages.reading import moment_of
from esoz.kernel.printing import Text, typeset
from esoz.sdk.conclusions import stated, validity

TEMPLATE = files("esoz.mis.conclusions.writing.model").joinpath("paper.typ").read_bytes()


class CannotPrint(ValueError):
    """The conclusion has no number: a paper without it proves nothing."""


def paper(found: Mapping[str, Any], *, patient: str, words: Sequence[str], printed_on: date) -> bytes:
    """Typeset a conclusion as central shows it; `words` are its type and its category. Raises CannotPrint."""
    number = str(found.get("title") or "")
    if not IN_BARS.fullmatch(number):
        raise CannotPrint("A conclusion without a number cannot be printed")
    type, category = words
    days, made = validity(found), moment_of(str(found.get("date", "")))
    note: dict[str, Text] = {
        "number": number,
        "type": type,
        "category": category,
        "patient": patient,
        "first": f"{days.first:%d.%m.%Y}" if days else "",
        "last": f"{days.last:%d.%m.%Y}" if days else "",
        "words": "\n".join(stated(found)),
        "created": f"{kyiv_date(made):%d.%m.%Y}" if made else "",
        "doctor": _name(found.get("author")),
        "clinic": _name(found.get("custodian")),
        "printed": f"{printed_on:%d.%m.%Y}",
    }
    return typeset(TEMPLATE, note, {"qr": qr_code(number)})


def _name(reference: object) -> str:
    return str(reference.get("display_value") or "") if isinstance(reference, Mapping) else ""
