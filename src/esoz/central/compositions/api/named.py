"""Operations that read what a conclusion points at, with the right to read the conclusion (CM-13)."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from esoz import spec
from esoz.central import devices, prescriptions, records, service_requests
from esoz.kernel.operation import Call, Handler, Reply

from .. import queries, wire
from .registry import operations

IN_RECORDS = (
    ("encounter", "encounters"),
    ("condition", "conditions"),
    ("observation", "observations"),
    ("diagnostic_report", "diagnostic_reports"),
    ("procedure", "procedures"),
    ("clinical_impression", "clinical_impressions"),
    ("immunization", "immunizations"),
    ("device_dispense", "device_dispenses"),
)


async def _record(kind: str, work: Any, *about: Any) -> Any:
    return await records.named_record(work, kind, *about)


def _prescription(view: Any) -> object:
    return prescriptions.with_remaining(prescriptions.shown_request(view.request, view.status), view.remaining)


async def _composition(work: Any, person_id: Any, id: Any, _rule: str) -> Any:
    return await queries.composition(work, person_id, id)


Row = tuple[str, str, Any, Callable[[Any], object]]

# Kind, list of the path, how it is found, how it is spelled; the place is published for each.
NAMED: Sequence[Row] = (
    ("episode", "episodes", records.named_episode, records.shown_episode),
    *((kind, plural, partial(_record, kind), records.record) for kind, plural in IN_RECORDS),
    (
        "service_request",
        "service_requests",
        service_requests.named_service_request,
        service_requests.shown_service_request,
    ),
    ("device_request", "device_requests", devices.named_device_request, devices.shown_device_request),
    ("composition", "compositions", _composition, wire.shown),
    ("medication_request", "medication_requests", prescriptions.named_request, _prescription),
    (
        "medication_dispense",
        "medication_dispenses",
        prescriptions.named_dispense,
        lambda view: prescriptions.shown_dispense(*view),
    ),
)


def _published(plural: str) -> spec.Operation:
    for root in ("patients", "persons"):
        found = spec.find("GET", f"/api/{root}/*/compositions/*/{plural}/*")
        if found is not None and found.path.endswith("}"):
            return found
    raise LookupError(plural)


def _handler(row: Row, names: Sequence[str]) -> Handler:
    kind, _, find, spell = row
    person, composition, variable = names

    async def get_named(call: Call) -> Reply:
        patient, id, target = (call.id(name) for name in (person, composition, variable))
        return Reply(spell(await queries.named(call.work, patient, id, (kind, target), find)))

    return get_named


def _add(row: Row) -> None:
    published = _published(row[1])
    names = [each.name for each in spec.path_parameters(published.id)]
    id = published.esoz_api_id or published.id
    add = operations.add(id, f"GET {published.path}", scope="composition:read", patient=names[0])
    add(_handler(row, names))


for _row in NAMED:
    _add(_row)
