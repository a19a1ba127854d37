"""A referral on paper for the clinic: number, bars and square, as PDF/UA."""

from datetime import date
from importlib.resources import files

from esoz.kernel.barcodes import barcode, qr_code
from esoz.kernel.pages.display import short_date
from esoz.kernel.printing import Text, typeset

from .model import Referral

TEMPLATE = files("esoz.cabinet.referrals").joinpath("sheet.typ").read_bytes()


def sheet(referral: Referral, *, patient: str, words: tuple[str, str], today: date) -> bytes:
    """One A5 page; `words` are its category and its priority."""
    category, priority = words
    note: dict[str, Text] = {
        "number": referral.number,
        "patient": patient,
        "service": referral.service,
        "category": category,
        "priority": priority,
        "instruction": str(referral.content.get("patient_instruction") or ""),
        "last_day": short_date(referral.last_day),
        "doctor": referral.doctor,
        "clinic": referral.clinic,
        "programme": referral.programme,
        "printed": short_date(today),
    }
    return typeset(TEMPLATE, note, {"bars": barcode(referral.number), "square": qr_code(referral.number)})
