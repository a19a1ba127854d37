"""The picker of medicines: names of every kind, slips of the hand, what is written most comes first."""

from uuid import UUID

import pytest

from esoz.kernel.db import Connection
from esoz.mis.app import Mis
from esoz.mis.care.prescriptions.model.vocabulary import MOST_MEANT, meant
from tests.factories.world import World

from ..conftest import Browser
from .conftest import begin, sign, to_signature


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("аугментин", "амоксицилін + клавуланова кислота"),
        ("Сумамед", "азитроміцин"),
        ("бісептол", "сульфаметоксазол + триметоприм"),
        ("Amoxicillin", "амоксицилін"),
        ("амоксацилін", "амоксицилін"),
        ("авгментин", "амоксицилін + клавуланова кислота"),
        ("azithromicin", "азитроміцин"),
        ("цефтриаксон", "цефтріаксон"),
        ("кларитр", "кларитроміцин"),
    ],
)
def test_name_of_any_kind_then_its_substance(typed: str, first: str) -> None:
    found = meant(typed)
    assert found[0] == first and len(found) <= MOST_MEANT


@pytest.mark.parametrize("typed", ["", "ам", "xyz", "щось зовсім інше", "1" * 5000, "\x00\x00\x00", "і і і і і"])
def test_name_of_nothing_then_nothing(typed: str) -> None:
    assert meant(typed) == []


async def found(doctor: Browser, text: str) -> list[str]:
    answer = await doctor.client.get("/prescriptions/drugs", params={"q": text})
    assert answer.status_code == 200
    return [each["text"] for each in answer.json()]


async def test_trade_name_or_a_slip_then_medicines_of_the_substance(doctor: Browser, encounter_id: UUID) -> None:
    for typed in ("сумамед", "азитромицын", "azithromycin"):
        shown = await found(doctor, typed)
        assert shown and all("азитроміцин" in each for each in shown), typed


async def test_prescribed_before_then_it_comes_first(
    doctor: Browser, mis: Mis, connected: World, of_central: Connection, *, patient_id: UUID, encounter_id: UUID
) -> None:
    before = await found(doctor, "амоксицилін")
    last = before[-1].removesuffix(" · J01")
    drug_id = await of_central.fetchval("select id from innm_dosages where name = $1", last)
    path = await begin(doctor, patient_id, encounter_id, drug_id)
    await to_signature(doctor, path, dose="1", times="2", ended_at="2026-11-26", quantity="", signature="За схемою")
    await sign(doctor, connected.doctor)
    assert doctor.path == f"{path}/done", doctor.text
    after = await found(doctor, "амоксицилін")
    assert after[0] == before[-1] and sorted(after) == sorted(before) and len(before) > 1
