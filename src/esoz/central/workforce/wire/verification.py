"""Verifications of parties as published."""

from collections.abc import Iterable

import msgspec

from esoz.kernel.db import Row
from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.payload import JSON, omit_none

from ..model import Party, Verification

# The passport registers tell the state of the passport, the tax register the result of the comparison.
RESULTS = {"drfo": "result", "mvs_passport": "status", "dms_passport": "status"}


class Resolution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How something is settled by hand."""

    verification_status: str
    verification_reason: str
    verification_comment: str | None = None


class ResolutionBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Exactly one register."""

    dracs_death: Resolution | None = None
    dracs_name_change: Resolution | None = None

    def chosen(self) -> tuple[str, Resolution]:
        """The register and how it is settled; raise Rejected unless there is exactly one."""
        chosen = [(name, found) for name in self.__struct_fields__ if (found := getattr(self, name)) is not None]
        if len(chosen) != 1:
            message = "exactly one of the allowed forms must be present"
            raise Rejected(invalid=(Invalid("$", "schemata", message),))
        return chosen[0]


def party_verification(party: Party, verifications: Iterable[Verification]) -> JSON:
    """What registers say of a party."""
    return {
        "verification_status": party.verification_status,
        "details": {each.register: _verification(each) for each in verifications},
    }


def verified_employee(row: Row, verifications: Iterable[Verification]) -> JSON:
    """An employee in the list of verifications."""
    return omit_none(
        employee_id=row["employee_id"],
        verification_status=row["verification_status"],
        details={each.register: _verification(each) | _moments(each) for each in verifications},
        division_id=row["division_id"],
        party_updated_at=row["party_updated_at"],
    )


def _verification(verification: Verification) -> JSON:
    answer = omit_none(
        verification_status=verification.verification_status,
        verification_reason=verification.verification_reason,
        verification_comment=verification.verification_comment,
    )
    name = RESULTS.get(verification.register)
    return answer | (omit_none(**{name: verification.result}) if name else {})


def _moments(verification: Verification) -> JSON:
    """Seconds since 1970: the publication says that these are numbers."""
    moments = {"synced_at": verification.synced_at, "unverified_at": verification.unverified_at}
    return {name: int(moment.timestamp()) for name, moment in moments.items() if moment is not None}
