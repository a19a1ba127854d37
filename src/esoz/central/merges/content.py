"""What is approved and signed in a merge: the request, the person, the unidentified patient, the printed form."""

from collections.abc import Mapping
from typing import Any

import msgspec

from esoz.central.people import Person, personal_data
from esoz.central.people import confidants as confidants_of
from esoz.central.prepersons import Preperson, preperson
from esoz.kernel.work import Work

from .model import MergeRequest, Status

# Published of the person; the rest of personal data is no matter of a merge.
MASTER = (
    "id",
    "first_name",
    "last_name",
    "second_name",
    "birth_date",
    "birth_country",
    "birth_settlement",
    "gender",
    "email",
    "no_tax_id",
    "tax_id",
    "secret",
    "documents",
    "addresses",
    "phones",
    "unzr",
    "emergency_contact",
    "confidant_person",
    "preferred_way_communication",
)
MERGED = (
    "id",
    "external_id",
    "first_name",
    "last_name",
    "second_name",
    "gender",
    "birth_date",
    "emergency_contact",
    "note",
)


async def data_to_be_signed(work: Work, request: MergeRequest, person: Person, other: Preperson) -> Mapping[str, Any]:
    """What the employee signs after the patient has read it, in the spelling of JSON."""
    master = personal_data(person, await confidants_of(work.db, person.id, work.today))
    shown = {
        "id": request.id,
        "status": Status.APPROVED,
        "master_person": {name: master[name] for name in MASTER if name in master},
        "merge_person": {name: value for name, value in preperson(other).items() if name in MERGED},
        "patient_signed": False,
        "content": printed_form(person, other),
    }
    found: Mapping[str, Any] = msgspec.to_builtins(shown)
    return found


def printed_form(person: Person, other: Preperson) -> str:
    """The text that is printed, read and signed on paper by the patient."""
    called = " ".join(name for name in (other.last_name, other.first_name, other.second_name) if name)
    lines = (
        "Згода на приєднання медичних записів",
        f"Я, {person.full_name}, {person.birth_date:%d.%m.%Y} року народження, підтверджую, що медичні записи"
        f" неідентифікованого пацієнта № {other.external_id}{f' ({called})' if called else ''} зроблено про мене,"
        " і прошу приєднати їх до моєї медичної картки.",
        f"Примітка закладу: {other.note}" if other.note else "",
        "Я прочитав(-ла) цей текст. Приєднання не можна скасувати.",
        "Підпис пацієнта або законного представника: ____________________  Дата: ____________",
    )
    return "\n\n".join(line for line in lines if line)
