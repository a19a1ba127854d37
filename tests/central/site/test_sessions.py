"""A user's own sessions at central."""

from uuid import UUID

from esoz.kernel.db import Connection

from .conftest import EMAIL, PASSWORD, Browser


async def test_other_session_when_ended_then_gone_and_audited(
    browser: Browser, db: Connection, worker_id: UUID
) -> None:
    await browser.get("/sign-in?next=/account")
    await browser.send("/sign-in?next=/account", email=EMAIL, password=PASSWORD)
    await db.execute(
        "insert into sessions (id, user_id, data, created_at, seen_at, expires_at, device)"
        " select '\\x01', user_id, '{}', created_at, seen_at, expires_at, 'Firefox, Windows' from sessions"
        " where user_id = $1",
        worker_id,
    )
    assert 'href="/account/sessions"' in (await browser.get("/account")).text
    page = await browser.get("/account/sessions")
    assert "Firefox, Windows" in page.text and page.text.count("Цей сеанс") == 1
    await browser.send("/account/sessions/end", session="01")
    assert await db.fetchval("select count(*) from sessions where user_id = $1", worker_id) == 1
    assert await db.fetchval("select why from ended_sessions where user_id = $1", worker_id) == "elsewhere"
    events = await db.fetch("select event from audit_events where user_id = $1", worker_id)
    assert {"sessions.read", "session.ended_elsewhere"} <= {each["event"] for each in events}
