"""Places in programmes."""

from datetime import date
from uuid import UUID

import pytest

from esoz.central.programmes import Participant

ID = UUID(int=7)
DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("first", "last", "takes"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (date(2026, 11, 23), None, False),
        (date(2026, 1, 1), date(2026, 11, 21), False),
    ],
)
def test_participant_then_both_ends_belong_to_it(first: date, last: date | None, takes: bool) -> None:
    participant = Participant(id=ID, medical_program_id=ID, innm_dosage_id=ID, start_date=first, end_date=last)
    assert participant.takes_part(DAY) is takes
