"""SQL of civil acts, and of tokens whose bearers may no longer speak for somebody."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from esoz.central.people import SPEAKS, last_birthday_of_adults
from esoz.kernel.db import Connection as Db
from esoz.kernel.db import execute_many
from esoz.kernel.spelling import plain_number

from .model import ActKind, CivilAct

BATCH = 500


async def save_acts(db: Db, acts: Iterable[CivilAct], at: datetime) -> int:
    """Write records of the register anew; return how many."""
    rows = [
        (
            act.id,
            str(act.kind),
            plain_number(act.number),
            act.last_name,
            act.first_name,
            act.birth_date,
            sorted(act.tax_ids),
            act.ends_on,
            at,
        )
        for act in acts
    ]
    await execute_many(
        db,
        "insert into civil_acts (id, kind, number_search, ward_last_name, ward_first_name, ward_birth_date, tax_ids,"
        " ends_on, imported_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do update set"
        " kind = excluded.kind, number_search = excluded.number_search, ward_last_name = excluded.ward_last_name,"
        " ward_first_name = excluded.ward_first_name, ward_birth_date = excluded.ward_birth_date,"
        " tax_ids = excluded.tax_ids, ends_on = excluded.ends_on, imported_at = excluded.imported_at",
        rows,
    )
    return len(rows)


async def acts(db: Db, numbers: Iterable[str], birth_date: date) -> Sequence[CivilAct]:
    """Records by the numbers of their papers, about somebody born that day."""
    rows = await db.fetch(
        "select id, kind, number_search, ward_last_name, ward_first_name, ward_birth_date, tax_ids, ends_on"
        " from civil_acts where plain_number(number_search) = any($1) and ward_birth_date = $2 order by id",
        [plain_number(number) for number in numbers],
        birth_date,
    )
    return [
        CivilAct(
            row["id"],
            ActKind(row["kind"]),
            row["number_search"],
            row["ward_last_name"],
            row["ward_first_name"],
            row["ward_birth_date"],
            frozenset(row["tax_ids"]),
            row["ends_on"],
        )
        for row in rows
    ]


async def end_tokens_without_relation(db: Db, today: date, at: datetime) -> int:
    """End a batch of tokens of those who may no longer speak for the user of the token; return how many."""
    rows = await db.fetch(
        f"""
        update tokens set expires_at = $3 where id = any(array(
            select token.id from tokens token
            join users on users.id = token.user_id
            join users applicant on applicant.id = token.applicant_user_id
            where token.applicant_user_id is not null and token.expires_at > $3 and not exists (
                select from confidant_person_relationships relation
                join persons ward on ward.id = relation.person_id and ward.is_active
                where relation.person_id = users.person_id and relation.confidant_person_id = applicant.person_id
                  and {SPEAKS}
            )
            limit $4 for update of token skip locked
        )) returning id
        """,
        today,
        last_birthday_of_adults(today),
        at,
        BATCH,
    )
    return len(rows)
