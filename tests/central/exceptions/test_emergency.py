"""Handing over without a prescription in territories of war: where, when, what, by whom; the journal."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import httpx
import pytest

from esoz.central import statistics, war_territories
from esoz.central.war_territories import Kind
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.answers import answered
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import dosage, package_of, stock
from tests.factories.world import Caller, World

from .conftest import BEGINS, EMERGENCY, ENDS, AtCounter, in_war

NOT_HERE = "Dispensing without a prescription is not allowed in this place on this day"


DAY = date(2026, 12, 31)  # not before the clock of the tests


async def counted(db: Connection) -> int:
    """What the public counters tell."""
    asked = statistics.Asked(statistics.read_period("all", DAY), statistics.Slice())
    told = await statistics.Teller(db, 1, DAY).table(asked, statistics.TIME)
    return told.total.numbers["dispensed_war"] or 0


# WT-4
class TestCreate:
    async def test_signed_in_a_territory_then_written_down_and_counted(
        self, at_war: AtCounter, pharmacist: Caller, db: Connection
    ) -> None:
        made = answered(await at_war.give(note="Жінка з дитиною"), 201)["data"]
        assert {name: made[name] for name in ("status", "dispensed_at", "reason", "note")} == {
            "status": "COMPLETED",
            "dispensed_at": "2026-11-22",
            "reason": "Лікарню зруйновано, зв’язку немає",
            "note": "Жінка з дитиною",
        }
        assert made["division"]["id"] == str(pharmacist.division_id)
        assert made["party"]["last_name"] and made["legal_entity"]["id"] == str(pharmacist.client_id)
        [line] = made["dispense_details"]
        assert line["medication_qty"] == 20 and "амоксицилін" in line["dosage_name"] and line["medication"]["name"]
        assert answered(await pharmacist.get(f"{EMERGENCY}/{made['id']}"))["data"] == made
        assert await counted(db) == 1
        assert await db.fetchval("select count(*) from documents_waiting where name like 'emergency_dispenses/%'") == 1
        assert await db.fetchval("select count(*) from audit_events where event = 'emergency_dispense.created'") == 1

    @pytest.mark.parametrize("kind", [Kind.POSSIBLE, Kind.ACTIVE_WITH_REGISTERS])
    async def test_where_registers_work_then_refused_by_the_rule(
        self, at_war: AtCounter, work: Work, kind: Kind
    ) -> None:
        await in_war(work, kind=kind)
        assert refusal(await at_war.give()) == (409, "", NOT_HERE)

    async def test_elsewhere_then_refused_by_the_rule(self, at_war: AtCounter, other_pharmacist: Caller) -> None:
        assert refusal(await at_war.by(other_pharmacist).give()) == (409, "", NOT_HERE)

    # WT-2
    async def test_on_the_edges_of_the_term_then_both_days_count(
        self, at_war: AtCounter, work: Work, clock: FixedClock
    ) -> None:
        await in_war(work, ends=work.today)
        assert (await at_war.give()).status_code == 201
        assert (await at_war.give(dispensed_at=str(BEGINS))).status_code == 201
        assert refusal(await at_war.give(dispensed_at=str(BEGINS - timedelta(days=1))))[2] == NOT_HERE
        clock.forward(timedelta(hours=12, seconds=1))  # 10:00 UTC is noon in Kyiv: the next day has begun there
        tomorrow = str(work.today + timedelta(days=1))
        assert refusal(await at_war.give(dispensed_at=tomorrow))[2] == NOT_HERE
        assert (await at_war.give(dispensed_at=str(work.today))).status_code == 201

    # WT-5
    @pytest.mark.parametrize(
        ("days", "words"),
        [(1, "Dispense date can't be in the future"), (-15, "Dispense date can't be earlier than 14 days ago")],
    )
    async def test_day_that_is_to_come_or_long_over_then_refused(
        self, at_war: AtCounter, work: Work, days: int, words: str
    ) -> None:
        day = work.today + timedelta(days=days)
        assert refusal(await at_war.give(dispensed_at=str(day))) == (422, "$.dispensed_at", words)

    # WT-6
    @pytest.mark.parametrize(
        ("quantity", "entry"),
        [
            (0, "$.dispense_details[0].medication_qty"),
            (-10, "$.dispense_details[0].medication_qty"),
            (15, "$.dispense_details[0].medication_qty"),
            (1e20, "$.dispense_details[0].medication_qty"),
            ("10", "$.dispense_details[0].medication_qty"),
            (None, "$.dispense_details[0].medication_qty"),
        ],
    )
    async def test_quantity_when_it_is_no_package_then_refused(
        self, at_war: AtCounter, quantity: object, entry: str
    ) -> None:
        line = {"medication_id": str(at_war.medication_id), "medication_qty": quantity}
        answer = await at_war.give(dispense_details=[{k: v for k, v in line.items() if v is not None}])
        assert answer.status_code == 422 and answer.json()["error"]["invalid"][0]["entry"].startswith(entry[:21])

    async def test_lines_when_none_or_told_twice_or_unknown_then_refused(self, at_war: AtCounter) -> None:
        line = {"medication_id": str(at_war.medication_id), "medication_qty": 10}
        assert refusal(await at_war.give(dispense_details=[]))[:2] == (422, "$.dispense_details")
        assert refusal(await at_war.give(dispense_details=[line, line])) == (
            422,
            "$.dispense_details[1].medication_id",
            "Medication is told twice",
        )
        unknown = line | {"medication_id": str(uuid4())}
        assert refusal(await at_war.give(dispense_details=[unknown]))[2] == "Medication with such ID is not found"

    # WT-6
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (
                "update innm_dosages set mr_blank_type = 'F-3'",
                "Medication is dispensed by electronic prescription only",
            ),
            (
                "update medications set code_atc = '{N02BE01}', atc_groups = '{N}'",
                "Only antibacterial medicines are dispensed without a prescription",
            ),
            ("update medications set is_active = false", "Medication is not active"),
        ],
    )
    async def test_medicine_when_not_meant_by_the_exception_then_refused(
        self, at_war: AtCounter, db: Connection, change: str, words: str
    ) -> None:
        await db.execute(change)
        assert refusal(await at_war.give()) == (422, "$.dispense_details[0].medication_id", words)

    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"reason": "а"}, "$.reason"),
            ({"reason": "    -      "}, "$.reason"),
            ({"reason": "а" * 1001}, "$.reason"),
            ({"note": "а" * 1001}, "$.note"),
            ({"reason": None}, "$.reason"),
            ({"patient": "Іваненко"}, "$.patient"),
            ({"id": "1"}, "$.id"),
            ({"division_id": str(uuid4())}, "$.division_id"),
        ],
    )
    async def test_content_when_odd_then_refused_by_name(
        self, at_war: AtCounter, changes: dict[str, object], entry: str
    ) -> None:
        answer = await at_war.send(at_war.pharmacist.sign({**at_war.content(), **changes}))
        assert (answer.status_code, answer.json()["error"]["invalid"][0]["entry"]) == (422, entry), answer.text

    async def test_division_of_others_then_403(self, at_war: AtCounter, other_pharmacist: Caller) -> None:
        answer = await at_war.give(division_id=str(other_pharmacist.division_id))
        assert refusal(answer) == (403, "", "Division doesn't belong to the legal entity")

    # SG-6
    async def test_signature_when_of_somebody_else_then_refused(
        self, at_war: AtCounter, other_pharmacist: Caller
    ) -> None:
        answer = await at_war.give(signer=other_pharmacist)
        assert refusal(answer) == (422, "$.signed_emergency_dispense", "Does not match the signer drfo")
        assert (await at_war.send("не base64")).status_code == 422

    async def test_by_a_doctor_or_without_the_scope_then_403(self, at_war: AtCounter, doctor: Caller) -> None:
        assert (await at_war.by(doctor).give()).status_code == 403

    async def test_pharmacist_when_dismissed_then_403(self, at_war: AtCounter, db: Connection) -> None:
        await db.execute("update employees set employee_type = 'PHARMACY_OWNER' where employee_type = 'PHARMACIST'")
        answer = await at_war.give()
        assert refusal(answer) == (403, "", "Only a pharmacist of this legal entity can dispense")

    async def test_document_when_it_comes_again_then_the_same_entry(self, at_war: AtCounter, db: Connection) -> None:
        document = at_war.pharmacist.sign(at_war.content())
        first, second = await at_war.send(document), await at_war.send(document)
        assert answered(first, 201)["data"] == answered(second, 201)["data"]
        assert await counted(db) == 1

    async def test_id_when_another_document_has_it_then_409(
        self, at_war: AtCounter, other_pharmacist: Caller, work: Work
    ) -> None:
        made = answered(await at_war.give(), 201)["data"]
        again = await at_war.give(id=made["id"], reason="Інша причина зовсім")
        assert refusal(again) == (409, "", "Such record already exists")
        assert refusal(await at_war.by(other_pharmacist).give(id=made["id"])) == (409, "", "Such record already exists")


async def test_document_when_sent_many_times_at_once_then_one_entry(
    fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
) -> None:
    async with fresh_database.transaction() as db:
        work = Work(NOBODY, clock.now(), db, dependencies)
        await stock(work, "амоксицилін")
        await in_war(work)
        at_war = AtCounter(fresh_world.pharmacist, await package_of(db, await dosage(db), 10), work.today)
    document = at_war.pharmacist.sign(at_war.content())
    answers: list[httpx.Response] = await asyncio.gather(*(at_war.send(document) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.json()["data"]["id"] for answer in answers}) == 1
    async with fresh_database.connection() as db:
        assert await counted(db) == 1


# WT-7
class TestCancel:
    async def cancel(self, caller: Caller, id: str, reason: object = "Помилка в кількості") -> httpx.Response:
        return await caller.patch(f"{EMERGENCY}/{id}/actions/cancel", {"error_reason": reason})

    async def test_with_a_reason_then_marked_and_no_longer_counted(
        self, at_war: AtCounter, pharmacist: Caller, db: Connection
    ) -> None:
        made = answered(await at_war.give(), 201)["data"]
        done = answered(await self.cancel(pharmacist, made["id"]))["data"]
        assert (done["status"], done["error_reason"]) == ("ENTERED_IN_ERROR", "Помилка в кількості")
        assert await counted(db) == 0
        assert (await self.cancel(pharmacist, made["id"])).status_code == 409

    @pytest.mark.parametrize("reason", ["", "а", "а" * 1001, None, 5])
    async def test_without_a_reason_then_422(self, at_war: AtCounter, pharmacist: Caller, reason: object) -> None:
        made = answered(await at_war.give(), 201)["data"]
        assert refusal(await self.cancel(pharmacist, made["id"], reason))[:2] == (422, "$.error_reason")

    async def test_of_another_pharmacy_then_not_found(
        self, at_war: AtCounter, other_pharmacist: Caller, doctor: Caller
    ) -> None:
        made = answered(await at_war.give(), 201)["data"]
        assert (await self.cancel(other_pharmacist, made["id"])).status_code == 404
        assert (await other_pharmacist.get(f"{EMERGENCY}/{made['id']}")).status_code == 404
        assert (await doctor.get(f"{EMERGENCY}/{made['id']}")).status_code == 403


class TestJournal:
    async def test_filters_then_what_they_name_and_the_latest_first(
        self, at_war: AtCounter, pharmacist: Caller, other_pharmacist: Caller
    ) -> None:
        await at_war.give(dispensed_at=str(BEGINS))
        last = answered(await at_war.give(), 201)["data"]
        body = answered(await pharmacist.get(EMERGENCY))
        assert [each["dispensed_at"] for each in body["data"]] == ["2026-11-22", str(BEGINS)]
        for query, count in (
            ({"medication": "АМОКСИЦИЛІН"}, 2),
            ({"medication": "аспірин"}, 0),
            ({"dispensed_from": "2026-11-11"}, 1),
            ({"dispensed_to": "2026-11-21"}, 1),
            ({"status": "ENTERED_IN_ERROR"}, 0),
            ({"division_id": last["division"]["id"]}, 2),
            ({"division_id": str(uuid4())}, 0),
        ):
            found = answered(await pharmacist.get(EMERGENCY, **query))
            assert found["paging"]["total_entries"] == count, query
        assert answered(await other_pharmacist.get(EMERGENCY))["data"] == []

    async def test_statistics_then_emergencies_stand_apart(self, at_war: AtCounter, db: Connection) -> None:
        await at_war.give()
        assert (await statistics.totals(db)).dispensed == 0
        assert await counted(db) == 1


async def test_territory_when_the_list_changes_then_the_next_act_is_refused(at_war: AtCounter, work: Work) -> None:
    assert (await at_war.give()).status_code == 201
    await in_war(work, ends=work.today - timedelta(days=1))
    assert refusal(await at_war.give())[2] == NOT_HERE
    assert work.today < ENDS and not await war_territories.may_dispense_without_prescription(
        work.db, uuid4(), work.today
    )
