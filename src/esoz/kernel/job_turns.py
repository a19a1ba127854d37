"""Whose job comes next. The questions of the queue stand in kernel/sql, 0348, for how they are planned matters."""

from collections.abc import Mapping, Sequence

from .db import Connection
from .memory import Registry

AWAKE = 8  # jobs that wait: nobody who could begin another one rests then; a call wakes every ear of the database


async def _pace(db: Connection, keys: Sequence[None]) -> Mapping[None, float]:
    found: float = await db.fetchval(
        "select coalesce(avg(took_ms), 0)::float8 from ("
        " select took_ms from jobs where status <> 'pending' order by finished_at desc limit 50) lately"
    )
    return dict.fromkeys(keys, found)


# How long jobs take of late, in milliseconds.
PACE: Registry[None, float] = Registry("jobs", _pace)

# Promised is the time of those before it (JB-4).
SUBMIT = """
with place as (
select * from jobs_place($3, $9, $11)
), job as (
insert into jobs (id, kind, patient_id, request_hash, payload, actor, request_id, status, inserted_at, client_id,
                  round, turn, eta)
select $1, $2, $3, $4, $5, $6, $7, 'pending', $8, $9, place.its_round, place.its_turn,
    $8::timestamptz + greatest($10::interval, 1.5 * $12::float8 * (1 + place.before) * interval '1 millisecond')
from place
on conflict (request_hash) where status = 'pending' do update set eta = jobs.eta
returning id, status, eta
)
select id, status, eta, case when waiting < $11 then pg_notify('jobs', '') end from job, place
"""

CLAIM = """
select number, id, kind, patient_id, payload, actor, request_id, attempts, put_off, inserted_at,
    jobs_are_more(number) as are_more, pg_advisory_xact_lock(hashtextextended('jobs of ' || patient_id, 0))
from jobs_next($1, $2)
"""
