"""Employees: details that pass, to be changed by one thing."""

from datetime import date
from uuid import UUID

from esoz.central import identity, workforce
from esoz.central.dictionaries import Phone
from esoz.kernel.work import Work

EDUCATION = workforce.Education(
    country="UA",
    city="Київ",
    institution_name="Академія",
    diploma_number="DD123543",
    degree="MASTER",
    speciality="Педіатр",
)


def training(*specialities: str, level: str = "FIRST") -> workforce.Training:
    """What an employee learned; every speciality given is one of the office."""
    return workforce.Training(
        educations=(EDUCATION,),
        specialities=tuple(
            workforce.Speciality(
                speciality=each,
                speciality_officio=True,
                level=level,
                qualification_type="AWARDING",
                attestation_name="Академія",
                attestation_date=date(2017, 2, 28),
                certificate_number="AB/21331",
            )
            for each in specialities
        ),
    )


def new_doctor(division_id: UUID | None) -> workforce.EmployeeDetails:
    """A therapist to be hired."""
    party = workforce.PartyDetails(
        first_name="Нова",
        last_name="Лікарка",
        birth_date=date(1990, 5, 7),
        gender="FEMALE",
        tax_id="3184710691",
        email="New@Esoz.Example",
        documents=(workforce.PartyDocument("PASSPORT", "АА120518"),),
        phones=(Phone("MOBILE", "+380671112233"),),
    )
    return workforce.EmployeeDetails(
        party=party,
        employee_type="DOCTOR",
        position="P7",
        start_date=date(2026, 11, 1),
        division_id=division_id,
        training=training("THERAPIST"),
    )


async def new_user(work: Work) -> UUID:
    """A user nobody is behind yet."""
    return (await identity.create_user(work, email="new@esoz.example", password=None)).id
