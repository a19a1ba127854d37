"""The token at central is renewed while a doctor works: whatever is lost on the way, the doctor stays signed in."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.mis.link.access import store
from tests.factories.world import World

from .conftest import NOW, Browser, Wire

CONSENT = "Надайте доступ до ЕСОЗ"
READ = "Чинних діагнозів немає"  # what only central can tell
GRACE = timedelta(seconds=60)  # the default of central's ESOZ_REFRESH_GRACE_SECONDS


class Killed(BaseException):
    """Nothing of the process catches it, as nothing catches a kill."""


def renewal(request: httpx.Request) -> bool:
    return request.url.path == "/oauth/tokens"


@pytest.fixture
async def page(doctor: Browser, connected: World, patient_id: UUID, central_database: Database) -> AsyncIterator[str]:
    """A page for which the doctor's access token has just run out at central."""
    user_id = connected.doctor.user_id
    async with central_database.transaction() as db:
        await db.execute(
            "update tokens set expires_at = $2 where user_id = $1 and name = 'access_token'",
            user_id,
            NOW - timedelta(days=1),
        )
    yield f"/patients/{patient_id}/summary"


async def test_answer_when_lost_then_the_next_page_opens(doctor: Browser, page: str, wire: Wire) -> None:
    wire.loses_answer = renewal
    await doctor.get(page)
    assert wire.paths("POST").count("/oauth/tokens") >= 2  # with the code, and to renew
    assert CONSENT not in doctor.text and READ not in doctor.text
    wire.loses_answer = lambda _request: False
    assert (await doctor.get(page)).status_code == 200
    assert CONSENT not in doctor.text
    assert READ in doctor.text


async def test_process_when_it_dies_before_keeping_the_tokens_then_the_next_page_opens(
    doctor: Browser, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_given: object, **_more: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(store, "save", die)
        with pytest.raises(Killed):
            await doctor.get(page)
    assert (await doctor.get(page)).status_code == 200
    assert CONSENT not in doctor.text and READ in doctor.text


async def test_spent_token_when_the_grace_is_over_then_the_doctor_consents_again(
    doctor: Browser, page: str, wire: Wire, clock: FixedClock
) -> None:
    wire.loses_answer = renewal
    await doctor.get(page)
    wire.loses_answer = lambda _request: False
    clock.forward(GRACE + timedelta(seconds=1))
    assert (await doctor.get(page)).status_code == 403
    assert CONSENT in doctor.text
