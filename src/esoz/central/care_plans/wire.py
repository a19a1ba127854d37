"""Care plans as published; what is signed stands in content.py."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.people import AuthenticationType, ContactMethod, Person, age, mask_phone
from esoz.kernel.clock import kyiv_date
from esoz.kernel.fhir import Reference
from esoz.kernel.payload import JSON, omit_none

from .content import shown
from .model import CarePlan, PrequalifiedActivity
from .model.programmes import Verdict
from .model.views import View

# `Care_Plan_Short`: what a list for others' eyes shows.
SHORT = (
    "id",
    "based_on",
    "requisition",
    "part_of",
    "period",
    "intent",
    "encounter",
    "author",
    "subject",
    "status",
    "managing_organization",
    "terms_of_service",
    "inform_with",
)


class Prequalification(msgspec.Struct, frozen=True):
    """An activity that is not signed yet, and programmes that may pay for it."""

    activity: PrequalifiedActivity
    programs: tuple[Reference, ...]

    @property
    def programme_ids(self) -> list[UUID]:
        return [each.id for each in self.programs]

    @property
    def content(self) -> Mapping[str, Any]:
        """The activity as a document whose references are looked up."""
        plain: Mapping[str, Any] = msgspec.to_builtins(self.activity)
        return plain


def plan(view: View) -> JSON:
    return shown(view.plan, view.clinic)


def short(view: View) -> JSON:
    """A plan without what it is about."""
    whole = plan(view)
    return {name: whole[name] for name in SHORT if name in whole}


def in_list(found: tuple[View, Person]) -> JSON:
    """A plan as the list by numbers shows it: with who it is about, as much as a registrar compares."""
    view, person = found
    return {**short(view), "identity": _identity(person, view.plan)}


def _identity(person: Person, plan: CarePlan) -> JSON:
    return {
        "last_name": person.last_name,
        "first_name": _initial(person.first_name),
        "second_name": _initial(person.second_name),
        "gender": person.gender,
        "age": age(person.birth_date, kyiv_date(plan.inserted_at)),
    }


def _initial(name: str | None) -> str:
    return f"{name[0]}." if name else ""


def verdict(found: Verdict) -> JSON:
    """Whether a programme takes an activity, and why not."""
    return omit_none(
        {
            "program_id": found.programme.id,
            "program_name": found.programme.name,
            "status": found.status,
            "rejection_reason": found.reason or None,
        }
    )


def informing(contact: ContactMethod) -> JSON:
    """How the patient of a plan is told."""
    number = mask_phone(contact.phone) if contact.phone else None
    return {"informing_method_current": omit_none({"type": _method(contact), "phone_number": number})}


def authentication(contact: ContactMethod) -> JSON:
    """The same where an activity is tried."""
    number = mask_phone(contact.phone) if contact.phone else None
    return {"authentication_method_current": omit_none({"type": _method(contact), "number": number})}


def _method(contact: ContactMethod) -> str:
    return "OFFLINE" if contact.type is AuthenticationType.NA else contact.type
