"""The catalogue of services: taking a file in, and reading it as published."""

from dataclasses import replace
from uuid import uuid4

import msgspec
import pytest

from esoz.central.dictionaries import ImportCounts
from esoz.central.services import SourceRow, import_services, read_services
from tests.factories import services as build
from tests.factories.services import CATALOGUE, ECG, PROGRAMME, SPIROMETRY, fill, id_of, row


@pytest.fixture
async def filled(work) -> None:
    await fill(work)


def codes(nodes: list) -> list:
    """Codes of groups and services as nested lists."""
    return [
        [node["code"], *codes(node.get("groups", [])), *(each["code"] for each in node.get("services", []))]
        for node in nodes
    ]


class TestImport:
    async def test_file_when_taken_in_then_counted(self, work):
        done = await fill(work)
        assert done == {
            "service groups": ImportCounts(3, 0, 0),
            "services": ImportCounts(6, 0, 0),
            "services of programmes": ImportCounts(1, 0, 0),
        }

    async def test_file_when_taken_in_again_then_nothing_changes(self, work, filled, db):
        before = await db.fetch("select * from services order by id")
        done = await fill(work)
        assert set(done.values()) == {ImportCounts(0, 0, 0)}
        assert await db.fetch("select * from services order by id") == before

    async def test_file_when_a_row_differs_and_one_is_gone_then_changed_and_out_of_use(self, work, filled, doctor):
        changed = [
            msgspec.structs.replace(each, name="ЕКГ") if each.code == ECG and each.type == "service" else each
            for each in CATALOGUE
            if each.code != SPIROMETRY
        ]
        done = await import_services(work, changed)
        assert done["services"] == ImportCounts(0, 1, 1)
        found = {each["code"]: each for each in await work.db.fetch("select * from services")}
        assert (found[ECG]["name"], found[SPIROMETRY]["is_active"]) == ("ЕКГ", False)

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            ([row("group", "A", "Перша"), row("group", "A", "Друга")], "row 2 (group A): the code stands twice"),
            ([row("service", "S", "Послуга", category="c", groups=("Z",))], "row 1 (service S): no group Z"),
            ([row("service", "S", "Послуга")], "row 1 (service S): the category must be filled in"),
            ([row("group", "A", "1", groups=("B",)), row("group", "B", "2", groups=("A",))], "stands in itself"),
            ([row("thing", "A", "Перша")], "the type is group, service or program_service"),
            ([row("program_service", "S")], "needs medical_program_id and the code of a service of this file"),
        ],
    )
    async def test_file_when_wrong_then_nothing_is_taken_in(self, work, rows, words):
        with pytest.raises(ValueError, match=r"row|group") as raised:
            await import_services(work, rows)
        assert words in str(raised.value)
        assert await work.db.fetchval("select count(*) from service_groups") == 0


class TestFiles:
    def test_csv_when_read_then_rows(self):
        raw = (
            "type,code,name,groups,category,is_active\ngroup,A,Огляди,,,\n"
            "service,S,«Огляд, повторний»,A;B,counselling,0\n"
        ).replace("«Огляд, повторний»", '"Огляд, повторний"')
        assert read_services(raw.encode("utf-8-sig"), "file.csv") == [
            SourceRow(type="group", code="A", name="Огляди"),
            SourceRow(
                type="service",
                code="S",
                name="Огляд, повторний",
                groups=("A", "B"),
                category="counselling",
                is_active=False,
            ),
        ]

    def test_json_when_read_then_the_same_rows(self):
        assert read_services(msgspec.json.encode(CATALOGUE), "file.json") == list(CATALOGUE)

    # SR-14
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("type,code,colour\n", "columns are type, code"),
            ("type,code,is_active\nservice,S,maybe\n", "line 2: is_active"),
            ("type,code,medical_program_id\nprogram_service,S,x\n", "line 2"),
        ],
    )
    def test_csv_when_wrong_then_the_line_is_named(self, text, words):
        with pytest.raises(ValueError, match=words):
            read_services(text.encode(), "file.csv")


class TestServices:
    # SR-14
    async def test_when_asked_then_the_tree(self, filled, doctor):
        got = await doctor.get("/api/services")
        assert got.status_code == 200, got.text
        assert codes(got.json()["data"]) == [
            ["A", "11506-00", "92001-00", "96037-00", "96066-00"],
            ["B", ["B1", "11506-00", "11700-00"], "32090-00"],
        ]
        assert got.json()["paging"]["total_entries"] == 2

    async def test_service_when_shown_then_whole(self, filled, doctor):
        data = (await doctor.get("/api/services", code=ECG)).json()["data"]
        assert codes(data) == [["B", ["B1", ECG]]]
        shown = data[0]["groups"][0]["services"][0]
        assert {name: shown[name] for name in ("id", "name", "category", "is_active", "is_composition")} == {
            "id": str(id_of(ECG)),
            "name": "Інша електрокардіографія [ЕКГ]",
            "category": "diagnostic_procedure",
            "is_active": True,
            "is_composition": False,
        }

    async def test_when_part_of_a_name_is_asked_then_only_the_way_to_it(self, filled, doctor):
        got = await doctor.get("/api/services", name="КОНСУЛЬТУВАННЯ")
        assert codes(got.json()["data"]) == [["A", "96037-00", "96066-00"]]
        assert codes((await doctor.get("/api/services", name="діагностика")).json()["data"]) == [
            ["B", ["B1", "11506-00", "11700-00"], "32090-00"]
        ]
        assert (await doctor.get("/api/services", name="100%_")).json()["data"] == []

    async def test_when_the_beginning_of_a_code_is_asked_then_all_that_begin_so(self, filled, doctor):
        got = await doctor.get("/api/services", code="960")
        assert codes(got.json()["data"]) == [["A", "96037-00", "96066-00"]]
        assert (await doctor.get("/api/services", code="%")).json()["data"] == []

    async def test_without_a_token_then_401(self, filled, doctor):
        assert (await replace(doctor, token="nobody's").get("/api/services")).status_code == 401

    async def test_when_a_parameter_is_unknown_then_422(self, filled, doctor):
        assert (await doctor.get("/api/services", colour="red")).status_code == 422


class TestProgramServices:
    async def test_when_asked_then_those_of_the_programme(self, filled, doctor):
        got = await doctor.get("/api/program_services", medical_program_id=PROGRAMME)
        (shown,) = got.json()["data"]
        assert (shown["service_id"], shown["consumer_price"]) == (str(id_of(ECG)), 0.0)
        one = await doctor.get(f"/api/program_services/{shown['id']}")
        assert (one.status_code, one.json()["data"]) == (200, shown)
        other = await doctor.get("/api/program_services", medical_program_id=uuid4())
        assert other.json()["data"] == []

    async def test_when_unknown_then_404(self, filled, doctor):
        assert (await doctor.get(f"/api/program_services/{uuid4()}")).status_code == 404

    async def test_when_no_programme_is_named_then_422(self, filled, doctor):
        assert (await doctor.get("/api/program_services")).status_code == 422

    async def test_without_the_scope_then_403(self, filled, pharmacist):
        got = await pharmacist.get("/api/program_services", medical_program_id=PROGRAMME)
        assert got.status_code == 403


def test_ids_when_made_twice_then_equal():
    assert build.id_of(ECG) == build.id_of(ECG) != build.id_of(SPIROMETRY)
