"""The user's own sessions at the workplace: listed with the way of signing in, ended, told; the person's menu."""

from collections.abc import AsyncIterator

import httpx
import pytest

from esoz.mis.app import Mis
from tests.factories.world import World

from .conftest import MIS_URL, PASSWORD, Browser, email_of


@pytest.fixture
async def phone(doctor: Browser, mis: Mis) -> AsyncIterator[Browser]:
    """The same doctor at another device."""
    agent = {"User-Agent": "Mozilla/5.0 (Android 15) Firefox/140"}
    transport = httpx.ASGITransport(mis)
    async with httpx.AsyncClient(transport=transport, base_url=MIS_URL, headers=agent) as client:
        found = Browser(client)
        await found.get("/sign-in")
        await found.send("/sign-in", email=email_of("DOCTOR"), password=PASSWORD)
        yield found


async def test_two_devices_when_listed_then_each_tells_device_and_way(doctor: Browser, phone: Browser) -> None:
    await doctor.get("/account/sessions")
    assert "Firefox, Android" in doctor.text and "127.0.0.1" in doctor.text
    assert doctor.text.count("Цей сеанс") == 1
    assert doctor.text.count("Пароль") >= 2


async def test_other_device_when_ended_then_it_is_told_why_and_this_one_works_on(
    doctor: Browser, phone: Browser, mis: Mis
) -> None:
    await doctor.get("/account/sessions")
    await doctor.send("/account/sessions/end")
    assert "Сеанс завершено." in doctor.text
    await phone.get("/patients")
    assert phone.path == "/sign-in" and "з іншого пристрою" in phone.text
    await doctor.get("/patients")
    assert doctor.path == "/patients"
    async with mis.services.database.connection() as db:
        assert await db.fetchval("select exists (select from audit_events where event = 'session.ended_elsewhere')")


async def test_menu_then_leads_to_the_account_and_without_a_choice_not_to_workplaces(doctor: Browser) -> None:
    assert 'href="/account"' in doctor.page.text
    assert "Змінити місце роботи" not in doctor.text


async def test_menu_when_there_are_two_clinics_then_leads_to_the_choice(
    doctor: Browser, mis: Mis, connected: World
) -> None:
    async with mis.services.database.transaction() as db:
        await db.execute(
            "insert into workplaces (id, user_id, clinic_id, role, employee_id) select gen_random_uuid(), id, $1,"
            " 'DOCTOR', gen_random_uuid() from users where email = 'doctor@clinic.example'",
            connected.pharmacist.client_id,
        )
    try:
        await doctor.get("/")
        assert "Змінити місце роботи" in doctor.text
    finally:
        async with mis.services.database.transaction() as db:
            await db.execute(
                "delete from workplaces where role = 'DOCTOR' and clinic_id = $1", connected.pharmacist.client_id
            )
