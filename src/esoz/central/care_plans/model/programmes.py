"""Whether a medical programme takes an activity: why it does not, in words."""

from collections.abc import Collection
from dataclasses import dataclass

from esoz.central.programmes import Programme

from .activities import Kind

TYPES = {Kind.SERVICE: "SERVICE", Kind.MEDICATION: "MEDICATION", Kind.DEVICE: "DEVICE"}
VALID, INVALID = "VALID", "INVALID"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a programme takes an activity; `reason` is empty when it does."""

    programme: Programme
    reason: str

    @property
    def status(self) -> str:
        return INVALID if self.reason else VALID


def refusal(programme: Programme, kind: Kind, specialities: Collection[str], *, takes_part: bool) -> str:
    """CP-10: why a programme does not take an activity, or nothing."""
    if not programme.is_active:
        return "Medical program is not active"
    if programme.type != TYPES[kind]:
        return "Medical program type doesn't match the kind of the activity"
    allowed = programme.settings.speciality_types_care_plan_activity_allowed
    if allowed is not None and not set(allowed) & set(specialities):
        return "Employee's speciality doesn't match the medical program"
    return "" if takes_part else "Product is not included in the program for care plan activities"
