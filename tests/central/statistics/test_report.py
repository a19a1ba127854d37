"""The published main numbers."""

from esoz.kernel.db import Connection
from tests.factories.world import World


class TestMain:
    async def test_by_anybody_then_the_published_numbers(self, world: World, db: Connection) -> None:
        assert world.doctor.client is not None
        answer = await world.doctor.client.get("/reports/stats")
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"] == {
            "declarations": 1,
            "msps": 3,
            "doctors": 7,
            "pharmacies": 3,
            "pharmacists": 3,
            "medication_requests_active": 0,
            "medication_requests_completed": 0,
        }

    async def test_after_a_declaration_ended_then_one_fewer(self, world: World, db: Connection) -> None:
        await db.execute("update declarations set status = 'terminated'")
        assert world.doctor.client is not None
        answer = await world.doctor.client.get("/reports/stats")
        assert answer.json()["data"]["declarations"] == 0
