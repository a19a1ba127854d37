"""Packages that take part in programmes with their prices: imported by an operator, any number of times."""

from uuid import uuid4

import pytest

from esoz.central import medications, programmes
from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.spec import drugs
from tests.central.answers import answered
from tests.factories.world import Caller

AFFORDABLE = "7d7278e2-7255-5a88-9c55-9227a9b516c8"
HEADER = "medical_program_id,medication_id,start_date,reimbursement_amount,consumer_price,end_date\n"


def file(*rows: str) -> bytes:
    return (HEADER + "\n".join(rows) + "\n").encode()


@pytest.fixture
async def common(work: Work) -> None:
    """The carried medicines and programmes."""
    await dictionaries.load(work.db)
    await medications.import_drugs(work, drugs.common())
    await programmes.make_programmes(work, programmes.common_programmes())


@pytest.fixture
async def package(common: None, db: Connection) -> str:
    return str(await db.fetchval("select id from medications where 'C08CA01' = any(code_atc) order by id limit 1"))


async def taken(work: Work, *rows: str) -> tuple[int, int, int]:
    done = await programmes.import_participants(work, programmes.read_participants(file(*rows)))
    return done.added, done.changed, done.removed


# DR-4
class TestImport:
    async def test_of_what_is_carried_then_all_are_known_and_a_second_time_changes_nothing(
        self, common: None, work: Work, doctor: Caller
    ) -> None:
        told = programmes.common_participants()
        done = await programmes.import_participants(work, told)
        assert (done.added, done.changed, done.removed) == (len(told), 0, 0) == (177, 0, 0)
        done = await programmes.import_participants(work, told)
        assert (done.added, done.changed, done.removed) == (0, 0, 0)
        query = {"innm_name": "амлодипін", "medical_program_id": AFFORDABLE}
        dosages = answered(await doctor.get("/api/v2/drugs", **query))["data"]
        assert [each["name"] for each in dosages] == ["амлодипін 10 мг таблетки", "амлодипін 5 мг таблетки"]
        assert {each["daily_dosage"] for each in dosages} == {5}

    async def test_of_a_changed_file_then_the_places_follow_and_keep_their_ids(
        self, package: str, work: Work, db: Connection
    ) -> None:
        first = f"{AFFORDABLE},{package},2026-01-01,10.005,20,"
        assert await taken(work, first) == (1, 0, 0)
        row = await db.fetchrow(
            "select id, reimbursement_amount::text from program_medications where is_active"
            " and medical_program_id = $1",
            AFFORDABLE,
        )
        assert row["reimbursement_amount"] == "10.01"
        assert await taken(work, f"{AFFORDABLE},{package},2026-01-01,11,20,") == (0, 1, 0)
        assert await db.fetchval("select id from program_medications where reimbursement_amount = 11") == row["id"]
        other = str(await db.fetchval("select id from medications where id <> $1 and is_active limit 1", package))
        assert await taken(work, f"{AFFORDABLE},{other},2026-01-01,5,,2026-12-31") == (1, 0, 1)
        assert not await db.fetchval("select is_active from program_medications where id = $1", row["id"])
        assert await taken(work, first) == (0, 1, 1)

    async def test_of_one_programme_then_others_stay(self, package: str, work: Work, db: Connection) -> None:
        before = await db.fetchval("select count(*) from program_medications where is_active")
        await taken(work, f"{AFFORDABLE},{package},2026-01-01,5,,")
        assert await db.fetchval("select count(*) from program_medications where is_active") == before + 1

    async def test_with_faults_then_none_is_taken_and_each_is_named(
        self, package: str, work: Work, db: Connection
    ) -> None:
        row = f"{AFFORDABLE},{package},2026-01-01"
        rows = (
            f"{row},5,,",
            f"{row},6,,",
            f"{AFFORDABLE},{uuid4()},2026-01-01,1,,",
            f"{uuid4()},{package},2026-01-01,1,,",
        )
        with pytest.raises(ValueError, match=r"row 2: it is told twice; row 3: .*no such medicine; row 4: .*programme"):
            await taken(work, *rows)
        with pytest.raises(ValueError, match="row 1: reimbursement_amount: must be"):
            await taken(work, f"{row},-1,,")
        with pytest.raises(ValueError, match="row 1: consumer_price: expected"):
            await taken(work, f"{row},1,NaN,")
        with pytest.raises(ValueError, match="row 1: it ends before it begins; row 1: more is paid than it costs"):
            await taken(work, f"{row},5,4,2025-12-31")
        assert (
            await db.fetchval("select count(*) from program_medications where medical_program_id = $1", AFFORDABLE) == 0
        )

    @pytest.mark.parametrize(
        ("raw", "fault"),
        [
            (b"medication_id\n", "columns are missing: medical_program_id, reimbursement_amount, start_date"),
            (b"", "columns are missing"),
            (file("x,y,2026-01-01,1,,"), "line 2"),
            (file(f"{AFFORDABLE},{AFFORDABLE},2026-02-30,1,,"), "line 2"),
            (file(f"{AFFORDABLE},{AFFORDABLE},2026-01-01,,,"), "line 2"),
            (file(f"{AFFORDABLE},{AFFORDABLE},2026-01-01,many,,"), "line 2"),
        ],
    )
    def test_of_an_odd_file_then_says_where(self, raw: bytes, fault: str) -> None:
        with pytest.raises(ValueError, match=fault):
            programmes.read_participants(raw)


# DR-10
async def test_enrolment_by_group_then_each_blank_has_its_own(common: None, db: Connection) -> None:
    rows = await db.fetch(
        "select distinct g.mr_blank_type, d.mr_blank_type as of_drug from program_medications p"
        " join medical_programs g on g.id = p.medical_program_id join innm_dosages d on d.id = p.innm_dosage_id"
    )
    assert {tuple(row) for row in rows} == {("F-1", "F-1"), ("F-3", "F-3")}
    alone = (
        "select count(*) from innm_dosages d"
        " where not exists (select from program_medications p where p.innm_dosage_id = d.id)"
    )
    assert await db.fetchval(alone) == 0
