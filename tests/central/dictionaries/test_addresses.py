"""Addresses by КАТОТТГ: lists, their filters, order of the Ukrainian alphabet."""

import unicodedata
from itertools import pairwise
from uuid import UUID

import pytest

from esoz.central.dictionaries import import_addresses, place_id
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.spec import katottg
from tests.central.answers import answered, faults, refused
from tests.factories.world import Caller

KYIV = "UA80000000000093317"
LVIV_REGION = "UA46000000000026241"
ALPHABET = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
UNKNOWN = UUID(int=404)


def in_alphabet(names: list[str]) -> bool:
    keys = [[ALPHABET.find(letter) for letter in name.lower()] for name in names]
    return all(one <= other for one, other in pairwise(keys))


class TestRegions:
    PATH = "/api/uaddresses/regions"

    async def test_all_are_listed_in_the_order_of_the_alphabet(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH))
        assert body["paging"] == {
            "page_number": 1,
            "page": 1,
            "page_size": 50,
            "total_entries": 27,
            "total_pages": 1,
        }
        names = [each["region"] for each in body["data"]]
        assert names.index("Запорізька") < names.index("Івано-Франківська") < names.index("Київ")

    async def test_by_part_of_name_ignores_case(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, name="льві"))
        assert body["data"] == [{"id": str(place_id(LVIV_REGION)), "region": "Львівська", "koatuu": LVIV_REGION}]

    async def test_needs_no_token(self, doctor: Caller) -> None:
        assert doctor.client is not None
        response = await doctor.client.get(self.PATH, headers={"API-key": doctor.api_key})
        assert response.status_code == 200


class TestDistricts:
    PATH = "/api/uaddresses/districts"

    async def test_by_region_id_and_name_is_whole(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, region_id=place_id(LVIV_REGION), name="стрий"))
        [stryi] = body["data"]
        assert stryi == {
            "id": str(place_id(stryi["koatuu"])),
            "region": "Львівська",
            "region_id": str(place_id(LVIV_REGION)),
            "district": "Стрийський",
            "koatuu": stryi["koatuu"],
        }
        assert stryi["koatuu"].startswith("UA46")

    async def test_by_name_of_region_and_code(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, region="львівська", koatuu="ua4610"))
        assert [each["koatuu"][:6] for each in body["data"]] == ["UA4610"]

    async def test_wrong_region_id_is_named(self, doctor: Caller) -> None:
        assert [entry for entry, _ in faults(await doctor.get(self.PATH, region_id="Львів"))] == ["$.region_id"]


class TestDistrictsOfRegion:
    async def test_of_a_region_are_short_and_in_order(self, doctor: Caller) -> None:
        body = answered(await doctor.get(f"/api/uaddresses/regions/{place_id(LVIV_REGION)}/districts"))
        assert {tuple(each) for each in body["data"]} == {("id", "district")}
        assert in_alphabet([each["district"] for each in body["data"]])
        assert body["paging"]["total_entries"] == 7

    async def test_of_unknown_region_is_not_found(self, doctor: Caller) -> None:
        refused(await doctor.get(f"/api/uaddresses/regions/{UNKNOWN}/districts"), 404, "not_found")


class TestSettlements:
    PATH = "/api/uaddresses/settlements"

    async def test_kyiv_is_a_region_and_a_settlement_without_district(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, koatuu=KYIV))
        assert body["data"] == [
            {
                "id": str(place_id(KYIV)),
                "region_id": str(place_id(KYIV)),
                "region": "Київ",
                "settlement_name": "Київ",
                "mountain_group": False,
                "type": "CITY",
                "koatuu": KYIV,
            }
        ]

    async def test_by_names_of_all_levels(self, doctor: Caller) -> None:
        query = {"name": "винники", "region": "львівська", "district": "львівський", "type": "CITY"}
        body = answered(await doctor.get(self.PATH, **query))
        [only] = body["data"]
        assert (only["settlement_name"], only["region"], only["district"]) == ("Винники", "Львівська", "Львівський")

    # AD-2
    @pytest.mark.parametrize("typed", ["Білозір'я", "білозірʼя", "БІЛОЗІР`Я", "Бiлозip'я", "зіря"])
    async def test_kind_of_apostrophe_and_alphabet_make_no_difference(self, doctor: Caller, typed: str) -> None:
        found = answered(await doctor.get(self.PATH, name=typed, page_size=300))["data"]
        assert "Білозір’я" in {each["settlement_name"] for each in found}

    async def test_letters_put_together_of_two_signs_are_the_same(self, doctor: Caller) -> None:
        found = answered(await doctor.get(self.PATH, name=unicodedata.normalize("NFD", "Київ"), type="CITY"))["data"]
        assert "Київ" in {each["settlement_name"] for each in found}

    async def test_pages_follow_one_another_without_gap(self, doctor: Caller) -> None:
        async def page(number: int, size: int) -> list[str]:
            response = await doctor.get(self.PATH, name="новосілки", page=number, page_size=size)
            return [each["id"] for each in answered(response)["data"]]

        whole = await page(1, 20)
        assert len(set(whole)) == 20
        assert await page(1, 10) + await page(2, 10) == whole

    async def test_page_after_the_last_is_empty_and_tells_the_total(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, koatuu=KYIV, page=2))
        assert (body["data"], body["paging"]["total_entries"]) == ([], 1)

    @pytest.mark.parametrize(("name", "value"), [("page_size", 0), ("page", 0), ("page", "x")])
    async def test_wrong_page_is_named(self, doctor: Caller, name: str, value: object) -> None:
        assert [entry for entry, _ in faults(await doctor.get(self.PATH, **{name: value}))] == [f"$.{name}"]

    async def test_mountain_ones_are_found_by_their_flag(self, doctor: Caller, db: Connection) -> None:
        await db.execute("update settlements set mountain_group = true where name = 'Верховина'")
        body = answered(await doctor.get(self.PATH, mountain_group="true"))
        assert {(each["settlement_name"], each["mountain_group"]) for each in body["data"]} == {("Верховина", True)}


class TestSettlement:
    async def test_is_found_by_id(self, doctor: Caller) -> None:
        body = answered(await doctor.get(f"/api/uaddresses/settlements/{place_id(KYIV)}"))
        assert (body["data"]["koatuu"], body["meta"]["type"]) == (KYIV, "object")

    @pytest.mark.parametrize("id", [UNKNOWN, "Київ"])
    async def test_unknown_is_not_found(self, doctor: Caller, id: object) -> None:
        refused(await doctor.get(f"/api/uaddresses/settlements/{id}"), 404, "not_found", "Not found")


class TestSettlementsOfDistrict:
    async def test_of_a_district_are_short(self, doctor: Caller) -> None:
        found = await doctor.get("/api/uaddresses/districts", name="стрийський")
        district = found.json()["data"][0]["id"]
        body = answered(await doctor.get(f"/api/uaddresses/districts/{district}/settlements", name="моршин"))
        assert [each["settlement_name"] for each in body["data"]] == ["Моршин"]
        assert {tuple(each) for each in body["data"]} == {("id", "settlement_name")}

    async def test_of_unknown_district_is_not_found(self, doctor: Caller) -> None:
        refused(await doctor.get(f"/api/uaddresses/districts/{UNKNOWN}/settlements"), 404, "not_found")


class TestStreets:
    PATH = "/api/uaddresses/streets"

    @pytest.fixture(autouse=True)
    async def streets(self, work: Work) -> None:
        rows = [("STREET", "Січових Стрільців", ["Артема"]), ("LANE", "Тихий", []), ("STREET", "Ґонти", [])]
        for type, name, aliases in rows:
            await work.db.execute(
                "insert into streets (id, settlement_id, type, name, aliases) values ($1, $2, $3, $4, $5)",
                work.new_id(),
                place_id(KYIV),
                type,
                name,
                aliases,
            )

    async def test_of_a_settlement_are_in_order(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, settlement_id=place_id(KYIV)))
        assert [each["street_name"] for each in body["data"]] == ["Ґонти", "Січових Стрільців", "Тихий"]

    async def test_old_name_finds_the_street(self, doctor: Caller) -> None:
        """AD-4: people remember the old names."""
        body = answered(await doctor.get(self.PATH, settlement_id=place_id(KYIV), name="артем", type="STREET"))
        [street] = body["data"]
        assert street == {
            "id": street["id"],
            "settlement_name": "Київ",
            "street_type": "STREET",
            "street_name": "Січових Стрільців",
            "aliases": ["Артема"],
        }

    async def test_without_settlement_is_refused(self, doctor: Caller) -> None:
        assert (await doctor.get(self.PATH)).status_code == 422


class TestImport:
    async def test_twice_changes_nothing_and_a_new_name_is_taken_over(self, db: Connection, work: Work) -> None:
        def unit(name: str) -> list[katottg.Unit]:
            above = katottg.Unit(
                code="UA46000000000026241",
                category="O",
                level="region",
                name="Львівська",
                parent="",
                settlement_type=None,
            )
            village = katottg.Unit(
                code="UA46999999999999999",
                category="C",
                level="settlement",
                name=name,
                parent=above.code,
                settlement_type="VILLAGE",
            )
            return [above, village]

        before = await db.fetchval("select count(*) from settlements")
        for name in ("Нове", "Нове", "Ще Новіше"):
            assert await import_addresses(work, unit(name)) == 1
        assert await db.fetchval("select count(*) from settlements") == before + 1
        assert await db.fetchval("select name from settlements where code = 'UA46999999999999999'") == "Ще Новіше"
