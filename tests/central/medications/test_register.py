"""The import of the register of drugs."""

from esoz.central.medications import import_drugs
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.spec import drugs


class TestImport:
    # DR-2
    async def test_of_all_antibiotics_then_a_container_is_counted_in_units_of_its_dosage(
        self, work: Work, db: Connection
    ) -> None:
        await import_drugs(work, drugs.antibiotics())
        fitting, every = await db.fetchrow(
            "select count(*) filter (where m.container_numerator_unit = i.denumerator_unit), count(*)"
            " from medications m join innm_dosage_ingredients i using (innm_dosage_id) where i.is_primary"
        )
        assert fitting == every > 1000

    # DR-1
    async def test_of_a_pair_then_both_substances_are_told_apart(self, work: Work, db: Connection) -> None:
        await import_drugs(work, [row for row in drugs.antibiotics() if "клавуланова" in row.inn_ua])
        rows = await db.fetch(
            "select distinct n.name, n.name_original, i.is_primary from innm_dosage_ingredients i"
            " join innms n on n.id = i.innm_id order by 1"
        )
        assert [tuple(row) for row in rows] == [
            ("амоксицилін", "amoxicillin", True),
            ("клавуланова кислота", "clavulanic acid", False),
        ]
