"""The end of work: at once when we dismiss, within a minute when somebody else does, and only there where it ended."""

from datetime import timedelta

import httpx
import pytest

from esoz.mis.app import Mis
from esoz.mis.clinic.staff.commands.roster import follow
from tests.mis.conftest import NOW, Wire

from .conftest import PHARMACY, Door, Office

LIFE = timedelta(days=1)


@pytest.fixture
async def staff(office: Office, door: Door):
    """A personnel officer with a browser, and a doctor with theirs."""
    hr, doctor = await office.hire("HR"), await office.hire("DOCTOR", speciality="THERAPIST")
    return hr, doctor, await door.enter(hr, wanted="/staff"), await door.enter(doctor)


async def dismiss(browser, hired, reason: str = "own_wish") -> httpx.Response:
    await browser.get(f"/staff/{hired.employee_id}/dismiss")
    return await browser.send(f"/staff/{hired.employee_id}/dismiss", reason=reason)


class TestDismissHere:
    async def test_then_central_has_it_and_the_next_click_of_the_leaver_leads_to_the_door(self, staff, office) -> None:
        _, doctor, office_browser, desk = staff
        assert (await desk.get("/patients")).status_code == 200
        page = await dismiss(office_browser, doctor)
        assert page.status_code == 200 and "Доступ до робочого місця завершено" in office_browser.text
        assert await office.value("select count(*) from workplaces where employee_id = $1", doctor.employee_id) == 0
        assert await office.value("select count(*) from central_tokens where user_id = $1", doctor.local_id) == 0
        assert await office.value("select count(*) from sessions where user_id = $1", doctor.local_id) == 0
        reason = await office.value("select reason from former_workplaces where employee_id = $1", doctor.employee_id)
        assert reason == "own_wish"
        async with office.central.connection() as db:
            status = await db.fetchval("select status from employees where id = $1", doctor.employee_id)
        assert status == "DISMISSED"
        await desk.get("/patients")
        assert desk.path == "/sign-in"

    async def test_then_who_comes_in_again_has_nothing_to_open(self, staff, door) -> None:
        _, doctor, office_browser, _ = staff
        await dismiss(office_browser, doctor)
        browser = door.browser()
        await browser.get("/sign-in")
        await browser.send("/sign-in", email=doctor.email, password="Правильний-2026")
        assert browser.path == "/workplaces" and "Вас ще не прив’язано до жодного закладу" in browser.text
        assert (await browser.get("/patients")).status_code == 403
        assert (await browser.get("/sync")).status_code == 403

    async def test_without_a_reason_then_asked_and_nothing_is_done(self, staff, office) -> None:
        _, doctor, office_browser, _ = staff
        page = await dismiss(office_browser, doctor, "")
        assert page.status_code == 422 and "Оберіть причину" in office_browser.text
        assert await office.value("select count(*) from workplaces where employee_id = $1", doctor.employee_id) == 1

    async def test_oneself_or_the_head_then_refused(self, staff, office) -> None:
        hr, _, office_browser, _ = staff
        head = await office.value("select employee_id from staff where role = 'OWNER' and clinic_id = $1", hr.clinic_id)
        for employee_id, words in ((hr.employee_id, "Себе звільнити не можна"), (head, "Керівника звільнити")):
            assert (await office_browser.get(f"/staff/{employee_id}/dismiss")).status_code == 409
            assert words in office_browser.text
            await office_browser.get(f"/staff/{employee_id}")
            assert words in office_browser.text and f'href="/staff/{employee_id}/dismiss"' not in (
                office_browser.page.text
            )

    async def test_of_another_clinic_then_not_found(self, staff, office) -> None:
        _, _, office_browser, _ = staff
        stranger = await office.hire("PHARMACIST", at=PHARMACY, speciality="PHARMACIST")
        for path in (f"/staff/{stranger.employee_id}", f"/staff/{stranger.employee_id}/dismiss"):
            assert (await office_browser.get(path)).status_code == 404

    async def test_when_the_answer_is_lost_then_followed_at_the_next_turn(self, staff, office, wire: Wire) -> None:
        _, doctor, office_browser, desk = staff
        await office_browser.get(f"/staff/{doctor.employee_id}/dismiss")
        wire.loses_answer = lambda request: request.method == "PATCH"
        await office_browser.send(f"/staff/{doctor.employee_id}/dismiss", reason="other")
        wire.loses_answer = lambda _request: False
        assert "ЕСОЗ не відповіла" in office_browser.text
        await office.follow()
        await desk.get("/patients")
        assert desk.path == "/sign-in"

    async def test_who_was_dismissed_elsewhere_meanwhile_then_gone_here_too(self, staff, office) -> None:
        _, doctor, office_browser, desk = staff
        await office_browser.get(f"/staff/{doctor.employee_id}/dismiss")
        await office.dismiss(doctor)
        page = await office_browser.send(f"/staff/{doctor.employee_id}/dismiss", reason="other")
        assert page.status_code == 200 and "завершено" in office_browser.text
        await desk.get("/patients")
        assert desk.path == "/sign-in"

    async def test_with_documents_in_the_queue_then_the_head_sees_them_before_and_after(self, staff, office) -> None:
        _, doctor, office_browser, _ = staff
        await add_document(office, doctor)
        await office_browser.get(f"/staff/{doctor.employee_id}/dismiss")
        assert "ще не передала до ЕСОЗ 1 запис" in office_browser.text and "Прийом" in office_browser.text
        await dismiss(office_browser, doctor)
        await office_browser.get(f"/staff/{doctor.employee_id}")
        assert "внести їх від свого імені" in office_browser.text and "Прийом" in office_browser.text


async def add_document(office: Office, doctor) -> None:
    async with office.mis.services.database.connection() as db:
        await db.execute(
            "insert into documents (id, kind, clinic_id, user_id, patient_id, record_id, title, form, method, path,"
            " unsigned, found_at, found_as, state, created_at, updated_at) values (gen_random_uuid(), 'visit', $1, $2,"
            " gen_random_uuid(), gen_random_uuid(), 'Прийом', '{}', 'POST', '/x', '{}', '/x', '{}', 'ready', $3, $3)",
            doctor.clinic_id,
            doctor.local_id,
            NOW,
        )


class TestDismissedElsewhere:
    async def test_then_within_half_a_minute_and_a_turn_the_leaver_is_out(self, staff, office) -> None:
        _, doctor, _, desk = staff
        await office.follow()
        await office.dismiss(doctor)
        assert (await desk.get("/sync")).status_code == 200  # nothing here knows of it yet
        await office.follow()
        await desk.get("/sync")
        assert desk.path == "/sign-in"
        reason = await office.value("select reason from former_workplaces where employee_id = $1", doctor.employee_id)
        assert reason == "elsewhere"

    async def test_and_central_refuses_the_token_then_at_the_very_next_turn(self, staff, office, clock) -> None:
        _, doctor, _, desk = staff
        await office.follow()
        await office.dismiss(doctor)
        await desk.get("/patients", q="Бондаренко Олена 01.01.1980")  # central answers 401
        clock.forward(timedelta(seconds=2))
        await office_turn(office)
        await desk.get("/sync")
        assert desk.path == "/sign-in"

    async def test_with_another_position_of_the_same_type_then_only_this_workplace_ends(self, office, door) -> None:
        await door.enter(await office.hire("HR"))
        first = await office.hire("DOCTOR", speciality="THERAPIST")
        second = await office.hire("DOCTOR", of=first, speciality="THERAPIST")
        await office.follow()
        await office.dismiss(second)
        await office.follow()
        left = await office.value("select employee_id from workplaces where user_id = $1", first.local_id)
        assert left == first.employee_id

    async def test_who_is_now_at_another_clinic_then_stays_signed_in_there(self, office, door) -> None:
        await door.enter(await office.hire("HR"))
        here = await office.hire("HR")
        there = await office.hire("PHARMACIST", at=PHARMACY, of=here, speciality="PHARMACIST")
        browser = door.browser()
        await browser.get("/sign-in")
        await browser.send("/sign-in", email=here.email, password="Правильний-2026")
        assert browser.path == "/workplaces"
        place = await office.value("select id from workplaces where employee_id = $1", there.employee_id)
        asked = await browser.send("/workplaces", follow=False, workplace=place)
        await door.consenting(browser, there, asked.headers["location"])
        await office.follow()
        await office.dismiss(here)
        await office.follow()
        assert (await browser.get("/pharmacy")).status_code == 200 and browser.path == "/pharmacy"
        await browser.get("/workplaces")
        assert browser.page is not None and browser.page.text.count('name="workplace"') == 1

    async def test_when_nobody_of_the_clinic_has_a_token_then_asked_as_soon_as_somebody_comes(
        self, office, door
    ) -> None:
        doctor = await office.hire("DOCTOR", speciality="THERAPIST")
        await office.dismiss(doctor)
        await office.follow()
        assert await office.value("select count(*) from workplaces where employee_id = $1", doctor.employee_id) == 1
        await door.enter(await office.hire("RECEPTIONIST"))
        await office.follow()
        assert await office.value("select count(*) from workplaces where employee_id = $1", doctor.employee_id) == 0

    async def test_while_central_is_away_then_nothing_ends_and_it_is_asked_again(self, staff, office, wire) -> None:
        _, doctor, _, desk = staff
        wire.is_cut = True
        with pytest.raises(Exception, match="ConnectError"):
            await office.follow()
        assert (await desk.get("/sync")).status_code == 200
        wire.is_cut = False
        await office.dismiss(doctor)
        await office.follow()
        await desk.get("/sync")
        assert desk.path == "/sign-in"

    async def test_nothing_changed_then_central_is_asked_one_short_question(self, staff, office, wire) -> None:
        await office.follow()
        wire.seen.clear()
        await office.follow()
        assert [request.url.query for request in wire.seen] == [b"status=DISMISSED&page_size=1"]


async def office_turn(office: Office) -> None:
    await follow(office.mis.services)


class TestTwoRoles:
    async def test_one_of_two_at_a_clinic_ends_then_the_other_one_goes_on(self, office, door, mis: Mis) -> None:
        hr = await office.hire("HR")
        doctor = await office.hire("DOCTOR", of=hr, speciality="THERAPIST")
        await door.enter(await office.hire("RECEPTIONIST"))
        browser = await door.enter(hr, wanted="/staff")
        assert (await browser.get("/sync")).status_code == 200  # both roles are open at once
        await office.follow()
        await office.dismiss(doctor)
        await office.follow()
        assert await office.value("select role from workplaces where user_id = $1", hr.local_id) == "HR"
        answer = await browser.get("/sync")
        assert answer.status_code == 403 or browser.path == "/sign-in"
