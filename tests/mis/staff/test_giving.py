"""Services that an employee gives: shown, added, ended; another's is nobody's."""

from datetime import timedelta

import pytest

from esoz.mis.link.access import session_of
from tests.mis.conftest import Browser

from .conftest import FAMILY, Door, Hired, Office

BODY = {
    "division_id": str(FAMILY.division_id),
    "category": {"coding": [{"system": "HEALTHCARE_SERVICE_CATEGORIES", "code": "MSP"}]},
    "speciality_type": "PEDIATRICIAN",
    "providing_condition": "OUTPATIENT",
}


@pytest.fixture
async def desk(office: Office, door: Door) -> Browser:
    """A personnel officer of a clinic that offers a service of pediatricians."""
    hr = await office.hire("HR")
    browser = await door.enter(hr, wanted="/staff")
    async with office.mis.services.database.connection() as db:
        assert hr.local_id
        line = await session_of(db, office.mis.services, hr.local_id, hr.clinic_id)
        offered = await line.get("/api/healthcare_services", status="ACTIVE")
        if not offered.data:
            await line.post("/api/healthcare_services", BODY)
    return browser


@pytest.fixture
async def pediatrician(office: Office, desk: Browser) -> Hired:
    return await hired_as(office, desk, "PEDIATRICIAN")


async def hired_as(office: Office, desk: Browser, speciality: str) -> Hired:
    hired = await office.hire("DOCTOR", speciality=speciality)
    office.clock.forward(timedelta(seconds=31))
    await desk.get("/staff")
    return hired


class TestGiving:
    async def test_added_then_shown_and_ended_then_over(self, desk: Browser, pediatrician: Hired) -> None:
        path = f"/staff/{pediatrician.employee_id}/roles"
        page = await desk.get(path)
        assert "не надає жодної послуги" in desk.text
        service = page.text.split('<option value="')[2].split('"')[0]
        await desk.send(path, service=service)
        assert "Послугу додано" in desk.text and "надає тепер" in desk.text and "Інших послуг" in desk.text
        assert desk.page is not None
        role = desk.page.text.split(f'action="{path}/')[1].split('"')[0]
        await desk.send(f"{path}/{role}")
        assert "Послугу завершено" in desk.text and "надає тепер" not in desk.text

    async def test_nothing_chosen_then_asked(self, desk: Browser, pediatrician: Hired) -> None:
        path = f"/staff/{pediatrician.employee_id}/roles"
        await desk.get(path)
        assert (await desk.send(path)).status_code == 422 and "Оберіть послугу" in desk.text

    async def test_of_another_speciality_then_not_offered_and_refused_in_words(
        self, desk: Browser, office: Office, pediatrician: Hired
    ) -> None:
        page = await desk.get(f"/staff/{pediatrician.employee_id}/roles")
        service = page.text.split('<option value="')[2].split('"')[0]
        therapist = await hired_as(office, desk, "THERAPIST")
        path = f"/staff/{therapist.employee_id}/roles"
        async with office.mis.services.database.transaction() as db:
            await db.execute(
                "update staff set speciality = 'PEDIATRICIAN' where employee_id = $1", therapist.employee_id
            )  # central knows better
        await desk.get(path)
        assert (await desk.send(path, service=service)).status_code == 422
        assert "іншої спеціальності" in desk.text
