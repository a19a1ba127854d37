"""The import of the register of drugs."""

from datetime import timedelta

import msgspec

from esoz.central.medications import import_drugs, import_register
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


# DR-13
class TestVersions:
    async def test_changed_and_gone_then_what_they_were_is_kept(self, work: Work, db: Connection) -> None:
        rows = [row for row in drugs.common() if row.inn_ua == "амлодипін"]
        first = await import_register(work, rows)
        assert (first.changed, first.removed) == (0, 0) and first.added > 3
        assert await db.fetchval("select count(*) from medication_versions") == 0
        changed = msgspec.structs.replace(rows[0], reg_num="UA/0000/01/01")
        later = Work(work.actor, work.now + timedelta(days=1), db, work.dependencies)
        second = await import_register(later, [changed, *rows[2:]])
        assert second.added == 0 and second.changed > 0 and second.removed > 0
        kept = await db.fetch(
            "select m.is_active, m.certificates, v.content, v.valid_until from medication_versions v"
            " join medications m on m.id = v.medication_id"
        )
        assert len(kept) == second.changed + second.removed
        assert {row["valid_until"] for row in kept} == {later.now}
        for row in kept:
            was = row["content"]
            assert was["is_active"] and (not row["is_active"] or was["certificates"] != row["certificates"])

    async def test_again_then_no_version_more(self, work: Work, db: Connection) -> None:
        rows = [row for row in drugs.common() if row.inn_ua == "амлодипін"]
        for _ in range(2):
            await import_register(work, rows)
        assert await db.fetchval("select count(*) from medication_versions") == 0

    async def test_rows_left_out_then_counted_by_reason(self, work: Work) -> None:
        row = next(each for each in drugs.common() if each.inn_ua == "амлодипін")
        odd = [
            msgspec.structs.replace(row, package_pcid="1", inn_ua=""),
            msgspec.structs.replace(row, package_pcid="2", release_form="Мазь"),
            msgspec.structs.replace(row, package_pcid="3", release_form="Гель"),
        ]
        done = await import_register(work, [row, *odd])
        assert (done.left_out, dict(done.reasons)) == (3, {"unknown_form": 2, "no_substance": 1})
