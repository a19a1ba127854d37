"""SQL of reimbursed dispenses."""

from collections.abc import Sequence
from datetime import date

from esoz.kernel.db import Connection, Page, Paged, Query, Row

from .model import Key, Line, Reach, ReportFilter, Side, Sums

# RB-1: what the state pays for.
_PAID = """
from medication_dispenses d
    join medical_programs p on p.id = d.medical_program_id and p.funding_source = 'NHS'
    join medication_requests r on r.person_id = d.person_id and r.id = d.medication_request_id
"""
_OWNERS = {Side.PHARMACY: "d.legal_entity_id = {}", Side.CLINIC: "r.legal_entity_id = {}"}


async def dispenses(db: Connection, reach: Reach, filters: ReportFilter, page: Page) -> Paged:
    """Finished dispenses with what is paid of them, by the day of handing over."""
    query = Query(f"select d.person_id, d.id, d.dispensed_at {_PAID}").where("d.status = 'PROCESSED'")
    query.where_given(_OWNERS[reach.side], reach.legal_entity_id)
    query.where_given("r.created_at >= {}", filters.date_from_request)
    query.where_given("r.created_at <= {}", filters.date_to_request)
    # Nothing is handed over before it was prescribed, so the day of the prescription bounds the index of dispenses too.
    query.where_given("d.dispensed_at >= {}", filters.date_from_dispense or filters.date_from_request)
    query.where_given("d.dispensed_at <= {}", filters.date_to_dispense)
    return await query.page(db, page, order="dispensed_at, id", shown=_SHOWN)


_SHOWN = """
select page_.total_, d.id, d.person_id, d.division_id, d.dispensed_at, d.dispensed_by, d.status, d.content,
    to_jsonb(r) - 'verification_code' as request, e.employee_type,
    (select coalesce(jsonb_agg(line || jsonb_build_object('medication_id', m.medication_id, 'code_atc', b.code_atc,
            'package_qty', b.package_qty, 'medication_qty', l.quantity, 'sell_amount', l.sell_amount,
            'discount_amount', l.discount_amount) order by l.place), '[]')
        from paid_lines(d.content -> 'details', d.returns) l
            left join program_medications m on m.id = (l.line ->> 'program_medication_id')::uuid
            left join medications b on b.id = m.medication_id
        where l.quantity > 0) as lines
from page_ join medication_dispenses d on d.person_id = page_.person_id and d.id = page_.id
    join medication_requests r on r.person_id = d.person_id and r.id = d.medication_request_id
    left join employees e on e.id = r.employee_id
order by page_.dispensed_at, page_.id
"""

# The key and the name of each line.
_KEYS = {
    Key.DAY: ("d.dispensed_at::text", "d.dispensed_at::text"),
    Key.MONTH: ("to_char(d.dispensed_at, 'YYYY-MM')", "to_char(d.dispensed_at, 'YYYY-MM')"),
    Key.PROGRAMME: ("d.medical_program_id::text", "p.name"),
    Key.CONTRACT: ("coalesce(c.id::text, '')", "coalesce(c.contract_number, '')"),
    Key.MEDICATION: ("l.line ->> 'program_medication_id'", "coalesce(l.line #>> '{medication,name}', '')"),
    Key.DIVISION: ("d.division_id::text", "(select name from divisions where id = d.division_id)"),
    Key.PHARMACY: ("d.legal_entity_id::text", "(select name from legal_entities where id = d.legal_entity_id)"),
}
# The contract that let the pharmacy dispense that day (MD-2): one in force now before one that ended since.
_CONTRACT = """
left join lateral (
    select id, contract_number from reimbursement_contracts k
    where k.contractor_legal_entity_id = d.legal_entity_id and d.medical_program_id = any(k.medical_programs)
        and d.division_id = any(k.contractor_divisions) and d.dispensed_at between k.start_date and k.end_date
    order by k.status = 'VERIFIED' desc, k.start_date desc, k.id limit 1
) c on true
"""


async def sums(db: Connection, reach: Reach, span: tuple[date, date], keys: Sequence[Key]) -> Sequence[Line]:
    """Sums of a period by the keys, the largest by name order of the key; without keys the sum of all."""
    query = Query("").where("d.status in ('PROCESSED', 'RETURNED')")
    query.where("d.dispensed_at between {} and {}", *span).where_given(_OWNERS[reach.side], reach.legal_entity_id)
    told = [f"{key} as key_{n}, {name} as name_{n}" for n, (key, name) in enumerate(_KEYS[each] for each in keys)]
    names = [f"{part}_{n}" for n in range(len(keys)) for part in ("key", "name")]
    grouped = f"group by {', '.join(names)} order by {', '.join(names)}" if keys else ""
    rows = await db.fetch(
        f"""
        with found as (
            select {"".join(f"{each}, " for each in told)} d.id, d.status, d.returned_quantity, l.quantity,
                l.sell_amount, l.discount_amount
            {_PAID} cross join lateral paid_lines(d.content -> 'details', d.returns) l
            {_CONTRACT if Key.CONTRACT in keys else ""} {query.sql()}
        )
        select {"".join(f"{each}, " for each in names)}
            count(distinct id) filter (where status = 'PROCESSED') as dispenses,
            count(distinct id) filter (where returned_quantity > 0) as taken_back,
            coalesce(sum(quantity), 0) as medication_qty, coalesce(sum(sell_amount), 0) as sell_amount,
            coalesce(sum(discount_amount), 0) as discount_amount
        from found {grouped}
        """,
        *query.values,
    )
    return [_line(row, len(keys)) for row in rows]


def _line(row: Row, keys: int) -> Line:
    named = [(row[f"key_{n}"] or "", row[f"name_{n}"] or "") for n in range(keys)]
    return Line(named, Sums(**{name: row[name] for name in Sums.__struct_fields__}))
