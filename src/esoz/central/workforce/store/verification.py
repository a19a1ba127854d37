"""SQL of what registers say of parties."""

from collections.abc import Iterable
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, as_model
from esoz.kernel.errors import NotFound

from ..model import Party, Verification, VerificationFilter

_FIELDS = tuple(Verification.__dataclass_fields__)


async def find_party(db: Connection, id: UUID, *, legal_entity_id: UUID | None, lock: bool = False) -> Party:
    """A party that works or worked in the legal entity (None: in any); raise NotFound."""
    row = await db.fetchrow(
        f"select {', '.join(Party.__dataclass_fields__)} from parties p where id = $1 and ($2::uuid is null"
        " or exists (select from employees e where e.party_id = p.id and e.legal_entity_id = $2))"
        + (" for update" if lock else ""),
        id,
        legal_entity_id,
    )
    if row is None:
        raise NotFound()
    return as_model(Party, row)


async def verifications(db: Connection, party_ids: Iterable[UUID]) -> dict[UUID, list[Verification]]:
    """What registers say, by party."""
    rows = await db.fetch(
        f"select {', '.join(_FIELDS)} from party_verifications where party_id = any($1) order by register",
        list(set(party_ids)),
    )
    found: dict[UUID, list[Verification]] = {}
    for row in rows:
        found.setdefault(row["party_id"], []).append(as_model(Verification, row))
    return found


async def save_verification(db: Connection, verification: Verification, by: UUID | None) -> None:
    """Write the word of one register."""
    values = {field: getattr(verification, field) for field in _FIELDS} | {"updated_by": by}
    names = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    changes = ", ".join(f"{name} = excluded.{name}" for name in values if name not in ("party_id", "register"))
    await db.execute(
        f"insert into party_verifications ({names}) values ({places})"
        f" on conflict (party_id, register) do update set {changes}",
        *values.values(),
    )


async def verified_employees(
    db: Connection, legal_entity_id: UUID | None, filters: VerificationFilter, page: Page
) -> Paged:
    """Employees whose parties have this status, the first hired first."""
    query = Query(
        "select e.id as employee_id, e.division_id, e.party_id, e.inserted_at, p.verification_status,"
        " p.updated_at as party_updated_at from employees e join parties p on p.id = e.party_id"
    ).where("p.verification_status = {}", filters.verification_status)
    query.where_given("e.legal_entity_id = {}", legal_entity_id)
    query.where_given("e.division_id = {}", filters.division_id).where_given("e.status = {}", filters.status)
    return await query.page(db, page, order="inserted_at, employee_id")
