"""Prescriptions on paper: recorded once in the country, with a picture, handed over by in parts, taken back."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import statistics, uploads
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.answers import answered
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import dosage, package_of, stock
from tests.factories.scans import jpeg
from tests.factories.world import Caller, World

PAPERS = "/api/pharmacy/paper_prescriptions"
DISPENSES = "/api/pharmacy/paper_dispenses"
TWICE = "Paper prescription with such series, number, institution and date is recorded already"
MISSING = "Documents PAPER_PRESCRIPTION is not uploaded"


@dataclass(frozen=True)
class WithPaper:
    """A pharmacist with packages of ten, and a blank for twenty capsules."""

    pharmacist: Caller
    dosage_id: UUID
    package_id: UUID
    today: date

    def blank(self, **changes: Any) -> dict[str, Any]:
        blank = {
            "division_id": str(self.pharmacist.division_id),
            "series": "АБ",
            "number": "000123",
            "institution_name": "Лікарня швидкої допомоги",
            "institution_edrpou": "40000029",
            "doctor_name": "Ковальчук Олена Іванівна",
            "issued_at": str(self.today),
            "medicines": [{"medication_id": str(self.dosage_id), "medication_qty": 20}],
        } | changes
        return {name: value for name, value in blank.items() if value is not None}

    async def record(self, **changes: Any) -> httpx.Response:
        return await self.pharmacist.post(PAPERS, self.blank(**changes))

    async def pictured(self, work: Work, **changes: Any) -> dict[str, Any]:
        """A recorded blank whose picture has come."""
        made = answered(await self.record(**changes), 201)["data"]
        place = uploads.Place("paper_prescriptions", UUID(made["id"]), "PAPER_PRESCRIPTION")
        await uploads.receive(work, place, jpeg())
        return dict(made)

    async def give(self, paper: Mapping[str, Any], quantity: Any, **changes: Any) -> httpx.Response:
        return await self.send(self.pharmacist.sign(self.content(paper, quantity, **changes)))

    def content(self, paper: Mapping[str, Any], quantity: Any, **changes: Any) -> dict[str, Any]:
        return {
            "id": str(uuid4()),
            "paper_prescription_id": paper["id"],
            "division_id": str(self.pharmacist.division_id),
            "dispensed_at": str(self.today),
            "dispense_details": [{"medication_id": str(self.package_id), "medication_qty": quantity}],
        } | changes

    async def send(self, document: str) -> httpx.Response:
        body = {"signed_paper_dispense": document, "signed_content_encoding": "base64"}
        return await self.pharmacist.post(DISPENSES, body)

    def by(self, pharmacist: Caller) -> "WithPaper":
        return replace(self, pharmacist=pharmacist)


@pytest.fixture
async def paper(pharmacist: Caller, db: Connection, work: Work, stocked: None) -> WithPaper:
    dosage_id = await dosage(db)
    return WithPaper(pharmacist, dosage_id, await package_of(db, dosage_id, 10), work.today)


DAY = date(2026, 12, 31)  # not before the clock of the tests


async def counted(db: Connection) -> int:
    asked = statistics.Asked(statistics.read_period("all", DAY), statistics.Slice())
    told = await statistics.Teller(db, 1, DAY).table(asked, statistics.TIME)
    return told.total.numbers["dispensed_paper"] or 0


class TestRecord:
    async def test_blank_then_recorded_and_its_picture_is_waited_for(self, paper: WithPaper) -> None:
        made = answered(await paper.record(), 201)["data"]
        shown = {name: made[name] for name in ("status", "series", "number", "institution_edrpou", "valid_to")}
        assert shown == {
            "status": "ACTIVE",
            "series": "АБ",
            "number": "000123",
            "institution_edrpou": "40000029",
            "valid_to": "2026-12-22",
        }
        assert made["medicines"][0]["medication_qty"] == 20 and "амоксицилін" in made["medicines"][0]["medication_name"]
        assert made["remaining"] == [{"medication_id": str(paper.dosage_id), "medication_qty": 20}]
        [document] = made["documents"]
        assert (document["type"], document["has_come"]) == ("PAPER_PRESCRIPTION", False) and document["url"]
        assert answered(await paper.pharmacist.get(f"{PAPERS}/{made['id']}"))["data"] == made

    # PP-1
    async def test_same_paper_when_again_or_elsewhere_then_409(
        self, paper: WithPaper, other_pharmacist: Caller
    ) -> None:
        made = answered(await paper.record(), 201)["data"]
        assert refusal(await paper.record()) == (409, "", TWICE)
        assert refusal(await paper.by(other_pharmacist).record(series="аб", number="000-123")) == (409, "", TWICE)
        assert (await paper.by(other_pharmacist).record(number="000124")).status_code == 201
        reason = {"error_reason": "Помилка в номері"}
        assert (await paper.pharmacist.patch(f"{PAPERS}/{made['id']}/actions/cancel", reason)).status_code == 200
        assert (await paper.by(other_pharmacist).record()).status_code == 201

    # PP-2
    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"number": ""}, "$.number"),
            ({"number": None}, "$.number"),
            ({"institution_edrpou": "1"}, "$.institution_edrpou"),
            ({"medicines": []}, "$.medicines"),
            ({"medicines": [{"medication_id": str(uuid4()), "medication_qty": 1}]}, "$.medicines[0].medication_id"),
            ({"issued_at": "2026-11-23"}, "$.issued_at"),
            ({"issued_at": "2026-02-30"}, "$.issued_at"),
            ({"issued_at": "0001-01-01"}, "$.issued_at"),
            ({"issued_at": "9999-12-31"}, "$.issued_at"),
            ({"valid_to": "2026-12-23"}, "$.valid_to"),
            ({"division_id": str(uuid4())}, "$.division_id"),
            ({"person_id": str(uuid4())}, "$.person_id"),
        ],
    )
    async def test_blank_when_odd_then_refused_by_name(
        self, paper: WithPaper, changes: dict[str, Any], entry: str
    ) -> None:
        answer = await paper.record(**changes)
        assert (answer.status_code, answer.json()["error"]["invalid"][0]["entry"]) == (422, entry), answer.text

    # PP-2
    async def test_medicine_when_of_a_strict_form_then_refused(self, paper: WithPaper, db: Connection) -> None:
        await db.execute("update innm_dosages set mr_blank_type = 'F-3'")
        assert refusal(await paper.record())[2] == "Medication is dispensed by electronic prescription only"

    async def test_by_a_doctor_then_403(self, paper: WithPaper, doctor: Caller) -> None:
        assert (await paper.by(doctor).record()).status_code == 403


# PP-5
class TestDispense:
    async def test_in_parts_then_up_to_what_stands_on_it_and_counted_apart(
        self, paper: WithPaper, work: Work, db: Connection
    ) -> None:
        made = await paper.pictured(work)
        first = answered(await paper.give(made, 10), 201)["data"]
        assert (first["status"], first["remaining"][0]["medication_qty"]) == ("ACTIVE", 10)
        words = "Medication quantity must be less or equal to what is left on the paper prescription"
        assert refusal(await paper.give(made, 20)) == (422, "$.dispense_details[0].medication_qty", words)
        second = answered(await paper.give(made, 10), 201)["data"]
        assert (second["status"], len(second["dispenses"])) == ("COMPLETED", 2)
        assert refusal(await paper.give(made, 10)) == (409, "", "Paper prescription is not active")
        assert await counted(db) == 2 and (await statistics.totals(db)).dispensed == 0

    async def test_before_the_picture_has_come_then_409(self, paper: WithPaper) -> None:
        made = answered(await paper.record(), 201)["data"]
        assert refusal(await paper.give(made, 10)) == (409, "", MISSING)

    async def test_package_when_of_another_medicine_then_refused(
        self, paper: WithPaper, work: Work, db: Connection
    ) -> None:
        made = await paper.pictured(work)
        other = await db.fetchval(
            "select id from medications where innm_dosage_id <> $1 and package_min_qty = 1 limit 1", paper.dosage_id
        ) or await db.fetchval("select id from medications where innm_dosage_id <> $1 limit 1", paper.dosage_id)
        least = await db.fetchval("select package_min_qty from medications where id = $1", other)
        details = [{"medication_id": str(other), "medication_qty": float(least)}]
        answer = await paper.give(made, 0, dispense_details=details)
        assert refusal(answer)[1:] == (
            "$.dispense_details[0].medication_id",
            "Medication is not prescribed on this paper",
        )

    # PP-3, PP-4
    async def test_day_then_within_the_blank_and_after_an_outage(
        self, paper: WithPaper, work: Work, clock: FixedClock
    ) -> None:
        issued = work.today - timedelta(days=20)
        made = await paper.pictured(work, issued_at=str(issued))
        for day, status in (
            (issued - timedelta(days=1), 422),
            (work.today - timedelta(days=15), 422),
            (work.today + timedelta(days=1), 422),
            (work.today - timedelta(days=14), 201),
        ):
            assert (await paper.give(made, 10, dispensed_at=str(day))).status_code == status, day
        clock.forward(timedelta(days=11))  # the day after its last one
        now = issued + timedelta(days=31)
        signer = replace(paper.pharmacist, now=clock.now())
        shown = answered(await paper.pharmacist.get(f"{PAPERS}/{made['id']}"))["data"]
        assert shown["status"] == "EXPIRED"
        late = replace(paper, pharmacist=signer)
        assert refusal(await late.give(made, 10, dispensed_at=str(now)))[1] == "$.dispensed_at"
        assert (await late.give(made, 10, dispensed_at=str(now - timedelta(days=1)))).status_code == 201

    async def test_document_when_again_then_nothing_changes_and_another_with_its_id_is_refused(
        self, paper: WithPaper, work: Work, db: Connection
    ) -> None:
        made = await paper.pictured(work)
        content = paper.content(made, 10)
        document = paper.pharmacist.sign(content)
        assert answered(await paper.send(document), 201)["data"] == answered(await paper.send(document), 201)["data"]
        other = await paper.give(made, 10, id=content["id"], note="Інше")
        assert refusal(other) == (409, "", "Such record already exists") and await counted(db) == 1

    async def test_by_another_pharmacy_then_not_found(
        self, paper: WithPaper, work: Work, other_pharmacist: Caller
    ) -> None:
        made = await paper.pictured(work)
        assert (await paper.by(other_pharmacist).give(made, 10)).status_code == 404
        assert (await other_pharmacist.get(f"{PAPERS}/{made['id']}")).status_code == 404
        assert refusal(await paper.send(other_pharmacist.sign(paper.content(made, 10))))[2] == (
            "Does not match the signer drfo"
        )

    async def test_taken_back_then_left_again_and_no_longer_counted(
        self, paper: WithPaper, work: Work, db: Connection, other_pharmacist: Caller
    ) -> None:
        made = await paper.pictured(work)
        done = answered(await paper.give(made, 20), 201)["data"]
        [given] = done["dispenses"]
        reason = {"error_reason": "Пацієнт повернув упаковки"}
        path = f"{DISPENSES}/{given['id']}/actions/cancel"
        cancelled = await paper.pharmacist.patch(f"{PAPERS}/{made['id']}/actions/cancel", reason)
        assert refusal(cancelled)[2] == "Paper prescription is dispensed, its dispenses must be cancelled before"
        assert (await other_pharmacist.patch(path, reason)).status_code == 404
        assert (await paper.pharmacist.patch(path, {"error_reason": "а"})).status_code == 422
        back = answered(await paper.pharmacist.patch(path, reason))["data"]
        assert (back["status"], back["remaining"][0]["medication_qty"]) == ("ACTIVE", 20)
        assert await counted(db) == 0
        assert (await paper.pharmacist.patch(path, reason)).status_code == 409
        mistake = answered(await paper.pharmacist.patch(f"{PAPERS}/{made['id']}/actions/cancel", reason))["data"]
        assert mistake["status"] == "ENTERED_IN_ERROR"


async def test_journal_then_filters_name_what_they_say(paper: WithPaper, work: Work, other_pharmacist: Caller) -> None:
    made = answered(await paper.record(), 201)["data"]
    old = str(work.today - timedelta(days=40))
    answered(await paper.record(number="777", issued_at=old), 201)
    for query, count in (
        ({}, 2),
        ({"number": "аб 000"}, 1),
        ({"status": "EXPIRED"}, 1),
        ({"status": "ACTIVE"}, 1),
        ({"status": "COMPLETED"}, 0),
        ({"medication": "Амоксицилін"}, 2),
        ({"institution_edrpou": "40000029"}, 2),
        ({"institution_edrpou": "40000035"}, 0),
        ({"division_id": made["division"]["id"]}, 2),
        ({"issued_from": str(work.today)}, 1),
        ({"issued_to": old}, 1),
        ({"recorded_from": "2026-11-22", "recorded_to": "2026-11-22"}, 2),
        ({"recorded_to": "2026-11-21"}, 0),
    ):
        assert answered(await paper.pharmacist.get(PAPERS, **query))["paging"]["total_entries"] == count, query
    assert answered(await other_pharmacist.get(PAPERS))["data"] == []


async def _fresh(world: World, database: Database, dependencies: Dependencies, clock: FixedClock) -> WithPaper:
    async with database.transaction() as db:
        work = Work(NOBODY, clock.now(), db, dependencies)
        await stock(work, "амоксицилін")
        dosage_id = await dosage(db)
        return WithPaper(world.pharmacist, dosage_id, await package_of(db, dosage_id, 10), work.today)


# PP-1
async def test_paper_when_two_pharmacies_record_it_at_once_then_one_does(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
) -> None:
    paper = await _fresh(fresh_world, fresh_database, dependencies, clock)
    other = paper.by(fresh_world.other_pharmacist)
    answers = await asyncio.gather(*(each.record() for each in (paper, other) * 4))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7], [each.text for each in answers]


# PP-5
async def test_blank_when_handed_over_by_many_at_once_then_never_more_than_stands_on_it(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
) -> None:
    paper = await _fresh(fresh_world, fresh_database, dependencies, clock)
    async with fresh_database.transaction() as db:
        made = await paper.pictured(Work(NOBODY, clock.now(), db, dependencies))
    answers = await asyncio.gather(*(paper.give(made, 10) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
