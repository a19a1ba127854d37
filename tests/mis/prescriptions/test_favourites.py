"""What was written before is a tick away: prescriptions of the patient, favourites of doctor and clinic."""

import asyncio
import re
from uuid import UUID, uuid4

import pytest

from esoz.mis.app import Mis
from esoz.mis.care.prescriptions import store
from esoz.mis.care.prescriptions.commands import favourites
from tests.factories.world import World

from ..conftest import Browser
from .conftest import begin, sign, to_signature

HOME = "/prescriptions/favourites"
WORDS = "По 1 капс. 3 рази на день протягом 5 днів, перорально."


@pytest.fixture
async def rx(
    doctor: Browser, mis: Mis, connected: World, patient_id: UUID, encounter_id: UUID, medication_id: UUID
) -> str:
    """A prescription that was signed; the browser shows its last page."""
    path = await begin(doctor, patient_id, encounter_id, medication_id)
    await to_signature(doctor, path, dose="1", times="3", when="", quantity="", note="Тільки для цього пацієнта")
    await sign(doctor, connected.doctor)
    assert doctor.path == f"{path}/done", doctor.text
    return path


async def kept(mis: Mis) -> list[tuple[str, bool]]:
    async with mis.services.database.connection() as db:
        return [(row["words"], row["is_shared"]) for row in await db.fetch("select words, is_shared from favourites")]


async def give_to_a_colleague(mis: Mis) -> None:
    """All favourites belong to somebody else of the clinic."""
    async with mis.services.database.connection() as db:
        await db.execute(
            "update favourites f set user_id = (select id from users u where u.id <> f.user_id order by id limit 1)"
        )


def ticks(browser: Browser, name: str) -> list[str]:
    assert browser.page is not None
    return re.findall(rf'name="{name}" type="checkbox" value="([^"]+)"', browser.page.text)


async def test_repeated_then_a_course_from_today_with_the_checks_of_today(
    doctor: Browser, rx: str, patient_id: UUID, encounter_id: UUID
) -> None:
    await doctor.get(f"/patients/{patient_id}/prescriptions/new", encounter=str(encounter_id))
    [again] = ticks(doctor, "again")
    assert f"/prescriptions/{again}" == rx and WORDS in doctor.text
    await doctor.send(again=again)
    assert re.fullmatch(r"/prescriptions/[\w-]+/check", doctor.path) and doctor.path != f"{rx}/check"
    assert WORDS in doctor.text and "з 22.11.2026 до 26.11.2026" in doctor.text
    assert "Пацієнт уже має чинний рецепт на цю речовину" in doctor.text


async def test_saved_then_offered_for_the_next_patient_without_anything_of_this_one(
    doctor: Browser, mis: Mis, rx: str, patient_id: UUID, encounter_id: UUID
) -> None:
    await doctor.send(f"{rx}/favourite")
    assert doctor.path == HOME and WORDS in doctor.text and "Моє" in doctor.text
    async with mis.services.database.connection() as db:
        form = await db.fetchval("select form from favourites")
    assert set(form) == {"dose", "times", "route", "when", "started_at", "ended_at"}
    await doctor.get(f"/patients/{patient_id}/prescriptions/new", encounter=str(encounter_id))
    [saved] = ticks(doctor, "saved")
    await doctor.send(saved=saved)
    assert doctor.path.endswith("/check") and WORDS in doctor.text and "Тільки для цього" not in doctor.text


async def test_saved_twice_and_shared_then_one_that_is_shared(doctor: Browser, mis: Mis, rx: str) -> None:
    for values in ({}, {"shared": "yes"}, {}):
        await doctor.get(f"{rx}/done")
        await doctor.send(f"{rx}/favourite", **values)
    assert await kept(mis) == [(WORDS, True)]


async def test_of_a_colleague_then_only_what_they_share(
    doctor: Browser, mis: Mis, rx: str, patient_id: UUID, encounter_id: UUID
) -> None:
    await doctor.send(f"{rx}/favourite")
    remove = re.findall(rf'action="({HOME}/[^"]+/remove)"', doctor.page.text)[0] if doctor.page else ""
    form = doctor.page
    await give_to_a_colleague(mis)
    await doctor.get(f"/patients/{patient_id}/prescriptions/new", encounter=str(encounter_id))
    assert ticks(doctor, "saved") == []
    doctor.page = form
    assert (await doctor.send(remove)).status_code == 404 and await kept(mis) == [(WORDS, False)]
    async with mis.services.database.connection() as db:
        await db.execute("update favourites set is_shared = true")
    await doctor.get(f"/patients/{patient_id}/prescriptions/new", encounter=str(encounter_id))
    assert len(ticks(doctor, "saved")) == 1
    doctor.page = form
    await doctor.send(remove)
    assert "видалено" in doctor.text and await kept(mis) == []


async def test_limit_reached_in_another_tab_meanwhile_then_not_passed(
    doctor: Browser, mis: Mis, rx: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(favourites, "MOST_KEPT", 1)
    async with mis.services.database.act() as db:
        row = await db.fetchrow(
            "select clinic_id, user_id from prescriptions where id = $1", UUID(rx.rpartition("/")[2])
        )
        assert await store.count_favourites(db, row["user_id"], row["clinic_id"]) == 0
        sending = asyncio.create_task(doctor.send(f"{rx}/favourite"))
        await asyncio.sleep(0.3)
        await db.execute(
            "insert into favourites (id, clinic_id, user_id, is_shared, drug_id, drug_name, form, words, created_at)"
            " values ($1, $2, $3, false, $4, 'Інші', '{}', 'Інакше', now())",
            uuid4(),
            row["clinic_id"],
            row["user_id"],
            uuid4(),
        )
    await sending
    assert await kept(mis) == [("Інакше", False)]


async def test_kept_already_when_the_limit_is_reached_then_shared(
    doctor: Browser, mis: Mis, rx: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(favourites, "MOST_KEPT", 1)
    for values in ({}, {"shared": "yes"}):
        await doctor.get(f"{rx}/done")
        await doctor.send(f"{rx}/favourite", **values)
    assert doctor.path == HOME and await kept(mis) == [(WORDS, True)]


async def test_neither_typed_nor_ticked_then_told(doctor: Browser, rx: str) -> None:
    await doctor.get(f"/patients/{(await _patient(doctor, rx))}/prescriptions/new")
    answer = await doctor.send(again="00000000-0000-4000-8000-000000000000", saved="nonsense")
    assert answer.status_code == 422 and "Оберіть лікарський засіб" in doctor.text


async def _patient(doctor: Browser, rx: str) -> str:
    await doctor.get(f"{rx}/done")
    assert doctor.page is not None
    return re.findall(r"/patients/([\w-]{36})/prescriptions/new", doctor.page.text)[0]
