"""Care teams as published."""

from esoz.kernel.payload import JSON, omit_none

from .model import Participant, Team


def team(found: Team) -> JSON:
    return omit_none(
        id=found.id,
        status=found.status,
        category=found.category,
        name=found.name,
        period_start=found.period_start,
        period_end=found.period_end,
        email=found.email,
        phones=found.phones,
        note=found.note,
        author_employee_id=found.author_employee_id,
        status_reason=found.status_reason,
        legal_entity_id=found.legal_entity_id,
    )


def participant(found: Participant) -> JSON:
    return omit_none(
        id=found.id,
        role=found.role,
        member_type=found.member_type,
        member_id=found.member_id,
        period_start=found.period_start,
        period_end=found.period_end,
        status=found.status,
        status_reason=found.status_reason,
        care_team_id=found.care_team_id,
    )
