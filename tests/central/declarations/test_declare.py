"""The choice of a doctor: its rules, the end of the choice before, the limit of a doctor."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from esoz.central import declarations, people, workforce
from esoz.central.declarations import Status
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import Conflict, NotFound, Rejected
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.conftest import NOW
from tests.factories.people import choice, make_adult
from tests.factories.world import Caller, World


async def count_of(db: Connection, doctor: Caller) -> int:
    assert doctor.employee_id is not None
    return (await workforce.find_employee(db, doctor.employee_id)).party.declaration_count


@pytest.fixture
async def person(work: Work) -> people.Person:
    return await make_adult(work)


class TestDeclare:
    async def test_makes_an_active_one_with_number_seed_and_history(
        self, work: Work, doctor: Caller, person: people.Person
    ) -> None:
        before = await count_of(work.db, doctor)
        made = await declarations.declare(work, choice(person.id, doctor))
        assert await declarations.find_declaration(work.db, made.id) == made
        assert (made.status, made.start_date, made.end_date) == (Status.ACTIVE, date(2026, 11, 22), date(2126, 11, 22))
        assert len(bytes.fromhex(made.seed)) == 32
        assert await declarations.has_active_declaration(work, person.id, legal_entity_id=doctor.client_id)
        assert await count_of(work.db, doctor) == before + 1
        history = await work.db.fetch(
            "select status, at from declaration_status_history where declaration_id = $1", made.id
        )
        assert [tuple(row) for row in history] == [("active", work.now)]

    async def test_ends_the_one_before_in_the_same_transaction(
        self, work: Work, world: World, person: people.Person
    ) -> None:
        """DC-21: at most one live declaration per person."""
        first = await declarations.declare(work, choice(person.id, world.doctor))
        counts = [await count_of(work.db, each) for each in (world.doctor, world.foreign_doctor)]
        second = await declarations.declare(work, choice(person.id, world.foreign_doctor))
        assert (await declarations.find_declaration(work.db, first.id)).status is Status.TERMINATED
        live = await declarations.live_declaration(work.db, person.id)
        assert live is not None
        assert live.id == second.id
        assert await count_of(work.db, world.doctor) == counts[0] - 1
        assert await count_of(work.db, world.foreign_doctor) == counts[1] + 1
        ours = world.doctor.client_id
        assert not await declarations.has_active_declaration(work, person.id, legal_entity_id=ours)
        assert await declarations.has_active_declaration(work, person.id, employee_ids=[second.employee_id])
        assert not await declarations.has_active_declaration(work, person.id, employee_ids=[first.employee_id])

    async def test_refused_one_leaves_the_one_before(self, work: Work, world: World, person: people.Person) -> None:
        first = await declarations.declare(work, choice(person.id, world.doctor))
        with pytest.raises(Rejected):
            await declarations.declare(
                work, choice(person.id, world.foreign_doctor, division_id=world.doctor.division_id)
            )
        assert (await declarations.find_declaration(work.db, first.id)).status is Status.ACTIVE

    async def test_of_several_at_once_one_is_live(
        self, fresh_database: Database, dependencies: Dependencies, world_template: tuple[str, World]
    ) -> None:
        world = world_template[1]
        person = world.persons[1]

        async def declare(doctor: Caller) -> None:
            for _ in range(3):  # the pipeline repeats a deadlock as well
                try:
                    async with fresh_database.transaction() as db:
                        await declarations.declare(Work(NOBODY, NOW, db, dependencies), choice(person.id, doctor))
                    return
                except asyncpg.DeadlockDetectedError:
                    continue

        await asyncio.gather(*(declare(each) for each in (world.doctor, world.foreign_doctor) * 3))
        async with fresh_database.connection() as db:
            rows = await db.fetch(
                "select status, count(*) from declarations where person_id = $1 group by 1", person.id
            )
            assert dict(map(tuple, rows)) == {"active": 1, "terminated": 5}
            live = await db.fetchval("select count(*) from declarations where status = 'active'")
            assert await db.fetchval("select sum(declaration_count) from parties") == live

    # DC-3
    @pytest.mark.parametrize(
        ("field", "words"),
        [("employee_id", "Employee does not exist"), ("division_id", "Division does not exist")],
    )
    async def test_unknown_things_are_named(
        self, work: Work, doctor: Caller, person: people.Person, field: str, words: str
    ) -> None:
        changes: dict[str, Any] = {field: UUID(int=1)}
        with pytest.raises(Rejected) as refusal:
            await declarations.declare(work, choice(person.id, doctor, **changes))
        assert [(fault.entry, fault.description) for fault in refusal.value.invalid] == [(f"$.{field}", words)]

    async def test_with_unknown_person_is_not_found(self, work: Work, doctor: Caller) -> None:
        with pytest.raises(NotFound):
            await declarations.declare(work, choice(UUID(int=1), doctor))

    # DC-3, DC-4, DC-5
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ("persons set is_active = false", "Person is not active"),
            ("employees set status = 'DISMISSED'", "Employee is not approved"),
            ("employees set employee_type = 'SPECIALIST'", "Employee ID must reference a doctor."),
            ("employees set speciality = 'PEDIATRICIAN'", "Doctor speciality doesn't match patient's age"),
            ("legal_entities set status = 'SUSPENDED'", "Legal entity is not active"),
            ("legal_entities set type = 'OUTPATIENT' where edrpou = '40000013'", "Invalid legal entity type"),
            ("divisions set status = 'INACTIVE'", "Division is not active"),
        ],
    )
    async def test_with_someone_who_may_not_is_refused(
        self, work: Work, doctor: Caller, person: people.Person, change: str, words: str
    ) -> None:
        await work.db.execute(f"update {change}")
        with pytest.raises((Conflict, Rejected)) as raised:
            await declarations.declare(work, choice(person.id, doctor))
        problem = raised.value
        told = [fault.description for fault in problem.invalid] or [problem.message]
        assert told == [words]

    # DC-22
    async def test_of_who_refused_the_tax_id_waits_for_verification(self, work: Work, doctor: Caller) -> None:
        person = await make_adult(work, tax_id=None, no_tax_id=True)
        made = await declarations.declare(work, choice(person.id, doctor))
        assert (made.status, made.reason) == (Status.PENDING_VERIFICATION, "no_tax_id")
        assert not await declarations.has_active_declaration(work, person.id)

    # DC-22
    async def test_on_paper_waits_for_verification(self, work: Work, doctor: Caller) -> None:
        by_papers = people.AuthenticationDetails(type=people.AuthenticationType.OFFLINE)
        person = await make_adult(work, authentication_methods=(by_papers,))
        made = await declarations.declare(work, choice(person.id, doctor))
        assert (made.status, made.reason) == (Status.PENDING_VERIFICATION, "offline")

    async def test_over_the_limit_is_refused_unless_said(
        self, work: Work, doctor: Caller, person: people.Person, db: Connection
    ) -> None:
        """DC-17: 1800 for a family doctor."""
        await db.execute("update parties set declaration_count = 1800")
        with pytest.raises(Rejected, match="This doctor has 1800 declarations and could not sign more"):
            async with db.transaction():
                await declarations.declare(work, choice(person.id, doctor))
        await declarations.declare(work, choice(person.id, doctor, overlimit=True))

    async def test_at_the_last_place_is_accepted_and_the_own_one_is_not_counted(
        self, work: Work, doctor: Caller, person: people.Person, db: Connection
    ) -> None:
        await db.execute("update parties set declaration_count = 1799")
        await declarations.declare(work, choice(person.id, doctor))
        await declarations.declare(work, choice(person.id, doctor))
        assert await count_of(db, doctor) == 1800


# DC-24
class TestTerminate:
    async def test_keeps_the_reason_and_frees_a_place(self, work: Work, doctor: Caller, person: people.Person) -> None:
        made = await declarations.declare(work, choice(person.id, doctor))
        count = await count_of(work.db, doctor)
        await declarations.terminate(work, made.id, reason="manual_person", reason_description="Переїзд")
        ended = await declarations.find_declaration(work.db, made.id)
        assert (ended.status, ended.reason, ended.reason_description) == (Status.TERMINATED, "manual_person", "Переїзд")
        assert await count_of(work.db, doctor) == count - 1
        history = await work.db.fetch(
            "select status, reason from declaration_status_history where declaration_id = $1", made.id
        )
        assert {tuple(row) for row in history} == {("active", None), ("terminated", "manual_person")}

    async def test_twice_is_a_conflict(self, work: Work, doctor: Caller, person: people.Person) -> None:
        made = await declarations.declare(work, choice(person.id, doctor))
        await declarations.terminate(work, made.id, reason="manual_person")
        with pytest.raises(Conflict, match="Declaration is not active"):
            await declarations.terminate(work, made.id, reason="manual_person")

    async def test_of_unknown_is_not_found(self, work: Work) -> None:
        with pytest.raises(NotFound):
            await declarations.terminate(work, UUID(int=1), reason="manual_person")


async def test_patient_when_declared_then_the_log_tells_it(work: Work, doctor: Caller, person: people.Person) -> None:
    act = replace(work, recorded=[])
    await declarations.declare(act, choice(person.id, doctor))
    assert [(line.event, line.patient_id) for line in act.recorded] == [("declaration.created", person.id)]
