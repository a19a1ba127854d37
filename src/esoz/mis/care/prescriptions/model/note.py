"""The information note of an electronic prescription: an A5 page for the patient, as PDF/UA."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from typing import TypeAlias

from esoz.kernel.barcodes import IN_BARS, barcode, qr_code
from esoz.kernel.pages import display
from esoz.kernel.pages.quantities import unit_of
from esoz.kernel.printing import Text, typeset

Object: TypeAlias = Mapping[str, object]

TEMPLATE = files("esoz.mis.care.prescriptions.model").joinpath("note.typ").read_bytes()
TEMPLATE_OF_SEVERAL = files("esoz.mis.care.prescriptions.model").joinpath("notes.typ").read_bytes()

LONGEST_CODED = 40  # of a longer text the bars would be too narrow for a scanner
_ADDRESS = re.compile(r"https?://[!-~]{1,500}")  # a longer one would be too fine for a telephone


class CannotPrint(ValueError):
    """The prescription lacks what the note must show."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """What the clinic adds to what the national system knows: its address and telephone."""

    address: str = ""
    phone: str = ""


def information_note(
    request: Object,
    *,
    code: str | None = None,
    issuer: Issuer | None = None,
    printed_on: date | None = None,
    prices: str = "",
) -> bytes:
    """Typeset the note of a prescription as the national system shows it (`medication_request`).

    `code` is given only when no message goes to the patient's phone; `prices` is the address where they are compared.
    Raises CannotPrint when the prescription has no
    number or no drug: a note without them helps nobody.
    """
    number = _text(request, "request_number")
    note = _note(request, code, issuer or Issuer(), printed_on)
    is_readable = IN_BARS.fullmatch(number) and len(number) <= LONGEST_CODED
    pictures = {"barcode": barcode(number), "qr": qr_code(number)} if is_readable else {"barcode": "", "qr": ""}
    note["prices"] = prices if _ADDRESS.fullmatch(prices) else ""
    pictures["prices_qr"] = qr_code(prices) if note["prices"] else ""
    return typeset(TEMPLATE, note, pictures)


@dataclass(frozen=True, slots=True)
class Printed:
    """A prescription of a note for several, with its code where none goes to a phone, and where prices are compared."""

    request: Object
    code: str | None = None
    prices: str = ""


def note_of_several(found: Sequence[Printed], *, issuer: Issuer, printed_on: date) -> bytes:
    """Typeset one note for all prescriptions of a visit, each in one piece with its own number and code.

    Raises CannotPrint as the note of one does.
    """
    rows: list[Text] = []
    pictures: dict[str, str] = {}
    for place, each in enumerate(found):
        row = _note(each.request, each.code, issuer, printed_on)
        number = _text(each.request, "request_number")
        is_readable = IN_BARS.fullmatch(number) and len(number) <= LONGEST_CODED
        prices = each.prices if _ADDRESS.fullmatch(each.prices) else ""
        pictures |= {
            f"qr{place}": qr_code(number) if is_readable else "",
            f"prices{place}": qr_code(prices) if prices else "",
        }
        rows.append({**row, "qr": f"qr{place}", "prices": f"prices{place}"})
    first = _note(found[0].request, None, issuer, printed_on)
    return typeset(TEMPLATE_OF_SEVERAL, {**first, "rows": rows}, pictures)


def code_on_form(printout_form: str) -> str | None:
    """The code that the national system printed on its own form because no message went out; None when one did."""
    reader = _CodeReader()
    reader.feed(printout_form)
    return reader.code


def pays_patient(request: Object) -> bool:
    """DR-12: prices are told of what the patient pays for: by no programme, or by one that nobody else pays for."""
    programme = request.get("medical_program")
    source = programme.get("funding_source") if isinstance(programme, Mapping) else None
    return _text(request, "intent") != "plan" and source in (None, "PATIENT")


class _CodeReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.code: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "data" and attributes.get("id") == "verification-code":
            self.code = attributes.get("value")


def _note(request: Object, code: str | None, issuer: Issuer, printed_on: date | None) -> dict[str, Text]:
    number, drug = _text(request, "request_number"), _text(request, "medication_info", "medication_name")
    if not number or not drug:
        raise CannotPrint("A prescription without number or drug cannot be printed")
    return {
        "number": number,
        "code": code or "",
        "is_order": _text(request, "intent") != "plan",
        "patient": ", ".join(part for part in (_text(request, "person", "short_name"), _age(request)) if part),
        "drug": drug,
        "substances": substances(request),
        "quantity": quantity(request),
        "signatures": list(signatures(request)),
        "programme": _text(request, "medical_program", "name"),
        "created": _day(_text(request, "created_at")),
        "valid_from": _day(_text(request, "dispense_valid_from")),
        "valid_to": _day(_text(request, "dispense_valid_to")),
        "doctor": " ".join(
            name
            for part in ("last_name", "first_name", "second_name")
            if (name := _text(request, "employee", "party", part))
        ),
        "clinic": _text(request, "legal_entity", "name"),
        "division": _text(request, "division", "name"),
        "address": issuer.address,
        "phone": issuer.phone,
        "printed": f"{printed_on:%d.%m.%Y}" if printed_on else "",
        "opens_later": printed_on is not None and _text(request, "dispense_valid_from") > printed_on.isoformat(),
    }


def substances(request: Object) -> str:
    """Latin names of the active substances, as pharmacists everywhere know them."""
    found = _list(request, "medication_info", "ingredients")
    return ", ".join(name for each in found if (name := _text(each, "name_original")))


def quantity(request: Object) -> str:
    """How much is prescribed: `20 капс.`"""
    info = request.get("medication_info")
    return display.quantity(info.get("medication_qty"), unit_of(info)) if isinstance(info, Mapping) else ""


def signatures(request: Object) -> Iterator[str]:
    """How to take it: the words for the patient where the doctor wrote them, those for the pharmacist otherwise."""
    for each in _list(request, "dosage_instruction"):
        if text := _text(each, "patient_instruction") or _text(each, "text"):
            yield text


def _age(request: Object) -> str:
    age = _text(request, "person", "age")
    return f"вік {age}" if age else ""


def _day(text: str) -> str:
    """A day as people here write it; what is none as it stands: the note is printed in any case."""
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text


def _text(node: object, *path: str) -> str:
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return "" if node is None else str(node)


def _list(node: object, *path: str) -> Sequence[object]:
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node if isinstance(node, list | tuple) else ()
