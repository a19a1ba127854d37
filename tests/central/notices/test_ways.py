"""Telling patients by one way after another: the chain, silence, late words, a dead provider, what is kept."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.central.app import make_dependencies
from esoz.central.notices import periodic
from esoz.central.notices.commands import tell
from esoz.central.notices.model import Kind, Letter
from esoz.central.people import AuthenticationType, ContactMethod
from esoz.kernel.clock import FixedClock, new_id
from esoz.kernel.db import Connection
from esoz.kernel.settings import Settings
from esoz.kernel.work import Dependencies, Work
from tests.factories.world import World

PHONE = "+380671234567"
SILENCE = timedelta(seconds=300)
SETTINGS = Settings({"ESOZ_DIIA_PUSH_URL": "https://diia.example", "ESOZ_VIBER_URL": "https://viber.example"})
NEWEST = "select id from messages where channel = $1 order by inserted_at desc, id desc limit 1"


class Telling:
    """Tells the patient of the world, and plays the providers."""

    def __init__(self, work: Work, clock: FixedClock, person_id: UUID, settings: Settings = SETTINGS) -> None:
        self.work, self.clock, self.person_id = work, clock, person_id
        self.dependencies = replace(work.dependencies, settings=settings)
        self.resource_id = new_id()

    @property
    def db(self) -> Connection:
        return self.work.db

    def now(self) -> Work:
        return Work(self.work.actor, self.clock.now(), self.work.db, self.dependencies)

    async def tell(self, contact: ContactMethod | None = None, *, urgent: bool = False) -> None:
        letter = Letter(
            person_id=self.person_id,
            contact=contact or ContactMethod(AuthenticationType.OTP, PHONE),
            kind=Kind.PRESCRIPTION_CREATED,
            resource_id=self.resource_id,
            text="Ваш рецепт. Код: 4321",
            urgent=urgent,
        )
        await tell(self.now(), letter)

    async def look(self) -> None:
        await periodic.pass_on(self.now())

    async def word(self, way: str, **facts: object) -> None:
        """What a provider says of the message that it has."""
        id = await self.db.fetchval(NEWEST, way)
        for column, value in facts.items():
            await self.db.execute(f"update messages set {column} = $2 where id = $1", id, value)
        await self.look()

    async def channels(self) -> list[str]:
        rows = await self.db.fetch(
            "select m.channel, m.status from messages m join notice_ways w on w.message_id = m.id order by w.place"
        )
        return [f"{row['channel']} {row['status']}" for row in rows]

    async def fate(self) -> tuple[str, list[str]]:
        notice = await self.db.fetchrow("select id, state from notices")
        rows = await self.db.fetch("select way, outcome from notice_ways order by place")
        return notice["state"], [f"{row['way']} {row['outcome']}" for row in rows]


@pytest.fixture
async def telling(world: World, work: Work, clock: FixedClock) -> Telling:
    assert world.patient.person_id is not None
    await work.db.execute("delete from messages")
    return Telling(work, clock, world.patient.person_id)


# NT-1
class TestFirstWay:
    async def test_with_all_ways_then_push_alone_to_the_tax_id(self, telling: Telling) -> None:
        await telling.tell()
        [row] = await telling.db.fetch("select channel, recipient, body from messages")
        tax_id = await telling.db.fetchval("select tax_id from persons where id = $1", telling.person_id)
        assert tuple(row) == ("push", tax_id, "Ваш рецепт. Код: 4321")

    async def test_without_a_tax_id_then_viber(self, telling: Telling) -> None:
        await telling.db.execute("update persons set tax_id = null where id = $1", telling.person_id)
        await telling.tell()
        assert await telling.channels() == ["viber waiting"]

    async def test_by_the_telephone_of_another_then_no_push(self, telling: Telling) -> None:
        await telling.tell(ContactMethod(AuthenticationType.THIRD_PERSON, PHONE))
        assert await telling.channels() == ["viber waiting"]

    async def test_when_only_sms_is_set_up_then_sms(self, telling: Telling) -> None:
        telling.dependencies = replace(telling.dependencies, settings=Settings({}))
        await telling.tell()
        assert await telling.channels() == ["sms waiting"]

    async def test_without_a_telephone_then_nothing(self, telling: Telling) -> None:
        await telling.tell(ContactMethod(AuthenticationType.OFFLINE, None))
        assert await telling.channels() == [] and await telling.db.fetchval("select count(*) from notices") == 0


# NT-2
class TestPassing:
    async def test_delivered_then_over_and_nothing_is_kept_of_the_text(self, telling: Telling) -> None:
        await telling.tell()
        await telling.word("push", status="sent", delivery="delivered")
        assert await telling.fate() == ("delivered", ["push delivered"])
        row = await telling.db.fetchrow("select sealed, ways, look_at, ended_at from notices")
        assert tuple(row) == (b"", [], None, telling.clock.now())

    async def test_text_and_address_while_under_way_then_sealed(self, telling: Telling) -> None:
        await telling.tell()
        row = await telling.db.fetchrow("select n.sealed, w.address from notices n, notice_ways w")
        assert b"4321" not in row["sealed"] and PHONE.encode() not in row["sealed"]
        assert row["address"].startswith("********")

    async def test_refused_at_once_then_the_next_without_waiting(self, telling: Telling) -> None:
        await telling.tell()
        await telling.word("push", status="failed", delivery="failed")
        assert await telling.channels() == ["push failed", "viber waiting"]
        await telling.word("viber", status="sent", delivery="failed")
        assert await telling.channels() == ["push failed", "viber sent", "sms waiting"]
        await telling.word("sms", status="sent")
        assert await telling.fate() == ("sent", ["push failed", "viber failed", "sms sent"])

    async def test_silent_then_passed_on_at_the_end_of_its_time_and_not_before(self, telling: Telling) -> None:
        await telling.tell()
        await telling.word("push", status="sent")
        telling.clock.forward(SILENCE - timedelta(seconds=1))
        await telling.look()
        assert await telling.channels() == ["push sent"]
        telling.clock.forward(timedelta(seconds=1))
        await telling.look()
        assert await telling.fate() == ("under_way", ["push silent", "viber under_way"])

    async def test_urgent_then_after_a_shorter_silence(self, telling: Telling) -> None:
        await telling.tell(urgent=True)
        telling.clock.forward(timedelta(seconds=30))
        await telling.look()
        assert await telling.channels() == ["push withdrawn", "viber waiting"]
        assert await telling.db.fetchval("select urgent from messages where channel = 'viber'")

    async def test_provider_that_is_away_then_its_message_is_withdrawn(self, telling: Telling) -> None:
        await telling.tell()
        telling.clock.forward(SILENCE)
        await telling.look()
        row = await telling.db.fetchrow("select status, body from messages where channel = 'push'")
        assert tuple(row) == ("withdrawn", "")

    async def test_last_way_then_waited_for_without_end(self, telling: Telling) -> None:
        telling.dependencies = replace(telling.dependencies, settings=Settings({}))
        await telling.tell()
        telling.clock.forward(timedelta(days=3))
        await telling.look()
        assert await telling.fate() == ("under_way", ["sms under_way"])
        await telling.word("sms", status="failed")
        assert await telling.fate() == ("failed", ["sms failed"])

    async def test_looked_at_twice_then_one_way_at_a_time(self, telling: Telling) -> None:
        await telling.tell()
        telling.clock.forward(SILENCE)
        await telling.look()
        await telling.look()
        assert await telling.channels() == ["push withdrawn", "viber waiting"]

    async def test_sealed_with_another_secret_then_over_and_the_others_go_on(self, telling: Telling) -> None:
        await telling.tell()
        await telling.db.execute("update notices set sealed = decode(repeat('ab', 40), 'hex')")
        await telling.tell()
        await telling.db.execute("update messages set status = 'failed', delivery = 'failed'")
        await telling.look()
        states = await telling.db.fetch("select state from notices order by state")
        assert [row["state"] for row in states] == ["failed", "under_way"]


def test_ways_that_are_none_then_refused_at_start(dependencies: Dependencies) -> None:
    settings = Settings({"ESOZ_MESSAGE_WAYS": "push,pigeon"})
    with pytest.raises(ValueError, match="pigeon"):
        make_dependencies(dependencies.objects, dependencies.verifier, b"s", settings)


# NT-3
class TestLateWord:
    async def test_of_an_earlier_way_then_it_told_and_the_later_one_is_given_up(self, telling: Telling) -> None:
        await telling.tell()
        await telling.word("push", status="sent")
        telling.clock.forward(SILENCE)
        await telling.look()
        await telling.word("push", delivery="delivered")
        assert await telling.fate() == ("delivered", ["push delivered", "viber given_up"])
        assert await telling.channels() == ["push sent", "viber withdrawn"]

    async def test_after_the_end_then_nothing_changes(self, telling: Telling) -> None:
        await telling.tell()
        await telling.word("push", status="sent")
        telling.clock.forward(SILENCE)
        await telling.look()
        await telling.word("viber", status="sent", delivery="delivered")
        await telling.word("push", delivery="delivered")
        assert await telling.fate() == ("delivered", ["push silent", "viber delivered"])
