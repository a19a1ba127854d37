"""Sessions that end while a page of theirs is under way."""

from datetime import timedelta

import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.pages import sessions
from esoz.kernel.pages.sessions import Session, Terms

from .example import site as example

TERMS = Terms()


@pytest.fixture
async def signed_in(database: Database, clock: FixedClock) -> Session:
    """The session of somebody who has signed in, as a page of theirs has loaded it."""
    now = clock.now()
    session = Session(sessions.new_token(), now, now)
    session.sign_in(example.DOCTOR_ID, now)
    async with database.connection() as db:
        await db.execute("delete from sessions")
        await sessions.store(db, session, now, TERMS)
        loaded, _ = await sessions.load(db, session.token, now, TERMS)
    return loaded


class TestEndedMeanwhile:
    async def test_page_keeps_something_then_nobody_is_signed_in(
        self, signed_in: Session, database: Database, clock: FixedClock
    ) -> None:
        now = clock.now()
        async with database.connection() as db:
            await sessions.end_all(db, example.DOCTOR_ID)
            signed_in.put("seen", "something")
            await sessions.save(db, signed_in, now, TERMS)
            again, _ = await sessions.load(db, signed_in.token, now, TERMS)
        assert (again.user_id, again.ended) == (None, sessions.Why.ELSEWHERE)

    async def test_signed_out_in_another_tab_then_nobody_is_signed_in(
        self, signed_in: Session, database: Database, clock: FixedClock
    ) -> None:
        now = clock.now()
        async with database.connection() as db:
            other, _ = await sessions.load(db, signed_in.token, now, TERMS)
            other.sign_out(now)
            await sessions.save(db, other, now, TERMS)
            signed_in.put("seen", "something")
            await sessions.save(db, signed_in, now + timedelta(seconds=1), TERMS)
            again, _ = await sessions.load(db, signed_in.token, now, TERMS)
        assert again.user_id is None
