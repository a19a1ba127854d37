"""What a line of the audit log tells, and of which hours one may ask."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from esoz.central.events.model import MEANINGS, NOBODY, EventFilter, Kind, Line, event_of
from esoz.kernel.errors import Rejected
from esoz.reference import _event_kinds

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RECORD, USER = UUID(int=5), UUID(int=6)


def line(
    event: str, *, at: datetime = NOW, user_id: UUID | None = USER, facts: dict[str, object] | None = None
) -> Line:
    return Line(UUID(int=1), at, event, str(RECORD), user_id, facts)


def told(found: Line, *, asked: str | None = None, employee: UUID | None = None) -> tuple[str, str, dict[str, str]]:
    event = event_of(found, told_until=NOW - HOUR, asked=asked, employee=employee)
    return event.event_type, event.entity_type, {name: each["new_value"] for name, each in event.properties.items()}


def test_every_meaning_is_of_an_event_that_is_written() -> None:
    written = {str(event) for _, events in _event_kinds() for event in events}
    assert MEANINGS.keys() - written == set()


@pytest.mark.parametrize(
    ("found", "entity", "properties"),
    [
        (line("medication_request.rejected"), "MedicationRequest", {"status": "REJECTED"}),
        (line("employee.dismissed", facts={"reason": "x"}), "Employee", {"status": "DISMISSED"}),
        (line("approval.created", facts={"verified": False}), "Approval", {"status": "new"}),
        (line("approval.created", facts={"verified": True}), "Approval", {"status": "active"}),
    ],
)
def test_status_that_changed_is_told(found: Line, entity: str, properties: dict[str, str]) -> None:
    assert told(found) == (Kind.STATUS, entity, properties)


def test_another_property_is_a_change_of_state() -> None:
    blocked = line("medication_request.blocked")
    assert told(blocked) == (Kind.STATE, "MedicationRequest", {"is_blocked": "true"})
    lost = line("division.drug_control_changed", facts={"verified": False})
    assert told(lost) == (Kind.STATE, "Division", {"dls_verified": "false"})


def test_what_the_line_does_not_say_is_asked() -> None:
    assert told(line("declaration.created"), asked="pending_verification")[2] == {"status": "pending_verification"}


def test_invitation_that_was_accepted_names_the_employee() -> None:
    properties = told(line("employee_request.approved"), employee=UUID(int=7))[2]
    assert properties == {"status": "APPROVED", "employee_id": str(UUID(int=7))}


def test_act_of_the_system_has_nobody_behind_it() -> None:
    event = event_of(line("medication_request.expired", user_id=None), told_until=NOW - HOUR)
    assert (event.changed_by, event.event_time) == (NOBODY, NOW)


def test_line_that_came_late_has_the_first_moment_that_was_not_told() -> None:
    event = event_of(line("person.created", at=NOW - 2 * HOUR), told_until=NOW - HOUR)
    assert event.event_time == NOW - HOUR


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        (EventFilter(), (NOW - 3 * HOUR, NOW)),
        (EventFilter(date=NOW - 9 * HOUR), (NOW - 9 * HOUR, NOW - 6 * HOUR)),
        (EventFilter(date_to=NOW - 9 * HOUR), (NOW - 12 * HOUR, NOW - 9 * HOUR)),
        (EventFilter(date=NOW - 2 * HOUR, date_to=NOW - HOUR), (NOW - 2 * HOUR, NOW - HOUR)),
        (EventFilter(date=NOW - 9 * HOUR, date_to=NOW), (NOW - 9 * HOUR, NOW - 6 * HOUR)),
        (EventFilter(date=NOW.replace(hour=9, tzinfo=None)), (NOW - HOUR, NOW + 2 * HOUR)),
    ],
)
def test_hours_are_three_at_most(asked: EventFilter, hours: tuple[datetime, datetime]) -> None:
    assert asked.hours(NOW) == hours


@pytest.mark.parametrize("year", [1, 9999])
def test_far_year_is_no_fault(year: int) -> None:
    far = NOW.replace(year=year, month=12, day=31, hour=23, tzinfo=None)
    start, end = EventFilter(date=far).hours(NOW)
    assert end - start == 3 * HOUR
    start, end = EventFilter(date_to=far.replace(month=1, day=1, hour=0)).hours(NOW)
    assert end - start == 3 * HOUR


@pytest.mark.parametrize("end", [NOW, NOW - HOUR])
def test_end_before_the_beginning_is_refused(end: datetime) -> None:
    with pytest.raises(Rejected):
        EventFilter(date=NOW, date_to=end).hours(NOW)
