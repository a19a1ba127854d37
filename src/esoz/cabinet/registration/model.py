"""A registration on its way: its steps, what was told so far, and the document that is signed of it."""

import json
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import msgspec

from .holder import Holder

KEEP = timedelta(days=3)  # who has not come back by then begins anew


class Event(StrEnum):
    SAVED = "registration.saved"
    SENT = "registration.signed"
    CODE_REFUSED = "registration.code_refused"
    FORGOTTEN = "registrations.forgotten"


class Step(StrEnum):
    """The pages of a registration in their order."""

    ABOUT = "about"
    DOCUMENT = "document"
    ADDRESS = "address"
    CONTACTS = "contacts"


STEPS = tuple(Step)
COUNT = len(STEPS) + 2  # the text that is signed, and the code of the telephone
Typed = Mapping[str, str]


class Registration(msgspec.Struct, frozen=True):
    """What was told by step, as it was typed and found good; `signed` waits for the code (base64)."""

    answers: Mapping[Step, Typed] = {}
    signed: str = ""

    def told(self, step: Step) -> Typed:
        return self.answers.get(step, {})

    def with_answers(self, step: Step, answers: Typed) -> "Registration":
        """The same with a step told (anew); what was signed before says something else."""
        return Registration({**self.answers, step: answers})

    def with_signed(self, document: str) -> "Registration":
        """The same with a signed document that waits for the code; an empty one: with none."""
        return Registration(self.answers, document)

    @property
    def next_step(self) -> Step | None:
        """The first step that nothing was told of; None when all were."""
        return next((step for step in STEPS if step not in self.answers), None)

    @property
    def phone(self) -> str:
        return self.told(Step.CONTACTS).get("phone", "")


def person_of(holder: Holder, registration: Registration) -> dict[str, Any]:
    """The published person of a whole registration."""
    about, contacts = registration.told(Step.ABOUT), registration.told(Step.CONTACTS)
    phones = [{"type": "MOBILE", "number": contacts["phone"]}]
    person = {
        "first_name": holder.first_name,
        "last_name": holder.last_name,
        "second_name": holder.second_name,
        "birth_date": about["birth_date"],
        "birth_country": about["birth_country"],
        "birth_settlement": about["birth_settlement"],
        "gender": about["gender"],
        "email": contacts["email"],
        "no_tax_id": not holder.tax_id,
        "tax_id": holder.tax_id,
        "secret": about["secret"],
        "documents": [document_of(registration.told(Step.DOCUMENT))],
        "addresses": [address_of(registration.told(Step.ADDRESS))],
        "phones": phones,
        "authentication_methods": [{"type": "OTP", "phone_number": contacts["phone"]}],
        "unzr": registration.told(Step.DOCUMENT)["unzr"],
        "emergency_contact": {
            "first_name": contacts["contact_first_name"],
            "last_name": contacts["contact_last_name"],
            "phones": [{"type": "MOBILE", "number": contacts["contact_phone"]}],
        },
        "preferred_way_communication": "phone",
    }
    return _filled(person)


def document_of(told: Typed) -> dict[str, str]:
    """The published document that proves who somebody is."""
    names = ("type", "number", "issued_by", "issued_at", "expiration_date")
    return _filled({name: told[name] for name in names})


def address_of(told: Typed) -> dict[str, str]:
    """The published address of residence."""
    place = ("area", "region", "settlement", "settlement_type", "settlement_id")
    house = ("street_type", "street", "building", "apartment", "zip")
    address = {"type": "RESIDENCE", "country": "UA"} | {name: told[name] for name in (*place, *house)}
    return _filled(address if told["street"] else address | {"street_type": ""})


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != ""}


def to_be_signed(person: Mapping[str, Any], nonce: str) -> bytes:
    """The exact bytes that are signed of a registration; the signature is the consent that it speaks of (PS-14)."""
    content = {"person": person, "patient_signed": True, "process_disclosure_data_consent": True, "jwt": nonce}
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def nonce_in(content: bytes) -> str:
    """The nonce of a document that was shown to be signed; empty when it is none of ours."""
    try:
        found = json.loads(content)
    except ValueError:
        return ""
    nonce = found.get("jwt") if isinstance(found, dict) else None
    return nonce if isinstance(nonce, str) else ""


_STEP_OF: Mapping[str, Step] = {
    "documents": Step.DOCUMENT,
    "unzr": Step.DOCUMENT,
    "addresses": Step.ADDRESS,
    "phones": Step.CONTACTS,
    "email": Step.CONTACTS,
    "authentication_methods": Step.CONTACTS,
    "emergency_contact": Step.CONTACTS,
}


def step_of(entry: str) -> Step | None:
    """The page on which what central has found wrong can be changed; None when it is on none."""
    parts = entry.replace("[", ".").split(".")
    if parts[:2] != ["$", "person"] or len(parts) < 3 or parts[2] in ("first_name", "last_name", "second_name"):
        return None
    return _STEP_OF.get(parts[2], Step.ABOUT)
