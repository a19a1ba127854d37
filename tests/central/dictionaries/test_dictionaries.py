"""Dictionaries: the open list, its filters, and memory that follows an edit without a restart."""

from collections.abc import Sequence

import pytest

from esoz.central.dictionaries import Dictionaries, import_dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.spec.dictionary import Dictionary, Value
from tests.central.answers import answered
from tests.factories.world import Caller

LIVING = Dictionary(
    name="LIVING",
    labels=("SYSTEM",),
    is_active=True,
    is_partial=False,
    values=(
        Value("PLANT", "Рослини", "", True, "test"),
        Value("TREE", "Дерева", "PLANT", True, "test"),
        Value("OAK", "Дуб звичайний", "TREE", True, "test"),
        Value("MYTH", "Вигадані", "", False, "test"),
    ),
)


def changed(values: Sequence[Value], **fields: object) -> Dictionary:
    return Dictionary(
        **{"name": "LIVING", "labels": (), "is_active": True, "is_partial": False, **fields}, values=values
    )


@pytest.fixture
async def living(work: Work) -> None:
    await import_dictionaries(work, [LIVING])


@pytest.mark.usefixtures("living")
class TestDictionariesV2:
    PATH = "/api/v2/dictionaries"

    async def test_by_name_is_whole_as_a_tree(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, name="LIVING"))
        oak = {"code": "OAK", "description": "Дуб звичайний", "is_active": True, "child_values": []}
        tree = {"code": "TREE", "description": "Дерева", "is_active": True, "child_values": [oak]}
        plant = {"code": "PLANT", "description": "Рослини", "is_active": True, "child_values": [tree]}
        myth = {"code": "MYTH", "description": "Вигадані", "is_active": False, "child_values": []}
        assert body["meta"]["type"] == "list"
        assert body["data"] == [
            {
                "name": "LIVING",
                "description": "LIVING",
                "values": [plant, myth],
                "labels": ["SYSTEM"],
                "is_active": True,
            }
        ]

    async def test_without_filter_gives_every_dictionary(self, doctor: Caller) -> None:
        names = [each["name"] for each in answered(await doctor.get(self.PATH))["data"]]
        assert {"LIVING", "GENDER", "eHealth/ICPC2/condition_codes"} <= set(names)
        assert names == sorted(names)

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ({"value_code": "OAK"}, ["OAK"]),
            ({"value_description": "дуб"}, ["OAK"]),
            ({"value_is_active": "false"}, ["MYTH"]),
        ],
    )
    async def test_by_value_gives_only_those_values(
        self, doctor: Caller, query: dict[str, str], codes: list[str]
    ) -> None:
        body = answered(await doctor.get(self.PATH, name="LIVING", **query))
        assert [value["code"] for value in body["data"][0]["values"]] == codes

    async def test_by_value_leaves_out_dictionaries_without_it(self, doctor: Caller) -> None:
        body = answered(await doctor.get(self.PATH, value_code="OAK"))
        assert [each["name"] for each in body["data"]] == ["LIVING"]

    async def test_percent_sign_is_a_sign_not_a_pattern(self, doctor: Caller) -> None:
        assert answered(await doctor.get(self.PATH, name="LIVING", value_description="%"))["data"] == []

    async def test_not_active_is_found_by_its_filter(self, doctor: Caller, work: Work) -> None:
        await import_dictionaries(work, [changed(LIVING.values, is_active=False)])
        names = [each["name"] for each in answered(await doctor.get(self.PATH, is_active="false"))["data"]]
        assert "LIVING" in names
        assert "GENDER" not in names

    async def test_unknown_filter_is_named(self, doctor: Caller) -> None:
        response = await doctor.get(self.PATH, colour="red")
        assert response.status_code == 422
        fault = response.json()["error"]["invalid"][0]
        assert (fault["entry"], fault["entry_type"]) == ("$.colour", "query_parameter")


@pytest.mark.usefixtures("living")
class TestDictionaries:
    # DI-1
    async def test_gives_codes_in_use_as_a_map(self, doctor: Caller) -> None:
        body = answered(await doctor.get("/api/dictionaries", name="LIVING"))
        values = {"PLANT": "Рослини", "TREE": "Дерева", "OAK": "Дуб звичайний"}
        assert body["data"] == [{"name": "LIVING", "values": values, "labels": ["SYSTEM"], "is_active": True}]


class TestImport:
    async def test_twice_changes_nothing(self, db: Connection, work: Work) -> None:
        await import_dictionaries(work, [LIVING])
        once = await db.fetch("select * from dictionary_values where dictionary_name = 'LIVING' order by code")
        await import_dictionaries(work, [LIVING])
        assert await db.fetch("select * from dictionary_values where dictionary_name = 'LIVING' order by code") == once

    async def test_code_gone_from_the_source_goes_out_of_use_and_keeps_its_words(
        self, db: Connection, work: Work
    ) -> None:
        await import_dictionaries(work, [LIVING])
        await import_dictionaries(work, [changed(LIVING.values[:2])])
        memory = Dictionaries()
        await memory.load(db)
        assert memory.codes("LIVING") == {"PLANT", "TREE"}
        assert memory.describe("LIVING", "OAK") == "Дуб звичайний"

    async def test_parent_written_after_its_child_is_accepted(self, db: Connection, work: Work) -> None:
        await import_dictionaries(work, [changed(tuple(reversed(LIVING.values)))])
        assert await db.fetchval("select parent_code from dictionary_values where code = 'OAK'") == "TREE"


class TestMemory:
    async def test_edit_is_seen_after_a_second_without_restart(self, db: Connection, work: Work) -> None:
        """DI-2: the system of 2019 needed a restart."""
        seconds = [0.0]
        memory = Dictionaries(monotonic=lambda: seconds[0])
        await import_dictionaries(work, [LIVING])
        await memory.refresh(db)
        assert memory.codes("LIVING") == {"PLANT", "TREE", "OAK"}
        await db.execute("update dictionary_values set is_active = false where code = 'OAK'")
        seconds[0] = 0.9
        await memory.refresh(db)
        assert memory.codes("LIVING") == {"PLANT", "TREE", "OAK"}
        seconds[0] = 1.0
        await memory.refresh(db)
        assert memory.codes("LIVING") == {"PLANT", "TREE"}

    async def test_incomplete_dictionary_refuses_nothing_and_still_describes(self, db: Connection, work: Work) -> None:
        await import_dictionaries(work, [changed(LIVING.values, is_partial=True)])
        memory = Dictionaries()
        await memory.load(db)
        assert memory.codes("LIVING") is None
        assert memory.describe("LIVING", "TREE") == "Дерева"

    async def test_unknown_name_and_code_are_none(self, db: Connection) -> None:
        memory = Dictionaries()
        await memory.load(db)
        assert memory.codes("NO_SUCH") is None
        assert memory.describe("GENDER", "NO_SUCH") is None


class TestPartial:
    NAME = "eHealth/ICD10_AM/condition_codes"

    async def test_codes_when_carried_in_part_then_the_form_is_asked_for(self, work, db):
        known = Dictionaries()
        await known.load(db)
        codes = known.codes(self.NAME)
        assert codes is not None and "W01.99" in codes and "грип" not in codes

    async def test_codes_when_the_whole_register_is_taken_in_then_unknown_ones_are_refused(self, work, db):
        whole = changed(LIVING.values, name=self.NAME)
        await import_dictionaries(work, [whole])
        known = Dictionaries()
        await known.load(db)
        assert known.codes(self.NAME) == {value.code for value in LIVING.values if value.is_active}
        assert "W01.99" not in known.codes(self.NAME)
