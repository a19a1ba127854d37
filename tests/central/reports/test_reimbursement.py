"""The report on reimbursement: who is told of which dispenses, what of them is paid, and the sums."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from esoz.central import identity
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.central.reports.model import Days, Reach, Side, reach
from esoz.kernel.db import Connection
from esoz.kernel.errors import Rejected
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.central.prescriptions.test_returns import of, taken_back
from tests.factories.prescriptions import Dispensing, set_programme
from tests.factories.registries import official, with_scopes
from tests.factories.world import Caller, World, give_token

PATH, SUMS, FILE = (f"/api/reimbursement_report{end}" for end in ("", "_sums", "_download"))
READ, DOWNLOAD = "reimbursement_report:read", "reimbursement_report:download"
DAY = date(2026, 11, 30)


@pytest.fixture
async def paid(db: Connection, prescription: dict[str, Any]) -> dict[str, Any]:
    """The prescription stands; from now on the state pays half of a capsule; parts may be given and brought back."""
    await set_programme(db, multi_medication_dispense_allowed=True, skip_contract_provision_verify=True)
    await db.execute("update medical_programs set funding_source = 'NHS' where id = $1", ANTIBIOTICS_PROGRAMME)
    await db.execute(
        "update program_medications set reimbursement_amount = m.package_qty * 6.25 from medications m"
        " where m.id = program_medications.medication_id"
    )
    return prescription


async def given(dispensing: Dispensing, request_id: str, quantity: float, code: str) -> dict[str, Any]:
    """Handed over: 12.50 a capsule, the state pays half."""
    [detail] = dispensing.order(request_id, quantity)["medication_dispense"]["dispense_details"]
    details = [{**detail, "discount_amount": 6.25 * quantity}]
    held = answered(await dispensing.hold(request_id, quantity, code, dispense_details=details), 201)["data"]
    return dict(answered(await dispensing.process(held))["data"])


async def head_of(work: Work, like: Caller) -> Caller:
    """Somebody at the same place who may read reports."""
    user = await identity.create_user(work, email=f"head-{uuid4()}@esoz.example", password=None)
    return replace(like, token=await give_token(work, user.id, like.client_id, frozenset({READ})), user_id=user.id)


@pytest.fixture
async def pharmacy(work: Work, world: World) -> Caller:
    return await head_of(work, world.pharmacist)


@pytest.fixture
async def clinic(work: Work, world: World) -> Caller:
    return await head_of(work, world.doctor)


@pytest.fixture
async def state(work: Work, world: World) -> Caller:
    return await official(work, world.doctor, "NHS_ADMIN", READ, DOWNLOAD)


async def sums(caller: Caller, **query: object) -> dict[str, Any]:
    return dict(answered(await caller.get(SUMS, **query))["data"])


class TestReport:
    # RB-1, RB-3
    async def test_of_a_dispense_then_told_to_pharmacy_clinic_and_state_and_to_nobody_else(
        self,
        *,
        dispensing: Dispensing,
        paid: dict,
        code: str,
        pharmacy: Caller,
        clinic: Caller,
        state: Caller,
        work: Work,
        world: World,
    ) -> None:
        dispense = await given(dispensing, paid["id"], 20, code)
        for caller in (pharmacy, clinic, state):
            [found] = answered(await caller.get(PATH))["data"]
            assert found["medication_request"]["id"] == paid["id"]
            told = found["medication_dispense"]
            assert (told["id"], told["status"]) == (dispense["id"], "PROCESSED")
            [line] = told["medications"]
            assert line["details"]["medication_qty"] == 20 and line["details"]["discount_amount"] == 125
            assert line["id"] == str(dispensing.medication_id) and line["code_atc"]
            assert told["dispensed_by"] and told["division"]["address"]["area"]
        other = await official(work, world.pharmacist, "PHARMACY", READ)
        assert answered(await other.get(PATH))["data"] == []

    async def test_of_a_programme_that_patients_pay_for_then_not_told(
        self, dispensing: Dispensing, prescription: dict, code: str, pharmacy: Caller
    ) -> None:
        await dispensing.give(prescription["id"], 20, code)
        assert answered(await pharmacy.get(PATH))["data"] == []
        assert (await sums(pharmacy))["total"]["dispenses"] == 0

    async def test_of_what_is_held_only_then_not_told(
        self, dispensing: Dispensing, paid: dict, code: str, pharmacy: Caller
    ) -> None:
        [detail] = dispensing.order(paid["id"], 20)["medication_dispense"]["dispense_details"]
        details = [{**detail, "discount_amount": 125}]
        answered(await dispensing.hold(paid["id"], 20, code, dispense_details=details), 201)
        assert answered(await pharmacy.get(PATH))["data"] == []

    async def test_by_days_then_both_ends_belong_to_the_period(
        self, *, dispensing: Dispensing, paid: dict, code: str, pharmacy: Caller, work: Work
    ) -> None:
        await given(dispensing, paid["id"], 20, code)
        today, before, after = work.today, work.today - timedelta(days=1), work.today + timedelta(days=1)
        for what in ("request", "dispense"):
            for first, last, many in ((today, today, 1), (before, before, 0), (after, after, 0), (None, today, 1)):
                query = {f"date_from_{what}": first, f"date_to_{what}": last}
                asked = {name: value for name, value in query.items() if value}
                assert len(answered(await pharmacy.get(PATH, **asked))["data"]) == many, asked

    async def test_odd_then_each_parameter_is_named(self, pharmacy: Caller) -> None:
        odd = {"date_from_request": "2026-02-30", "date_to_dispense": "x", "by": "day"}
        assert {entry for entry, _ in faults(await pharmacy.get(PATH, **odd))} == {f"$.{name}" for name in odd}
        turned = {"date_from_dispense": "2026-11-02", "date_to_dispense": "2026-11-01"}
        assert [entry for entry, _ in faults(await pharmacy.get(PATH, **turned))] == ["$.date_to_dispense"]

    async def test_without_the_right_then_refused(self, world: World, work: Work, pharmacy: Caller) -> None:
        other = await with_scopes(work, world.specialist, "employee:read")
        for path in (PATH, SUMS, FILE):
            refused(await other.get(path), 403, "forbidden")
        refused(await pharmacy.get(FILE), 403, "forbidden")

    async def test_read_then_the_patient_is_told(
        self, *, dispensing: Dispensing, paid: dict, code: str, clinic: Caller, world: World
    ) -> None:
        await given(dispensing, paid["id"], 20, code)
        answered(await clinic.get(PATH))
        lines = answered(await world.patient.get("/api/pis/access_log"))["data"]
        assert "reimbursement_report.read" in str(lines)


class TestSums:
    # RB-2
    async def test_when_a_part_comes_back_then_what_is_left_is_paid_and_a_whole_one_is_none(
        self, *, dispensing: Dispensing, paid: dict, code: str, pharmacy: Caller
    ) -> None:
        first = await given(dispensing, paid["id"], 10, code)
        await given(dispensing, paid["id"], 10, code)
        [line] = (await sums(pharmacy, by="programme"))["lines"]
        assert (line["dispenses"], line["taken_back"], line["medication_qty"]) == (2, 0, 20)
        assert (line["sell_amount"], line["discount_amount"], line["patient_amount"]) == (250, 125, 125)
        answered(await taken_back(dispensing, first, returned=of(first, 10)))
        total = (await sums(pharmacy))["total"]
        assert (total["dispenses"], total["taken_back"], total["discount_amount"]) == (1, 1, 62.5)
        assert [each["medication_dispense"]["id"] for each in answered(await pharmacy.get(PATH))["data"]] != [
            first["id"]
        ]

    @pytest.mark.parametrize("by", ["day", "month", "programme", "contract", "medication", "division", "pharmacy"])
    async def test_by_each_key_then_one_line_with_the_total(
        self, *, dispensing: Dispensing, paid: dict, code: str, pharmacy: Caller, by: str
    ) -> None:
        await given(dispensing, paid["id"], 20, code)
        found = await sums(pharmacy, by=by)
        [line] = found["lines"]
        assert {name: value for name, value in line.items() if name not in ("key", "name")} == found["total"]
        assert found["total"]["discount_amount"] == 125
        assert bool(line["name"]) is (by != "contract")

    async def test_of_the_state_then_a_file_with_the_contract_exact_to_a_kopek(
        self, *, dispensing: Dispensing, paid: dict, code: str, state: Caller, db: Connection, work: Work, world: World
    ) -> None:
        await given(dispensing, paid["id"], 20, code)
        await db.execute(
            "insert into reimbursement_contracts (id, contract_number, contractor_legal_entity_id,"
            " contractor_divisions, medical_programs, start_date, end_date, status, inserted_at, updated_at)"
            " values ($1, '=0000-AB12', $2, $3, $4, $5, $5, 'VERIFIED', $6, $6)",
            uuid4(),
            world.pharmacist.client_id,
            [world.pharmacist.division_id],
            [ANTIBIOTICS_PROGRAMME],
            work.today,
            work.now,
        )
        answer = await state.get(FILE)
        assert (
            answer.headers["content-type"].startswith("text/csv")
            and "attachment" in answer.headers["content-disposition"]
        )
        [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert row["contract_name"] == "'=0000-AB12"  # a spreadsheet would calculate
        assert (row["sell_amount"], row["discount_amount"]) == ("250.00", "125.00")

    async def test_of_lines_that_came_back_then_exact_decimals_of_what_is_left(self, db: Connection) -> None:
        part, other = str(uuid4()), str(uuid4())
        details = [
            {"program_medication_id": part, "medication_qty": 3, "sell_amount": 10, "discount_amount": 0.1},
            {"program_medication_id": part, "medication_qty": 3, "sell_amount": 10.01},
            {"program_medication_id": other, "medication_qty": 0.3, "sell_amount": 1, "discount_amount": 1},
        ]
        back = [{"returned": [{"program_medication_id": part, "medication_qty": quantity}]} for quantity in (1, 3)]
        rows = await db.fetch("select * from paid_lines($1, $2) order by place", details, back)
        assert [(row["quantity"], row["sell_amount"], row["discount_amount"]) for row in rows] == [
            (Decimal(0), Decimal(0), Decimal(0)),
            (Decimal(2), Decimal("6.67"), Decimal(0)),
            (Decimal("0.3"), Decimal(1), Decimal(1)),
        ]


# RB-4
class TestDays:
    def test_when_nothing_is_said_then_the_present_month(self) -> None:
        assert Days().span(DAY) == (date(2026, 11, 1), DAY)
        assert Days(date_to_dispense=date(2026, 2, 28)).span(DAY) == (date(2026, 2, 1), date(2026, 2, 28))
        assert Days(date_from_dispense=date(2026, 12, 5)).span(DAY) == (date(2026, 12, 5), date(2026, 12, 5))

    @pytest.mark.parametrize(
        ("first", "last"), [(date(2026, 11, 2), date(2026, 11, 1)), (date(2025, 1, 1), date(2026, 1, 2))]
    )
    def test_when_turned_or_longer_than_a_year_then_refused(self, first: date, last: date) -> None:
        with pytest.raises(Rejected):
            Days(first, last).span(DAY)

    def test_of_a_leap_year_then_whole(self) -> None:
        assert Days(date(2028, 1, 1), date(2028, 12, 31)).span(DAY) == (date(2028, 1, 1), date(2028, 12, 31))


# RB-3
def test_reach_by_type_of_client_then_its_side() -> None:
    own, types = UUID(int=7), frozenset({"PHARMACY"})
    assert reach("PHARMACY", own, types) == Reach(Side.PHARMACY, own)
    assert reach("PRIMARY_CARE", own, types) == Reach(Side.CLINIC, own)
    assert reach("NHS_ADMIN", None, types) == Reach()
