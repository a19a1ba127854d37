"""Many lives of a prescription: whatever two pharmacies do in whatever order, what must hold holds.

Never more is with the patient than was prescribed, no code works beyond the quantity, a redeemed prescription is one
that is dispensed in full, statistics tell what is there, and amounts are exact.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esoz.central import statistics
from esoz.central.prescriptions import periodic
from esoz.central.prescriptions.commands import dispenses, returns
from esoz.central.prescriptions.content.dispenses import for_pharmacies
from esoz.central.prescriptions.model.dispenses import DispenseDetail, Handover
from esoz.central.prescriptions.queries import pharmacies
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.kernel.db import Connection
from esoz.kernel.errors import Problem
from esoz.kernel.work import NOBODY, Actor, Dependencies, Work
from tests.central.conftest import NOW
from tests.factories.prescriptions import Dispensing, wrong
from tests.factories.world import Caller

PRESCRIBED = Decimal(20)
FAST, SLOW = 200, 10_000
ACTIONS = (*("hold",) * 5, *("process",) * 4, *("take_back",) * 3, "reject", "guess", "wait", "chores")
STEPS = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 3), st.integers(0, 1)), max_size=14)
BY_HAND = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=FAST)
QUANTITIES = (Decimal(10), Decimal(20), Decimal("10.5"), Decimal(30))
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=16), timedelta(days=1))


@dataclass
class Life:
    """What two pharmacies do by one prescription, one act after another."""

    db: Connection
    dependencies: Dependencies
    pharmacists: tuple[Caller, Caller]
    request_id: UUID
    medication_id: UUID
    code: str
    now: datetime = NOW
    made: list[tuple[UUID, int]] = field(default_factory=list)  # dispense, pharmacy
    done: int = 0

    def work(self, caller: Caller | None = None) -> Work:
        actor = NOBODY
        if caller is not None:
            actor = Actor(user_id=caller.user_id, client_id=caller.client_id, client_type="PHARMACY")
        return Work(actor, self.now, self.db, self.dependencies)

    async def step(self, action: str, number: int, pharmacy: int) -> None:
        """One act; a refusal is as good as its being done, and takes back what was written unless it keeps it."""
        act: Callable[[int, int], Awaitable[None]] = getattr(self, f"_{action}")
        transaction = self.db.transaction()
        await transaction.start()
        try:
            await act(number, pharmacy)
        except Problem as refusal:
            assert refusal.status < 500, refusal
            await (transaction.commit() if refusal.keeps else transaction.rollback())
        else:
            await transaction.commit()
            self.done += 1

    def _handover(self, caller: Caller, quantity: Decimal) -> Handover:
        assert caller.division_id is not None
        return Handover(
            medication_request_id=self.request_id,
            dispensed_at=self.work().today,
            division_id=caller.division_id,
            medical_program_id=ANTIBIOTICS_PROGRAMME,
            details=(DispenseDetail(medication_id=self.medication_id, medication_qty=quantity),),
        )

    async def _hold(self, number: int, pharmacy: int) -> None:
        caller = self.pharmacists[pharmacy]
        made, _ = await dispenses.create(self.work(caller), self._handover(caller, QUANTITIES[number]), self.code)
        self.made.append((made.id, pharmacy))

    async def _guess(self, number: int, pharmacy: int) -> None:
        caller = self.pharmacists[pharmacy]
        await dispenses.create(self.work(caller), self._handover(caller, QUANTITIES[number]), wrong(self.code))
        raise AssertionError("a wrong code was taken")

    async def _shown(self, number: int) -> tuple[UUID, Caller, dict[str, Any]] | None:
        if not self.made:
            return None
        id, pharmacy = self.made[-1 - number % len(self.made)]
        caller = self.pharmacists[pharmacy]
        view = await pharmacies.find_dispense(self.work(caller), id)
        return id, caller, msgspec.to_builtins(for_pharmacies(*view))

    async def _process(self, number: int, _pharmacy: int) -> None:
        if (found := await self._shown(number)) is not None:
            id, caller, shown = found
            document = caller.sign(shown | {"payment_amount": 12.34}, at=self.now)
            await dispenses.process(self.work(caller), id, document)

    async def _reject(self, number: int, _pharmacy: int) -> None:
        if (found := await self._shown(number)) is not None:
            await dispenses.reject(self.work(found[1]), found[0])

    async def _take_back(self, number: int, pharmacy: int) -> None:
        """The half of it, or all that is left."""
        if (found := await self._shown(number)) is not None:
            id, caller, shown = found
            why: dict[str, Any] = {"return_reason_code": "DEFECT"}
            if pharmacy:
                line = shown["details"][0]["program_medication_id"]
                why["returned"] = [{"program_medication_id": line, "medication_qty": 10}]
            await returns.take_back(self.work(caller), id, caller.sign(shown | why, at=self.now))

    async def _wait(self, number: int, _pharmacy: int) -> None:
        self.now += WAITS[number]

    async def _chores(self, _number: int, _pharmacy: int) -> None:
        for _, _, task in periodic.periodic_tasks:
            await task(self.work())

    async def must_hold(self) -> None:
        """What is true after each step."""
        rows = await self.db.fetch("select status, quantity, returned_quantity, held_until from medication_dispenses")
        given = sum((row["quantity"] - row["returned_quantity"] for row in rows if row["status"] == "PROCESSED"), ZERO)
        held = sum((row["quantity"] for row in rows if row["status"] == "NEW" and row["held_until"] > self.now), ZERO)
        assert given + held <= PRESCRIBED
        assert all(ZERO <= row["returned_quantity"] <= row["quantity"] for row in rows)
        assert all(row["returned_quantity"] == row["quantity"] for row in rows if row["status"] == "RETURNED")
        status = await self.db.fetchval("select status from medication_requests where id = $1", self.request_id)
        assert (status == "COMPLETED") == (given == PRESCRIBED)
        processed = sum(row["status"] == "PROCESSED" for row in rows)
        assert await statistics.totals(self.db) == statistics.Totals(1, int(status == "COMPLETED"), processed)


ZERO = Decimal(0)


@pytest.fixture
async def start(
    *,
    db: Connection,
    dependencies: Dependencies,
    dispensing: Dispensing,
    prescription: dict,
    code: str,
    other_pharmacist: Caller,
) -> Life:
    """Twenty capsules, and two pharmacies that sell them by ten."""
    both = (dispensing.pharmacist, other_pharmacist)
    return Life(db, dependencies, both, UUID(prescription["id"]), dispensing.medication_id, code)


async def lived(start: Life, steps: list[tuple[str, int, int]]) -> int:
    """Live through a history in a transaction of its own; return how many acts were done."""
    life = replace(start, made=[], done=0, now=NOW)
    transaction = start.db.transaction()
    await transaction.start()
    try:
        for action, number, pharmacy in steps:
            await life.step(action, number, pharmacy)
            await life.must_hold()
    finally:
        await transaction.rollback()
    return life.done


# MD-6, MD-9, MD-10, MD-11, MD-12
@given(steps=STEPS)
@BY_HAND
async def test_life_when_lived_then_never_more_than_prescribed(start: Life, steps: list[tuple[str, int, int]]) -> None:
    await lived(start, steps)


@pytest.mark.slow
@given(steps=STEPS)
@settings(BY_HAND, max_examples=SLOW)
async def test_many_lives_when_lived_then_the_same(start: Life, steps: list[tuple[str, int, int]]) -> None:
    await lived(start, steps)


async def test_usual_life_is_really_lived(start: Life) -> None:
    """The steps do what they say: half is given, taken back, and everything given at last."""
    half = [("hold", 0, 0), ("process", 0, 0), ("take_back", 0, 0)]
    parts = [("hold", 1, 1), ("process", 0, 0), ("take_back", 0, 1), ("hold", 0, 0), ("process", 0, 0)]
    assert await lived(start, [*half, *parts, ("wait", 1, 0), ("chores", 0, 0)]) == 10
