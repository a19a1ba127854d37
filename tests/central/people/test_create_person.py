"""Registration of persons: rules that need what is registered already."""

import asyncio
from dataclasses import replace
from datetime import date
from uuid import UUID

import asyncpg
import msgspec
import pytest

from esoz.central import people
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import Conflict, NotFound, Rejected
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.sandbox.build import address
from esoz.sandbox.country import KYIV
from tests.central.conftest import NOW
from tests.factories.people import adult, child, make_adult


async def refusals(work: Work, details: people.PersonDetails) -> list[tuple[str, str]]:
    with pytest.raises(Rejected) as refusal:
        await people.create_person(work, details)
    return [(fault.entry, fault.description) for fault in refusal.value.invalid]


async def test_person_when_made_then_stored_as_told_with_names_tidied(work: Work) -> None:
    made = await make_adult(work, first_name="Дем'ян", last_name=" Їжакевич  Гончар ")
    stored = await people.find_person(work.db, made.id)
    assert msgspec.json.encode(stored, order="deterministic") == msgspec.json.encode(made, order="deterministic")
    assert (stored.last_name, stored.status, stored.patient_signed) == ("Їжакевич Гончар", people.Status.ACTIVE, True)
    people.must_be_active(stored)
    method = await people.current_authentication_method(work.db, made.id)
    assert method is not None
    assert (method.type, method.phone_number) == (people.AuthenticationType.OTP, "+380670000001")


# PS-19
async def test_person_when_tax_id_is_registered_then_conflict(work: Work) -> None:
    await make_adult(work, 1)
    with pytest.raises(Conflict, match="Such person already exists"):
        await people.create_person(work, replace(adult(2), tax_id=adult(1).tax_id))


async def test_person_when_two_register_the_same_tax_id_at_once_then_one_is_refused(
    fresh_database: Database, dependencies: Dependencies
) -> None:
    """BG-14: the system of 2019 asked a replica first."""

    async def register() -> bool:
        try:
            async with fresh_database.transaction() as db:
                await make_adult(Work(NOBODY, NOW, db, dependencies))
        except (Conflict, asyncpg.UniqueViolationError):
            return False
        return True

    assert sorted(await asyncio.gather(*(register() for _ in range(4)))) == [False, False, False, True]


# AD-2
async def test_person_when_address_contradicts_the_register_then_named(work: Work) -> None:
    wrong = msgspec.structs.replace(address(KYIV, "Садова", "1"), settlement="Бровари")
    found = await refusals(work, adult(addresses=(wrong,)))
    assert found == [("$.person.addresses[0].settlement", "invalid settlement value")]


async def test_phone_when_five_persons_have_it_then_the_sixth_is_refused(work: Work) -> None:
    """PS-12"""
    method = people.AuthenticationDetails(type=people.AuthenticationType.OTP, phone_number="+380501234567")
    for number in range(1, 6):
        await make_adult(work, number, authentication_methods=(method,))
    found = await refusals(work, adult(6, authentication_methods=(method,)))
    place = "$.person.authentication_methods[0].phone_number"
    assert found == [(place, "This phone number is present more than 5 times in the system")]


async def test_child_when_parent_speaks_for_them_then_found_with_papers(work: Work) -> None:
    parent = await make_adult(work)
    made = await people.create_person(work, child(work, parent))
    [confidant] = await people.confidants(work.db, made.id, work.today)
    assert (confidant.person.id, confidant.relation_type) == (parent.id, "PRIMARY")
    assert [paper.number for paper in confidant.documents_relationship] == ["1БК000777"]


async def test_confidant_when_the_term_of_the_paper_is_over_then_speaks_no_more(work: Work, db: Connection) -> None:
    parent = await make_adult(work)
    made = await people.create_person(work, child(work, parent))
    await db.execute("update confidant_person_relationships set active_to = $1", work.today)
    assert len(await people.confidants(db, made.id, work.today)) == 1
    tomorrow = work.today.replace(day=work.today.day + 1)
    assert await people.confidants(db, made.id, tomorrow) == []


async def test_child_when_confidant_is_unknown_or_a_child_then_refused(work: Work) -> None:
    parent = await make_adult(work)
    sister = await people.create_person(work, child(work, parent))
    brother = replace(child(work, sister), documents=(people.Document("BIRTH_CERTIFICATE", "1БК000778"),))
    place = "$.person.confidant_person[0].person_id"
    assert await refusals(work, brother) == [(place, "Confidant person must be active and adult")]
    orphan = replace(child(work, replace(parent, id=UUID(int=1))))
    assert await refusals(work, orphan) == [(place, "Confidant person is not found")]


# GP-1
async def test_confidant_when_eighteen_to_the_day_then_speaks_for_a_child(work: Work) -> None:
    parent = await make_adult(work)
    set_birth = "update persons set birth_date = $2 where id = $1"
    await work.db.execute(set_birth, parent.id, date(work.today.year - 18, work.today.month, work.today.day + 1))
    place = "$.person.confidant_person[0].person_id"
    assert await refusals(work, child(work, parent)) == [(place, "Confidant person must be active and adult")]
    await work.db.execute(set_birth, parent.id, date(work.today.year - 18, work.today.month, work.today.day))
    assert (await people.create_person(work, child(work, parent))).id


async def test_unknown_person_when_asked_for_then_not_found(db: Connection) -> None:
    with pytest.raises(NotFound):
        await people.find_person(db, UUID(int=1))


# PS-18
async def test_inactive_person_when_something_is_to_be_done_then_conflict(work: Work) -> None:
    made = await make_adult(work)
    with pytest.raises(Conflict, match="Person is not active"):
        people.must_be_active(replace(made, is_active=False))
