"""SQL of looking for a person by a number alone, or by name and birthday."""

from esoz.kernel.db import Connection, Query, as_model

from ..model import LookUp, Person
from .persons import PERSONS


async def look_up(db: Connection, asked: LookUp, limit: int) -> list[Person]:
    """Some of the active persons who fit everything that is asked for, by their names."""
    query = Query(PERSONS).where("p.is_active")
    query.where_given("p.id in (select person_id from person_tax_ids where tax_id = {})", asked.tax_id)
    query.where_given("p.unzr is not null and plain_number(p.unzr) = plain_number({})", asked.unzr)
    query.where_given(
        "p.id in (select person_id from authentication_methods where phone_number = {} and is_active)", asked.phone
    )
    query.where_given("p.birth_date = {}", asked.birth_date)
    query.where_given("plain_name(p.last_name) = plain_name({})", asked.last_name)
    query.where_given("plain_name(p.first_name) = plain_name({})", asked.first_name)
    rows = await query.rows(db, order="last_name, first_name, id", limit=limit)
    return [as_model(Person, row) for row in rows]
