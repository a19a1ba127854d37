"""A demo country of an earlier version is verified when it starts again; what an administrator decided stays."""

from pathlib import Path

from esoz.central import organisations
from esoz.kernel.db import Database
from esoz.kernel.settings import Settings
from esoz.sandbox.upgrades import bring_up_to_date
from tests.central.conftest import Server
from tests.factories.world import World


# LE-25
async def test_demo_country_when_never_verified_then_verified_once_and_a_decision_stays(
    fresh_database: Database, fresh_world: World, server: Server, process_name: str, tmp_path: Path
) -> None:
    url = server.url(f"{process_name}_fresh")
    settings = Settings({"ESOZ_CENTRAL_DATABASE": url, "ESOZ_VAR": str(tmp_path), "ESOZ_SANDBOX": "1"})
    (tmp_path / "trust").mkdir()
    taken_back = fresh_world.pharmacist.client_id
    async with fresh_database.transaction() as db:
        await db.execute("update legal_entities set nhs_verified = false, nhs_reviewed = false")
        await db.execute("update legal_entities set nhs_unverified_at = now() where id = $1", taken_back)
    for _ in range(2):
        await bring_up_to_date(settings)
    async with fresh_database.connection() as db:
        doctors = await organisations.find_legal_entity(db, fresh_world.doctor.client_id)
        pharmacy = await organisations.find_legal_entity(db, taken_back)
        lines = await db.fetch("select resource_id from audit_events where event = 'legal_entity.verified'")
    assert (doctors.nhs_verified, pharmacy.nhs_verified) == (True, False)
    assert [row["resource_id"] for row in lines].count(str(doctors.id)) == 1
