"""A series for a long illness: one form, several prescriptions that follow one another, one opening of the key."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import httpx
import pytest

from esoz.kernel.db import Connection
from esoz.mis.app import Mis
from tests.factories.world import World

from ..conftest import Browser, Wire
from .conftest import begin, count, reasons
from .test_several import asked, sign_one

THREE = {"dose": "1", "times": "1", "started_at": "2026-11-22", "ended_at": "2026-12-21", "links": "3"}


async def rows(mis: Mis, encounter_id: UUID) -> Sequence[Mapping[str, object]]:
    """What is kept of the encounter's prescriptions, in the order of the series."""
    async with mis.services.database.connection() as db:
        return [
            dict(row)
            for row in await db.fetch(
                "select state, series_place, form ->> 'started_at' as first, request_id from prescriptions"
                " where encounter_id = $1 and state <> 'discarded' order by series_place",
                encounter_id,
            )
        ]


async def states(mis: Mis, encounter_id: UUID) -> list[object]:
    return [row["state"] for row in await rows(mis, encounter_id)]


@pytest.fixture
async def path(doctor: Browser, patient_id: UUID, encounter_id: UUID, medication_id: UUID) -> str:
    """A draft whose form asks for three prescriptions in a row, checked."""
    path = await begin(doctor, patient_id, encounter_id, medication_id)
    await doctor.send(path, **THREE)
    assert doctor.path == f"{path}/check", doctor.text
    return path


async def make(doctor: Browser, path: str) -> httpx.Response:
    return await doctor.send(f"{path}/make", **reasons(doctor))


class TestCheck:
    async def test_three_in_a_row_then_the_days_of_each_are_shown(self, doctor: Browser, path: str) -> None:
        assert "Рецепти поспіль: 3" in doctor.text
        for days in (
            "з 22 листопада 2026 року до 21 грудня 2026 року",
            "з 22 грудня 2026 року до 20 січня 2027 року",
            "з 21 січня 2027 року до 19 лютого 2027 року",
        ):
            assert days in doctor.text.replace("\u00a0", " "), doctor.text

    async def test_odd_number_then_told_at_its_field_and_the_rest_is_kept(self, doctor: Browser, path: str) -> None:
        await doctor.get(path)
        answer = await doctor.send(path, **{**THREE, "links": "7"})
        assert answer.status_code == 422 and 'href="#links"' in answer.text and 'value="2026-12-21"' in answer.text


class TestSigned:
    async def test_all_then_three_documents_signed_in_their_order(
        self, doctor: Browser, mis: Mis, connected: World, encounter_id: UUID, *, patient_id: UUID, path: str,
        of_central: Connection,
    ) -> None:  # fmt: skip
        before = await count(of_central, "medication_requests", patient_id)
        await make(doctor, path)
        assert doctor.path == f"/patients/{patient_id}/sign-all", doctor.text
        documents = asked(doctor)
        assert await states(mis, encounter_id) == ["made"] * 3 and len(documents) == 3
        told = [
            (await sign_one(doctor, address, connected.doctor.sign(content))).json()["text"]
            for address, content in documents.items()
        ]
        assert told == ["Рецепт виписано."] * 3
        assert await states(mis, encounter_id) == ["issued"] * 3
        assert await count(of_central, "medication_requests", patient_id) == before + 3
        found = await of_central.fetch(
            "select id, follows, started_at from medication_requests where person_id = $1 and series_place > 1"
            " and follows = any($2) order by series_place",
            patient_id,
            [row["request_id"] for row in await rows(mis, encounter_id)],
        )
        assert [str(row["started_at"]) for row in found] == ["2026-12-22", "2027-01-21"]

    async def test_made_twice_then_three_and_no_more(
        self, doctor: Browser, mis: Mis, encounter_id: UUID, path: str
    ) -> None:
        answers, page = reasons(doctor), doctor.page
        await doctor.send(f"{path}/make", **answers)
        doctor.page = page
        await doctor.send(f"{path}/make", **answers)
        assert await states(mis, encounter_id) == ["made"] * 3

    async def test_first_is_changed_after_all_then_those_behind_it_are_given_up(
        self, doctor: Browser, mis: Mis, encounter_id: UUID, path: str, *, patient_id: UUID, of_central: Connection
    ) -> None:
        await make(doctor, path)
        await doctor.get(f"{path}/sign")
        await doctor.send(f"{path}/reopen")
        assert await states(mis, encounter_id) == ["draft"]
        left = await of_central.fetchval(
            "select count(*) from medication_request_requests where person_id = $1 and encounter_id = $2"
            " and status = 'NEW'",
            patient_id,
            encounter_id,
        )
        assert left == 0

    async def test_second_is_deleted_then_the_third_goes_with_it_and_the_first_stays(
        self, doctor: Browser, mis: Mis, encounter_id: UUID, path: str
    ) -> None:
        await make(doctor, path)
        async with mis.services.database.connection() as db:
            second = await db.fetchval(
                "select id from prescriptions where encounter_id = $1 and series_place = 2", encounter_id
            )
        await doctor.get(f"/prescriptions/{second}/discard")
        await doctor.send(f"/prescriptions/{second}/discard")
        assert [(row["state"], row["series_place"]) for row in await rows(mis, encounter_id)] == [("made", 1)]


class TestInterrupted:
    async def test_answer_of_the_second_is_lost_then_one_draft_and_the_next_try_makes_three(
        self, doctor: Browser, mis: Mis, encounter_id: UUID, path: str, *, wire: Wire, patient_id: UUID,
        of_central: Connection,
    ) -> None:  # fmt: skip
        posts = iter([False, True])
        wire.loses_answer = lambda request: (
            request.method == "POST"
            and request.url.path.endswith("/medication_request_requests")
            and next(posts, False)
        )
        answer = await make(doctor, path)
        assert answer.status_code == 503 and await states(mis, encounter_id) == ["draft"]
        wire.loses_answer = lambda _request: False
        await make(doctor, path)
        assert await states(mis, encounter_id) == ["made"] * 3, doctor.text
        drafts = await of_central.fetchval(
            "select count(*) from medication_request_requests where encounter_id = $1 and status = 'NEW'", encounter_id
        )
        assert drafts == 3

    async def test_longer_than_half_a_year_then_refused_in_words_and_nothing_is_left_in_central(
        self, doctor: Browser, mis: Mis, encounter_id: UUID, medication_id: UUID, *, patient_id: UUID,
        of_central: Connection,
    ) -> None:  # fmt: skip
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        await doctor.send(path, **{**THREE, "ended_at": "2027-01-01", "links": "6"})
        if doctor.path == path:  # the programme allows shorter courses
            pytest.skip("the programme's courses are too short for a series of half a year")
        answer = await make(doctor, path)
        assert answer.status_code == 422 and "Серія задовга" in doctor.text
        assert await states(mis, encounter_id) == ["draft"]
        left = await of_central.fetchval(
            "select count(*) from medication_request_requests where encounter_id = $1 and status = 'NEW'", encounter_id
        )
        assert left == 0
