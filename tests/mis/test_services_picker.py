"""The picker of services for outpatient visits: asked of central's catalogue, group by group."""

from esoz.kernel.db import Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.conftest import NOW
from tests.factories import services
from tests.mis.conftest import Browser


async def found(doctor: Browser, text: str) -> list[dict[str, str]]:
    answer: list[dict[str, str]] = (await doctor.get("/codes/services", q=text)).json()
    return answer


async def test_services_when_searched_then_each_is_offered_once(
    doctor: Browser, central_database: Database, dependencies: Dependencies
) -> None:
    async with central_database.transaction() as db:
        await services.fill(Work(NOBODY, NOW, db, dependencies))
    spirometry = {
        "value": str(services.id_of(services.SPIROMETRY)),
        "text": "11506-00 Інші вимірювання респіраторної функції",
    }
    assert await found(doctor, "115") == [spirometry]
    assert await found(doctor, "респіраторної") == [spirometry]
    assert await found(doctor, "фізіологічні") == []  # out of use
    assert await found(doctor, " ") == []
