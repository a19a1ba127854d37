"""SQL of the register of medical information systems."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.db import Connection as Db
from esoz.kernel.db import Page, Paged, Query, Row, insert

from .model import Application, Contacts, Decision, Entry, RegisterFilter, Result, Status

_CONTACTS = ("support_phone", "support_email", "support_hours", "website", "status_page")
_OWN = (
    "id, broker_id, product, version, vendor, edrpou, areas, contact_email, support_phone, support_email,"
    " support_hours, website, status_page, attestation, attestation_until, status, inserted_at, updated_at,"
    " oldest_version"
)
# Vendors that were connected without an application (by the operator's own hand) stand in the register too.
_ALL = f"""
select {_OWN} from mis_register
union all
select id, id, name, '', name, '', '{{}}', '', '', '', '', '', '', '', null,
       case when is_blocked then 'BLOCKED' else 'CONNECTED' end, inserted_at, coalesce(updated_at, inserted_at), null
from brokers
where kind = 'MIS' and not exists (select from mis_register where broker_id = brokers.id)
"""
# In the order of the Ukrainian alphabet, or as they came.
ORDERS = {"name": 'ukrainian_key(product) collate "C", id', "newest": "inserted_at desc, id"}


def _entry(row: Row, moments: dict[str, datetime]) -> Entry:
    contacts = Contacts(**{name: row[name] for name in _CONTACTS})
    until: date | None = row["attestation_until"]
    application = Application(
        row["product"],
        row["version"],
        row["vendor"],
        row["edrpou"],
        tuple(row["areas"]),
        row["contact_email"],
        contacts,
        row["attestation"],
        until,
    )
    return Entry(
        row["id"],
        row["broker_id"],
        application,
        Status(row["status"]),
        row["inserted_at"],
        row["updated_at"],
        moments,
        row["oldest_version"],
    )


def _columns(application: Application) -> dict[str, object]:
    return {
        "product": application.product,
        "version": application.version,
        "vendor": application.vendor,
        "edrpou": application.edrpou,
        "areas": list(application.areas),
        "contact_email": application.contact_email,
        "attestation": application.attestation,
        "attestation_until": application.attestation_until,
        **{name: getattr(application.contacts, name) for name in _CONTACTS},
    }


async def add(db: Db, entry: Entry) -> None:
    await insert(
        db,
        "mis_register",
        id=entry.id,
        broker_id=entry.broker_id,
        status=str(entry.status),
        inserted_at=entry.inserted_at,
        updated_at=entry.updated_at,
        **_columns(entry.application),
    )


async def is_open(db: Db, edrpou: str, product: str) -> bool:
    """Does this vendor's product stand in the register already, or wait to."""
    found: bool | None = await db.fetchval(
        "select true from mis_register where edrpou = $1 and lower(product) = lower($2)"
        " and status not in ('REJECTED', 'DISCONNECTED')",
        edrpou,
        product,
    )
    return found or False


async def find(db: Db, mis_id: UUID, *, lock: bool = False) -> Entry | None:
    row = await db.fetchrow(f"select {_OWN} from mis_register where id = $1{' for update' if lock else ''}", mis_id)
    return _entry(row, (await _all_moments(db, [mis_id])).get(mis_id, {})) if row else None


async def of_broker(db: Db, broker_id: UUID) -> Entry | None:
    """The system of a vendor, of one that was connected without an application too."""
    row = await db.fetchrow(f"select * from ({_ALL}) found_ where broker_id = $1", broker_id)
    return _with_moments(row, await _all_moments(db, [row["id"]])) if row else None


async def save(db: Db, entry: Entry) -> None:
    columns = _columns(entry.application) | {
        "broker_id": entry.broker_id,
        "status": str(entry.status),
        "updated_at": entry.updated_at,
        "oldest_version": entry.oldest_version,
    }
    places = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, 2))
    await db.execute(f"update mis_register set {places} where id = $1", entry.id, *columns.values())


async def entries(
    db: Db, filters: RegisterFilter, page: Page, *, within: Iterable[Status] = tuple(Status), order: str = "name"
) -> tuple[list[Entry], Paged]:
    """A page of systems in these statuses; `order` is one of ORDERS."""
    query = Query(f"select * from ({_ALL}) found_").where("status = any({})", [str(status) for status in within])
    query.where_given("status = {}", None if filters.status is None else str(filters.status))
    query.where_given("{} = any(areas)", filters.legal_entity_type)
    query.where_given("strpos(plain_name(concat_ws(' ', product, vendor, edrpou)), plain_name({})) > 0", filters.name)
    paged = await query.page(db, page, order=ORDERS[order])
    found = await _all_moments(db, [row["id"] for row in paged.rows])
    return [_with_moments(row, found) for row in paged.rows], paged


def _with_moments(row: Row, found: Mapping[UUID, dict[str, datetime]]) -> Entry:
    """An entry with its dates; without an application there is only the day of the connection."""
    return _entry(row, found.get(row["id"]) or ({row["status"]: row["inserted_at"]} if not row["edrpou"] else {}))


async def _all_moments(db: Db, ids: Sequence[UUID]) -> dict[UUID, dict[str, datetime]]:
    rows = await db.fetch(
        "select mis_id, status, max(decided_at) as at from mis_decisions where mis_id = any($1)"
        " group by mis_id, status",
        ids,
    )
    found: dict[UUID, dict[str, datetime]] = {}
    for row in rows:
        found.setdefault(row["mis_id"], {})[row["status"]] = row["at"]
    return found


async def add_decision(db: Db, mis_id: UUID, decision: Decision, *, id: UUID) -> None:
    await insert(
        db,
        "mis_decisions",
        id=id,
        mis_id=mis_id,
        status=str(decision.status),
        reason=decision.reason,
        decided_by=decision.decided_by,
        decided_at=decision.decided_at,
    )


async def decisions(db: Db, mis_id: UUID) -> list[Decision]:
    rows = await db.fetch(
        "select status, reason, decided_by, decided_at from mis_decisions where mis_id = $1 order by decided_at, id",
        mis_id,
    )
    return [Decision(**{**row, "status": Status(row["status"])}) for row in rows]


async def save_result(db: Db, mis_id: UUID, result: Result, by: UUID | None) -> None:
    await db.execute(
        "insert into mis_results (mis_id, test, passed, note, tested_by, tested_at) values ($1, $2, $3, $4, $5, $6)"
        " on conflict (mis_id, test) do update set passed = excluded.passed, note = excluded.note,"
        " tested_by = excluded.tested_by, tested_at = excluded.tested_at",
        mis_id,
        result.test,
        result.passed,
        result.note,
        by,
        result.tested_at,
    )


async def results(db: Db, mis_id: UUID) -> list[Result]:
    rows = await db.fetch("select test, passed, note, tested_at from mis_results where mis_id = $1", mis_id)
    return [Result(**row) for row in rows]
