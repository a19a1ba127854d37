"""The information note of an electronic prescription: an A5 page for the patient, as PDF/UA."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from typing import TypeAlias

import segno

from esoz.kernel.pages import display
from esoz.kernel.pages.quantities import unit_of
from esoz.kernel.printing import Text, typeset

Object: TypeAlias = Mapping[str, object]

TEMPLATE = files("esoz.mis.care.prescriptions.model").joinpath("note.typ").read_bytes()
TEMPLATE_OF_SEVERAL = files("esoz.mis.care.prescriptions.model").joinpath("notes.typ").read_bytes()

# CODE128 (ISO/IEC 15417): widths of bars and spaces of each symbol, then of the stop.
WIDTHS = re.findall(
    r"\d{6}",
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 "
    "122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 "
    "322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 "
    "112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 "
    "331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 "
    "112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 "
    "411311 113141 114131 311141 411131 211412 211214 211232 ",
)
STOP = "2331112"
START_B, MODULUS, QUIET = 104, 103, 10
LONGEST_CODED = 40  # of a longer text the bars would be too narrow for a scanner
_ADDRESS = re.compile(r"https?://[!-~]{1,500}")  # a longer one would be too fine for a telephone
_IN_BARS = re.compile(r"[ -~]+")


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
    is_readable = _IN_BARS.fullmatch(number) and len(number) <= LONGEST_CODED
    pictures = {"barcode": barcode(number), "qr": _qr(number)} if is_readable else {"barcode": "", "qr": ""}
    note["prices"] = prices if _ADDRESS.fullmatch(prices) else ""
    pictures["prices_qr"] = _qr(prices) if note["prices"] else ""
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
        is_readable = _IN_BARS.fullmatch(number) and len(number) <= LONGEST_CODED
        prices = each.prices if _ADDRESS.fullmatch(each.prices) else ""
        pictures |= {f"qr{place}": _qr(number) if is_readable else "", f"prices{place}": _qr(prices) if prices else ""}
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


def barcode(text: str) -> str:
    """CODE128 of a text of printable ASCII (set B) as SVG; raise ValueError for anything else."""
    if not _IN_BARS.fullmatch(text):
        raise ValueError("CODE128 set B takes printable ASCII only")
    values = [START_B, *(ord(letter) - ord(" ") for letter in text)]
    check = sum(value * max(place, 1) for place, value in enumerate(values)) % MODULUS
    widths = "".join(WIDTHS[value] for value in [*values, check]) + STOP
    bars, at = [], QUIET
    for place, width in enumerate(map(int, widths)):
        if place % 2 == 0:
            bars.append(f'<rect x="{at}" width="{width}" height="40"/>')
        at += width
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {at + QUIET} 40">{"".join(bars)}</svg>'


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


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
