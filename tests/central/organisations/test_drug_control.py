"""Divisions of pharmacies follow the register of drug control: from a file, at a change, as terms begin and end."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from esoz.central import organisations
from esoz.central.organisations.commands import follow_drug_control
from esoz.kernel.db import Connection
from esoz.kernel.work import NOBODY, Work
from esoz.sandbox.country import ORGANISATIONS
from tests.central.answers import answered
from tests.factories.registries import with_scopes
from tests.factories.world import Caller

PHARMACY = next(each for each in ORGANISATIONS if each.type == "PHARMACY")
HEADER = "dls_id,edrpou,license_number,settlement,active_from_date,expiry_date,street,building\n"
SCOPES = ("division:write", "division:details", "division:read")


def line(dls_id: str = "АПТ-1", **changes: str) -> str:
    told = {
        "dls_id": dls_id,
        "edrpou": PHARMACY.edrpou,
        "license_number": "АЕ1",
        "settlement": PHARMACY.place.code,
        "active_from_date": "2020-01-01",
        "expiry_date": "",
        "street": PHARMACY.street,
        "building": "1",
    }
    return ",".join((told | changes).values()) + "\n"


async def take(work: Work, *lines: str) -> tuple[int, int]:
    places = organisations.read_licensed_places((HEADER + "".join(lines)).encode())
    return await organisations.import_licensed_places(work, places)


async def standing(db: Connection, id: UUID) -> tuple[str | None, bool | None]:
    row = await db.fetchrow("select dls_id, dls_verified from divisions where id = $1", id)
    return row["dls_id"], row["dls_verified"]


class TestImport:
    # DV-6
    async def test_same_address_and_code_then_verified_whatever_the_spelling(self, work: Work, db: Connection) -> None:
        street = f" {PHARMACY.street.upper()}. "
        assert await take(work, line(street=street)) == (1, 1 + pharmacies(others=True))
        assert await standing(db, PHARMACY.division_id) == ("АПТ-1", True)
        assert await take(work, line(street=street)) == (1, 0)

    @pytest.mark.parametrize(
        "changes",
        [
            {"edrpou": "99999999"},
            {"street": "Інша"},
            {"building": "11"},
            {"settlement": "UA05020030010063857"},
        ],
    )
    async def test_other_place_or_code_then_not_verified(
        self, work: Work, db: Connection, changes: dict[str, str]
    ) -> None:
        await take(work, line(**changes))
        assert await standing(db, PHARMACY.division_id) == (None, False)

    @pytest.mark.parametrize(
        ("changes", "verified"),
        [
            ({"expiry_date": "2026-11-22"}, True),
            ({"expiry_date": "2026-11-21"}, False),
            ({"active_from_date": "2026-11-22"}, True),
            ({"active_from_date": "2026-11-23"}, False),
        ],
    )
    async def test_term_decides_by_the_day_in_kyiv(
        self, work: Work, db: Connection, changes: dict[str, str], verified: bool
    ) -> None:
        await take(work, line(**changes))
        assert await standing(db, PHARMACY.division_id) == ("АПТ-1", verified)

    async def test_two_places_at_one_address_then_the_valid_one(self, work: Work, db: Connection) -> None:
        await take(work, line("СТАРА", expiry_date="2021-01-01"), line("НОВА"))
        assert await standing(db, PHARMACY.division_id) == ("НОВА", True)

    async def test_left_out_of_the_next_file_then_verified_no_more(self, work: Work, db: Connection) -> None:
        await take(work, line())
        later = Work(NOBODY, work.now + timedelta(days=1), db, work.dependencies)
        await take(later, line("ІНША", edrpou="99999999"))
        assert await standing(db, PHARMACY.division_id) == ("АПТ-1", False)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("a,b\n", "columns are"),
            (HEADER + line(edrpou=""), "line 2: edrpou is empty"),
            (HEADER + line() + line(), "line 3: АПТ-1 is told twice"),
            (HEADER + line(active_from_date="учора"), "line 2: "),
        ],
    )
    def test_fault_of_a_file_then_named(self, text: str, words: str) -> None:
        with pytest.raises(ValueError, match=words):
            organisations.read_licensed_places(text.encode())


class TestFollow:
    async def test_register_is_empty_then_nothing_changes(self, work: Work, db: Connection) -> None:
        before = await standing(db, PHARMACY.division_id)
        assert await follow_drug_control(work) == 0
        assert await standing(db, PHARMACY.division_id) == before

    async def test_term_has_ended_since_then_verified_no_more_and_recorded(self, work: Work, db: Connection) -> None:
        await take(work, line(expiry_date="2026-11-30"))
        late = Work(NOBODY, work.now + timedelta(days=9), db, work.dependencies)
        assert await follow_drug_control(late) == 1
        assert [(each.event, each.facts) for each in late.recorded] == [
            ("division.drug_control_changed", {"verified": False})
        ]
        assert await follow_drug_control(late) == 0

    async def test_new_division_then_verified_at_once_by_its_number(
        self, work: Work, pharmacist: Caller, db: Connection
    ) -> None:
        await take(work, line("АПТ-9", street="Деінде"))
        owner = await with_scopes(work, pharmacist, *SCOPES)
        shown = answered(await owner.get(f"/api/divisions/{PHARMACY.division_id}"))["data"]
        names = ("name", "addresses", "phones", "email", "type", "working_hours")
        body: dict[str, Any] = {name: shown[name] for name in names} | {"external_id": "АПТ-9"}
        made = answered(await owner.post("/api/divisions", body))["data"]
        assert (made["dls_id"], made["dls_verified"]) == ("АПТ-9", True)
        changed = answered(await owner.patch(f"/api/divisions/{made['id']}", body | {"external_id": "x"}))["data"]
        assert changed["dls_verified"] is False

    async def test_clinics_are_never_asked_about(self, work: Work, doctor: Caller, db: Connection) -> None:
        await take(work, line())
        assert doctor.division_id is not None
        assert await standing(db, doctor.division_id) == (None, None)


def pharmacies(*, others: bool) -> int:
    """How many divisions of pharmacies there are in the world but this one."""
    return sum(each.type == "PHARMACY" for each in ORGANISATIONS) - 1 if others else 1
