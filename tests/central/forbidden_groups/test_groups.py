"""Forbidden groups: taken in from a file, read as published."""

from typing import Any
from uuid import uuid4

import pytest

from esoz.central.dictionaries import ImportCounts
from esoz.central.forbidden_groups import import_forbidden_groups, read_forbidden_groups
from esoz.kernel.work import Work
from tests.central.answers import answered, refused
from tests.factories.services import ECG, fill, id_of
from tests.factories.world import Caller

PATH = "/api/forbidden_groups"
FILE = f"""group,name,reason,system,code,member_reason
HIV,ВІЛ,Закон 1972-XII,eHealth/ICPC2/condition_codes,B90,наказ
HIV,ВІЛ,Закон 1972-XII,service,{ECG},наказ
HIV,ВІЛ,Закон 1972-XII,service_group,B,наказ
PSY,Психіатрія,Закон 1489-III,eHealth/ICPC2/condition_codes,P72,наказ
"""


@pytest.fixture
async def filled(work: Work) -> None:
    await fill(work)
    assert await import_forbidden_groups(work, read_forbidden_groups(FILE.encode())) == ImportCounts(2, 0, 0)


async def groups(caller: Caller, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answered(await caller.get(PATH, **query))["data"]
    return found


@pytest.mark.usefixtures("filled")
class TestReads:
    async def test_list_then_by_the_alphabet_and_by_name(self, doctor: Caller) -> None:
        assert [each["name"] for each in await groups(doctor)] == ["ВІЛ", "Психіатрія"]
        assert [each["name"] for each in await groups(doctor, name="ПСИХ")] == ["Психіатрія"]
        assert await groups(doctor, name="немає") == []

    async def test_details_then_codes_and_services(self, doctor: Caller) -> None:
        [listed] = await groups(doctor, name="віл")
        [group] = answered(await doctor.get(f"{PATH}/{listed['id']}"))["data"]
        assert [each["code"] for each in group["forbidden_group_codes"]] == ["B90"]
        services = group["forbidden_group_services"]
        assert [each["service_id"] for each in services if "service_id" in each] == [str(id_of(ECG))]
        assert len([each for each in services if "service_group_id" in each]) == 1
        assert group["creation_reason"] == "Закон 1972-XII"

    async def test_unknown_then_not_found(self, doctor: Caller) -> None:
        for id in (uuid4(), "5"):
            refused(await doctor.get(f"{PATH}/{id}"), 404, "not_found")


@pytest.mark.usefixtures("filled")
class TestImport:
    async def test_same_file_again_then_nothing_changes(self, work: Work) -> None:
        assert await import_forbidden_groups(work, read_forbidden_groups(FILE.encode())) == ImportCounts(0, 0, 0)

    async def test_group_gone_then_out_of_use_and_back_again(self, work: Work, doctor: Caller) -> None:
        [psychiatry] = await groups(doctor, name="психіатрія")
        rows = read_forbidden_groups(FILE.encode())
        assert await import_forbidden_groups(work, rows[:3]) == ImportCounts(0, 0, 1)
        assert [each["name"] for each in await groups(doctor)] == ["ВІЛ"]
        refused(await doctor.get(f"{PATH}/{psychiatry['id']}"), 404, "not_found")
        assert await import_forbidden_groups(work, rows) == ImportCounts(0, 1, 0)
        assert answered(await doctor.get(f"{PATH}/{psychiatry['id']}"))["data"][0]["forbidden_group_codes"]

    async def test_member_gone_then_the_group_has_changed(self, work: Work, doctor: Caller) -> None:
        rows = read_forbidden_groups(FILE.encode())
        assert await import_forbidden_groups(work, rows[1:]) == ImportCounts(0, 1, 0)
        [listed] = await groups(doctor, name="віл")
        [group] = answered(await doctor.get(f"{PATH}/{listed['id']}"))["data"]
        assert group["forbidden_group_codes"] == []

    @pytest.mark.parametrize(
        ("system", "code"),
        [("eHealth/nothing", "A"), ("service", "none"), ("service_group", "none"), ("GENDER", "OTHER")],
    )
    async def test_what_nobody_knows_then_refused_by_name(self, work: Work, system: str, code: str) -> None:
        rows = read_forbidden_groups(f"{FILE}NEW,Нова,наказ,{system},{code},наказ\n".encode())
        with pytest.raises(ValueError, match=f"no such code or service: {system} {code}"):
            await import_forbidden_groups(work, rows)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n", "columns are group, name"),
        (FILE + "X,,,,,\n", "line 6: nothing may be empty"),
        (FILE + "PSY,Інша,наказ,service,A,наказ\n", "line 6: group PSY has another name"),
        (FILE + "PSY,Психіатрія,Закон 1489-III,eHealth/ICPC2/condition_codes,P72,наказ\n", "line 6: .* stands twice"),
    ],
)
def test_file_when_wrong_then_said_where(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_forbidden_groups(text.encode())
