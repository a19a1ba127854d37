"""Rows of journals, of acts as central tells them and of our own returns: a row for each package."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from esoz.kernel.pages.display import full_name
from esoz.kernel.pages.quantities import unit_of
from esoz.mis import pharmacy
from esoz.mis.base.services import MisPage

from .model import MISTAKE, STATES, Money, Row, Taken


def _taken(page: MisPage, line: Mapping[str, Any]) -> Taken:
    medication = line["medication"]
    unit = page.gettext(unit_of(medication)) if unit_of(medication) else ""
    return Taken(name=medication["name"], quantity=Decimal(str(line["medication_qty"])), unit=unit)


def _state(page: MisPage, act: Mapping[str, Any]) -> str:
    return page.gettext(STATES.get(act["status"], act["status"]))


def by_prescription(page: MisPage, act: Mapping[str, Any]) -> Iterator[Row]:
    """A dispense by an electronic prescription. Nobody who took a medicine is named on paper."""
    request = act["medication_request"]
    programme = (request.get("medical_program") or {}).get("name") or ""
    before = (datetime.fromisoformat(act["inserted_at"]), request.get("request_number") or "", programme)
    for line in act["details"]:
        taken = _taken(page, line)
        amount, discount = (Decimal(str(line.get(name) or 0)) for name in ("sell_amount", "discount_amount"))
        money = (Money(amount), Money(discount), Money(amount - discount))
        after = (act["division"].get("name") or "", _state(page, act))
        cells = (*before, taken.name, taken, *money, *after)
        yield Row(act=act["id"], cells=cells, taken=taken, amounts=(amount, discount))


def _rows(page: MisPage, act: Mapping[str, Any], before: tuple[object, ...]) -> Iterator[Row]:
    """Of an act outside of electronic prescriptions: where, who, whether it was a mistake and why."""
    after = (
        *(act["division"]["name"], full_name(act["party"])),
        *(_state(page, act), act.get("error_reason") or ""),
    )
    for line in act["dispense_details"]:
        taken = _taken(page, line)
        cells = (*before, taken.name, taken, *after)
        yield Row(act=act["id"], cells=cells, taken=taken, is_mistake=act["status"] == MISTAKE)


def by_paper(page: MisPage, act: Mapping[str, Any]) -> Iterator[Row]:
    """What was handed over by a blank."""
    paper = act["paper_prescription"]
    of_blank = (f"{paper['series']} {paper['number']}".strip(), date.fromisoformat(paper["issued_at"]))
    who = (paper["institution_name"], paper["institution_edrpou"], paper["doctor_name"])
    yield from _rows(page, act, (date.fromisoformat(act["dispensed_at"]), *of_blank, *who))


def without(page: MisPage, act: Mapping[str, Any]) -> Iterator[Row]:
    """What was handed over without a prescription: the reason stands beside the package."""
    day = date.fromisoformat(act["dispensed_at"])
    for row in _rows(page, act, (day,)):
        head, rest = tuple(row.cells[:3]), tuple(row.cells[3:])
        yield Row(act=row.act, cells=(*head, act["reason"], *rest), taken=row.taken, is_mistake=row.is_mistake)


def wholesale(page: MisPage, act: Mapping[str, Any]) -> Iterator[Row]:
    """What was supplied by a request."""
    request = act["wholesale_request"]
    asked = (request["requester_name"], request["requester_edrpou"], request["number"])
    days = (date.fromisoformat(act["supplied_at"]), date.fromisoformat(request["requested_at"]))
    yield from _rows(page, act, (days[0], *asked, days[1], act["received_by"]))


def brought_back(page: MisPage, act: Mapping[str, Any]) -> Iterator[Row]:
    """A return, as our own journal keeps it."""
    reason = page.gettext(pharmacy.RETURN_REASONS.get(act["reason"], act["reason"]))
    why = f"{reason}. {act['words']}" if act["words"] else reason
    id = f"{act['dispense_id']} {act['number']}"
    for name, brought, code in act["lines"]:
        taken = Taken(name=name, quantity=Decimal(brought), unit=page.gettext(code) if code else "")
        before = (act["returned_at"], act["request_number"], taken.name, taken)
        yield Row(act=id, cells=(*before, why, act["division_name"], full_name(act)), taken=taken)
