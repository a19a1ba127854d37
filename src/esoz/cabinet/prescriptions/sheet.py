"""Prescriptions on paper for the pharmacy: numbers, codes and QR, as PDF/UA."""

import io
from collections.abc import Sequence
from datetime import date
from importlib.resources import files

import segno

from esoz.kernel.pages.display import short_date
from esoz.kernel.pages.quantities import unit_of
from esoz.kernel.printing import Text, typeset

from .model import Prescription

TEMPLATE = files("esoz.cabinet.prescriptions").joinpath("sheet.typ").read_bytes()


def sheet(prescriptions: Sequence[Prescription], name: str, today: date) -> bytes:
    """One A5 page or more; each prescription with its own code stays in one piece."""
    rows: list[Text] = [_row(each, f"qr{place}") for place, each in enumerate(prescriptions)]
    pictures = {f"qr{place}": _qr(each.number) for place, each in enumerate(prescriptions)}
    return typeset(TEMPLATE, {"name": name, "printed": short_date(today), "rows": rows}, pictures)


def _row(prescription: Prescription, picture: str) -> dict[str, Text]:
    return {
        "drug": prescription.substance,
        "quantity": f"{prescription.quantity.normalize():f} {unit_of(prescription.medicine)}".replace(".", ","),
        "number": prescription.number,
        "code": prescription.code,
        "last_day": short_date(prescription.last_day) if prescription.last_day else "",
        "instructions": "; ".join(prescription.instructions),
        "picture": picture,
    }


def _qr(number: str) -> str:
    image = io.BytesIO()
    segno.make(number, error="m", micro=False).save(image, kind="svg", scale=4, border=2, xmldecl=False)
    return image.getvalue().decode()
