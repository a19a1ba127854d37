"""Persons and declarations through the real commands."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from esoz.central import declarations, people
from esoz.central.dictionaries import Phone
from esoz.kernel.work import Work
from esoz.sandbox.build import address
from esoz.sandbox.country import KYIV, Settlement
from tests.factories.world import Caller, fixed_id

PHONE = Phone("MOBILE", "+380671112233")
WEIGHTS = (-1, 5, 7, 9, 4, 6, 10, 5, 7)


def tax_id(number: int) -> str:
    """A РНОКПП with the right control digit."""
    digits = f"{number:09d}"
    return digits + str(sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11 % 10)


def adult(number: int = 1, *, place: Settlement = KYIV, **changes: Any) -> people.PersonDetails:
    """A grown-up with a passport who authenticates by phone; `number` tells namesakes apart."""
    details = people.PersonDetails(
        first_name="Дем'ян",
        last_name="Їжакевич",
        second_name="Ґонтович",
        birth_date=date(1991, 8, 19),
        birth_country="Україна",
        birth_settlement="Вінниця",
        gender="MALE",
        secret="калинонька",
        tax_id=tax_id(310_000_000 + number),
        phones=(PHONE,),
        documents=(people.Document("PASSPORT", f"АА{number:06d}", "Навчальний орган", date(2010, 2, 28)),),
        addresses=(address(place, "Садова", "1"),),
        emergency_contact=people.EmergencyContact("Олена", "Їжакевич", (PHONE,)),
        authentication_methods=(
            people.AuthenticationDetails(type=people.AuthenticationType.OTP, phone_number=f"+38067{number:07d}"),
        ),
    )
    return replace(details, **changes)


def child(work: Work, parent: people.Person, **changes: Any) -> people.PersonDetails:
    """A child of six for whom the parent speaks."""
    born = work.today - timedelta(days=6 * 366)
    paper = people.RelationshipDocument("BIRTH_CERTIFICATE", "1БК000777", "ДРАЦС", born)
    return replace(
        adult(),
        first_name="Марічка",
        gender="FEMALE",
        birth_date=born,
        tax_id=None,
        documents=(people.Document("BIRTH_CERTIFICATE", "1БК000777", "ДРАЦС", born),),
        authentication_methods=(
            people.AuthenticationDetails(type=people.AuthenticationType.THIRD_PERSON, value=parent.id, alias="тато"),
        ),
        confidant_persons=(people.ConfidantDetails(person_id=parent.id, documents_relationship=(paper,)),),
        **changes,
    )


async def make_adult(work: Work, number: int = 1, **changes: Any) -> people.Person:
    return await people.create_person(work, adult(number, **changes))


def choice(person_id: UUID, doctor: Caller, **changes: Any) -> declarations.DeclarationDetails:
    """The person chooses the doctor."""
    assert doctor.employee_id is not None
    assert doctor.division_id is not None
    details = declarations.DeclarationDetails(
        person_id=person_id,
        employee_id=doctor.employee_id,
        division_id=doctor.division_id,
        declaration_request_id=fixed_id(f"request {person_id} {doctor.name}"),
        content="Текст декларації",
    )
    return replace(details, **changes)
