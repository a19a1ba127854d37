"""Declarations and requests as the first cabinet of patients spells them."""

from datetime import date
from uuid import UUID

import msgspec

from esoz.central.people import Person
from esoz.kernel.db import Row
from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.payload import JSON, omit_none

from ..model import Channel, DeclarationFilter, DeclarationRequest
from ..model.requests import OwnRequestFilter
from .own import OwnRequestsQuery, own_request, own_request_in_list, own_request_whole

FIRST_YEAR, LAST_YEAR = 2, 9998  # as days of filters everywhere
CHANNELS = {Channel.PIS: "CABINET"}  # whichever cabinet it was


class NewRequest(msgspec.Struct, frozen=True):
    """Body of create; the person can only be the one who asks."""

    person_id: UUID
    employee_id: UUID
    division_id: UUID


class RequestsQuery(msgspec.Struct, frozen=True):
    """Filters of the list of requests."""

    status: str | None = None
    start_year: str | None = None

    def of(self, person_id: UUID) -> OwnRequestFilter:
        """The filters of a person. Raises Rejected for a status that nobody knows, for what is no year."""
        start_date_from, start_date_to = _days_of(self.start_year)
        query = OwnRequestsQuery(status=self.status, start_date_from=start_date_from, start_date_to=start_date_to)
        return query.of(person_id)


class DeclarationsQuery(msgspec.Struct, frozen=True):
    """Filters of the list of declarations."""

    status: str | None = None
    start_year: str | None = None

    def of(self, person_id: UUID) -> DeclarationFilter:
        """The filters of a person. Raises Rejected for what is no year."""
        start_date_from, start_date_to = _days_of(self.start_year)
        return DeclarationFilter(
            person_id=person_id, status=self.status, start_date_from=start_date_from, start_date_to=start_date_to
        )


def _days_of(year: str | None) -> tuple[date | None, date | None]:
    """First and last day of a year."""
    if year is None:
        return None, None
    number = int(year) if len(year) == 4 and year.isascii() and year.isdecimal() else 0
    if not FIRST_YEAR <= number <= LAST_YEAR:
        fault = Invalid("$.start_year", "invalid", "expected a year of four digits", (), "query_parameter")
        raise Rejected(invalid=(fault,))
    return date(number, 1, 1), date(number, 12, 31)


def request_in_list(row: Row, person: Person) -> JSON:
    """A request in the list, with the name of who asked."""
    who = omit_none(
        id=person.id, first_name=person.first_name, last_name=person.last_name, second_name=person.second_name
    )
    return own_request_in_list(row) | {"person": who, "channel": _channel(row["channel"])}


def request(found: DeclarationRequest, speciality: str | None) -> JSON:
    """A request with everyone in it."""
    whole = own_request_whole(found, speciality)
    return {name: value for name, value in whole.items() if name != "data_to_be_signed"} | _told(found)


def request_by_ids(found: DeclarationRequest) -> JSON:
    """The same where there is no document with everybody."""
    return own_request(found) | _told(found)


def _told(found: DeclarationRequest) -> JSON:
    return {"channel": _channel(found.channel)}


def _channel(channel: str) -> str:
    return CHANNELS.get(Channel(channel), channel)
