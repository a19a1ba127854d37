"""The paper of a referral: an A5 page for the patient with number, bars and square, as PDF/UA."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from esoz.kernel.barcodes import IN_BARS, barcode, qr_code
from esoz.kernel.clock import KYIV
from esoz.kernel.printing import Text, typeset

TEMPLATE = files("esoz.mis.referrals.writing.model").joinpath("paper.typ").read_bytes()
LONGEST_CODED = 40  # of a longer text the bars would be too narrow for a scanner


class CannotPrint(ValueError):
    """The referral has no number: a paper without it helps nobody."""


def paper(request: Mapping[str, Any], *, patient: str, words: Sequence[str], printed_on: date) -> bytes:
    """Typeset a referral as central shows it; `words` are its category and its priority. Raises CannotPrint."""
    number = str(request.get("requisition") or "")
    if not IN_BARS.fullmatch(number) or len(number) > LONGEST_CODED:
        raise CannotPrint("A referral without a number cannot be printed")
    category, priority = words
    note: dict[str, Text] = {
        "number": number,
        "patient": patient,
        "service": _name(request.get("code")),
        "category": category,
        "priority": priority,
        "instruction": str(request.get("patient_instruction") or ""),
        "valid_to": _day(request.get("expiration_date")),
        "created": _day(request.get("inserted_at")),
        "doctor": _name(request.get("requester_employee")),
        "clinic": _name(request.get("requester_legal_entity")),
        "programme": _name(request.get("program")),
        "printed": f"{printed_on:%d.%m.%Y}",
    }
    return typeset(TEMPLATE, note, {"barcode": barcode(number), "qr": qr_code(number)})


def _name(reference: object) -> str:
    return str(reference.get("display_value") or "") if isinstance(reference, Mapping) else ""


def _day(moment: object) -> str:
    """The day of a moment in Kyiv; what is none as it stands: the paper is printed in any case."""
    try:
        return f"{datetime.fromisoformat(str(moment)).astimezone(KYIV):%d.%m.%Y}" if moment else ""
    except ValueError:
        return str(moment)
