"""Groups of diagnoses: taken in from a file, read as published."""

from uuid import uuid4

import pytest

from esoz.central.dictionaries import ImportCounts, import_diagnoses_groups, read_diagnoses_groups

FILE = """code,name,description,system,diagnosis
PSY,Психічні розлади,Група для реабілітації,eHealth/ICD10_AM/condition_codes,F32.0
PSY,Психічні розлади,Група для реабілітації,eHealth/ICPC2/condition_codes,P76
FLU,Грип,,eHealth/ICPC2/condition_codes,R80
"""
PATH = "/api/diagnoses_groups"


@pytest.fixture
async def filled(work) -> None:
    assert await import_diagnoses_groups(work, read_diagnoses_groups(FILE.encode())) == ImportCounts(2, 0, 0)


async def codes(caller, **query: str) -> list[str]:
    got = await caller.get(PATH, **query)
    assert got.status_code == 200, got.text
    return [each["code"] for each in got.json()["data"]]


async def test_groups_when_asked_then_found_by_every_parameter(filled, doctor):
    assert await codes(doctor) == ["FLU", "PSY"]
    assert await codes(doctor, diagnoses_group_name="психічні") == ["PSY"]
    assert await codes(doctor, diagnoses_group_code="FLU") == ["FLU"]
    assert await codes(doctor, diagnosis_code="P76") == ["PSY"]
    assert await codes(doctor, diagnosis_name="грип") == ["FLU"]
    assert await codes(doctor, diagnosis_code="A01") == []


async def test_group_when_asked_then_with_its_codes(filled, doctor):
    (group,) = (await doctor.get(PATH, diagnoses_group_code="PSY")).json()["data"]
    got = await doctor.get(f"{PATH}/{group['id']}")
    assert got.status_code == 200
    data = got.json()["data"]
    assert [each["code"] for each in data.pop("diagnoses_group_codes")] == ["F32.0", "P76"]
    assert data == group
    assert (await doctor.get(f"{PATH}/{uuid4()}")).status_code == 404


async def test_file_when_taken_in_again_then_only_differences_count(filled, work, doctor):
    rows = read_diagnoses_groups(FILE.encode())
    assert await import_diagnoses_groups(work, rows) == ImportCounts(0, 0, 0)
    assert await import_diagnoses_groups(work, rows[:2]) == ImportCounts(0, 0, 1)
    assert await codes(doctor) == ["PSY"]


@pytest.mark.parametrize(
    ("text", "words"), [("a,b\n", "columns are code, name"), (FILE + "X,,,,\n", "line 5: only the description")]
)
def test_file_when_wrong_then_said_where(text, words):
    with pytest.raises(ValueError, match=words):
        read_diagnoses_groups(text.encode())
