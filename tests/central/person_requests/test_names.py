"""A clinic registers and changes somebody whose names are told by language: foreigners in Latin letters."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central import people
from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories import person_requests
from tests.factories.people import adult, make_adult
from tests.factories.person_requests import body, code_sent_to, person_of, verify_phone
from tests.factories.world import Caller, World

PATH = "/api/v3/person_requests"
PHONE = "+380670000001"
UKRAINIAN = {"language": "uk", "first_name": "Суреш", "last_name": "Кумар"}
LATIN = {"language": "en", "first_name": "Suresh", "last_name": "Kumar"}
ALONE = {"language": "en", "first_name": "Suresh", "no_last_name": True}
FOREIGN = {
    "type": "PERMANENT_RESIDENCE_PERMIT",
    "number": "Z 77/01",
    "issued_by": "Ministry of External Affairs",
    "issued_at": "2015-01-02",
    "expiration_date": "2035-01-02",
    "issuing_country": "IN",
}

PAPER = {name: value for name, value in FOREIGN.items() if name != "issuing_country"}  # as version 2 shows it


def told(*names: dict[str, object], id: object = None, **changes: object) -> dict[str, Any]:
    """The published object of a person with these names."""
    person = person_of(adult(), id if isinstance(id, UUID) else None)
    for part in ("first_name", "last_name", "second_name"):
        person.pop(part, None)
    contact = {name: value for name, value in person["emergency_contact"].items() if name != "last_name"}
    return {**person, "names": list(names), "documents": [FOREIGN], "emergency_contact": contact, **changes}


async def create(caller: Caller, db: Connection, *names: dict[str, object], **changes: object) -> httpx.Response:
    await verify_phone(db, PHONE)
    return await caller.post(PATH, body(told(*names, **changes)))


async def signed(caller: Caller, db: Connection, made: httpx.Response, phone: str = PHONE) -> dict[str, Any]:
    """The answer to the signature of a request that was approved by the code."""
    id = answered(made, 201)["data"]["id"]
    code = {"verification_code": await code_sent_to(db, phone)}
    data = answered(await caller.patch(f"{PATH}/{id}/actions/approve", code), 201)["data"]
    document = caller.sign({**data, "patient_signed": True})
    answer: dict[str, Any] = answered(await caller.patch(f"{PATH}/{id}/actions/sign", {"signed_content": document}))
    return answer["data"]


async def registered(caller: Caller, db: Connection, *names: dict[str, object]) -> people.Person:
    answer = await signed(caller, db, await create(caller, db, *names))
    return await people.find_person(db, UUID(answer["person_id"]))


# PS-29
class TestRegistration:
    @pytest.mark.parametrize(
        ("names", "flat"),
        [
            ((LATIN,), ("Suresh", "Kumar", "en")),
            ((ALONE,), ("Suresh", "-", "en")),
            ((LATIN, UKRAINIAN), ("Суреш", "Кумар", "uk")),
        ],
    )
    async def test_foreigner_then_registered_with_all_names(
        self, doctor: Caller, db: Connection, names: tuple[dict[str, object], ...], flat: tuple[str, str, str]
    ) -> None:
        person = await registered(doctor, db, *names)
        assert (person.first_name, person.last_name, person.name_language) == flat
        assert [name.language for name in person.names] == [name["language"] for name in names]
        assert person.documents[0].issuing_country == "IN"

    async def test_then_shown_as_it_was_told_with_the_form_to_print(self, doctor: Caller, db: Connection) -> None:
        await dictionaries.load(db)
        data = answered(await create(doctor, db, LATIN, UKRAINIAN), 201)["data"]
        assert data["person"] == told(LATIN, UKRAINIAN)
        found = answered(await doctor.get(f"{PATH}/{data['id']}"))["data"]
        assert found["person"] == data["person"]
        for words in ("Kumar Suresh", "Кумар Суреш", "ІНДІЯ"):
            assert words in found["content"]

    async def test_form_when_no_last_name_then_no_dash_stands_for_it(self, doctor: Caller, db: Connection) -> None:
        data = answered(await create(doctor, db, ALONE), 201)["data"]
        content = answered(await doctor.get(f"{PATH}/{data['id']}"))["data"]["content"]
        assert ">Suresh<" in content
        assert "- " not in content.partition("<table>")[2].partition("</table>")[0]

    @pytest.mark.parametrize(
        ("names", "place"),
        [
            ((), "$.person.names"),
            (({"language": "en", "first_name": "Суреш", "last_name": "Kumar"},), "$.person.names[0].first_name"),
            ((UKRAINIAN, {"language": "en", "first_name": "Suresh"}), "$.person.names[1].last_name"),
            ((LATIN, ALONE), "$.person.names[1].language"),
            (({**LATIN, "language": "fr"},), "$.person.names[0].language"),
            (({**LATIN, "third_name": "X"},), "$.person.names[0].third_name"),
        ],
    )
    async def test_names_when_wrong_then_named(
        self, doctor: Caller, db: Connection, names: tuple[dict[str, object], ...], place: str
    ) -> None:
        assert [each for each, _ in faults(await create(doctor, db, *names))] == [place]

    async def test_country_when_nobody_knows_it_then_named(self, doctor: Caller, db: Connection) -> None:
        await dictionaries.load(db)
        answer = await create(doctor, db, LATIN, documents=[{**FOREIGN, "issuing_country": "ХХ"}])
        assert [place for place, _ in faults(answer)] == ["$.person.documents[0].issuing_country"]

    async def test_pharmacist_may_not(self, pharmacist: Caller, db: Connection) -> None:
        refused(await create(pharmacist, db, LATIN), 403, "forbidden")


# PS-29
class TestChange:
    async def test_all_names_told_then_those_before_go(self, doctor: Caller, db: Connection) -> None:
        person = await registered(doctor, db, LATIN, UKRAINIAN)
        person = await self.changed(doctor, db, person, {**ALONE, "first_name": "Mahesh"})
        assert [(name.language, name.first_name) for name in person.names] == [("en", "Mahesh")]
        rows = await db.fetch("select first_name from person_names where person_id = $1", person.id)
        assert [row["first_name"] for row in rows] == ["Mahesh"]

    async def test_by_the_version_of_one_name_then_other_languages_and_countries_stay(
        self, doctor: Caller, db: Connection
    ) -> None:
        person = await registered(doctor, db, LATIN, UKRAINIAN)
        person = await self.changed_flat(doctor, db, person, first_name="Петро", last_name="Кумар")
        assert [(name.language, name.first_name) for name in person.names] == [("uk", "Петро"), ("en", "Suresh")]
        assert person.documents[0].issuing_country == "IN"

    async def test_by_that_version_with_the_name_it_sees_then_still_latin(self, doctor: Caller, db: Connection) -> None:
        person = await registered(doctor, db, ALONE)
        person = await self.changed_flat(doctor, db, person, first_name="Suresh", last_name="-", email="s@example.com")
        assert (person.email, person.name_language, person.names[0].no_last_name) == ("s@example.com", "en", True)

    async def test_by_that_version_with_another_latin_name_then_refused(self, doctor: Caller, db: Connection) -> None:
        person = await registered(doctor, db, LATIN)
        answer = await self.flat(doctor, person, first_name="Mahesh", last_name="Kumar")
        assert [place for place, _ in faults(answer)] == ["$.person.first_name", "$.person.last_name"]

    async def changed(
        self, doctor: Caller, db: Connection, person: people.Person, *names: dict[str, object]
    ) -> people.Person:
        await signed(doctor, db, await doctor.post(PATH, body(told(*names, id=person.id))))
        return await people.find_person(db, person.id)

    async def flat(self, doctor: Caller, person: people.Person, **changes: object) -> httpx.Response:
        shown = person_of(adult(), person.id) | {"documents": [PAPER], **changes}
        shown.pop("second_name")
        return await doctor.post(person_requests.PATH, body(shown))

    async def changed_flat(
        self, doctor: Caller, db: Connection, person: people.Person, **changes: object
    ) -> people.Person:
        data = answered(await self.flat(doctor, person, **changes), 201)["data"]
        code = {"verification_code": await code_sent_to(db, PHONE)}
        path = f"{person_requests.PATH}/{data['id']}/actions"
        data = answered(await doctor.patch(f"{path}/approve", code), 201)["data"]
        answered(await person_requests.sign(doctor, data))
        return await people.find_person(db, person.id)


class TestOtherDoors:
    async def test_request_of_another_version_then_not_found(self, doctor: Caller, db: Connection) -> None:
        data = answered(await create(doctor, db, LATIN), 201)["data"]
        refused(await doctor.get(f"{person_requests.PATH}/{data['id']}"), 404, "not_found")
        refused(await doctor.patch(f"{person_requests.PATH}/{data['id']}/actions/reject"), 404, "not_found")

    async def test_of_another_clinic_then_not_found(
        self, doctor: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        data = answered(await create(doctor, db, LATIN), 201)["data"]
        refused(await foreign_doctor.get(f"{PATH}/{data['id']}"), 404, "not_found")

    async def test_given_up_then_rejected(self, doctor: Caller, db: Connection) -> None:
        data = answered(await create(doctor, db, LATIN), 201)["data"]
        answer = answered(await doctor.patch(f"{PATH}/{data['id']}/actions/reject"), 201)["data"]
        assert answer["status"] == "REJECTED"

    async def test_list_then_every_version_tells_which_it_is(self, doctor: Caller, db: Connection) -> None:
        answered(await person_requests.create(doctor, db, adult(7)), 201)
        answered(await create(doctor, db, LATIN, UKRAINIAN), 201)
        found = answered(await doctor.get(PATH, status="NEW"))
        assert [(row["version"], len(row["person"]["names"])) for row in found["data"]] == [(2, 1), (3, 2)]
        assert found["paging"]["total_entries"] == 2
        flat = answered(await doctor.get("/api/person_requests"))["data"]
        assert flat[1]["person"] == {"first_name": "Суреш", "last_name": "Кумар"}


SEARCH = {"first_name": "Suresh", "birth_date": "1991-08-19", "language": "en"}


# PS-16, PS-29
class TestSearch:
    PATH = "/api/v2/persons"

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, 1),
            ({"last_name": "KUMAR"}, 1),
            ({"last_name": ""}, 0),
            ({"last_name": "Singh"}, 0),
            ({"first_name": "Суреш", "language": "uk"}, 1),
            ({"first_name": "Суреш"}, 0),
            ({"language": "uk"}, 0),
            ({"document_type": "PERMANENT_RESIDENCE_PERMIT", "document_number": "z77/01"}, 1),
            ({"document_type": "PASSPORT", "document_number": "z77/01"}, 0),
            ({"document_number": "78"}, 0),
            ({"birth_date": "1991-08-20"}, 0),
        ],
    )
    async def test_by_language_then_only_that_name(
        self, doctor: Caller, db: Connection, query: dict[str, str], found: int
    ) -> None:
        await registered(doctor, db, LATIN, UKRAINIAN)
        assert len(answered(await doctor.get(self.PATH, **SEARCH | query))["data"]) == found

    async def test_then_tells_the_name_of_the_language_and_what_was_known(self, doctor: Caller, db: Connection) -> None:
        person = await registered(doctor, db, LATIN, UKRAINIAN)
        [found] = answered(await doctor.get(self.PATH, **SEARCH))["data"]
        assert found["names"] == [LATIN]
        assert found.keys().isdisjoint({"documents", "tax_id", "phones"})
        query = SEARCH | {"document_number": "Z 77/01", "tax_id": person.tax_id}
        [found] = answered(await doctor.get(self.PATH, **query))["data"]
        assert (found["documents"], found["tax_id"]) == (
            [{"type": FOREIGN["type"], "number": FOREIGN["number"]}],
            person.tax_id,
        )
        assert await db.fetchval(
            "select count(*) from audit_events where event = 'persons.searched' and patient_id = $1", person.id
        )

    @pytest.mark.parametrize("path", ["/api/v2/persons", "/api/persons"])
    async def test_last_name_when_empty_then_who_has_none(self, doctor: Caller, db: Connection, path: str) -> None:
        await registered(doctor, db, ALONE)
        query = SEARCH if path == self.PATH else {"first_name": "Suresh", "birth_date": "1991-08-19"}
        assert len(answered(await doctor.get(path, **query, last_name=""))["data"]) == 1
        assert answered(await doctor.get(path, **query, last_name="Kumar"))["data"] == []

    async def test_who_has_one_name_in_three_fields_then_found_in_ukrainian(self, doctor: Caller, work: Work) -> None:
        await make_adult(work)
        query = {"first_name": "Дем'ян", "birth_date": "1991-08-19", "language": "uk"}
        [found] = answered(await doctor.get(self.PATH, **query))["data"]
        assert found["names"] == [
            {"language": "uk", "first_name": "Дем'ян", "last_name": "Їжакевич", "second_name": "Ґонтович"}
        ]

    async def test_language_when_missing_or_unknown_then_named(self, doctor: Caller) -> None:
        for query in ({**SEARCH, "language": "fr"}, {"first_name": "A", "birth_date": "1991-08-19"}):
            assert [place for place, _ in faults(await doctor.get(self.PATH, **query))] == ["$.language"]

    async def test_too_many_then_refused(self, doctor: Caller, work: Work) -> None:
        await make_adult(work)
        await make_adult(work, 2)
        query = {"first_name": "Дем'ян", "birth_date": "1991-08-19", "language": "uk", "page_size": 1}
        refused(await doctor.get(self.PATH, **query), 403, "too_many_results")

    async def test_pharmacist_may_not(self, pharmacist: Caller) -> None:
        refused(await pharmacist.get(self.PATH, **SEARCH), 403, "forbidden")


class TestPersonalData:
    async def test_of_our_patient_then_all_names_and_countries(self, doctor: Caller, world: World) -> None:
        id = world.persons[0].id
        [found] = answered(await doctor.get(f"/api/v2/persons/{id}/personal_data"))["data"]
        flat = answered(await doctor.get(f"/api/persons/{id}/personal_data"))["data"][0]
        assert [name["last_name"] for name in found["names"]] == [flat["last_name"]]
        assert found.keys().isdisjoint({"first_name", "last_name", "second_name"})

    async def test_of_anybody_else_then_refused(self, doctor: Caller, db: Connection) -> None:
        person = await registered(doctor, db, LATIN)
        refused(await doctor.get(f"/api/v2/persons/{person.id}/personal_data"), 403, "forbidden")


class TestDeclaration:
    async def test_of_our_patient_then_by_ids_alone(self, doctor: Caller, world: World) -> None:
        id = world.persons[0].id
        found = answered(await doctor.get(f"/api/v2/persons/{id}/declaration"))["data"]
        assert (found["person_id"], found["status"], "person" in found) == (str(id), "active", False)

    async def test_of_another_clinic_then_refused(self, foreign_doctor: Caller, world: World) -> None:
        id = world.persons[0].id
        flat = await foreign_doctor.get(f"/api/persons/{id}/declaration")
        answer = await foreign_doctor.get(f"/api/v2/persons/{id}/declaration")
        assert (answer.status_code, answer.json()["error"]) == (flat.status_code, flat.json()["error"])
