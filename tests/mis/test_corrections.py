"""Putting a visit right: none is stranded in a closed episode, one can be moved, one in central can be taken back."""

from uuid import UUID

import msgspec

from esoz.central.contract import whole_signed_schema
from esoz.kernel.validation import Schema
from esoz.mis.app import Mis
from esoz.mis.base.dictionaries import Dictionaries
from esoz.mis.care.corrections import model
from esoz.mis.care.visits import wire
from esoz.mis.documents.sync.model import State
from tests.factories.world import World

from .conftest import Browser, Post
from .test_visit_form import ENCOUNTER, EPISODE, FORM, PLACE, VISIT, codes, visit_of  # noqa: F401 a fixture
from .test_visits import begin_visit, episode_of, fill_in, open_episode, sign, signed_visit, state_of


async def accepted_episode(browser: Browser, mis: Mis, patient_id: UUID, post: Post, name: str = "Перший") -> UUID:
    opening = await open_episode(browser, patient_id, name)
    await post.carry()
    return await episode_of(mis, opening)


async def close(browser: Browser, patient_id: UUID, episode_id: UUID) -> None:
    await browser.get(f"/patients/{patient_id}/episodes/{episode_id}/close")
    await browser.send(reason="resolved")


class TestClosing:
    async def test_with_a_visit_not_sent_then_it_is_named_and_nothing_is_closed(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        episode_id = await accepted_episode(doctor, mis, patient_id, post)
        visit = await begin_visit(doctor, patient_id, episode_id)
        await fill_in(doctor, visit)
        await doctor.get(f"/patients/{patient_id}/episodes/{episode_id}/close")
        assert "Ще не надіслані записи цього епізоду" in doctor.text and doctor.page
        assert f'href="/documents/{visit}"' in doctor.page.text
        await doctor.send(reason="resolved")
        assert doctor.page.status_code == 422 and 'href="#unsent"' in doctor.page.text

    async def test_with_a_blank_visit_then_it_closes(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        episode_id = await accepted_episode(doctor, mis, patient_id, post)
        await begin_visit(doctor, patient_id, episode_id)
        await close(doctor, patient_id, episode_id)
        assert doctor.path.startswith("/documents/")


class TestStranded:
    async def test_then_marked_and_moved_and_taken_by_central(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        first = await accepted_episode(doctor, mis, patient_id, post)
        second = await accepted_episode(doctor, mis, patient_id, post, "Другий")
        visit = await begin_visit(doctor, patient_id, first)  # left blank in one tab, while another one closes
        await close(doctor, patient_id, first)
        await post.carry()
        await doctor.get(f"/visits/{visit}")
        await fill_in(doctor, visit)
        for page in (f"/visits/{visit}", f"/documents/{visit}"):
            await doctor.get(page)
            assert "закрито. Перенесіть" in doctor.text
        await doctor.get(f"/visits/{visit}/episode")
        assert "Другий" in doctor.text and "Перший" not in doctor.text
        assert (await doctor.send()).status_code == 422
        await doctor.send(episode=second)
        assert doctor.path == f"/visits/{visit}" and "закрито. Перенесіть" not in doctor.text
        await fill_in(doctor, visit)
        await sign(doctor, visit, connected.doctor)
        await post.carry()
        assert await state_of(mis, visit) is State.ACCEPTED
        await doctor.get(f"/patients/{patient_id}/episodes/{second}")
        assert "R74" in doctor.text

    async def test_with_no_other_episode_then_told_to_open_one(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        episode_id = await accepted_episode(doctor, mis, patient_id, post)
        visit = await begin_visit(doctor, patient_id, episode_id)
        await doctor.get(f"/visits/{visit}/episode")
        assert "Інших відкритих епізодів" in doctor.text and doctor.page
        assert f'href="/patients/{patient_id}/episodes/new"' in doctor.page.text

    async def test_that_central_has_already_then_not_moved(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        visit = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        await doctor.get(f"/visits/{visit}/episode")
        assert doctor.path == f"/documents/{visit}"


# CN-3, CN-4, CN-7
class TestTakingBack:
    async def test_then_central_keeps_it_as_a_mistake_and_it_is_recorded_anew(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        visit = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        await post.carry()
        await doctor.get(f"/documents/{visit}")
        assert "Виправити або скасувати прийом" in doctor.text
        await doctor.get(f"/visits/{visit}/cancel")
        await doctor.send(reason="typo", letter="Не той пацієнт")
        cancellation = doctor.path.split("/")[2]
        assert doctor.path == f"/documents/{cancellation}/sign" and "Не той пацієнт" in doctor.text
        await sign(doctor, cancellation, connected.doctor)
        await post.carry()
        assert await state_of(mis, cancellation) is State.ACCEPTED
        await doctor.get(f"/documents/{visit}")
        assert "Цей запис скасовано." in doctor.text and "Виписати рецепт" not in doctor.text
        episode_id = await episode_of(mis, visit)
        await doctor.get(f"/documents/{cancellation}")
        await doctor.send(f"/cancellations/{cancellation}/again")
        assert doctor.path.startswith("/visits/") and "Кашель другий день" in doctor.text
        corrected = doctor.path.rsplit("/", 1)[-1]
        await fill_in(doctor, corrected, complaints="Нежить")
        await sign(doctor, corrected, connected.doctor)
        await post.carry()
        assert await state_of(mis, corrected) is State.ACCEPTED
        assert await episode_of(mis, corrected) == episode_id

    async def test_without_a_reason_or_a_letter_then_each_is_asked_for(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        visit = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        await post.carry()
        await doctor.get(f"/visits/{visit}/cancel")
        page = await doctor.send()
        assert page.status_code == 422
        assert 'href="#reason"' in page.text and 'href="#letter"' in page.text

    async def test_begun_twice_then_one_cancellation_that_can_be_changed_until_it_is_signed(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        visit = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        await post.carry()
        for letter in ("Перше", "Друге"):
            await doctor.get(f"/visits/{visit}/cancel")
            await doctor.send(reason="typo", letter=letter)
        cancellation = doctor.path.split("/")[2]
        await doctor.get(f"/cancellations/{cancellation}")
        assert doctor.path == f"/visits/{visit}/cancel" and "Друге" in doctor.text
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select count(*) from documents where kind = 'encounter_cancel'") == 1
        await doctor.get(f"/documents/{visit}")
        assert "скасов" not in doctor.text.replace("скасувати", "")

    async def test_of_a_visit_that_central_does_not_have_then_not_found(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        visit = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        await doctor.get(f"/visits/{visit}/cancel")
        assert doctor.page and doctor.page.status_code == 404

    def test_package_then_as_published(self, codes: Dictionaries) -> None:  # noqa: F811 the fixture is named as an argument
        built = wire.build(
            visit_of(FORM | {"measured": "пульс 70"}, codes), ENCOUNTER, episode_id=EPISODE, visit_id=VISIT, place=PLACE
        )
        schema = Schema(whole_signed_schema("patch_api_patients_ID_encounter_package") or {}, lambda _name: None)
        schema.check(msgspec.json.decode(model.taken_back(msgspec.json.decode(built), "typo", "Пояснення")))
