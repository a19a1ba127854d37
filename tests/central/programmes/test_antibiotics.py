"""The register of antibiotics and their programme, taken in together."""

from esoz.central.medications import import_drugs
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.spec import drugs
from tests.factories.prescriptions import make_antibiotics_programme

COUNTS = (
    "select (select count(*) from innms), (select count(*) from innm_dosages), (select count(*) from medications),"
    " (select count(*) from innm_dosage_ingredients), (select count(*) from program_medications)"
)


class TestImport:
    async def test_of_all_antibiotics_twice_then_nothing_is_doubled(self, work: Work, db: Connection) -> None:
        rows = drugs.antibiotics()
        imported = await import_drugs(work, rows)
        await make_antibiotics_programme(work)
        first = tuple(await db.fetchrow(COUNTS))
        assert first[2] == imported.packages > 1000
        assert first[4] == first[2], "every package of the group takes part"
        await import_drugs(work, rows)
        await make_antibiotics_programme(work)
        assert tuple(await db.fetchrow(COUNTS)) == first
