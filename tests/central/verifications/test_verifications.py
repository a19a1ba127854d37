"""A telephone is verified with a code by SMS: its tries, its life, its limits."""

import asyncio
from datetime import timedelta

import pytest

from esoz.central import verifications
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.outbox import Delivery, DeliveryPoller, Message, OutboxSender
from esoz.kernel.work import NOBODY, Work
from tests.central.answers import answered, faults, refused
from tests.factories.world import Caller, World

PHONE = "+380671234567"
ONE = f"/api/verifications/{PHONE}"
COMPLETE = f"{ONE}/actions/complete"


async def sent(db: Connection) -> str:
    body: str = await db.fetchval("select body from messages where channel = 'sms' order by inserted_at desc, id desc")
    assert body.startswith("Код авторизації дій в системі eHealth: ")
    return body.rpartition(" ")[2]


async def start(caller: Caller) -> int:
    """Ask for a code; a code that is wrong for sure."""
    answered(await caller.post("/api/verifications", {"phone_number": PHONE}))
    return 0


# OT-6
class TestStart:
    # OT-8
    async def test_sends_a_code_of_four_digits_and_keeps_its_hash_only(self, doctor: Caller, db: Connection) -> None:
        data = answered(await doctor.post("/api/verifications", {"phone_number": PHONE}))["data"]
        assert (data["status"], data["active"]) == ("NEW", True)
        assert data["code_expired_at"] == "2026-11-22T10:15:00Z"
        code = await sent(db)
        assert (len(code), code.isdigit(), code[0] != "0") == (4, True, True)
        row = await db.fetchrow("select * from verifications")
        assert (len(row["code_hash"]), code in str(row["code_hash"])) == (32, False)

    async def test_of_no_telephone_is_refused_at_its_field(self, doctor: Caller) -> None:
        assert faults(await doctor.post("/api/verifications", {"phone_number": "0671234567"}))[0][0] == "$.phone_number"

    # OT-3
    async def test_new_code_ends_the_one_before(self, doctor: Caller, db: Connection, clock: FixedClock) -> None:
        await start(doctor)
        old = await sent(db)
        clock.forward(timedelta(seconds=1))
        await start(doctor)
        if old != await sent(db):
            refused(await doctor.patch(COMPLETE, {"code": int(old)}), 403, "forbidden", "Invalid verification code")
        assert await db.fetch("select status from verifications order by inserted_at") == [("CANCELED",), ("NEW",)]

    # OT-4
    async def test_fourth_of_a_minute_and_eleventh_of_an_hour_are_not_sent(
        self, doctor: Caller, clock: FixedClock
    ) -> None:
        for _ in range(3):
            await start(doctor)
        response = await doctor.post("/api/verifications", {"phone_number": PHONE})
        refused(response, 429, "too_many_requests", "too many requests")
        for _ in range(7):
            clock.forward(timedelta(minutes=1))
            await start(doctor)
        clock.forward(timedelta(minutes=1))
        assert (await doctor.post("/api/verifications", {"phone_number": PHONE})).headers["retry-after"] == "3600"

    async def test_without_scope_is_forbidden(self, pharmacist: Caller) -> None:
        refused(await pharmacist.post("/api/verifications", {"phone_number": PHONE}), 403, "forbidden")


# OT-2, OT-7
class TestComplete:
    # OT-5
    async def test_right_code_verifies_for_good(self, doctor: Caller, db: Connection, clock: FixedClock) -> None:
        await start(doctor)
        data = answered(await doctor.patch(COMPLETE, {"code": int(await sent(db))}))["data"]
        assert (data["status"], data["active"]) == ("VERIFIED", True)
        clock.forward(timedelta(days=29))
        assert answered(await doctor.get(ONE))["data"] == {"phone_number": PHONE}

    async def test_code_works_once(self, doctor: Caller, db: Connection) -> None:
        await start(doctor)
        code = await sent(db)
        await doctor.patch(COMPLETE, {"code": int(code)})
        refused(await doctor.patch(COMPLETE, {"code": int(code)}), 404, "not_found")

    async def test_three_wrong_tries_close_the_code(self, doctor: Caller, db: Connection) -> None:
        wrong = await start(doctor)
        for _ in range(2):
            refused(await doctor.patch(COMPLETE, {"code": wrong}), 403, "forbidden", "Invalid verification code")
        for code in (wrong, int(await sent(db))):
            refused(await doctor.patch(COMPLETE, {"code": code}), 403, "forbidden", "Maximum attempts exceed")
        assert await db.fetchval("select status from verifications") == "UNVERIFIED"

    async def test_lives_fifteen_minutes(self, doctor: Caller, db: Connection, clock: FixedClock, work: Work) -> None:
        await start(doctor)
        code = await sent(db)
        clock.forward(timedelta(minutes=15))
        for name, task in [(None, None), *((name, task) for name, _, task in verifications.periodic_tasks)]:
            if name and task:
                await task(Work(NOBODY, clock.now(), db, work.dependencies))
            refused(await doctor.patch(COMPLETE, {"code": int(code)}), 403, "forbidden", "Verification code expired")

    async def test_of_a_telephone_without_code_is_not_found(self, doctor: Caller) -> None:
        refused(await doctor.patch(COMPLETE, {"code": 1234}), 404, "not_found")

    async def test_parallel_wrong_tries_are_compared_three_times_at_most(
        self, fresh_world: World, fresh_database: Database
    ) -> None:
        wrong = await start(fresh_world.doctor)
        answers = await asyncio.gather(*(fresh_world.doctor.patch(COMPLETE, {"code": wrong}) for _ in range(10)))
        messages = [answer.json()["error"]["message"] for answer in answers]
        assert messages.count("Invalid verification code") == 2
        assert messages.count("Maximum attempts exceed") == 8
        async with fresh_database.connection() as db:
            assert await db.fetchval("select attempts from verifications") == 3


class TestSMS:
    BODY = {"factor": PHONE, "type": "SMS", "content_hash": "76dea970d89477ed03dc5289f297443c"}  # noqa: RUF012 nobody changes it

    async def test_unknown_telephone_gets_a_code_and_a_known_one_does_not(self, doctor: Caller, db: Connection) -> None:
        body = answered(await doctor.post("/api/sms_verifications", self.BODY))
        assert (body["data"], body["urgent"]) == ({"result": "OTP sent"}, {"next_step": "REQUEST_OTP"})
        await doctor.patch(COMPLETE, {"code": int(await sent(db))})
        assert answered(await doctor.post("/api/sms_verifications", self.BODY))["data"] == {"result": "Verified"}

    async def test_other_type_is_refused(self, doctor: Caller) -> None:
        assert faults(await doctor.post("/api/sms_verifications", self.BODY | {"type": "MAIL"}))[0][0] == "$.type"


class TestFind:
    async def test_of_unverified_telephone_is_not_found(self, doctor: Caller) -> None:
        refused(await doctor.get(ONE), 404, "not_found")


# OT-1
def test_codes_are_spread_over_all_nine_thousand() -> None:
    """BG-12: there were 729."""
    found = {verifications.model.new_code(lambda n, seed=seed: seed.to_bytes(n)) for seed in range(9000)}
    assert (len(found), min(found), max(found)) == (9000, "1000", "9999")


# AUTH-16, OT-6
class TestSending:
    async def test_provider_that_fails_delays_the_code_and_fails_no_request(
        self, doctor: Caller, db: Connection, database: Database, clock: FixedClock
    ) -> None:
        """OT-6."""

        async def fail(_message: Message) -> None:
            raise ConnectionError("no provider answers")

        answered(await doctor.post("/api/verifications", {"phone_number": PHONE}))
        postman = OutboxSender(database, {"sms": fail}, clock)
        assert await postman.deliver()
        assert tuple(await db.fetchrow("select status, attempts from messages")) == ("waiting", 1)
        answered(await doctor.patch(COMPLETE, {"code": int(await sent(db))}))


class TestDelivery:
    """OT-7: the provider is asked each minute what became of an SMS."""

    @pytest.fixture
    async def inquirer(self, doctor: Caller, database: Database, clock: FixedClock) -> DeliveryPoller:
        """Of a provider that took the SMS and tells what stands in `fates`."""

        async def take(_message: Message) -> str:
            return "m-1"

        answered(await doctor.post("/api/verifications", {"phone_number": PHONE}))
        await OutboxSender(database, {"sms": take}, clock).deliver()
        self.fates: list[Delivery | None] = []

        async def tell(receipt: str) -> Delivery | None:
            assert receipt == "m-1"
            if not self.fates:
                raise ConnectionError("no answer")
            return self.fates.pop()

        return DeliveryPoller(database, {"sms": tell}, clock)

    async def kept(self, db: Connection) -> str | None:
        fate: str | None = await db.fetchval("select delivery from messages")
        return fate

    async def test_known_fate_is_kept_and_asked_for_no_more(
        self, inquirer: DeliveryPoller, clock: FixedClock, db: Connection
    ) -> None:
        self.fates[:] = [Delivery.FAILED, Delivery.DELIVERED, None]
        assert await inquirer.ask() == 0  # not yet a minute
        for known in (0, 1, 0):
            clock.forward(timedelta(minutes=1))
            assert await inquirer.ask() == known
        assert await self.kept(db) == "delivered"
        assert self.fates == [Delivery.FAILED]

    async def test_silent_provider_is_asked_for_a_day(
        self, inquirer: DeliveryPoller, clock: FixedClock, db: Connection
    ) -> None:
        clock.forward(timedelta(minutes=1))
        assert await inquirer.ask() == 0
        clock.forward(timedelta(days=1))
        assert await inquirer.ask() == 1
        assert await self.kept(db) == "unknown"


# OT-7
class TestExpiry:
    async def test_code_that_is_over_becomes_expired_and_inactive(
        self, doctor: Caller, db: Connection, work: Work
    ) -> None:
        """OT-7."""
        await start(doctor)
        work.now += timedelta(minutes=15)
        for _, _, task in verifications.periodic_tasks:
            await task(work)
        assert await db.fetchval("select status from verifications") == "EXPIRED"
        refused(await doctor.patch(COMPLETE, {"code": 1234}), 403, "forbidden", "Verification code expired")
