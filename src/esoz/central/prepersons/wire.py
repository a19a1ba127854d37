"""Unidentified patients as published."""

from esoz.kernel.payload import JSON, omit_none

from .model import Preperson


def preperson(preperson: Preperson) -> JSON:
    return omit_none(
        id=preperson.id,
        external_id=preperson.external_id,
        first_name=preperson.first_name,
        last_name=preperson.last_name,
        second_name=preperson.second_name,
        gender=preperson.gender,
        birth_date=preperson.birth_date,
        emergency_contact=preperson.emergency_contact,
        note=preperson.note,
        status=preperson.status,
        death_date=preperson.death_date,
        inserted_at=preperson.inserted_at,
        inserted_by=preperson.inserted_by,
        updated_at=preperson.updated_at,
        updated_by=preperson.updated_by,
    )
