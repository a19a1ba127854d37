"""Employees as published."""

from collections.abc import Mapping

from esoz.central.organisations import Division, LegalEntity, division_short, legal_entity_short
from esoz.kernel.payload import JSON, omit_none

from ..model import BLOCKS, Employee, Party, declaration_limit


def employee_in_list(
    employee: Employee, legal_entity: LegalEntity, division: Division | None, limits: Mapping[str, int]
) -> JSON:
    """An employee in the list: of the party only names and the flag of a missing tax id (EM-27)."""
    party, block = employee.party, BLOCKS.get(employee.employee_type)
    answer = omit_none(
        id=employee.id,
        position=employee.position,
        employee_type=employee.employee_type,
        status=employee.status,
        minfin_validation_status=employee.minfin_validation_status,
        is_active=employee.is_active,
        start_date=employee.start_date,
        end_date=employee.end_date,
        division=division and division_short(division),
        legal_entity=legal_entity_short(legal_entity),
        party=omit_none(
            id=party.id,
            no_tax_id=party.no_tax_id,
            **_names(party),
            verification_status=party.verification_status,
            minfin_validation_status=party.minfin_validation_status,
            **_declarations(employee, limits),
        ),
    )
    return answer | ({block: {"specialities": employee.education.specialities}} if block else {})


def employee(
    employee: Employee, legal_entity: LegalEntity, division: Division | None, limits: Mapping[str, int]
) -> JSON:
    """The details of an employee."""
    block = BLOCKS.get(employee.employee_type)
    answer = omit_none(
        id=employee.id,
        position=employee.position,
        start_date=employee.start_date,
        end_date=employee.end_date,
        status=employee.status,
        minfin_validation_status=employee.minfin_validation_status,
        is_active=employee.is_active,
        employee_type=employee.employee_type,
        party=_party(employee, limits),
        division=division and division_short(division),
        legal_entity=legal_entity_short(legal_entity)
        # All three are required by the publication, though registration asks for two of them no more.
        | omit_none(
            legal_form=legal_entity.edr.legal_form,
            owner_property_type=legal_entity.owner_property_type,
            mis_verified=legal_entity.mis_verified,
        ),
    )
    return answer | ({block: employee.education} if block else {})


def employee_named(employee: Employee) -> JSON:
    """Who somebody is, and nothing more."""
    party = employee.party
    return {"id": employee.id, "position": employee.position, "party": {"id": party.id, **_names(party)}}


def employee_short(employee: Employee) -> JSON:
    """An employee inside a declaration."""
    block = BLOCKS.get(employee.employee_type)
    answer = omit_none(
        id=employee.id,
        position=employee.position,
        employee_type=employee.employee_type,
        status=employee.status,
        start_date=employee.start_date,
        end_date=employee.end_date,
        party={"id": employee.party.id, **_names(employee.party)},
        division_id=employee.division_id,
        legal_entity_id=employee.legal_entity_id,
    )
    return answer | ({block: employee.education} if block else {})


def _party(employee: Employee, limits: Mapping[str, int]) -> JSON:
    party = employee.party
    return omit_none(
        id=party.id,
        **_names(party),
        birth_date=party.birth_date,
        gender=party.gender,
        no_tax_id=party.no_tax_id,
        tax_id=party.tax_id,
        documents=party.documents,
        phones=party.phones,
        working_experience=party.working_experience,
        about_myself=party.about_myself,
        verification_status=party.verification_status,
        minfin_validation_status=party.minfin_validation_status,
        **_declarations(employee, limits),
    )


def _names(party: Party) -> JSON:
    return omit_none(first_name=party.first_name, last_name=party.last_name, second_name=party.second_name)


def _declarations(employee: Employee, limits: Mapping[str, int]) -> Mapping[str, object]:
    limit = declaration_limit([employee.speciality] if employee.speciality else [], limits)
    return {"declaration_limit": limit or 0, "declaration_count": employee.party.declaration_count}
