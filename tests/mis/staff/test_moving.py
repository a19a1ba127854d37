"""Changes of an employee: position, division, name; asked for here and made elsewhere; the workplace follows."""

import html
from datetime import timedelta

import pytest

from esoz.central.workforce.commands.hiring import change
from esoz.central.workforce.store import find_employee
from esoz.kernel.work import NOBODY, Work
from esoz.sandbox.country import Worker
from tests.mis.conftest import NOW

from .conftest import Door, Hired, Office, details_of
from .test_inviting import Desk, agree


@pytest.fixture
async def desk(office: Office, door: Door) -> Desk:
    hired = await office.hire("HR")
    return Desk(office, hired, await door.enter(hired, wanted="/staff"))


@pytest.fixture
async def doctor(office: Office) -> Hired:
    return await office.hire("DOCTOR", speciality="THERAPIST")


class TestChange:
    async def test_of_the_position_then_agreed_in_central_and_shown_here(
        self, desk: Desk, office: Office, doctor: Hired
    ) -> None:
        office.clock.forward(timedelta(seconds=31))
        await desk.browser.get("/staff")
        page = await desk.browser.get(f"/staff/{doctor.employee_id}/change")
        assert f'value="{doctor.identity.last_name}"' in html.unescape(page.text) and 'value="DD123543"' in page.text
        await desk.browser.send(f"/staff/{doctor.employee_id}/change", position="P11", email=doctor.email)
        request_id = await desk.sign_and_send()
        assert await office.value("select state from staff_requests where id = $1", request_id) == "sent"
        await agree(office, doctor.email)
        await office.follow()
        assert await office.value("select position from workplaces where employee_id = $1", doctor.employee_id) == (
            "Лікар-терапевт дільничний"
        )
        assert await office.value("select count(*) from workplaces where user_id = $1", doctor.local_id) == 1
        await desk.browser.get(f"/staff/{doctor.employee_id}")
        assert "Лікар-терапевт дільничний" in desk.browser.text and "Зміна даних" in desk.browser.text
        mails = await office.value("select count(*) from messages where recipient = $1", doctor.email)
        assert mails == 0  # only central's own mail: nothing changes in how they come in

    async def test_of_what_must_stay_then_central_refuses_it_in_words(
        self, desk: Desk, office: Office, doctor: Hired
    ) -> None:
        office.clock.forward(timedelta(seconds=31))
        await desk.browser.get("/staff")
        await desk.browser.get(f"/staff/{doctor.employee_id}/change")
        await desk.browser.send(f"/staff/{doctor.employee_id}/change", start_date="2020-01-01", email=doctor.email)
        request_id = await desk.sign_and_send()
        await desk.browser.get(f"/staff/requests/{request_id}")
        assert "перший день роботи змінити не можна" in desk.browser.text

    async def test_of_somebody_dismissed_then_not_offered_and_refused(
        self, desk: Desk, office: Office, doctor: Hired
    ) -> None:
        await office.dismiss(doctor)
        await office.follow()
        page = await desk.browser.get(f"/staff/{doctor.employee_id}")
        assert "/change" not in page.text and "Звільнено" in desk.browser.text
        assert (await desk.browser.get(f"/staff/{doctor.employee_id}/change")).status_code == 409


class TestChangedElsewhere:
    async def test_division_then_the_workplace_follows_within_ten_minutes(
        self, desk: Desk, office: Office, doctor: Hired
    ) -> None:
        await office.follow()
        async with office.central.transaction() as db:
            work = Work(NOBODY, office.clock.now(), db, office.dependencies)
            employee = await find_employee(db, doctor.employee_id)
            worker = Worker(doctor.email, doctor.role, "P10", doctor.email, "THERAPIST")
            details = details_of(worker, doctor.identity, doctor.organisation, NOW.date())
            await change(work, employee, details, user_id=doctor.central_id)
        office.clock.forward(timedelta(minutes=10))
        await office.follow()
        row = await office.value("select position from workplaces where employee_id = $1", doctor.employee_id)
        assert row == "Лікар-терапевт"
