"""Contracts and licenses of pharmacies: what the state pays for, and ф-3, are dispensed by those who may."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.central.contracts import Contract, import_contracts, read_contracts
from esoz.central.contracts.model import Status, must_cover
from esoz.central.licences import LicenseDetails, create
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict
from esoz.kernel.work import Work
from esoz.sandbox import prepare
from tests.central.prescriptions.conftest import (  # noqa: F401 fixtures
    code,
    dispensing,
    prescribing,
    prescription,
)
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import Dispensing, set_programme
from tests.factories.world import Caller, World

# ruff: noqa: F811  fixtures of others are asked for by the same names
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
PHARMACY, DIVISION, PROGRAMME = UUID(int=1), UUID(int=2), UUID(int=3)
NONE = "Program cannot be used - no active contract exists"


def contract(**changes: Any) -> Contract:
    whole = Contract(
        id=UUID(int=9),
        contract_number="0000-0001-R",
        contractor_legal_entity_id=PHARMACY,
        contractor_divisions=(DIVISION,),
        medical_programs=(PROGRAMME,),
        start_date=FIRST,
        end_date=LAST,
    )
    return msgspec.structs.replace(whole, **changes)


# MD-2
class TestRule:
    @pytest.mark.parametrize("day", [FIRST, date(2026, 6, 1), LAST])
    def test_when_in_force_then_nothing_is_said(self, day: date) -> None:
        must_cover([contract()], DIVISION, PROGRAMME, day)

    @pytest.mark.parametrize(
        ("changes", "day", "words"),
        [
            ({}, FIRST - timedelta(days=1), NONE),
            ({}, LAST + timedelta(days=1), NONE),
            ({"status": Status.TERMINATED}, FIRST, NONE),
            ({"medical_programs": (UUID(int=4),)}, FIRST, NONE),
            ({"is_suspended": True}, FIRST, "Contract is suspended"),
            (
                {"contractor_divisions": (UUID(int=5),)},
                FIRST,
                "Division should be participant of a contract to create dispense",
            ),
        ],
    )
    def test_when_not_then_refused_in_the_published_words(self, changes: dict[str, Any], day: date, words: str) -> None:
        with pytest.raises(Conflict, match=words):
            must_cover([contract(**changes)], DIVISION, PROGRAMME, day)

    def test_when_one_of_several_covers_then_it_is_enough(self) -> None:
        suspended = contract(id=UUID(int=8), is_suspended=True)
        must_cover([suspended, contract(), contract(status=Status.TERMINATED)], DIVISION, PROGRAMME, FIRST)


class TestImport:
    async def test_when_taken_in_again_then_only_what_differs_changes(self, work: Work) -> None:
        assert (await import_contracts(work, [contract()])).added == 1
        again = await import_contracts(work, [contract()])
        assert (again.added, again.changed, again.removed) == (0, 0, 0)
        assert (await import_contracts(work, [contract(is_suspended=True)])).changed == 1
        other = contract(id=UUID(int=10), contract_number="0000-0002-R")
        assert (await import_contracts(work, [other])).removed == 1

    async def test_when_empty_then_refused_and_every_contract_stands(self, work: Work) -> None:
        with pytest.raises(ValueError, match="no reimbursement contract"):
            await import_contracts(work, [])

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"contract_number": " "}, "no contract_number"),
            ({"end_date": FIRST - timedelta(days=1)}, "end_date is before start_date"),
            ({"contractor_divisions": ()}, "no contractor_divisions"),
            ({"medical_programs": ()}, "no medical_programs"),
        ],
    )
    async def test_when_faulty_then_refused(self, work: Work, changes: dict[str, Any], fault: str) -> None:
        with pytest.raises(ValueError, match=fault):
            await import_contracts(work, [contract(**changes)])

    @pytest.mark.parametrize("raw", [b"", b"{}", b"\xff", b'[{"id": 1}]'])
    def test_when_no_list_of_contracts_then_refused(self, raw: bytes) -> None:
        with pytest.raises(ValueError, match="not a list of reimbursement contracts"):
            read_contracts(raw)


class TestDispense:
    # MD-2, MD-4
    async def test_paid_by_the_state_then_by_contract_with_prices_and_a_fair_discount(
        self, *, dispensing: Dispensing, prescription: dict, code: str, db: Connection, work: Work
    ) -> None:
        await set_programme(db, skip_contract_provision_verify=False)
        await db.execute("update medical_programs set funding_source = 'NHS'")
        await db.execute("update program_medications set reimbursement_amount = 100")
        assert refusal(await dispensing.hold(prescription["id"], 20, code))[2] == NONE
        own = contract(
            contractor_legal_entity_id=dispensing.pharmacist.client_id,
            contractor_divisions=(dispensing.pharmacist.division_id,),
            medical_programs=(ANTIBIOTICS_PROGRAMME,),
        )
        await import_contracts(work, [own])
        assert refusal(await dispensing.hold(prescription["id"], 20, code))[1].endswith("discount_amount")
        per_unit = await db.fetchval(
            "select 100 / package_qty from medications where id = $1", dispensing.medication_id
        )
        line = dispensing.order(prescription["id"], 20)["medication_dispense"]["dispense_details"][0]
        fair = line | {"discount_amount": float(round(per_unit * 20, 2))}
        held = await dispensing.hold(prescription["id"], 20, code, dispense_details=[fair])
        assert held.status_code == 201, held.text
        assert (await dispensing.process(held.json()["data"])).status_code == 200

    # MD-13
    async def test_on_a_form_that_asks_for_a_license_then_only_with_one_in_force(
        self, *, dispensing: Dispensing, prescription: dict, code: str, db: Connection, work: Work, pharmacist: Caller
    ) -> None:
        await set_programme(db, license_types_allowed=["NARCOTIC_DRUGS"])
        assert refusal(await dispensing.hold(prescription["id"], 20, code))[0] == 409
        assert pharmacist.client_id is not None
        license = LicenseDetails(
            type="NARCOTIC_DRUGS",
            issued_by="Держлікслужба",
            issued_date=date(2024, 1, 1),
            active_from_date=date(2024, 1, 1),
            expiry_date=work.today,
            is_primary=False,
            license_number="НП000001",
        )
        await create(work, license, legal_entity_id=pharmacist.client_id)
        assert (await dispensing.hold(prescription["id"], 10, code)).status_code == 201
        await db.execute("update licenses set expiry_date = $1 where type = 'NARCOTIC_DRUGS'", date(2026, 11, 21))
        assert refusal(await dispensing.hold(prescription["id"], 10, code))[0] == 409


class TestDemo:
    async def test_of_the_demo_country_then_every_pharmacy_dispenses_what_the_state_pays_for(
        self, world: World, work: Work, db: Connection
    ) -> None:
        await prepare._papers_of_pharmacies(work)
        pharmacies = await db.fetch("select id from legal_entities where type = 'PHARMACY'")
        contractors = await db.fetch("select contractor_legal_entity_id as id from reimbursement_contracts")
        assert len(contractors) == len(pharmacies) > 1 and set(contractors) == set(pharmacies)
        assert await db.fetchval("select count(*) from licenses where type = 'NARCOTIC_DRUGS'") == 1
