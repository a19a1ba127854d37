"""SQL of merge requests, and of records that change their owner."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, as_model, insert
from esoz.kernel.errors import NotFound

from .model import KEPT, OPEN, TERM, MergeRequest, RequestFilter

_FIELDS = tuple(MergeRequest.__dataclass_fields__)
_LASTING = ("id", "master_person_id", "merge_person_id", "legal_entity_id", "inserted_at", "inserted_by")
_REQUESTS = f"select {', '.join(_FIELDS)} from merge_requests"
_OPEN = ", ".join(f"'{status}'" for status in sorted(OPEN))


async def find_request(db: Connection, id: UUID, *, lock: bool = False) -> MergeRequest:
    """One merge request; raise NotFound."""
    row = await db.fetchrow(f"{_REQUESTS} where id = $1" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(MergeRequest, row)


async def open_request(db: Connection, merge_person_id: UUID) -> MergeRequest | None:
    """The request about an unidentified patient that is not finished, locked; None when there is none."""
    row = await db.fetchrow(
        f"{_REQUESTS} where merge_person_id = $1 and status in ({_OPEN}) for update", merge_person_id
    )
    return None if row is None else as_model(MergeRequest, row)


async def requests(
    db: Connection, legal_entity_id: UUID | None, filters: RequestFilter, now: datetime, page: Page
) -> Paged:
    """A page of requests of a clinic, the oldest first; an overdue one counts as expired."""
    query = Query(_REQUESTS).where_given("legal_entity_id = {}", legal_entity_id)
    query.where_given("master_person_id = {}", filters.master_person_id)
    query.where_given("merge_person_id = {}", filters.merge_person_id)
    if filters.status is not None:
        query.where(
            f"{{}} = case when status in ({_OPEN}) and inserted_at <= {{}} then 'EXPIRED' else status end",
            filters.status.value,
            now - TERM,
        )
    return await query.page(db, page, order="inserted_at, id")


async def add(db: Connection, request: MergeRequest) -> None:
    columns = {name: getattr(request, name) for name in _FIELDS}
    await insert(db, "merge_requests", **columns | {"status": request.status.value})


async def save(db: Connection, request: MergeRequest) -> None:
    """Write what changed."""
    columns = {name: getattr(request, name) for name in _FIELDS if name not in _LASTING}
    columns["status"] = request.status.value
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    await db.execute(f"update merge_requests set {changes} where id = $1", request.id, *columns.values())


async def expire(db: Connection, now: datetime, most: int) -> list[tuple[UUID, UUID]]:
    """End requests that nobody finished; return their ids with the persons."""
    rows = await db.fetch(
        f"update merge_requests set status = 'EXPIRED', updated_at = $1 where id = any(array(select id from"
        f" merge_requests where status in ({_OPEN}) and inserted_at <= $2 order by inserted_at limit $3"
        " for update skip locked))"
        " returning id, master_person_id",
        now,
        now - TERM,
        most,
    )
    return [(row["id"], row["master_person_id"]) for row in rows]


async def wipe(db: Connection, now: datetime, most: int) -> None:
    """Forget personal data of requests that were finished a while ago."""
    await db.execute(
        f"update merge_requests set data_to_be_signed = null, phone = '' where id in (select id from merge_requests"
        f" where phone <> '' and status not in ({_OPEN}) and updated_at <= $1 order by updated_at limit $2)",
        now - KEPT,
        most,
    )


# Whatever hangs on a patient: each table begins its key with the patient.
MOVED = (
    "episodes",
    "episode_diagnoses",
    "visits",
    "encounters",
    "conditions",
    "observations",
    "immunizations",
    "allergy_intolerances",
    "risk_assessments",
    "devices",
    "device_associations",
    "detected_issues",
    "medication_statements",
    "medication_administrations",
    "diagnostic_reports",
    "procedures",
    "clinical_impressions",
    "specimens",
    "specimen_numbers",
    "device_dispenses",
    "service_requests",
    "service_request_numbers",
    "device_requests",
    "device_request_numbers",
    "device_dispense_persons",
    "compositions",
    "composition_titles",
)
_WITHOUT_ID = ("episode_diagnoses", "specimen_numbers")
_MOVE = "with {} select 1".format(
    ", ".join(f"moved_{table} as (update {table} set person_id = $2 where person_id = $1)" for table in MOVED)
)
_SAME = " union all ".join(
    f"select id from {table} where person_id = $1 and id in (select id from {table} where person_id = $2)"
    for table in MOVED
    if table not in _WITHOUT_ID
)


async def move_records(db: Connection, merge_person_id: UUID, master_person_id: UUID) -> None:
    """Let all records of the one be the other's: one statement, for each table refers to another by the patient."""
    await db.execute(_MOVE, merge_person_id, master_person_id)


async def has_same_records(db: Connection, merge_person_id: UUID, master_person_id: UUID) -> bool:
    """Whether both have a record under one id."""
    found: bool = await db.fetchval(f"select exists ({_SAME})", merge_person_id, master_person_id)
    return found


async def has_waiting_jobs(db: Connection, merge_person_id: UUID) -> bool:
    """Whether changes of a patient's record still wait."""
    found: bool = await db.fetchval(
        "select exists (select from jobs where patient_id = $1 and status = 'pending')", merge_person_id
    )
    return found


async def remember(db: Connection, request: MergeRequest, id: UUID, at: datetime) -> None:
    """Note that somebody was merged into a person."""
    await insert(
        db,
        "merged_persons",
        id=id,
        person_id=request.master_person_id,
        merge_person_id=request.merge_person_id,
        inserted_at=at,
        updated_at=at,
    )
