"""Many histories of people and their doctors: whatever is done in whatever order, what must hold holds.

Never two live declarations of a person, never more than the limit of a doctor, no count that is wrong, no signed
document that is lost.
"""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esoz.central import people, uploads
from esoz.central.declarations import periodic
from esoz.central.declarations.commands import declarations, requests, signing, verification
from esoz.central.declarations.model import NewRequest
from esoz.central.people import AuthenticationDetails, AuthenticationType
from esoz.kernel import documents
from esoz.kernel.db import Connection
from esoz.kernel.errors import Problem
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Actor, Dependencies, Work
from tests.central.conftest import NOW
from tests.factories.people import make_adult
from tests.factories.scans import jpeg
from tests.factories.world import Caller, World

LIMIT = 2
FAST, SLOW = 200, 10_000
ON_PAPER = (AuthenticationDetails(type=AuthenticationType.OFFLINE),)
ACTIONS = (
    *("create",) * 4,
    *("approve",) * 4,
    *("sign",) * 4,
    "reject",
    "resend",
    "end",
    "wait",
    "chores",
    "verify",
    "refuse",
    "dismiss",
)
STEPS = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 3), st.integers(0, 1)), max_size=14)
BY_HAND = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=FAST)


@dataclass
class History:
    """What is done, one act after another, by two doctors of two clinics and four people."""

    db: Connection
    dependencies: Dependencies
    doctors: tuple[Caller, ...]
    persons: tuple[people.Person, ...]
    now: datetime = NOW
    asked: list[tuple[UUID, int, int]] = field(default_factory=list)  # request, person, doctor
    signed: dict[UUID, str] = field(default_factory=dict)  # declaration, text of what was signed
    done: int = 0

    def work(self, doctor: Caller | None = None) -> Work:
        actor = NOBODY
        if doctor is not None:
            actor = Actor(user_id=doctor.user_id, client_id=doctor.client_id, client_type="PRIMARY_CARE")
        return Work(actor, self.now, self.db, self.dependencies)

    async def step(self, action: str, person: int, doctor: int) -> None:
        """One act; a refusal is as good as its being done, and takes back what was written."""
        act: Callable[[int, int], Awaitable[None]] = getattr(self, f"_{action}")
        try:
            async with self.db.transaction():
                await act(person, doctor)
            self.done += 1
        except Problem as refusal:
            assert refusal.status < 500, refusal

    async def _create(self, person: int, doctor: int) -> None:
        caller = self.doctors[doctor]
        assert caller.employee_id is not None and caller.division_id is not None
        new = NewRequest(self.persons[person].id, caller.employee_id, caller.division_id)
        made = await requests.create(self.work(caller), new)
        self.asked.append((made.request.id, person, doctor))

    async def _approve(self, _person: int, _doctor: int) -> None:
        if not self.asked:
            return
        id, person, doctor = self.asked[-1 - _person % len(self.asked)]
        work = self.work(self.doctors[doctor])
        for each in await uploads.of_request(work, "declaration_requests", id):
            await uploads.receive(work, uploads.Place("declaration_requests", id, each.type), jpeg())
        await requests.approve(work, id, await self._code(person))

    async def _code(self, person: int) -> str | None:
        method = (await people.authentication_methods(self.db, self.persons[person].id))[0]
        query = "select body from messages where urgent and recipient = $1 order by inserted_at desc, id desc limit 1"
        body = await self.db.fetchval(query, method.phone_number)
        return re.search(r"\d{4}", body)[0] if body else None  # type: ignore[index] # the text has a code in it

    async def _sign(self, _person: int, _doctor: int) -> None:
        if not self.asked:
            return
        id, _, doctor = self.asked[-1 - _person % len(self.asked)]
        stored = await self.db.fetchval("select data_to_be_signed from declaration_requests where id = $1", id)
        if stored is None:
            return
        document: dict[str, Any] = dict(stored if isinstance(stored, dict) else json.loads(stored))
        document["person"] = document["person"] | {"patient_signed": True}
        caller = self.doctors[doctor]
        made = await signing.sign(self.work(caller), id, caller.sign(document, at=self.now))
        self.signed[made.id] = document["content"]

    async def _reject(self, person: int, _doctor: int) -> None:
        if self.asked:
            id, _, doctor = self.asked[-1 - person % len(self.asked)]
            await requests.reject(self.work(self.doctors[doctor]), id)

    async def _resend(self, person: int, _doctor: int) -> None:
        if self.asked:
            id, _, doctor = self.asked[-1 - person % len(self.asked)]
            await requests.resend_code(self.work(self.doctors[doctor]), id)

    async def _end(self, person: int, _doctor: int) -> None:
        for id in self.signed:
            await declarations.terminate_own(self.work(), self.persons[person].id, id, None)

    async def _wait(self, person: int, _doctor: int) -> None:
        self.now += (timedelta(minutes=1), timedelta(hours=1), timedelta(hours=13), timedelta(days=1))[person]

    async def _chores(self, _person: int, _doctor: int) -> None:
        for _, _, task in periodic.periodic_tasks:
            await task(self.work())

    async def _verify(self, person: int, _doctor: int) -> None:
        if self.signed:
            await verification.verify(self.work(), list(self.signed)[-1 - person % len(self.signed)])

    async def _refuse(self, person: int, _doctor: int) -> None:
        if self.signed:
            await verification.reject(self.work(), list(self.signed)[-1 - person % len(self.signed)])

    async def _dismiss(self, _person: int, doctor: int) -> None:
        employee_id = self.doctors[doctor].employee_id
        assert employee_id is not None
        await declarations.end_of_employee(self.work(), employee_id, reason="manual_employee_deactivate", most=100)

    async def must_hold(self) -> None:
        """What is true after each step."""
        twice = await self.db.fetch(f"select person_id from declarations where {LIVE} group by 1 having count(*) > 1")
        assert twice == []
        counts = await self.db.fetch(COUNTS)
        assert [row for row in counts if row["declaration_count"] != row["live"]] == []
        assert [row for row in counts if row["live"] > LIMIT] == []
        kept = await self.db.fetch("select id, signed_document, content from declarations where signed_document <> ''")
        assert {row["id"] for row in kept} == set(self.signed)
        for row in kept:
            assert row["content"] == self.signed[row["id"]]
            assert await documents.read(self.db, self.dependencies.objects, row["signed_document"])


LIVE = "status in ('active', 'pending_verification')"
COUNTS = f"""
select p.id, p.declaration_count, (select count(*) from declarations d join employees e on e.id = d.employee_id
    where e.party_id = p.id and d.{LIVE}) as live from parties p
"""


@pytest.fixture
async def start(db: Connection, dependencies: Dependencies, world: World, work: Work) -> History:
    """Four people without a doctor, one of them without a phone, one without a tax id; doctors of two places each."""
    limited = replace(dependencies, settings=Settings({"ESOZ_DECLARATION_LIMITS": f"FAMILY_DOCTOR={LIMIT}"}))
    persons = (
        await make_adult(work, 1),
        await make_adult(work, 2),
        await make_adult(work, 3, authentication_methods=ON_PAPER),
        await make_adult(work, 4, tax_id=None, no_tax_id=True),
    )
    return History(db, limited, (world.doctor, world.foreign_doctor), persons)


async def lived(start: History, steps: list[tuple[str, int, int]]) -> int:
    """Live through a history in a transaction of its own; return how many acts were done."""
    history = replace(start, asked=[], signed={}, done=0, now=NOW)
    transaction = start.db.transaction()
    await transaction.start()
    try:
        for action, person, doctor in steps:
            await history.step(action, person, doctor)
            await history.must_hold()
    finally:
        await transaction.rollback()
    return history.done


# DC-1, DC-2, DC-17, DC-21, DC-23
@given(steps=STEPS)
@BY_HAND
async def test_history_when_lived_then_one_doctor_a_place_and_every_document(
    start: History, steps: list[tuple[str, int, int]]
) -> None:
    await lived(start, steps)


@pytest.mark.slow
@given(steps=STEPS)
@settings(BY_HAND, max_examples=SLOW)
async def test_many_histories_when_lived_then_the_same(start: History, steps: list[tuple[str, int, int]]) -> None:
    await lived(start, steps)


async def test_usual_history_is_really_lived(start: History) -> None:
    """The steps do what they say: one comes in with a code, one with papers, the first changes the doctor."""
    first = [(action, 0, 0) for action in ("create", "approve", "sign")]
    on_paper = [("create", 2, 1), ("approve", 0, 0), ("sign", 0, 0), ("verify", 0, 0)]
    change = [("create", 0, 1), ("approve", 0, 0), ("sign", 0, 0)]
    assert await lived(start, [*first, *on_paper, *change]) == 10
