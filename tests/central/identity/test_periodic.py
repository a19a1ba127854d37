"""Small works of the door: tokens of old passwords end at night, what is over is deleted, people are reminded."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.central import identity
from esoz.kernel.db import Connection
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Dependencies, NeedsExternal, Work
from tests.central.conftest import NOW
from tests.factories.world import World

EMAIL, PASSWORD = "petro@clinic.example", "Дуже-довгий-пароль-1"
NIGHT = NOW.replace(hour=0)  # two or three o'clock in Kyiv


@pytest.fixture
async def user_id(work: Work) -> UUID:
    return (await identity.create_user(work, email=EMAIL, password=PASSWORD)).id


def at(work: Work, **later: int) -> Work:
    return Work(NOBODY, NIGHT + timedelta(**later), work.db, work.dependencies)


async def asked_again(act: Callable[[], Awaitable[identity.IssuedToken]]) -> identity.IssuedToken:
    """As the request pipeline does: what has to be asked for outside is awaited, then the act begins anew."""
    try:
        return await act()
    except NeedsExternal as need:
        await need.asking()
    return await act()


async def task(name: str, work: Work) -> None:
    await next(act for known, _, act in identity.periodic_tasks if known == name)(work)


async def live(db: Connection, user_id: UUID, work: Work) -> int:
    count: int = await db.fetchval(
        "select count(*) from tokens where user_id = $1 and expires_at > $2", user_id, work.now
    )
    return count


# AUTH-9
class TestOldPasswords:
    async def test_their_tokens_end_at_night(self, work: Work, db: Connection, user_id: UUID, world: World) -> None:
        await identity.issue_access(work, user_id, world.doctor.client_id, frozenset({"a:b"}), None)
        await db.execute("update tokens set expires_at = $1", NOW + timedelta(days=365))
        before, after = at(work, days=90), at(work, days=91)
        await task("tokens of old passwords", before)
        assert await live(db, user_id, before) == 2
        day = Work(NOBODY, after.now + timedelta(hours=10), db, work.dependencies)
        await task("tokens of old passwords", day)
        assert await live(db, user_id, day) == 2
        await task("tokens of old passwords", after)
        assert await live(db, user_id, after) == 0

    async def test_tokens_of_who_signs_stay(self, work: Work, db: Connection, user_id: UUID, world: World) -> None:
        origin = identity.Origin(method=identity.Method.SIGNATURE)
        await identity.issue_access(work, user_id, world.doctor.client_id, frozenset(), None, origin=origin)
        await db.execute("update tokens set expires_at = $1", NOW + timedelta(days=365))
        await task("tokens of old passwords", at(work, days=91))
        assert await live(db, user_id, at(work, days=91)) == 2

    async def test_term_of_zero_turns_it_off(
        self, work: Work, db: Connection, user_id: UUID, world: World, dependencies: Dependencies
    ) -> None:
        await identity.issue_access(work, user_id, world.doctor.client_id, frozenset(), None)
        await db.execute("update tokens set expires_at = $1", NOW + timedelta(days=365))
        free = replace(dependencies, settings=Settings({"ESOZ_PASSWORD_DAYS": "0"}))
        later = Work(NOBODY, NIGHT + timedelta(days=300), db, free)
        await task("tokens of old passwords", later)
        assert await live(db, user_id, later) == 2
        issued = await asked_again(lambda: identity.log_in(later, EMAIL, PASSWORD, world.doctor.client_id))
        assert issued.days_left is None


class TestReminders:
    async def test_are_sent_once_for_each_of_their_days(self, work: Work, db: Connection, user_id: UUID) -> None:
        counts = []
        for day in (74, 75, 76, 82, 83, 86, 88, 89, 90):
            await task("password reminders", at(work, days=day, hours=11))
            counts.append(await db.fetchval("select count(*) from messages where recipient = $1", EMAIL))
        assert counts == [0, 1, 1, 2, 2, 3, 4, 4, 4]


# AUTH-33
class TestCleanUp:
    async def test_tokens_go_thirty_days_after_their_end(
        self, work: Work, db: Connection, user_id: UUID, world: World
    ) -> None:
        await identity.issue_access(work, user_id, world.doctor.client_id, frozenset(), None)
        await db.execute("update tokens set expires_at = $2 where user_id = $1", user_id, NIGHT)
        count = "select count(*) from tokens where user_id = $1"
        await task("sign-in clean-up", at(work, days=30))
        assert await db.fetchval(count, user_id) == 2
        await task("sign-in clean-up", at(work, days=30, seconds=1))
        assert await db.fetchval(count, user_id) == 0

    async def test_counted_failures_go_with_their_window(self, work: Work, db: Connection) -> None:
        with pytest.raises(identity.errors.InvalidCredentials):
            await asked_again(lambda: identity.log_in(work, "nobody@clinic.example", "x", None))
        await task("sign-in clean-up", Work(NOBODY, NOW + timedelta(minutes=11), db, work.dependencies))
        assert await db.fetchval("select count(*) from login_failures") == 0
