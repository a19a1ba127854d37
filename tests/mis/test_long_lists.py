"""Number 51 exists: what does not fit on a page is announced and can be reached, and allergies stand there whole."""

from typing import Any
from uuid import UUID

import pytest

from .conftest import Browser, Wire
from .long_lists import LongLists

MANY = 153


def concept(text: str) -> dict[str, Any]:
    return {"coding": [{"system": "eHealth/ICPC2/condition_codes", "code": text}], "text": text}


def rows(path: str) -> list[dict[str, Any]]:
    """Records of one kind as far as pages show them, each with its number in a place that is shown."""
    period = {"start": "2026-11-01T10:00:00Z", "end": "2026-11-01T11:00:00Z"}
    return [
        {
            "id": str(UUID(int=number)),
            "name": f"рядок-{number}",
            "code": concept(f"рядок-{number}"),
            "type": concept(f"рядок-{number}"),
            "status": "active",
            "period": period,
            "class": {"code": "PHC"},
            "effective_date_time": period["start"],
        }
        for number in range(1, MANY + 1)
    ]


@pytest.mark.parametrize("kind", ["diagnoses", "conditions", "episodes", "encounters"])
async def test_summary_when_a_list_is_long_then_counted_and_turned_by_itself(
    doctor: Browser, patient_id: UUID, wire: Wire, kind: str
) -> None:
    wire.inner = LongLists(wire.inner, {f"/summary/{kind}": rows(kind)})
    path = f"/patients/{patient_id}/summary"
    await doctor.get(path)
    assert f"Показано 1–50 із {MANY}" in doctor.text and f"{kind}=2" in doctor.page.text
    await doctor.get(path, **{kind: "4"})
    assert f"Показано 151–{MANY} із {MANY}" in doctor.text
    await doctor.get(path, **{kind: "99"})
    assert doctor.page.status_code == 200 and f"{kind}=4" in doctor.page.text


async def test_summary_when_there_are_many_allergies_then_every_one_is_shown(
    doctor: Browser, patient_id: UUID, wire: Wire
) -> None:
    wire.inner = LongLists(wire.inner, {"/summary/allergy_intolerances": rows("allergy_intolerances")})
    await doctor.get(f"/patients/{patient_id}/summary")
    assert {f"рядок-{number}" for number in range(1, MANY + 1)} <= set(doctor.text.split())
    assert "Показано не все" not in doctor.text


async def test_summary_when_allergies_are_more_than_anybody_has_then_says_how_many_are_shown(
    doctor: Browser, patient_id: UUID, wire: Wire
) -> None:
    many = [row | {"id": str(UUID(int=number))} for number in range(3100) for row in rows("")[:1]]
    wire.inner = LongLists(wire.inner, {"/summary/allergy_intolerances": many})
    await doctor.get(f"/patients/{patient_id}/summary")
    assert "Показано не все: 3000 із 3100" in doctor.text


@pytest.mark.parametrize("kind", ["encounters", "conditions", "observations"])
async def test_episode_when_a_list_is_long_then_counted_and_turned_by_itself(
    doctor: Browser, patient_id: UUID, wire: Wire, kind: str
) -> None:
    id = str(UUID(int=7))
    episode = {
        "id": id,
        "name": "Кашель",
        "status": "active",
        "type": {"code": "PHC"},
        "period": {"start": "2026-11-01"},
    }
    wire.inner = LongLists(wire.inner, {f"/episodes/{id}": [episode], f"/episodes/{id}/{kind}": rows(kind)})
    path = f"/patients/{patient_id}/episodes/{id}"
    await doctor.get(path)
    assert f"Показано 1–50 із {MANY}" in doctor.text and f"{kind}=2" in doctor.page.text
    await doctor.get(path, **{kind: "4"})
    assert f"Показано 151–{MANY} із {MANY}" in doctor.text


async def test_patient_when_the_clinic_has_many_episodes_then_all_can_be_reached(
    doctor: Browser, patient_id: UUID, wire: Wire
) -> None:
    wire.inner = LongLists(wire.inner, {"/episodes": rows("episodes")})
    await doctor.get(f"/patients/{patient_id}")
    assert f"Показано 1–50 із {MANY}" in doctor.text
    await doctor.get(f"/patients/{patient_id}", page="4")
    assert "рядок-151" in doctor.text and "рядок-150" not in doctor.text
