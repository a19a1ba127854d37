"""The clinic is told when a certificate turns out to have been revoked before it signed."""

from datetime import timedelta
from uuid import UUID

import pytest

from esoz.central.late_signatures import tell_of_revoked
from esoz.central.organisations import find_legal_entity
from esoz.kernel.db import Connection
from esoz.kernel.rechecks import Recheck, State
from esoz.kernel.work import Work
from tests.factories.registries import last_mail
from tests.factories.world import Caller


def found(work: Work, client_id: UUID | None, *, revoked: bool = True) -> Recheck:
    return Recheck(
        digest="ab" * 32,
        object_name="unproven_documents/x",
        state=State.REVOKED,
        serial_number="5e98",
        issuer="Тестовий надавач",
        signer="Кобилянська Ольга",
        user_id=None,
        client_id=client_id,
        accepted_at=work.now,
        tries=1,
        next_at=None,
        answered_at=work.now,
        revoked_since=work.now - timedelta(hours=1) if revoked else None,
    )


async def test_document_came_through_a_clinic_then_it_gets_a_mail_in_the_time_of_kyiv(
    work: Work, doctor: Caller, db: Connection
) -> None:
    await tell_of_revoked(work, found(work, doctor.client_id))
    text = await last_mail(db, (await find_legal_entity(db, doctor.client_id)).email)
    for words in ("22.11.2026 о 12:00", "відкликано 22.11.2026 о 11:00", "5e98 (Тестовий надавач)", "ab" * 32):
        assert words in text
    assert "Кобилянська" not in text


@pytest.mark.parametrize(("client_id", "revoked"), [(None, True), (UUID(int=1), True)])
async def test_document_of_nobody_we_know_then_no_mail(
    work: Work, db: Connection, client_id: UUID | None, revoked: bool
) -> None:
    await tell_of_revoked(work, found(work, client_id, revoked=revoked))
    assert await db.fetchval("select count(*) from messages") == 0
