"""Putting a visit right: none is stranded in a closed episode, and one can be moved to another."""

from uuid import UUID

from esoz.mis.app import Mis
from esoz.mis.documents.sync.model import State
from tests.factories.world import World

from .conftest import Browser, Post
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
