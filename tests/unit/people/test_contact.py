"""By which of their methods a person is reached."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from esoz.central.people import AuthenticationMethod, AuthenticationType
from esoz.central.people.model import soonest

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def method(type: str) -> AuthenticationMethod:
    return AuthenticationMethod(
        id=uuid4(), person_id=uuid4(), type=AuthenticationType(type), started_at=NOW, inserted_at=NOW, updated_at=NOW
    )


@pytest.mark.parametrize(
    ("types", "chosen"),
    [
        ([], None),
        (["OFFLINE", "OTP"], "OTP"),
        (["OFFLINE", "THIRD_PERSON"], "THIRD_PERSON"),
        (["THIRD_PERSON", "OTP"], "OTP"),
        (["NA", "OFFLINE"], "OFFLINE"),
    ],
)
def test_several_methods_then_the_one_that_reaches_soonest(types: list[str], chosen: str | None) -> None:
    found = soonest([method(each) for each in types])
    assert (found.type if found else None) == chosen
