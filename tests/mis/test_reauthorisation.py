"""The access to central has a term of its own: announced ahead, renewed in a minute, and its end loses nothing."""

from datetime import timedelta
from uuid import UUID

import pytest

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis
from esoz.mis.link.access.model import access_ends, days_left
from tests.factories.world import World

from .conftest import NOW, Browser, Consent
from .test_visits import episode_of, open_episode

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


class TestTerm:
    @pytest.mark.parametrize(
        ("before_end", "days"),
        [
            (3 * DAY + SECOND, None),
            (3 * DAY, 3),
            (2 * DAY + SECOND, 3),
            (2 * DAY, 2),
            (DAY, 1),
            (SECOND, 1),
            (timedelta(0), None),
            (-DAY, None),
        ],
    )
    def test_before_the_end_then_announced_three_days_ahead(self, before_end: timedelta, days: int | None) -> None:
        assert days_left(NOW, NOW - before_end) == days

    def test_renewable_then_the_end_is_that_of_renewing(self) -> None:
        assert access_ends(NOW, NOW + 7 * DAY) == NOW + 7 * DAY
        assert access_ends(NOW, None) == NOW
        assert access_ends(NOW + 9 * DAY, NOW + 7 * DAY) == NOW + 9 * DAY


async def ends_in(mis: Mis, left: timedelta) -> None:
    """Move the end of the doctor's access."""
    async with mis.services.database.transaction() as db:
        await db.execute("update central_tokens set expires_at = $1, renewable_until = $2", NOW - DAY, NOW + left)


async def test_desk_when_the_end_is_near_then_tells_the_day_and_renews_at_once(
    doctor: Browser, mis: Mis, consent: Consent, connected: World
) -> None:
    assert "Доступ до ЕСОЗ закінчується" not in doctor.text
    await ends_in(mis, 2 * DAY)
    await doctor.get("/")
    assert "Доступ діє ще 2 дні. Він закінчиться" in doctor.text
    start = await doctor.client.get("/connect/start")
    await doctor.get(await consent.answer(connected.doctor.user_id, start.headers["location"]))
    await doctor.get("/")
    assert "Доступ до ЕСОЗ закінчується" not in doctor.text


async def test_tokens_when_given_then_their_end_follows_from_the_setting(doctor: Browser, mis: Mis) -> None:
    async with mis.services.database.connection() as db:
        assert await db.fetchval("select renewable_until from central_tokens") == NOW + 37 * DAY


async def test_desk_when_the_access_has_ended_then_asks_for_it(doctor: Browser, mis: Mis) -> None:
    await ends_in(mis, -SECOND)
    await doctor.get("/")
    assert "Немає доступу до ЕСОЗ" in doctor.text


async def test_ended_in_the_middle_of_a_form_then_consent_leads_back_and_the_text_is_there(
    doctor: Browser, mis: Mis, consent: Consent, connected: World, patient_id: UUID, clock: FixedClock
) -> None:
    episode_id = await episode_of(mis, await open_episode(doctor, patient_id))
    path = f"/patients/{patient_id}/episodes/{episode_id}/close"
    await doctor.get(path)
    async with mis.services.database.transaction() as db:
        await db.execute("delete from central_tokens")
    answer = await doctor.send(path, summary="Одужав, кашлю немає", reason="")
    assert answer.status_code == 403 and "Надайте доступ" in doctor.text
    start = await doctor.client.get("/connect/start", params={"next": path})
    assert f"next={path.replace('/', '%2F')}" in answer.text or path in answer.text
    await doctor.get(await consent.answer(connected.doctor.user_id, start.headers["location"]))
    assert doctor.path == path
    assert "Ми зберегли введене" in doctor.text and "Одужав, кашлю немає" in doctor.text
