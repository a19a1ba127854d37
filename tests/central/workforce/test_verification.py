"""What registers say of a party: shown to its clinic, settled by hand."""

from typing import Any
from uuid import UUID

import pytest

from esoz.central import workforce
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.registries import with_scopes
from tests.factories.world import Caller, World


@pytest.fixture
def owner(world: World) -> Caller:
    return world.owner


class TestVerification:
    @pytest.fixture
    async def hr(self, owner: Caller, work: Work) -> Caller:
        return await with_scopes(
            work, owner, "party_verification:read", "party_verification:details", "party_verification:write"
        )

    @pytest.fixture
    async def party_id(self, doctor: Caller, db: Connection, work: Work) -> UUID:
        """The doctor's party, of whom the register of civil acts says a death."""
        id = (await workforce.party_of_user(db, doctor.user_id)).id
        for register, status in (("drfo", "VERIFIED"), ("dracs_death", "NOT_VERIFIED")):
            word = workforce.Verification(
                party_id=id,
                register=register,
                verification_status=status,
                verification_reason="AUTO",
                unverified_at=work.now,
                updated_at=work.now,
                result=1 if register == "drfo" else None,
            )
            await workforce.save_register_word(work, word)
        return id

    async def test_listed_and_shown_then_what_each_register_says(
        self, hr: Caller, doctor: Caller, party_id: UUID
    ) -> None:
        moment = 1795341600
        drfo = {"verification_status": "VERIFIED", "verification_reason": "AUTO", "result": 1}
        death = {"verification_status": "NOT_VERIFIED", "verification_reason": "AUTO"}
        query = {"verification_status": "NOT_VERIFIED", "division_id": doctor.division_id, "status": "APPROVED"}
        rows = answered(await hr.get("/api/parties/verifications", **query))["data"]
        [row] = [each for each in rows if each["employee_id"] == str(doctor.employee_id)]
        assert row["details"] == {
            "drfo": drfo | {"unverified_at": moment},
            "dracs_death": death | {"unverified_at": moment},
        }
        assert answered(await hr.get(f"/api/parties/{party_id}/verification"))["data"] == {
            "verification_status": "NOT_VERIFIED",
            "details": {"drfo": drfo, "dracs_death": death},
        }
        assert [entry for entry, _ in faults(await hr.get("/api/parties/verifications"))] != []

    async def test_settled_by_hand_then_verified_once(self, hr: Caller, party_id: UUID) -> None:
        path = f"/api/parties/{party_id}/verification"
        settled = {
            "verification_status": "VERIFIED",
            "verification_reason": "MANUAL_NOT_CONFIRMED",
            "verification_comment": "жива",
        }
        data = answered(await hr.patch(path, {"dracs_death": settled}))["data"]
        assert (data["verification_status"], data["details"]["dracs_death"]) == ("VERIFIED", settled)
        refused(await hr.patch(path, {"dracs_death": settled}), 409, "request_conflict")

    @pytest.mark.parametrize(
        ("told", "entry"),
        [
            (
                {"dracs_death": {"verification_status": "NOT_VERIFIED", "verification_reason": "MANUAL_CONFIRMED"}},
                "$.dracs_death.verification_status",
            ),
            (
                {"dracs_death": {"verification_status": "VERIFIED", "verification_reason": "MANUAL"}},
                "$.dracs_death.verification_reason",
            ),
            ({}, "$"),
        ],
    )
    async def test_wrong_word_then_named(self, hr: Caller, party_id: UUID, told: dict[str, Any], entry: str) -> None:
        assert [place for place, _ in faults(await hr.patch(f"/api/parties/{party_id}/verification", told))] == [entry]

    async def test_of_another_clinic_is_not_found(self, party_id: UUID, foreign_doctor: Caller, work: Work) -> None:
        other = await with_scopes(work, foreign_doctor, "party_verification:details", "party_verification:write")
        path = f"/api/parties/{party_id}/verification"
        refused(await other.get(path), 404, "not_found")
        settled = {"verification_status": "VERIFIED", "verification_reason": "MANUAL_CONFIRMED"}
        refused(await other.patch(path, {"dracs_death": settled}), 404, "not_found")

    async def test_without_scope_is_forbidden(self, doctor: Caller, party_id: UUID) -> None:
        refused(await doctor.get("/api/parties/verifications", verification_status="VERIFIED"), 403, "forbidden")
        refused(await doctor.get(f"/api/parties/{party_id}/verification"), 403, "forbidden")
        settled = {"verification_status": "VERIFIED", "verification_reason": "MANUAL_CONFIRMED"}
        refused(await doctor.patch(f"/api/parties/{party_id}/verification", {"dracs_death": settled}), 403, "forbidden")
