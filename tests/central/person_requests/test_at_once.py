"""Several at the same moment: one person, one telephone, one request, one employee."""

import asyncio

import pytest
from asyncpg.exceptions import LockNotAvailableError

from esoz.central import people, workforce
from esoz.kernel import transaction
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import Rejected
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.conftest import NOW
from tests.factories.people import adult
from tests.factories.person_requests import PATH, approved, body, person_of, sign, verify_phone
from tests.factories.world import Caller, World

PHONE = "+380670000001"


async def test_same_person_when_two_clinics_sign_at_once_then_registered_once(
    fresh_world: World, fresh_database: Database
) -> None:
    async with fresh_database.connection() as db:
        details = adult(tax_id=None, no_tax_id=True)
        one = await approved(fresh_world.doctor, db, details)
        other = await approved(fresh_world.foreign_doctor, db, details)
        answers = await asyncio.gather(sign(fresh_world.doctor, one), sign(fresh_world.foreign_doctor, other))
        assert sorted(each.status_code for each in answers) == [200, 409]
        count = "select count(*) from persons where last_name = $1 and birth_date = $2"
        assert await db.fetchval(count, details.last_name, details.birth_date) == 1


# OT-4
async def test_codes_when_asked_for_at_once_then_no_more_than_a_telephone_may_get(
    fresh_world: World, fresh_database: Database
) -> None:
    async with fresh_database.connection() as db:
        await verify_phone(db, PHONE)
    shared = adult().authentication_methods
    people_ = [body(person_of(adult(n, authentication_methods=shared))) for n in range(1, 25)]
    answers = await asyncio.gather(*(fresh_world.doctor.post(PATH, each) for each in people_))
    assert sorted(each.status_code for each in answers) == [201] * 12 + [429] * 12


async def test_signature_and_newer_request_at_once_then_neither_waits_for_the_other(
    fresh_world: World, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stood_in_the_way: list[Exception] = []

    def noted(fault: Exception) -> bool:
        stood_in_the_way.append(fault)
        return True

    monkeypatch.setattr(transaction, "_may_pass", noted)
    async with fresh_database.connection() as db:
        for number in range(1, 5):
            data = await approved(fresh_world.doctor, db, adult(number))
            newer = fresh_world.doctor.post(PATH, body(person_of(adult(number))))
            await asyncio.gather(sign(fresh_world.doctor, data), newer)
    assert stood_in_the_way == []


# PS-12
async def test_telephone_when_given_to_many_at_once_then_to_no_more_than_it_may_serve(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies
) -> None:
    shared = adult(500).authentication_methods

    async def register(number: int) -> bool:
        try:
            async with fresh_database.transaction() as db:
                work = Work(NOBODY, NOW, db, dependencies)
                await people.create_person(work, adult(number, authentication_methods=shared))
        except Rejected:
            return False
        return True

    assert sum(await asyncio.gather(*(register(number) for number in range(500, 508)))) == 5


# SG-5
async def test_who_signs_is_not_dismissed_at_the_same_moment(fresh_world: World, fresh_database: Database) -> None:
    doctor = fresh_world.doctor
    assert doctor.user_id is not None
    assert doctor.client_id is not None
    async with fresh_database.transaction() as db:
        assert await workforce.employees_of_user(db, doctor.user_id, doctor.client_id, hold=True)
        async with fresh_database.transaction() as other:
            with pytest.raises(LockNotAvailableError):
                await other.execute("select from employees where id = $1 for no key update nowait", doctor.employee_id)


async def test_tax_id_when_changed_then_the_patient_comes_in_with_it(
    patient: Caller, work: Work, db: Connection
) -> None:
    assert patient.person_id is not None
    changed = adult(77)
    await people.update_person(work, patient.person_id, changed)
    assert await db.fetchval("select tax_id from users where person_id = $1", patient.person_id) == changed.tax_id
