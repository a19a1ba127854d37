"""The patient's own sessions in the cabinet."""

import httpx

from .conftest import BASE_URL, Browser


async def test_two_devices_when_the_others_are_ended_then_only_this_one_is_left(patient, cabinet, world, own) -> None:
    transport, before = httpx.ASGITransport(cabinet), await ended_elsewhere(own)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        other = Browser(client, world)
        await other.sign_in()
        await patient.open("/")
        assert 'href="/account/sessions"' in patient.page.text
        await patient.open("/account/sessions")
        assert patient.text.count("Цей сеанс") == 1 and "Завершити всі інші сеанси" in patient.text
        assert (await patient.post("/account/sessions/end-others")).status_code == 303
        answer = await other.open("/prescriptions")
        assert answer.headers["location"].startswith("/sign-in")
        await other.open(answer.headers["location"])
        assert "з іншого пристрою" in other.text
    await patient.open("/account/sessions")
    assert "Завершити всі інші сеанси" not in patient.text
    assert await ended_elsewhere(own) == before + 1


async def ended_elsewhere(own) -> int:
    """Lines of the audit log, those of earlier tests among them."""
    return await own.fetchval("select count(*) from audit_events where event = 'session.ended_elsewhere'")
