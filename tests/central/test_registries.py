"""Registries in memory: each table behind one tells its changes, so that no remembered record outlives one."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

from esoz.central.medications.cache import DOSAGES
from esoz.central.organisations.cache import DIVISIONS, LEGAL_ENTITIES
from esoz.central.programmes.cache import PARTS, PROGRAMMES
from esoz.central.workforce.cache import EMPLOYED, EMPLOYEES, PARTIES
from esoz.kernel.db import Connection, Database
from esoz.kernel.memory import Memory, Registry
from tests.central.conftest import NOW
from tests.factories.world import World

KEYS: Mapping[str, tuple[Registry[Any, Any], Callable[[World], Any]]] = {
    "legal entities": (LEGAL_ENTITIES, lambda world: world.doctor.client_id),
    "divisions": (DIVISIONS, lambda world: world.doctor.division_id),
    "employees": (EMPLOYEES, lambda world: world.doctor.employee_id),
    "employed": (EMPLOYED, lambda world: (world.doctor.user_id, world.doctor.client_id)),
    "parties": (PARTIES, lambda world: world.doctor.user_id),
    "programmes": (PROGRAMMES, lambda _: UUID(int=1)),
    "parts": (PARTS, lambda _: (UUID(int=1), UUID(int=2), NOW.date())),
    "dosages": (DOSAGES, lambda _: UUID(int=1)),
}
TOLD = """
select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
where t.tgfoid = 'registry_changed'::regproc and encode(t.tgargs, 'escape') = $1 || '\\000'
"""


class Explaining:
    """A connection that notes which tables a question reads."""

    def __init__(self, db: Connection) -> None:
        self._db, self.tables = db, set[str]()

    async def fetch(self, query: str, *values: object) -> Any:
        plan = json.loads(await self._db.fetchval(f"explain (format json) {query}", *values))
        self._walk(plan[0]["Plan"])
        return await self._db.fetch(query, *values)

    def _walk(self, plan: dict[str, Any]) -> None:
        if "Relation Name" in plan:
            self.tables.add(plan["Relation Name"])
        for part in plan.get("Plans", ()):
            self._walk(part)


@pytest.mark.parametrize("name", KEYS)
async def test_every_table_behind_a_registry_then_it_tells(world: World, db: Connection, name: str) -> None:
    registry, key = KEYS[name]
    explaining = Explaining(db)
    await registry.ask(explaining, [key(world)])
    told = {row["relname"] for row in await db.fetch(TOLD, registry.name)}
    assert explaining.tables
    assert explaining.tables <= told


CHANGES = {
    "legal entities": ("update legal_entities set status = 'SUSPENDED' where id = $1", "status", "SUSPENDED"),
    "divisions": ("update divisions set name = 'Інша' where id = $1", "name", "Інша"),
    "employees": ("update employees set status = 'DISMISSED' where id = $1", "status", "DISMISSED"),
    "parties": (
        "update parties set tax_id = '1' where id = (select party_id from party_users where user_id = $1)",
        "tax_id",
        "1",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_changed_by_another_connection_then_known_at_once_as_it_is(
    world: World, fresh_database: Database, name: str
) -> None:
    (registry, key), (change, field, value) = KEYS[name], CHANGES[name]
    memory = Memory(fresh_database)
    before = await memory.get(registry, key(world))
    async with fresh_database.transaction() as db:
        await db.execute(change, key(world))
        # Nobody sees what is not committed, and what is asked meanwhile is not kept over the commit.
        assert getattr(await memory.get(registry, key(world)), field) == getattr(before, field)
    assert getattr(before, field) != value
    assert getattr(await memory.get(registry, key(world)), field) == value


async def test_unknown_then_none_and_found_when_it_is_made(world: World, fresh_database: Database) -> None:
    memory = Memory(fresh_database)
    assert await memory.get(EMPLOYED, (world.doctor.user_id, UUID(int=5))) is None
