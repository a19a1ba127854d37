"""A demo country of an earlier version is verified when it starts again; what an administrator decided stays."""

from pathlib import Path

from esoz.central import organisations, services
from esoz.kernel.db import Database
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.sandbox.guarantees import CODES
from esoz.sandbox.upgrades import bring_up_to_date
from esoz.spec.files import content
from tests.central.conftest import NOW, Server
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


# SR-15
async def test_demo_country_when_no_programme_pays_for_services_then_one_does_and_a_decision_stays(
    fresh_database: Database, server: Server, process_name: str, dependencies: Dependencies, tmp_path: Path
) -> None:
    url = server.url(f"{process_name}_fresh")
    settings = Settings({"ESOZ_CENTRAL_DATABASE": url, "ESOZ_VAR": str(tmp_path), "ESOZ_SANDBOX": "1"})
    (tmp_path / "trust").mkdir()
    async with fresh_database.transaction() as db:
        work = Work(NOBODY, NOW, db, dependencies)
        await services.import_services(work, services.read_services(content("services.csv"), "services.csv"))
    await bring_up_to_date(settings)
    async with fresh_database.transaction() as db:
        [programme] = await db.fetch("select id, is_active from medical_programs where type = 'SERVICE'")
        offered = await services.offered_services(db, [programme["id"]], [services.service_id(code) for code in CODES])
        await db.execute("update medical_programs set is_active = false where id = $1", programme["id"])
        await db.execute("delete from program_services where service_id = $1", services.service_id(CODES[0]))
    assert programme["is_active"] and len(offered) == len(CODES)
    await bring_up_to_date(settings)
    async with fresh_database.connection() as db:
        [again] = await db.fetch("select id, is_active from medical_programs where type = 'SERVICE'")
        left = await db.fetchval("select count(*) from program_services where medical_program_id = $1", again["id"])
    assert (again["id"], again["is_active"], left) == (programme["id"], False, len(CODES) - 1)
