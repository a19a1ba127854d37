"""Second factors of a clinic's people, in SQL."""

from datetime import date
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query
from esoz.kernel.spelling import plain_name

from .model import Colleague


async def required_from(db: Connection, clinic_id: UUID) -> date | None:
    found: date | None = await db.fetchval("select second_factor_from from clinics where id = $1", clinic_id)
    return found


async def require_from(db: Connection, clinic_id: UUID, day: date | None) -> None:
    await db.execute("update clinics set second_factor_from = $2 where id = $1", clinic_id, day)


_COLLEAGUES = """
    select u.id, concat_ws(' ', u.last_name, u.first_name, nullif(u.second_name, '')) as name, t.since,
      (select count(*) from recovery_codes r where r.user_id = u.id and r.used_at is null) as codes_left,
      (select count(*) from passkeys p where p.user_id = u.id) as passkeys
    from users u left join totp t on t.user_id = u.id
"""


def _of_clinic(clinic_id: UUID, but: UUID) -> Query:
    """Everybody else of a clinic."""
    works = "exists (select from workplaces w where w.user_id = u.id and w.clinic_id = {})"
    return Query(_COLLEAGUES).where("u.is_active and u.id <> {}", but).where(works, clinic_id)


async def colleagues(db: Connection, clinic_id: UUID, but: UUID, *, name: str, page: Page) -> Paged:
    """Everybody else of a clinic with all these words in the name, in the order of the alphabet."""
    query = _of_clinic(clinic_id, but)
    for word in plain_name(name).split():
        query.where("strpos(plain_name(concat_ws(' ', u.last_name, u.first_name, u.second_name)), {}) > 0", word)
    return await query.page(db, page, order='ukrainian_key(name) collate "C", id')


async def colleague(db: Connection, clinic_id: UUID, but: UUID, user_id: UUID) -> Colleague | None:
    rows = await _of_clinic(clinic_id, but).where("u.id = {}", user_id).rows(db)
    return Colleague(*rows[0].values()) if rows else None
