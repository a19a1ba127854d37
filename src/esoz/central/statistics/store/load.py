"""SQL of doctors' load: registers of doctors with what they may have and have, and what they did in a month."""

from collections.abc import Mapping, Sequence
from datetime import date

from esoz.kernel.db import Connection, Row

from .totals import DOCTORS

# A doctor counts once in each region, speciality and clinic, with the smallest limit of all specialities (DC-17).
_LOADS = """
with offices as (
    select e.id, e.party_id, e.legal_entity_id, l.name as clinic, coalesce(e.speciality, '') as speciality,
        coalesce(l.residence_address ->> 'area', '') as region, e.employee_type = 'DOCTOR' as takes,
        p.declaration_count as declared
    from employees e join legal_entities l on l.id = e.legal_entity_id and l.is_active and l.status = 'ACTIVE'
        join parties p on p.id = e.party_id
    where e.status = 'APPROVED' and e.is_active and e.employee_type = any($1::text[])
), limits as (
    select o.party_id, min(k.most) as most
    from offices o join unnest($2::text[], $3::integer[]) k (speciality, most) on k.speciality = o.speciality group by 1
), kept as (
    select o.*, coalesce(m.visits, 0) as visits
    from offices o left join doctor_months m on m.month = $4 and m.employee_id = o.id
), keyed as (
    select k.by, k.key, min(k.name) as name, min(o.region) as region, o.party_id, bool_or(o.takes) as takes,
        max(o.declared) as declared, sum(o.visits) as visits
    from kept o cross join lateral (values
        ('region', o.region, o.region), ('speciality', o.speciality, o.speciality),
        ('clinic', o.legal_entity_id::text, o.clinic)
    ) k (by, key, name) group by k.by, k.key, o.party_id
)
select k.by, k.key, min(k.name) as name, min(k.region) as region, count(*) as doctors,
    coalesce(sum(k.declared) filter (where k.takes and l.most is not null), 0)::bigint as declared,
    coalesce(sum(l.most) filter (where k.takes), 0)::bigint as "limit",
    coalesce(sum(greatest(l.most - k.declared, 0)) filter (where k.takes), 0)::bigint as free,
    sum(k.visits)::bigint as visits
from keyed k left join limits l on l.party_id = k.party_id group by k.by, k.key
"""


async def loads(db: Connection, limits: Mapping[str, int], month: date) -> Sequence[Row]:
    """Every region, speciality and clinic with doctors that work now."""
    found: Sequence[Row] = await db.fetch(_LOADS, DOCTORS, list(limits), list(limits.values()), month)
    return found
