"""From the search to «Передано до ЕСОЗ»: patient, episode, encounter, signature, acknowledgement; and refusals."""

import base64
from datetime import timedelta
from uuid import UUID

import httpx
import msgspec

from esoz import spec
from esoz.central.contract import whole_signed_schema
from esoz.kernel.clock import FixedClock
from esoz.kernel.validation import Schema
from esoz.mis.app import Mis
from esoz.mis.documents import sync
from esoz.mis.documents.sync.model import State
from tests.factories.world import Caller, World

from .conftest import Browser, Post, Wire

PHC = {
    "complaints": "Кашель другий день",
    "reason_1": "R05",
    "diagnosis_1": "R74",
    "action_1": "*30",
    "measured": "t 37,8, АТ 120/80",
}


async def state_of(mis: Mis, document_id: str) -> State:
    async with mis.services.database.connection() as db:
        return State(await db.fetchval("select state from documents where id = $1", UUID(document_id)))


async def open_episode(browser: Browser, patient_id: UUID, name: str = "Гострий бронхіт") -> str:
    """Fill in the form of a new episode; return the id of its document."""
    await browser.get(f"/patients/{patient_id}/episodes/new")
    await browser.send(name=name)
    assert browser.path.startswith("/documents/"), browser.text
    return browser.path.rsplit("/", 1)[-1]


async def episode_of(mis: Mis, document_id: str) -> UUID:
    async with mis.services.database.connection() as db:
        found: UUID = await db.fetchval("select episode_id from documents where id = $1", UUID(document_id))
    return found


async def begin_visit(browser: Browser, patient_id: UUID, episode_id: UUID) -> str:
    """Press «Записати прийом»; return the id of the document."""
    await browser.get(f"/patients/{patient_id}/episodes/{episode_id}")
    await browser.send(f"/patients/{patient_id}/episodes/{episode_id}/visits")
    assert browser.path.startswith("/visits/"), browser.text
    return browser.path.rsplit("/", 1)[-1]


async def fill_in(browser: Browser, document_id: str, **values: object) -> httpx.Response:
    return await browser.send(f"/visits/{document_id}", do="sign", **{**PHC, **values})


async def sign(browser: Browser, document_id: str, caller: Caller, content: bytes | None = None) -> httpx.Response:
    """Sign in another program what the page offers, and send it."""
    assert browser.page is not None
    offered = browser.page.text.split('data-kep-content value="')[1].split('"')[0]
    signed = caller.sign(content if content is not None else base64.b64decode(offered))
    return await browser.send(f"/documents/{document_id}/sign", signed_content=signed)


async def signed_visit(
    browser: Browser, mis: Mis, patient_id: UUID, caller: Caller, post: Post, **values: object
) -> str:
    """An encounter in an accepted episode, signed and queued; return the id of its document."""
    opening = await open_episode(browser, patient_id)
    await post.carry()
    document_id = await begin_visit(browser, patient_id, await episode_of(mis, opening))
    await fill_in(browser, document_id, **values)
    assert browser.path == f"/documents/{document_id}/sign", browser.text
    await sign(browser, document_id, caller)
    assert await state_of(mis, document_id) is State.QUEUED, browser.text
    return document_id


class TestSearch:
    async def test_by_one_line_finds_the_person(self, doctor: Browser, connected: World) -> None:
        person = connected.persons[0]
        await doctor.get("/patients", q=f"{person.last_name} {person.first_name} {person.birth_date:%d.%m.%Y}")
        assert f"{person.last_name} {person.first_name}" in doctor.text

    async def test_by_first_name_and_surname_finds_the_person_too(self, doctor: Browser, connected: World) -> None:
        person = connected.persons[0]
        await doctor.get("/patients", q=f"{person.first_name} {person.last_name} {person.birth_date:%d%m%Y}")
        assert f"{person.last_name} {person.first_name}" in doctor.text

    async def test_what_is_not_understood_is_told_and_nobody_is_asked(self, doctor: Browser, wire: Wire) -> None:
        await doctor.get("/patients", q="Shevchenko Тарас 09.03.1964")
        assert doctor.page and doctor.page.status_code == 422
        assert "Не зрозуміло: Shevchenko." in doctor.text
        assert 'value="Shevchenko Тарас 09.03.1964"' in doctor.page.text
        assert "/api/persons" not in wire.paths("GET")

    async def test_without_a_birth_date_asks_for_it(self, doctor: Browser, wire: Wire) -> None:
        await doctor.get("/patients", q="Шевченко Тарас")
        assert doctor.page and doctor.page.status_code == 422
        assert "Введіть дату народження" in doctor.text
        assert "/api/persons" not in wire.paths("GET")

    async def test_of_a_person_never_found_is_not_found(self, doctor: Browser) -> None:
        await doctor.get("/patients/00000000-0000-4000-8000-000000000001")
        assert doctor.page and doctor.page.status_code == 404

    async def test_while_central_is_away_says_so_and_the_desk_still_opens(self, doctor: Browser, wire: Wire) -> None:
        wire.is_cut = True
        await doctor.get("/patients", q="Шевченко Тарас 09.03.1964")
        assert doctor.page and doctor.page.status_code == 503
        assert "ЕСОЗ не відповідає" in doctor.text
        await doctor.get("/")
        assert doctor.page.status_code == 200


class TestEpisode:
    async def test_is_accepted_and_shown_with_its_patient(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        document_id = await open_episode(doctor, patient_id, "Бронхіт для показу")
        assert "Надсилаємо до ЕСОЗ" in doctor.text
        await post.carry()
        await doctor.get(f"/documents/{document_id}")
        assert "Передано до ЕСОЗ" in doctor.text
        await doctor.get(f"/patients/{patient_id}")
        assert "Бронхіт для показу" in doctor.text

    async def test_without_a_name_is_shown_again_with_the_fault(self, doctor: Browser, patient_id: UUID) -> None:
        await doctor.get(f"/patients/{patient_id}/episodes/new")
        answer = await doctor.send(name="")
        assert answer.status_code == 422
        assert 'href="#name"' in answer.text

    async def test_sent_twice_is_one_document(self, doctor: Browser, mis: Mis, patient_id: UUID) -> None:
        await doctor.get(f"/patients/{patient_id}/episodes/new")
        form = doctor.page
        await doctor.send(name="Двічі")
        first = doctor.path
        doctor.page = form
        await doctor.send(name="Двічі")
        assert doctor.path == first
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select count(*) from documents") == 1

    async def test_of_another_users_document_is_not_found(
        self, doctor: Browser, mis: Mis, patient_id: UUID, people: dict[str, UUID]
    ) -> None:
        document_id = await open_episode(doctor, patient_id)
        async with mis.services.database.connection() as db:
            await db.execute("update documents set user_id = $1", people["PHARMACIST"])
        await doctor.get(f"/documents/{document_id}")
        assert doctor.page and doctor.page.status_code == 404


class TestBegun:
    async def test_and_left_blank_then_gone_on_with_and_counted_nowhere(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        episode_id = await episode_of(mis, await open_episode(doctor, patient_id))
        await post.carry()
        first = await begin_visit(doctor, patient_id, episode_id)
        assert await begin_visit(doctor, patient_id, episode_id) == first
        await doctor.get("/")
        assert "Ще не передано 0" in doctor.text
        await doctor.get("/sync", state="waiting")
        assert "Записів немає" in doctor.text
        await doctor.get(f"/patients/{patient_id}/episodes/{episode_id}")
        assert "Ще не в ЕСОЗ" not in doctor.text

    async def test_and_typed_into_then_a_draft_of_its_own(self, doctor: Browser, mis: Mis, patient_id: UUID) -> None:
        episode_id = await episode_of(mis, await open_episode(doctor, patient_id))
        first = await begin_visit(doctor, patient_id, episode_id)
        await doctor.send(f"/visits/{first}", do="save", complaints="Кашель")
        assert await begin_visit(doctor, patient_id, episode_id) != first
        await doctor.get("/sync", state="draft")
        assert doctor.text.count("Чернетка ") == 1

    async def test_and_left_blank_for_long_then_deleted(
        self, doctor: Browser, mis: Mis, patient_id: UUID, clock: FixedClock
    ) -> None:
        episode_id = await episode_of(mis, await open_episode(doctor, patient_id))
        blank = await begin_visit(doctor, patient_id, episode_id)
        for days, left in ((7, 1), (8, 0)):
            async with mis.services.database.transaction() as db:
                await sync.delete_blank(db, clock.now() + timedelta(days=days) - timedelta(days=7, hours=12))
                assert await db.fetchval("select count(*) from documents where id = $1", UUID(blank)) == left


# EN-4
class TestVisit:
    async def test_signed_and_carried_is_in_central(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        document_id = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        await post.carry()
        await doctor.get(f"/documents/{document_id}")
        assert "Передано до ЕСОЗ" in doctor.text, doctor.text
        await doctor.get(f"/patients/{patient_id}/episodes/{await episode_of(mis, document_id)}")
        assert "R74" in doctor.text
        assert "37,8" in doctor.text

    async def test_package_is_as_published(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        document_id = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        async with mis.services.database.connection() as db:
            content = await db.fetchval("select content from documents where id = $1", UUID(document_id))
        operation = spec.find("POST", "/api/patients/{id}/encounter_package")
        assert operation
        Schema(whole_signed_schema(operation.id) or {}, lambda _name: None).check(msgspec.json.decode(content))

    async def test_with_faults_stays_a_draft_with_what_was_typed(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        await post.carry()
        document_id = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
        answer = await fill_in(doctor, document_id, diagnosis_1="", end="23:59", measured="АТ 120")
        assert answer.status_code == 422
        assert {
            'href="#diagnosis_1"' in answer.text,
            'href="#end"' in answer.text,
            'href="#measured"' in answer.text,
        } == {True}
        await doctor.get(f"/visits/{document_id}")
        assert "Кашель другий день" in doctor.text

    async def test_without_scripts_a_code_is_found_by_its_button(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        document_id = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
        answer = await doctor.send(f"/visits/{document_id}", find="diagnosis_1", diagnosis_1_text="бронхіт")
        assert 'value="R78"' in answer.text

    async def test_codes_that_the_doctor_used_then_offered_first(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        async def first(text: str) -> str:
            answer = await doctor.client.get("/codes", params={"name": "eHealth/ICPC2/condition_codes", "q": text})
            return str(answer.json()[0]["value"])

        opening = await open_episode(doctor, patient_id)
        document_id = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
        before = await first("гострий")
        used = "R78" if before != "R78" else "R76"
        await doctor.send(f"/visits/{document_id}", diagnosis_1=used)
        assert await first("гострий") == used
        assert await first("R74") == "R74"

    async def test_a_signature_of_other_bytes_is_not_taken(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        document_id = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
        await fill_in(doctor, document_id)
        await sign(doctor, document_id, connected.doctor, b'{"encounter": {}}')
        assert "Підписано інший документ" in doctor.text
        assert await state_of(mis, document_id) is State.READY

    async def test_a_key_of_somebody_else_is_not_taken(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        document_id = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
        await fill_in(doctor, document_id)
        await sign(doctor, document_id, connected.foreign_doctor)
        assert "Ключ належить іншій людині" in doctor.text

    async def test_refused_shows_why_leads_to_the_field_and_is_sent_again(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        document_id = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        await refuse(mis, document_id)
        await doctor.get(f"/documents/{document_id}")
        assert "ЕСОЗ не прийняла запис" in doctor.text
        assert f"/visits/{document_id}#diagnosis_1" in (doctor.page.text if doctor.page else "")
        await doctor.get(f"/visits/{document_id}")
        assert 'href="#diagnosis_1"' in (doctor.page.text if doctor.page else "")
        await fill_in(doctor, document_id, diagnosis_1="R78")
        await sign(doctor, document_id, connected.doctor)
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED

    async def test_autosave_keeps_the_form(self, doctor: Browser, mis: Mis, patient_id: UUID) -> None:
        opening = await open_episode(doctor, patient_id)
        document_id = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
        assert doctor.page
        csrf = doctor.page.text.split('name="csrf" value="')[1].split('"')[0]
        values = {"csrf": csrf, "complaints": "Збережено само", "rows": "1", "klass": "PHC"}
        answer = await doctor.client.post(f"/visits/{document_id}/draft", data=values)
        assert answer.json()["saved_at"] and answer.json()["version"]
        await doctor.get(f"/visits/{document_id}")
        assert "Збережено само" in doctor.text


async def refuse(mis: Mis, document_id: str) -> None:
    """As if central's job had failed: the code of the first condition is no longer in the dictionary."""
    words = "Value R74 not found in the dictionary eHealth/ICPC2/condition_codes"
    refusal = {
        "status": 422,
        "type": "validation_failed",
        "message": "",
        "request_id": "r-1",
        "faults": [["$.conditions[0].code.coding[0].code", "inclusion", words]],
    }
    async with mis.services.database.connection() as db:
        await db.execute(
            "update documents set state = 'refused', refusal = $2, next_at = null where id = $1",
            UUID(document_id),
            refusal,
        )


class TestClosing:
    async def test_closes_the_episode_in_central(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        await post.carry()
        episode_id = await episode_of(mis, opening)
        await doctor.get(f"/patients/{patient_id}/episodes/{episode_id}/close")
        await doctor.send(reason="resolved", summary="Одужав")
        document_id = doctor.path.rsplit("/", 1)[-1]
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED
        await doctor.get(f"/patients/{patient_id}/episodes/{episode_id}")
        assert "Одужав" in doctor.text
        assert "Записати прийом" not in doctor.text

    async def test_without_a_reason_is_shown_again(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post, clock: FixedClock
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        await post.carry()
        await doctor.get(f"/patients/{patient_id}/episodes/{await episode_of(mis, opening)}/close")
        answer = await doctor.send(reason="")
        assert "Оберіть причину закриття" in doctor.text
        assert answer.status_code == 422
