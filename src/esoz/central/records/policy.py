"""Who may read a patient's record: any one rule of the list is enough (AB-1)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Actor


@dataclass(frozen=True, slots=True)
class Access:
    """What is known about the reader and about what they want to read."""

    is_the_patient: bool = False
    own_resource: bool = False
    active_declaration: bool = False
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to be let in; its name goes to the audit log (AB-3)."""

    name: str
    grants: Callable[[Access], bool]


# AB-1: R1 the declaration, R2 and R3 what the own clinic made or holds the episode of.
# R4 and R5: what the patient opened to this doctor, the whole record too (a stub in 2019, BG-8).
RULES: Sequence[Rule] = (
    Rule("own_record", lambda access: access.is_the_patient),
    Rule("own_legal_entity", lambda access: access.own_resource),
    Rule("active_declaration", lambda access: access.active_declaration),
    Rule("approval", lambda access: access.approved),
)

# RD-2: what every doctor who treats the patient may see; None is everything.
SUMMARY_CODES: Mapping[str, frozenset[str] | None] = {
    "encounters": None,
    "conditions": frozenset({"R80"}),
    "observations": frozenset({"8310-5", "8462-4", "8480-6", "80319-7"}),
    "immunizations": None,
    "allergy_intolerances": None,
    "risk_assessments": None,
    "devices": None,
    "medication_statements": None,
    "diagnostic_reports": frozenset(),
    "procedures": frozenset(),
    "clinical_impressions": frozenset(),
}


def granting_rule(access: Access) -> str | None:
    """The name of the first rule that lets in, or None."""
    return next((rule.name for rule in RULES if rule.grants(access)), None)


def must_be_granted(access: Access) -> str:
    """The name of the rule that lets in; raise Forbidden."""
    rule = granting_rule(access)
    if rule is None:
        raise Forbidden("Access denied. Medical records of this patient are not available to you without an approval")
    return rule


def is_the_patient(actor: Actor, person_id: UUID) -> bool:
    """Whether a patient reads their own record."""
    return actor.person_id is not None and actor.person_id == person_id


def is_own(actor: Actor, managing_organization_id: UUID | None) -> bool:
    """R2, R3: whether the caller's legal entity made the resource or holds its episode."""
    return actor.client_id is not None and actor.client_id == managing_organization_id
